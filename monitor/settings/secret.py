"""A secret as the configuration names it: where it lies, never what it is, until someone needs it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from monitor.domain.errors import ConfigurationError, Mistake

REFERENCE = re.compile(r"env:(?P<variable>[A-Za-z_][A-Za-z0-9_]*)|file:(?P<path>[^\x00-\x1f]+)")
ALLOWED = "env:NAME (a variable of the environment) or file:PATH (a file that holds it)"


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A reference to a secret: `file` and `key` say where it is named, `base` where relative paths start."""

    reference: str
    file: str
    key: str
    base: Path

    def __repr__(self) -> str:
        return "***"

    def __str__(self) -> str:
        return f"*** ({self.reference})"

    def reveal(self) -> str:
        """Return the secret itself, read now. Raises ConfigurationError that names the missing variable or file."""
        match = REFERENCE.fullmatch(self.reference)
        if match is None:
            raise self._missing("neither env: nor file:", ALLOWED)
        if match["variable"]:
            return self._from_environment(match["variable"])
        return self._from_file(self.base / match["path"])

    def _from_environment(self, variable: str) -> str:
        value = os.environ.get(variable, "")
        if not value:
            raise self._missing(f"the variable {variable} is not set", f"set {variable} in the program's environment")
        return value

    def _from_file(self, path: Path) -> str:
        try:
            value = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "is not UTF-8 text"
            raise self._missing(f"{path}: {reason}", "a readable file that holds the secret") from error
        if not value:
            raise self._missing(f"{path} is empty", "a file that holds the secret")
        return value

    def _missing(self, found: str, allowed: str) -> ConfigurationError:
        return ConfigurationError((Mistake(self.file, self.key, found, allowed),))


def revealed(value: str | Secret | None) -> str | None:
    """Return a value that may be given openly or as a secret. Raises ConfigurationError like `Secret.reveal`."""
    return value.reveal() if isinstance(value, Secret) else value

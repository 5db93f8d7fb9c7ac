"""Reads the configuration's files and collects everything that is wrong with them, so that all is said at once."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from monitor.domain.errors import ConfigurationError, Mistake
from monitor.settings.mistakes import mistakes_of
from monitor.settings.values import nearest
from monitor.settings.vocabulary import Vocabulary

Model = TypeVar("Model", bound=BaseModel)
Raw = Mapping[str, Any]


@dataclass(slots=True)
class Files:
    """The files of one folder: `read` are those that exist, `mistakes` what is wrong so far."""

    folder: Path
    mistakes: list[Mistake] = field(default_factory=list)
    read: list[Path] = field(default_factory=list)

    def add(self, file: str, key: str, found: str, allowed: str, near: str | None = None) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(file, key, found, allowed, near))

    def toml(self, name: str) -> Raw | None:
        """Return a file's tables: empty where there is no such file, None (and a mistake) where it cannot be read."""
        path = self.folder / name
        try:
            if not path.exists() and not path.is_symlink():  # a link that leads nowhere is a mistake, no missing file
                return {}
            self.read.append(path)
            return tomllib.loads(path.read_text("utf-8-sig"))  # some editors put a mark in front
        except tomllib.TOMLDecodeError as error:
            what, _, where = str(error).rpartition(" (")
            self.add(name, where.removesuffix(")").removeprefix("at "), what or str(error), "TOML (https://toml.io)")
        except UnicodeDecodeError as error:
            self.add(name, f"byte {error.start}", "something that is not UTF-8", "TOML in UTF-8")
        except OSError as error:
            self.add(name, "the file", error.strerror or type(error).__name__, "a readable file")
        return None

    def parse(self, model: type[Model], name: str, raw: Raw | None, context: Vocabulary | None = None) -> Model | None:
        """Return a file's tables as the model, None where the file was wrong (each mistake noted)."""
        if raw is None:
            return None
        try:
            return model.model_validate(raw, context=context)
        except ValidationError as error:
            self.mistakes += mistakes_of(error, name, model)
            return None

    def listed(self, name: str = ".") -> bool:
        """Return whether what is in a folder can be told; one that this user may not list would look empty."""
        folder = self.folder / name
        if not folder.is_dir() or os.access(folder, os.R_OK | os.X_OK):
            return True
        self.add(str(folder), "the folder", "Permission denied", "a folder that this user may read")
        return False

    def visible(self, pattern: str) -> list[Path]:
        """Return the files that match, in order, without hidden ones: editors put theirs beside what they edit."""
        return sorted(path for path in self.folder.glob(pattern) if not path.name.startswith("."))

    def expect_only(self, names: tuple[str, ...]) -> None:
        """Note every TOML file whose name is not one of these: nobody would ever read it."""
        for path in self.visible("*.toml"):
            if path.name not in names:
                near = nearest(path.name, names)
                self.add(path.name, "the file", "a file that is not read", ", ".join((*names, "treaties/*.toml")), near)

    def settle(self) -> None:
        """Raise ConfigurationError if anything is wrong."""
        if self.mistakes:
            raise ConfigurationError(tuple(self.mistakes))

"""A pattern with the signs that it cannot do without, so that most texts are never searched for it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern, and groups of signs in lower case: whatever it finds has one sign of each group.

    The patterns of this grammar are long alternatives, each tried at every letter of a text; a sign is looked for a
    hundred times faster.
    """

    pattern: re.Pattern[str]
    signs: tuple[tuple[str, ...], ...]

    def found_in(self, text: str, lowered: str) -> re.Match[str] | None:
        """Return where a text holds the phrase first, None if nowhere; `lowered` is the same text in lower case."""
        for group in self.signs:
            if not any(map(lowered.__contains__, group)):
                return None
        return self.pattern.search(text)

    def stands_in(self, text: str, lowered: str) -> bool:
        """Whether a text holds the phrase; `lowered` is the same text in lower case."""
        return self.found_in(text, lowered) is not None

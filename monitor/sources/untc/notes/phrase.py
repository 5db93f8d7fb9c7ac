"""A pattern with the signs that it cannot do without, so that most texts are never searched for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


def has_sign(lowered: str, signs: tuple[str, ...]) -> bool:
    """Whether one of the signs stands in a text in lower case."""
    for sign in signs:  # noqa: SIM110 - asked a hundred times of each note, and "any" takes a quarter longer
        if sign in lowered:
            return True
    return False


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
            if not has_sign(lowered, group):
                return None
        return self.pattern.search(text)

    def stands_in(self, text: str, lowered: str) -> bool:
        """Whether a text holds the phrase; `lowered` is the same text in lower case."""
        return self.found_in(text, lowered) is not None


def first_found(phrases: Iterable[Phrase], text: str, lowered: str) -> re.Match[str] | None:
    """Return where the first of several phrases that stands in a text does; None if none of them stands there."""
    return next(filter(None, (phrase.found_in(text, lowered) for phrase in phrases)), None)

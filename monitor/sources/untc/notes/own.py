"""Knows how a page calls the treaty that it is about, so that this is not taken for another one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from monitor.sources.untc.notes.words import TREATY

_NOUN = re.compile(rf"\b{TREATY}")
_OF_YEAR = re.compile(r", (\d{4})$")
_NUMBERED = re.compile(r"\b(?P<noun>Protocol|Regulation) (?P<number>[IVX]+|No\. ?\d+)\b")
_ON = re.compile(r"\s+(?:on|for|against|relat\w+ to|concerning)\s+(?:the\s+)?(?P<subject>[A-Z]\w+)")


@dataclass(frozen=True, slots=True)
class Treaty:
    """A page's own treaty: its title and the day of its conclusion, as the page prints them above its table."""

    title: str = ""
    concluded: dt.date | None = None

    def masked(self, text: str) -> str:
        """Return a text of the same length in which this treaty is named by its noun alone: "the Convention"."""
        for pattern in _patterns(self):
            text = pattern.sub(self._by_noun, text)
        return text

    def _by_noun(self, found: re.Match[str]) -> str:
        subject = _ON.match(found.string, found.end())
        if subject and subject["subject"].lower() not in self.title.lower():
            return found.group()  # on a page of 1961, "the 1961 Convention on Statelessness" may be another one
        return (found.groupdict().get("noun") or _noun(self.title)).ljust(len(found.group()))


def _noun(title: str) -> str:
    found = _NOUN.search(title)
    return found.group() if found else ""


@lru_cache(maxsize=16)
def _patterns(treaty: Treaty) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, _names(treaty, _noun(treaty.title)))) if _noun(treaty.title) else ()


def _names(treaty: Treaty, noun: str) -> Iterator[str]:
    """Yield how a treaty may be named: by its title, its number, the day of its conclusion or its year."""
    yield rf"(?i:\b{re.escape(treaty.title)})(?!\w)"
    if (unamended := treaty.title.partition(", as amended")[0]) != treaty.title:
        yield rf"(?i:\b{re.escape(unamended)}, as amended)\b"
    for numbered in _NUMBERED.finditer(treaty.title):
        yield rf"\b(?P<noun>{numbered['noun']}) {re.escape(numbered['number'])}(?!\w)"
    if day := treaty.concluded:
        yield (
            rf"\b(?P<noun>{noun}(?:\s[^,;.\d]{{1,120}}?)?)(?:,?\s(?:of|dated)|,?\s(?:done|concluded|adopted|signed|opened"
            rf" for signature) (?:at|in) [A-Z][\w ]{{1,30}}?,?(?: on)?)\s{day.day} {day:%B} {day.year}\b"
        )
    for year in _years(treaty):
        yield rf"\b{year}\s(?P<noun>(?:[A-Z]\w+ ){{0,4}}{noun})"
        yield rf"\b(?P<noun>{noun})(?:,| of)? {year}\b"


def _years(treaty: Treaty) -> Iterator[int]:
    """Yield the years that stand for a treaty's name: of its conclusion, and that with which its title ends."""
    if treaty.concluded:
        yield treaty.concluded.year
    if (of_title := _OF_YEAR.search(treaty.title)) and "amend" not in treaty.title.lower():
        yield int(of_title[1])


UNNAMED = Treaty()
"""Of a note that stands on no page."""

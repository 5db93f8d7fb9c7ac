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
_IN_FULL = (
    r"\b(?P<noun>{noun}(?:\s[^,;.\d]{{1,120}}?)?)"
    r"(?:,?\s(?:of|dated)"
    r"|,?\s(?:done|concluded|adopted|signed|opened for signature) (?:at|in) [A-Z][\w ]{{1,30}}?,?(?: on)?)"
)
"""Up to its day: "the Convention on Road Traffic, done at Vienna on"."""


@dataclass(frozen=True, slots=True)
class Treaty:
    """A page's own treaty: its title and the day of its conclusion, as the page prints them above its table."""

    title: str = ""
    concluded: dt.date | None = None

    def masked(self, text: str) -> str:
        """Return a text of the same length in which this treaty is named by its noun alone: "the Convention"."""
        lowered = text.lower()
        for sign, pattern in _names(self):
            if sign in lowered:
                text = _compiled(pattern).sub(self._by_noun, text)
        return text

    def _by_noun(self, found: re.Match[str]) -> str:
        subject = _ON.match(found.string, found.end())
        if subject and subject["subject"].lower() not in self.title.lower():
            return found.group()  # on a page of 1961, "the 1961 Convention on Statelessness" may be another one
        return (found.groupdict().get("noun") or _noun(self.title)).ljust(len(found.group()))


def _noun(title: str) -> str:
    found = _NOUN.search(title)
    return found.group() if found else ""


_compiled = lru_cache(maxsize=64)(re.compile)  # of a page, most names are never met


@lru_cache(maxsize=16)
def _names(treaty: Treaty) -> tuple[tuple[str, str], ...]:
    """Return the patterns of a treaty's names, each with what stands, in lower case, in whatever it finds."""
    noun = _noun(treaty.title)
    return (*_by_title(treaty.title), *_by_date(treaty, noun)) if noun else ()


def _by_title(title: str) -> Iterator[tuple[str, str]]:
    """Yield how a treaty is named by its title, or the number in it."""
    yield title.lower(), rf"(?i:\b{re.escape(title)})(?!\w)"
    unamended, amended, _ = title.partition(", as amended")
    if amended:
        yield unamended.lower(), rf"(?i:\b{re.escape(unamended)}, as amended)\b"
    for numbered in _NUMBERED.finditer(title):
        sign = numbered.group().lower()
        yield sign, rf"\b(?P<noun>{numbered['noun']}) {re.escape(numbered['number'])}(?!\w)"


def _by_date(treaty: Treaty, noun: str) -> Iterator[tuple[str, str]]:
    """Yield how a treaty is named by the day of its conclusion, or by a year."""
    if day := treaty.concluded:
        yield str(day.year), rf"{_IN_FULL.format(noun=noun)}\s{day.day} {day:%B} {day.year}\b"
    for year in _years(treaty):
        yield str(year), rf"\b{year}\s(?P<noun>(?:[A-Z]\w+ ){{0,4}}{noun})"
        yield str(year), rf"\b(?P<noun>{noun})(?:,| of)? {year}\b"


def _years(treaty: Treaty) -> Iterator[int]:
    """Yield the years that stand for a treaty's name: of its conclusion, and that with which its title ends."""
    if treaty.concluded:
        yield treaty.concluded.year
    if (of_title := _OF_YEAR.search(treaty.title)) and "amend" not in treaty.title.lower():
        yield int(of_title[1])


UNNAMED = Treaty()
"""Of a note that stands on no page."""

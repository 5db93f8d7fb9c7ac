"""Finds the days that a sentence names, and those that it means to name but damages."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from difflib import get_close_matches

from monitor.sources.untc.notes.nearby import FAR

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_NUMBER = {name: i for i, name in enumerate(_MONTHS, 1)} | {name[:3]: i for i, name in enumerate(_MONTHS, 1)}
_NUMBER |= {"sept": 9}
_FOREIGN = frozenset({
    "mai", "maio", "mayo", "juin", "juni", "junio", "juli", "juillet", "julio", "août", "avril", "abril", "enero",
    "januar", "janvier", "märz", "dezember", "diciembre",
})  # fmt: skip
"""Months of other languages too unlike the English ones: a date with one is meant as a date, and is damaged."""
_NAME = "|".join(sorted(_NUMBER, key=len, reverse=True))
_WORD = r"[^\W\d_]{3,12}"
_YEARS = range(1900, 2101)
"""Years that an act recorded by the Secretary-General, or by the League before, can bear."""

_BY_NUMBER = (
    rf"(?P<d>\d{{1,3}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_WORD})\.?,?\s+(?P<y>\d{{2,6}})"
    r"|(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})"
)
_BY_WORD = rf"(?P<m2>{_WORD})\.?\s+(?P<d2>\d{{1,3}})(?:st|nd|rd|th)?,\s*(?P<y2>\d{{2,6}})"
_NUMBERED = re.compile(rf"(?<![\d.,/])(?=\d)(?:{_BY_NUMBER})(?![\d/])", re.IGNORECASE)
_FULL = re.compile(rf"(?<![\d.,/])(?:{_BY_NUMBER}|{_BY_WORD})(?![\d/])", re.IGNORECASE)
_OF_WORD = re.compile(r"\d(?:st|nd|rd|th)?,\s*\d\d", re.IGNORECASE)
"""What a day has that begins with a word ("May 5, 1972"). Where it is missing, only numbers need be tried."""
_SHARED = re.compile(rf"(?:(?<!\d)\d{{1,2}}(?:\s+(?:{_NAME}))?\s*(?:,\s*and|,|and)\s*)+$", re.IGNORECASE)
_SHARED_PART = re.compile(rf"(?<!\d)(\d{{1,2}})(?:\s+({_NAME}))?\s*(?:,|and)", re.IGNORECASE)
_PARTIAL = re.compile(
    rf"(?<![\d.])(?:\d{{1,2}}\s+)?\b(?:{_NAME})\b\.?(?:\s+\d{{1,4}})?(?!\w)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_COULD_BE_VERB = re.compile(r"may\b(?!\s+\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a day; `day` is None where the naming is damaged ("31 February 2026", "27 Juni 2025")."""

    start: int
    end: int
    day: dt.date | None


def month_number(word: str) -> int | None:
    """Return 1 to 12 for an English month's name or abbreviation, None for any other word."""
    return _NUMBER.get(word.lower())


def mentions(text: str) -> tuple[Mention, ...]:
    """Return every day that `text` names, in order; of lists such as "19 and 20 April 1989" each member."""
    found: list[Mention] = []
    pattern = _FULL if _OF_WORD.search(text) else _NUMBERED
    match = pattern.search(text)
    while match:
        like = _like_a_date(match)
        found += _with_those_before(text, match) if like else ()
        match = pattern.search(text, match.end() if like else match.start() + 1)  # "14 and 16 May 1949" has one inside
    return tuple(sorted((*found, *_partial(text, found)), key=lambda m: m.start))


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day `months` later, or the last day of that month (the rule of VCLT practice)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _like_a_date(match: re.Match[str]) -> bool:
    word = (_part(match, "m", "m2") or "january").lower()
    return word in _NUMBER or word in _FOREIGN or bool(get_close_matches(word, _MONTHS, n=1, cutoff=0.7))


def _day(match: re.Match[str]) -> dt.date | None:
    month = month_number(_part(match, "m", "m2")) or int(match["m3"] or 0)
    return _made(_part(match, "y", "y2", "y3"), month, _part(match, "d", "d2", "d3"))


def _part(match: re.Match[str], *groups: str) -> str:
    """Return the first of these groups that took part; _NUMBERED has not all of them."""
    parts = match.groupdict()
    return next((part for group in groups if (part := parts.get(group))), "")


def _made(year: str, month: int, day: str) -> dt.date | None:
    if int(year) not in _YEARS or not month:
        return None
    try:
        return dt.date(int(year), month, int(day))
    except ValueError:
        return None


def _with_those_before(text: str, match: re.Match[str]) -> list[Mention]:
    """The mention itself and, before it, the members of its list that leave month or year to it."""
    own = Mention(match.start(), match.end(), _day(match))
    shared = _SHARED.search(text, max(0, match.start() - FAR), match.start())
    if not match["d"] or not shared or own.day is None:
        return [own]
    listed = []
    for part in _SHARED_PART.finditer(text, shared.start(), match.start()):
        month = month_number(part[2] or "") or own.day.month
        listed.append(Mention(part.start(), part.end(), _made(match["y"], month, part[1])))
    return [*listed, own]


def _partial(text: str, known: list[Mention]) -> list[Mention]:
    """Months named outside every full date: a day or a year is missing."""
    if not _DIGIT.search(text):
        return []
    taken = [(m.start, m.end) for m in known]
    found = []
    for match in _PARTIAL.finditer(text):
        inside = any(start <= match.start() < end or start < match.end() <= end for start, end in taken)
        bare = not any(c.isdigit() for c in match.group())
        if not inside and not bare and not _COULD_BE_VERB.match(match.group()):
            found.append(Mention(match.start(), match.end(), None))
    return found

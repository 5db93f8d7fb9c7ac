"""Dates in running text, as headers and titles print them: "18 September 1997", or a year alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_NAMES = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_DAY = r"(?P<day>[0-9]{1,2}) (?P<month>" + "|".join(_NAMES) + r"),? (?P<year>[0-9]{4})"
_DATE = re.compile(rf"\b{_DAY}\b")
_LEADING = re.compile(rf"(?:\W|\b(?:provisionally|definitively|entered into force|on|the)\b)*{_DAY}\b", re.IGNORECASE)
_DEFINITIVE = re.compile(rf"\bdefinitively\b[\s,]*(?:on )?{_DAY}\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\w.,/-])(?P<year>1[89][0-9]{2}|20[0-9]{2})(?![\w/-]|\.[0-9])")


def _date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), _NAMES.index(found["month"].capitalize()) + 1, int(found["day"]))
    except ValueError:
        return None


def find_dates(text: str) -> Iterator[date]:
    """Yield every full date in a text; impossible ones are passed over."""
    for found in _DATE.finditer(text):
        if (day := _date(found)) is not None:
            yield day


def leading_date(text: str) -> date | None:
    """Return the date with which a text begins ("provisionally on" and the like apart), or None.

    Where an agreement entered into force provisionally and then definitively, the latter counts.
    """
    found = _DEFINITIVE.search(text) if (first := _LEADING.match(text)) else None
    found = found or first
    return _date(found) if found else None


def concluded_on(text: str) -> date | None:
    """Return the date of a line of place and date, its year's first day where it names a year alone."""
    return next(find_dates(text), None) or min(_years(text), default=None)


def instruments_in(text: str) -> Iterator[date]:
    """Yield the dates of the instruments that a title or heading names; a year alone gives its first day."""
    yield from find_dates(text)
    yield from _years(_DATE.sub(" ", text))


def _years(text: str) -> Iterator[date]:
    for found in _YEAR.finditer(text):
        yield date(int(found["year"]), 1, 1)

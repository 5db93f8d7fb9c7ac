"""Reads the withdrawals that stand as rows inside a note: participant, date of notification, date of effect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.sources.untc.notes import dates
from monitor.sources.untc.notes.dates import Mention

_WHO = re.compile(r"participant|states?\b|government|country|countries|party|parties|member", re.IGNORECASE)
_EFFECT = re.compile(r"effect", re.IGNORECASE)
_NOTIFIED = re.compile(
    r"notif|receiv|receipt|deposit|date of (?:withdrawal|denunciation)|withdrawal|denunciation", re.IGNORECASE
)
_REFERENCE = re.compile(r"depositary notification|\bC\.\s?N\.|\breference", re.IGNORECASE)
"""A column of numbers of depositary notifications, which show no day."""
_NAME = r"[A-ZÀ-Þ][\w'\u2019.-]*(?:,?\s+(?:[A-ZÀ-Þ][\w'\u2019.-]*|\([^()\d]+\)|of|the|and))*"
_LINE = re.compile(rf"^(?P<who>{_NAME})\s*[:(,\u2013-]*\s*(?P<days>\d{{1,2}}\s+\w{{3,9}}\.?\s+\d{{4}}.{{0,40}})$")


@dataclass(frozen=True, slots=True)
class Row:
    """One State's notice. A day is None where the cell is empty or missing, a damaged mention if unreadable."""

    who: str
    notified: Mention | None
    effective: Mention | None


def rows(table: tuple[tuple[str, ...], ...]) -> Iterator[Row]:
    """Yield the notices of a table whose heading names a State and a day of notification or effect."""
    if not table:
        return
    columns = _columns(table[0])
    if columns is None:
        return
    who, notified, effective = columns
    for cells in table[1:]:
        if who < len(cells) and cells[who].strip():
            days = _both(cells, effective) if notified is None else None
            yield Row(cells[who].strip(), *(days or (_day(cells, notified), _day(cells, effective))))


def line(text: str) -> Row | None:
    """Read a paragraph such as "Poland (3 May 2001)" or "Poland: 3 May 2001, 3 May 2002" as a row, if it is one."""
    match = _LINE.match(text.strip(" ."))
    if not match:
        return None
    days = dates.mentions(match["days"])
    return Row(match["who"].strip(), days[0], days[1] if len(days) > 1 else None) if days else None


def _columns(heading: tuple[str, ...]) -> tuple[int, int | None, int | None] | None:
    effective = next((i for i, cell in enumerate(heading) if _EFFECT.search(cell)), None)
    dated = [i for i, cell in enumerate(heading) if i != effective and not _REFERENCE.search(cell)]
    notified = next((i for i in dated if _NOTIFIED.search(heading[i])), None)
    who = next((i for i, cell in enumerate(heading) if i not in {effective, notified} and _WHO.search(cell)), 0)
    if who in {effective, notified} or (effective is None and notified is None):
        return None
    return who, notified, effective


def _both(cells: tuple[str, ...], column: int | None) -> tuple[Mention, Mention] | None:
    """Return the day of notification and that of effect where one cell gives both."""
    found = dates.mentions(cells[column]) if column is not None and column < len(cells) else ()
    return (found[0], found[1]) if len(found) == 2 else None  # noqa: PLR2004 - one each


def _day(cells: tuple[str, ...], column: int | None) -> Mention | None:
    if column is None or column >= len(cells) or not re.search(r"\w", cells[column]):
        return None
    found = dates.mentions(cells[column])
    return found[0] if found else Mention(0, len(cells[column]), None)

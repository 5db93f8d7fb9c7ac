"""The table of a treaty's participations as its reader wants it: filtered by words and status, sorted by a column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from monitor.domain.action import CONSENT, SIGNING, ActionKind, TreatyAction
from monitor.domain.names import alphabetical, normalised
from monitor.domain.participation import Participation, Standing
from monitor.faces.web.board import Column
from monitor.faces.web.drawing import kind_of
from monitor.faces.web.rendering import STATUS


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of the table. `sort` is a column's name, with "-" before it from the end."""

    text: str = ""
    status: str = ""
    sort: str = "name"

    def next_sort(self, column: str) -> str:
        """Return the order that a click on a column's heading gives."""
        return f"-{column}" if self.sort == column else column

    def aria(self, column: str) -> str:
        """Return how a column is sorted, in the words of ARIA."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.sort, "none")


@dataclass(frozen=True, slots=True)
class Row:
    """One participant's line."""

    participation: Participation
    where: Standing
    signed: TreatyAction | None
    consent: TreatyAction | None
    left: TreatyAction | None


def chosen(column: Column, wanted: Wanted) -> list[Row]:
    """Return the lines that are wanted, in the order that is wanted."""
    rows = [_row(p, where) for p, where in column.rows.values()]
    words = normalised(wanted.text)
    rows = [r for r in rows if _fits(r, words, wanted.status)]
    key = _KEYS.get(wanted.sort.lstrip("-"), _KEYS["name"])
    return sorted(sorted(rows, key=_KEYS["name"]), key=key, reverse=wanted.sort.startswith("-"))


def _fits(row: Row, words: str, status: str) -> bool:
    who = row.participation.participant
    named = words in normalised(f"{who.name} {who.as_written} {who.code or ''}")
    return named and status in {"", row.where.status.value, kind_of(row.where)}


def _row(participation: Participation, where: Standing) -> Row:
    acts = participation.actions
    return Row(
        participation,
        where,
        _last(acts, lambda a: a.kind in SIGNING),
        _last(acts, lambda a: a.kind in CONSENT),
        _last(acts, lambda a: a.kind is ActionKind.WITHDRAWAL),
    )


def _last(acts: tuple[TreatyAction, ...], fits: Callable[[TreatyAction], bool]) -> TreatyAction | None:
    return max((a for a in acts if fits(a)), key=_day, default=None)


def _day(act: TreatyAction | None) -> date:
    return act.date if act and act.date else date.min


_ORDER = list(STATUS)

_KEYS: dict[str, Callable[[Row], Any]] = {
    "name": lambda r: alphabetical(r.participation.participant.name),
    "status": lambda r: _ORDER.index(r.where.status.value),
    "signed": lambda r: _day(r.signed),
    "consent": lambda r: _day(r.consent),
    "left": lambda r: _day(r.left),
}

"""The table of countries and treaties: a cell is written once for each standing, a column kept while nothing moves it.

It shows some treaties at a time: nobody reads 500 columns. Of each column only the cells are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from sys import intern
from urllib.parse import quote

from markupsafe import Markup

from monitor.domain.action import ActionKind
from monitor.domain.names import alphabetical
from monitor.domain.outlook import turning_days
from monitor.domain.participation import Standing
from monitor.domain.standing import law_of, standing
from monitor.domain.treaty import Treaty
from monitor.domain.wording import spoken
from monitor.faces.questions import Office
from monitor.faces.web.board import Seen
from monitor.faces.web.drawing import kind_of
from monitor.faces.web.memory import Memory, marks_of
from monitor.faces.web.rendering import STATUS
from monitor.pipeline.report import excerpts_of
from monitor.storage.interface import Known, Transaction

AT_ONCE = 15
"""Treaties that stand side by side."""
ABSENT = Markup('<td class="s-none">\N{EN DASH}</td>')
UNREAD = Markup('<td class="s-unread">not read</td>')
_CELL = Markup('<td class="s-{}">{}{}</td>')
_SMALL = Markup("<small>{}</small>")
_LINE = Markup('<tr><th scope="row"><a href="/countries/{}">{}</a></th>{}</tr>\n')


@dataclass(frozen=True, slots=True)
class Strip:
    """The column of one treaty, from a day to the one before the next on which any of it may change.

    `read` is whether anything was known; `cells` are by the participants' keys, `names` in the same order.
    """

    treaty: Treaty
    read: bool
    since: date
    until: date
    cells: Mapping[str, Markup]
    names: tuple[str, ...]

    def holds(self, day: date) -> bool:
        """Whether it says where they stand on this day."""
        return self.since <= day < self.until


@dataclass(frozen=True, slots=True)
class Panel:
    """Some of many treaties, as one of the pages that show them all; the first is number 1."""

    every: Sequence[Treaty]
    asked: int  # any number behind the last is the last

    @property
    def of(self) -> int:
        """How many parts there are: one even of nothing."""
        return max(1, -(-len(self.every) // AT_ONCE))

    @property
    def number(self) -> int:
        """Which part it is."""
        return min(self.asked, self.of)

    @property
    def treaties(self) -> tuple[Treaty, ...]:
        """The treaties that it shows."""
        return tuple(self.every[(self.number - 1) * AT_ONCE : self.number * AT_ONCE])

    def title_of(self, number: int) -> str:
        """Return which treaties a part shows: "16 to 30"."""
        return f"{(number - 1) * AT_ONCE + 1} to {min(number * AT_ONCE, len(self.every))}"


def strips(
    office: Office,
    tx: Transaction,
    memory: Memory,
    seen: Seen,
    treaties: tuple[Treaty, ...],
    keys: frozenset[str] | None,
) -> tuple[Strip, ...]:
    """Return where these participants (None: all) stand in these treaties as seen."""
    asked, marks = {treaty.reference: treaty for treaty in treaties}, marks_of(tx)
    kept = {number: memory.of(("strips", number, keys, marks.at(number, seen.at)), _Strips) for number in asked}
    shown = {number: strip for number, found in kept.items() if (strip := found.on(seen.on))}
    missing = [treaty for number, treaty in asked.items() if number not in shown]
    found = excerpts_of(office.desk, tx, missing, seen.at, keys) if missing else {}
    for treaty in missing:
        shown[treaty.reference] = strip = _strip(treaty, found[treaty.reference], seen.on)
        kept[treaty.reference].add(strip)
    return tuple(shown[number] for number in asked)


class _Strips:
    """The last strips of one treaty, as known at one instant, for different days."""

    MOST = 3

    def __init__(self) -> None:
        self._found: tuple[Strip, ...] = ()

    def on(self, day: date) -> Strip | None:
        return next((strip for strip in self._found if strip.holds(day)), None)

    def add(self, strip: Strip) -> None:
        self._found = (strip, *self._found)[: self.MOST]


def _strip(treaty: Treaty, known: tuple[Known, ...], on: date) -> Strip:
    if not known:
        return Strip(treaty, read=False, since=date.min, until=date.max, cells={}, names=())
    law = law_of(known[0].snapshot, treaty.rules)
    rows = known[0].snapshot.participations
    turns = {day for row in rows for day in turning_days(row, law)}
    names = {row.participant.key: intern(row.participant.name) for row in rows}
    return Strip(
        treaty,
        read=True,
        since=max((day for day in turns if day <= on), default=date.min),
        until=min((day for day in turns if day > on), default=date.max),
        cells={intern(row.participant.key): _cell(standing(row, on, law)) for row in rows},
        names=tuple(names.values()),
    )


def lines(columns: tuple[Strip, ...], names: Mapping[str, str]) -> Iterator[Markup]:
    """Yield the table's lines; `names` are the countries by key, each of which gets one."""
    pairs = [(column.cells, ABSENT if column.read else UNREAD) for column in columns]
    for key, name in sorted(names.items(), key=lambda item: alphabetical(item[1])):
        yield _line(key, name, pairs)


def _line(key: str, name: str, columns: list[tuple[Mapping[str, Markup], Markup]]) -> Markup:
    cells = "".join([cells.get(key, other) for cells, other in columns])
    return _LINE.format(quote(key), name, Markup(cells))  # noqa: S704 - of cells that are written here


@lru_cache(maxsize=4096)
def _cell(where: Standing) -> Markup:
    """Return what is said of one standing: the status, what it rests on, what is to come."""
    kind = kind_of(where)
    word = STATUS[where.status.value] if where.status.value != "none" else "\N{EN DASH}"
    small = []
    if where.conditional or where.basis.value != "stated":
        small.append("conditional" if where.conditional else where.basis.value)
    if where.pending:
        day = where.pending.effective
        verb = "leaves" if where.pending.kind is ActionKind.WITHDRAWAL else "suspends"
        small.append(f"{verb} {spoken(day) if day else 'day unknown'}")
    return _CELL.format(kind, word, Markup("").join(_SMALL.format(text) for text in small))

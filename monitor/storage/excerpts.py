"""The part of a transaction that reads many pages' tables at once: of some participants alone, and no statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Row, Select, bindparam, func, select

from monitor.storage import periods, tables
from monitor.storage.interface import Known
from monitor.storage.snapshots import assembled

Page = tuple[str, str]
"""A treaty's number and a source's key."""


MANY = 50
"""Of so many treaties a few participants' rows of a past day are found sooner in one pass over all rows."""


class Excerpts:
    """Reads what `Snapshots` keeps, in a few queries however many pages there are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def excerpts(
        self, treaties: Iterable[str], at: datetime | None = None, participants: Iterable[str] | None = None
    ) -> dict[str, tuple[Known, ...]]:
        """Return, by treaty and per source, what was known at an instant (None: now), without statements.

        With `participants` (keys), their rows alone. Treaties of which nothing was known are left out.
        """
        scope = {"treaty": list(treaties), "at": at}
        readings = self._connection.execute(_readings(past=at is not None), scope).all()
        rows = self._rows(readings, scope, None if participants is None else list(participants))
        found: dict[str, dict[str, Known]] = defaultdict(dict)
        for row in readings:
            found[row.treaty][row.source] = assembled(row, at, rows[row.treaty, row.source], [])
        return {treaty: tuple(by_source.values()) for treaty, by_source in found.items()}

    def sizes(self, treaties: Iterable[str], at: datetime) -> dict[str, int]:
        """Return, by treaty, how many rows the first of its `excerpts` has (of those of which anything was known)."""
        readings, rows = tables.reading.c, tables.participation
        query = select(readings.treaty, readings.source, readings.known_to).where(
            readings.treaty.in_(list(treaties)), periods.known_at(tables.reading, at)
        )
        known = self._connection.execute(query.order_by(readings.source.desc())).all()
        then = periods.known_at(rows, _when((row.known_to for row in known), at))
        counting = select(rows.c.treaty, rows.c.source, func.count()).where(then)
        counted = self._connection.execute(counting.group_by(rows.c.treaty, rows.c.source))
        numbers = {(treaty, source): number for treaty, source, number in counted}
        return {treaty: numbers.get((treaty, source), 0) for treaty, source, _ in known}

    def _rows(
        self, readings: Sequence[Row[Any]], scope: dict[str, Any], participants: list[str] | None
    ) -> dict[Page, list[str]]:
        """Return, by page, what the rows of these readings say, in the page's order."""
        past = _when((row.known_to for row in readings), scope["at"]) is not None
        if participants is None:
            texts = self._connection.execute(_texts("treaty", past=past), scope)
        elif past:
            columns = ("treaty", "participant") if len(scope["treaty"]) < MANY else ("participant",)
            texts = self._connection.execute(_texts(*columns, past=past), scope | {"participant": participants})
        else:
            texts = self._present(readings, participants)
        found: dict[Page, list[str]] = defaultdict(list)
        for treaty, source, text in texts:
            found[treaty, source].append(text)
        return found

    def _present(self, readings: Sequence[Row[Any]], participants: list[str]) -> CursorResult[Any]:
        """Return the texts of these participants' present rows, by what they are called on their pages.

        For that there is an index; to pass over everybody's rows for those of one takes ten times as long.
        """
        pages = {"treaty": [row.treaty for row in readings], "source": list({row.source for row in readings})}
        names, again = list(participants), participants
        for number in count(1):
            more = [periods.numbered(key, number) for key in again]
            again = list(set(self._connection.scalars(_participants(), {**pages, "slot": more})))
            if not again:
                break
            names += more
        asked = {**pages, "slot": names, "participant": participants}
        return self._connection.execute(_texts("treaty", "source", "slot", "participant", past=False), asked)

    def seen(self) -> dict[Page, tuple[int, datetime]]:
        """Return, by treaty and source, the number of the reading that is known now, and when it was last seen."""
        column = tables.reading.c
        query = select(column.treaty, column.source, column.id, column.seen_at).where(column.known_to.is_(None))
        return {(row.treaty, row.source): (row.id, row.seen_at) for row in self._connection.execute(query)}


def _when(ends: Iterable[datetime | None], at: datetime | None) -> datetime | None:
    """Return None (now) for an instant whose readings have not ended: no row changes without another reading."""
    return None if all(end is None for end in ends) else at


@cache
def _readings(*, past: bool) -> Select[Any]:
    table = tables.reading
    of_treaties = table.c.treaty.in_(bindparam("treaty", expanding=True))
    query = select(table).where(of_treaties, periods.known_at(table, bindparam("at") if past else None))
    return query.order_by(table.c.source, table.c.id)


@cache
def _texts(*columns: str, past: bool) -> Select[Any]:
    """Return the query for the texts of rows that have one of the values bound to each of these columns."""
    column = tables.participation.c
    query = select(column.treaty, column.source, column.payload).where(*_among(columns, past=past))
    return query.order_by(column.ordinal, column.id)


@cache
def _participants() -> Select[Any]:
    return select(tables.participation.c.participant).where(*_among(("treaty", "source", "slot"), past=False))


def _among(columns: tuple[str, ...], *, past: bool) -> list[ColumnElement[bool]]:
    table = tables.participation
    values = (table.c[name].in_(bindparam(name, expanding=True)) for name in columns)
    return [periods.known_at(table, bindparam("at") if past else None), *values]

"""The part of a transaction that reads many pages' tables at once: of some participants alone, and no statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

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
        asked = list(treaties)
        table = tables.reading
        query = select(table).where(table.c.treaty.in_(asked), periods.known_at(table, at))
        readings = self._connection.execute(query.order_by(table.c.source, table.c.id)).all()
        then = _when((row.known_to for row in readings), at)
        if participants is not None and then is None:
            rows = self._rows(self._by_name(readings, list(participants)))
        else:
            rows = self._rows(_by_passing(asked, then, participants))
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

    def _rows(self, wanted: list[ColumnElement[bool]]) -> dict[Page, list[str]]:
        """Return, by page, what these rows say, in the page's order."""
        column = tables.participation.c
        query = select(column.treaty, column.source, column.payload).where(*wanted)
        found: dict[Page, list[str]] = defaultdict(list)
        for treaty, source, text in self._connection.execute(query.order_by(column.ordinal, column.id)):
            found[treaty, source].append(text)
        return found

    def _by_name(self, readings: Sequence[Row[Any]], participants: list[str]) -> list[ColumnElement[bool]]:
        """Return the conditions for these participants' present rows, by what they are called on their pages.

        For that there is an index; to pass over everybody's rows for those of one takes ten times as long.
        """
        column = tables.participation.c
        pages = column.treaty.in_({r.treaty for r in readings}), column.source.in_({r.source for r in readings})
        present = (column.known_to.is_(None), *pages)
        names, again = list(participants), participants
        for number in count(1):
            more = [periods.numbered(key, number) for key in again]
            query = select(column.participant).where(*present, column.slot.in_(more))
            again = list(set(self._connection.scalars(query)))
            if not again:
                break
            names += more
        return [*present, column.slot.in_(names), column.participant.in_(participants)]

    def seen(self) -> dict[Page, tuple[int, datetime]]:
        """Return, by treaty and source, the number of the reading that is known now, and when it was last seen."""
        column = tables.reading.c
        query = select(column.treaty, column.source, column.id, column.seen_at).where(column.known_to.is_(None))
        return {(row.treaty, row.source): (row.id, row.seen_at) for row in self._connection.execute(query)}


def _when(ends: Iterable[datetime | None], at: datetime | None) -> datetime | None:
    """Return None (now) for an instant whose readings have not ended: no row changes without another reading."""
    return None if all(end is None for end in ends) else at


def _by_passing(
    treaties: list[str], at: datetime | None, participants: Iterable[str] | None
) -> list[ColumnElement[bool]]:
    """Return the conditions for the rows of an instant, of these participants or of all."""
    column = tables.participation.c
    wanted = [periods.known_at(tables.participation, at)]
    if participants is None or len(treaties) < MANY:
        wanted.append(column.treaty.in_(treaties))
    if participants is not None:
        wanted.append(column.participant.in_(list(participants)))
    return wanted

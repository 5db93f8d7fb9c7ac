"""The part of a transaction that reads many pages' tables at once: of some participants alone, and no statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.storage import periods, tables
from monitor.storage.interface import Known
from monitor.storage.snapshots import assembled

Page = tuple[str, str]
"""A treaty's number and a source's key."""


MANY = 50
"""Of so many treaties a few participants' rows are found sooner in one pass over all rows than treaty by treaty."""


class Excerpts:
    """Reads what `Snapshots` keeps, in two queries however many pages there are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def excerpts(
        self, treaties: Iterable[str], at: datetime | None = None, participants: Iterable[str] | None = None
    ) -> dict[str, tuple[Known, ...]]:
        """Return, by treaty and per source, what was known at an instant (None: now), without statements.

        With `participants` (keys), their rows alone. Treaties of which nothing was known are left out.
        """
        asked = list(treaties)
        rows = self._rows(asked, at, participants)
        found: dict[str, dict[str, Known]] = defaultdict(dict)
        table = tables.reading
        query = select(table).where(table.c.treaty.in_(asked), periods.known_at(table, at))
        for row in self._connection.execute(query.order_by(table.c.source, table.c.id)):
            found[row.treaty][row.source] = assembled(row, at, rows[row.treaty, row.source], [])
        return {treaty: tuple(by_source.values()) for treaty, by_source in found.items()}

    def sizes(self, treaties: Iterable[str], at: datetime) -> dict[str, int]:
        """Return, by treaty, how many rows the first of its `excerpts` has (of those of which anything was known)."""
        asked = list(treaties)
        rows, readings = tables.participation, tables.reading
        counting = select(rows.c.treaty, rows.c.source, func.count()).where(periods.known_at(rows, at))
        counted = self._connection.execute(counting.group_by(rows.c.treaty, rows.c.source))
        numbers = {(treaty, source): number for treaty, source, number in counted}
        first = select(readings.c.treaty, func.min(readings.c.source)).where(
            readings.c.treaty.in_(asked), periods.known_at(readings, at)
        )
        known = self._connection.execute(first.group_by(readings.c.treaty))
        return {treaty: numbers.get((treaty, source), 0) for treaty, source in known}

    def _rows(
        self, treaties: list[str], at: datetime | None, participants: Iterable[str] | None
    ) -> dict[Page, list[str]]:
        """Return, by page, what the rows say, in the page's order."""
        table = tables.participation
        query = select(table.c.treaty, table.c.source, table.c.payload).where(periods.known_at(table, at))
        if participants is not None:
            query = query.where(table.c.participant.in_(list(participants)))
        if participants is None or len(treaties) < MANY:
            query = query.where(table.c.treaty.in_(treaties))
        found: dict[Page, list[str]] = defaultdict(list)
        for treaty, source, text in self._connection.execute(query.order_by(table.c.ordinal, table.c.id)):
            found[treaty, source].append(text)
        return found

    def seen(self) -> dict[Page, tuple[int, datetime]]:
        """Return, by treaty and source, the number of the reading that is known now, and when it was last seen."""
        column = tables.reading.c
        query = select(column.treaty, column.source, column.id, column.seen_at).where(column.known_to.is_(None))
        return {(row.treaty, row.source): (row.id, row.seen_at) for row in self._connection.execute(query)}

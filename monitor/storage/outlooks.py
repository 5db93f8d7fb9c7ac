"""The part of a transaction that keeps what each page leaves to the calendar, so that no page is read to learn of it.

An outlook stands beside the reading that it was worked out from, and counts only while that is what is known: whoever
stores another reading without it, such as an older version at work on the same record, takes it out of force.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select

from monitor.domain.outlook import Outlook
from monitor.storage import tables
from monitor.storage.writing import overwrite


class Outlooks:
    """One row per source, written over in place. Works nothing out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def outlooks(self, treaties: Iterable[str] | None = None) -> dict[tuple[str, str], Outlook]:
        """Return the outlooks in force (of these treaties), by treaty and source."""
        query, asked = (_in_force(), {}) if treaties is None else (_in_force_of(), {"treaties": list(treaties)})
        return {(row.treaty, row.source): row.outlook for row in self._connection.execute(query, asked)}

    def keep_outlook(self, treaty: str, source: str, outlook: Outlook, seen_at: datetime | None = None) -> None:
        """Keep what the page as it is known now leaves to the calendar.

        With `seen_at`, only if that is still the page that was fetched then.
        """
        page = {"treaty": treaty, "source": source}
        present = self._connection.execute(_present(), page).first()
        if present and seen_at in {None, present.seen_at}:
            row = {**page, "reading": present.id, "seen_at": present.seen_at, "outlook": outlook}
            overwrite(self._connection, tables.outlook, row)


@cache
def _in_force() -> Select[Any]:
    column, reading = tables.outlook.c, tables.reading.c
    same = and_(reading.id == column.reading, reading.seen_at == column.seen_at, reading.known_to.is_(None))
    query = select(column.treaty, column.source, column.outlook)
    return query.join(tables.reading, same).order_by(column.treaty, column.source)


@cache
def _in_force_of() -> Select[Any]:
    return _in_force().where(tables.outlook.c.treaty.in_(bindparam("treaties", expanding=True)))


@cache
def _present() -> Select[Any]:
    reading = tables.reading.c
    page = (reading[name] == bindparam(name) for name in ("treaty", "source"))
    return select(reading.id, reading.seen_at).where(*page, reading.known_to.is_(None))

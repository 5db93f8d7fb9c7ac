"""The part of a transaction that keeps what is known of each page, and since when.

What a page says costs rows only where it changes. What merely vouches for it (a new "status as at", a newer
document) is written over in place in the row of the reading: a second check of a page that says the same
stores nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from monitor.domain.document import Document
from monitor.domain.participation import Participation
from monitor.domain.snapshot import Header, Snapshot, Statement, Totals
from monitor.storage import periods, tables
from monitor.storage.interface import Known
from monitor.storage.payload import dump, load
from monitor.storage.writing import add_new


@dataclass(frozen=True, slots=True)
class _Page:
    """What a snapshot says besides its rows; the header's stamp is left out (it has columns of its own)."""

    header: Header
    counted: Totals
    columns: tuple[str, ...]
    form: str


class Snapshots:
    """Keeps readings with the period during which we knew them. Does not judge whether they are believable."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest(self, treaty: str, source: str) -> Known | None:
        """Return the snapshot as it is known now, or None."""
        row = self._connection.execute(_present(), {"treaty": treaty, "source": source}).first()
        return self._known(row, None) if row else None

    def known(self, treaty: str, at: datetime) -> tuple[Known, ...]:
        """Return, per source, the snapshot as it was known at that instant (sources with none are left out)."""
        table = tables.reading
        query = select(table).where(table.c.treaty == treaty, periods.known_at(table, at))
        found = {row.source: row for row in self._connection.execute(query.order_by(table.c.source, table.c.id))}
        return tuple(self._known(row, at) for row in found.values())

    def known_since(self) -> dict[str, datetime]:
        """Return, by treaty, when a reading of it was first stored."""
        column = tables.reading.c
        query = select(column.treaty, func.min(column.known_from)).group_by(column.treaty)
        return {treaty: first for treaty, first in self._connection.execute(query)}  # noqa: C416 - of rows

    def store_snapshot(self, treaty: str, source: str, snapshot: Snapshot, at: datetime, document: str | None) -> None:
        """Make this what is known from `at`: rows that differ are closed and opened, rows that agree stay untouched."""
        # the lock keeps two writers of one source apart in PostgreSQL; SQLite has one writer anyhow
        scope = {"treaty": treaty, "source": source}
        before = self._connection.execute(_present(for_update=True), scope).first()
        grid, said = periods.lines_of(snapshot.participations), periods.statement_lines(snapshot.statements)
        # not `or`: both tables are to be written
        news = periods.store(self._connection, tables.participation, scope, grid, at, first=before is None)
        news |= periods.store(self._connection, tables.statement, scope, said, at, first=before is None)
        page = dump(_Page, _page_of(snapshot))
        seen = {"seen_stamp": snapshot.header.stamp, "seen_document": document}
        if before is None or news or page != before.page:
            self._open(before, {**scope, **seen, "page": page}, at)
        elif (before.seen_stamp, before.seen_document) != (snapshot.header.stamp, document):
            self._update(before.id, {**seen, "seen_at": at})

    def store_document(self, treaty: str, source: str, document: Document, base: str | None = None) -> None:
        """Enter a kept page (its bytes lie in the archive) with its headers and address, and the page it rests on."""
        key = {"treaty": treaty, "source": source, "sha256": document.sha256}
        seen = {"url": document.url, "fetched_at": document.fetched_at, "headers": document.headers}
        if add_new(self._connection, tables.document, "sha256", [{**key, **seen, "base": base}]):
            return
        column = tables.document.c
        # a base once named stays named: of two that keep one page at once, the archive has either's file
        again = {**seen, "base": func.coalesce(base, column.base), "forgotten": None, "removed": None}
        this = (column[name] == value for name, value in key.items())
        self._connection.execute(update(tables.document).where(*this).values(again))

    def _open(self, before: Row[Any] | None, values: dict[str, Any], at: datetime) -> None:
        if before:
            self._update(before.id, {"known_to": at})
        first = {"known_from": at, "stamp": values["seen_stamp"], "document": values["seen_document"]}
        self._connection.execute(insert(tables.reading).values(**values, **first, seen_at=at))

    def _update(self, row_id: int, values: dict[str, Any]) -> None:
        self._connection.execute(update(tables.reading).where(tables.reading.c.id == row_id).values(values))

    def _known(self, row: Row[Any], at: datetime | None) -> Known:
        scope = {"treaty": row.treaty, "source": row.source}
        grid = periods.read(self._connection, tables.participation, scope, at)
        said = periods.read(self._connection, tables.statement, scope, at)
        return assembled(row, at, grid, said)


def assembled(row: Row[Any], at: datetime | None, grid: list[str], said: list[str]) -> Known:
    """Return what was known at an instant (None: now), of the row of a reading and what its rows and statements say."""
    vouched = at is None or at >= row.seen_at
    page: _Page = load(_Page, row.page)
    snapshot = Snapshot(
        header=replace(page.header, stamp=row.seen_stamp if vouched else row.stamp),
        participations=tuple(load(Participation, text) for text in grid),
        statements=tuple(load(Statement, text) for text in said),
        counted=page.counted,
        columns=page.columns,
        form=page.form,
    )
    return Known(
        treaty=row.treaty,
        source=row.source,
        snapshot=snapshot,
        fetched_at=row.seen_at if vouched else row.known_from,
        document=row.seen_document if vouched else row.document,
    )


def _page_of(snapshot: Snapshot) -> _Page:
    unstamped = replace(snapshot.header, stamp=None)
    return _Page(unstamped, snapshot.counted, snapshot.columns, snapshot.form)


@cache
def _present(*, for_update: bool = False) -> Select[Any]:
    column = tables.reading.c
    page = (column[name] == bindparam(name) for name in ("treaty", "source"))
    query = select(tables.reading).where(*page, column.known_to.is_(None))
    return query.with_for_update() if for_update else query

"""Rows that carry the period during which we knew them: what changes is closed and opened, the rest stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, Table, and_, bindparam, or_, select, update

from monitor.domain.participation import Participation
from monitor.domain.snapshot import Statement
from monitor.storage.order import place
from monitor.storage.payload import dump
from monitor.storage.writing import insert_all


class Line(NamedTuple):
    """One row of a page: `slot` is its name on the page (unique there), `payload` what it says."""

    slot: str
    participant: str
    payload: str


def lines_of(participations: Iterable[Participation]) -> list[Line]:
    """Return the rows of a grid, named by participant."""
    keyed = ((p.participant.key, p.participant.key, dump(Participation, p)) for p in participations)
    return list(_numbered(keyed))


def statement_lines(statements: Iterable[Statement]) -> list[Line]:
    """Return the rows of the statements, named by what they say: another text is another statement."""
    keyed = ((s.participant.key, dump(Statement, s)) for s in statements)
    return list(_numbered((sha256(text.encode()).hexdigest()[:32], key, text) for key, text in keyed))


def _numbered(named: Iterable[tuple[str, str, str]]) -> Iterator[Line]:
    """Yield the rows, those that bear the same name told apart by their place among them."""
    seen: dict[str, int] = {}
    for name, participant, payload in named:
        number = seen[name] = seen.get(name, -1) + 1
        yield Line(numbered(name, number), participant, payload)


def numbered(name: str, number: int) -> str:
    """Return the slot of a row that has so many of the same name before it on the page."""
    return f"{name}\x1f{number}" if number else name


def known_at(table: Table, at: datetime | BindParameter[datetime] | None) -> ColumnElement[bool]:
    """Return the condition for rows known at an instant (None: known now)."""
    if at is None:
        return table.c.known_to.is_(None)
    return and_(table.c.known_from <= at, or_(table.c.known_to.is_(None), table.c.known_to > at))


def read(connection: Connection, table: Table, scope: dict[str, str], at: datetime | None) -> list[str]:
    """Return what the rows of a page say that were known at an instant (None: now), in the page's order."""
    query = select(table.c.payload).where(*_of_page(table, scope, at))
    return list(connection.scalars(query.order_by(table.c.ordinal, table.c.id)))


def _of_page(table: Table, scope: dict[str, str], at: datetime | None) -> tuple[ColumnElement[bool], ...]:
    return table.c.treaty == scope["treaty"], table.c.source == scope["source"], known_at(table, at)


def _present(connection: Connection, table: Table, scope: dict[str, str]) -> dict[str, Any]:
    """Return the rows of a page that are known now, by name."""
    query = select(table.c.id, table.c.slot, table.c.ordinal, table.c.payload).where(*_of_page(table, scope, None))
    return {row.slot: row for row in connection.execute(query)}


def store(
    connection: Connection, table: Table, scope: dict[str, str], lines: list[Line], at: datetime, *, first: bool = False
) -> bool:
    """Make these the page's rows from `at`; return whether any row was closed or opened.

    `scope` names treaty and source; of a page's `first` rows none can be there. Rows that agree stay untouched; where
    only their order has changed, their ordinals are written over in place, so that the order of earlier readings is
    that of the latest.
    """
    present = {} if first else _present(connection, table, scope)
    payloads = {line.slot: line.payload for line in lines}
    ordinals = place([present[line.slot].ordinal if line.slot in present else None for line in lines])
    agreeing = {slot for slot, row in present.items() if payloads.get(slot) == row.payload}
    closed = [present[slot].id for slot in present.keys() - agreeing]
    opened = [
        {"slot": line.slot, "participant": line.participant, "ordinal": ordinal, "payload": line.payload}
        for line, ordinal in zip(lines, ordinals, strict=True)
        if line.slot not in agreeing
    ]
    moved = [
        {"row_id": present[line.slot].id, "to": ordinal}
        for line, ordinal in zip(lines, ordinals, strict=True)
        if line.slot in agreeing and present[line.slot].ordinal != ordinal
    ]
    this = update(table).where(table.c.id == bindparam("row_id"))
    if closed:  # before the new rows: a name on the page belongs to one row at a time
        connection.execute(this.values(known_to=bindparam("to")), [{"row_id": row_id, "to": at} for row_id in closed])
    if moved:
        connection.execute(this.values(ordinal=bindparam("to")), moved)
    insert_all(connection, table, {**scope, "known_from": at}, opened)
    return bool(closed or opened)

"""Gives every treaty of a simulated record the rows of one that was simulated, under its own number."""

from __future__ import annotations

from living import record_of
from simulated import Simulated
from sqlalchemy import Connection, delete, func, insert, literal, select

from monitor.storage import tables
from monitor.storage.sql import SqlStorage

COPIED = (
    tables.reading,
    tables.outlook,  # names its reading
    tables.participation,
    tables.statement,
    tables.document,
    tables.change,
    tables.source,
)
OWN = {"id", "number"}
"""Columns that number rows by themselves, save in the table of changes, whose ids are made."""


def multiply(simulated: Simulated, number: int) -> int:
    """Give every other treaty the rows of one of the first; return the bytes of the record."""
    storage = simulated.desk.storage
    assert isinstance(storage, SqlStorage)  # noqa: S101 - see living
    numbers = [treaty.reference for treaty in simulated.desk.treaties]
    with storage.begin() as tx:
        for place, new in enumerate(numbers[number:]):
            _copy(tx._connection, numbers[place % number], new)  # noqa: SLF001 - no other way in bulk
    return record_of(simulated)


def _copy(connection: Connection, old: str, new: str) -> None:
    for table in COPIED:
        columns = [c for c in table.c if c.name not in OWN or (table is tables.change and c.name == "id")]
        values = [_value(c, old, new) for c in columns]
        rows = select(*values).where(table.c.treaty == old)
        connection.execute(delete(table).where(table.c.treaty == new))  # what the operator was told of its silence
        connection.execute(insert(table).from_select([c.name for c in columns], rows))


def _value(column: tables.Column[str], old: str, new: str) -> object:
    if column.name == "treaty":
        return literal(new)
    if column.table is tables.change and column.name == "id":
        return column + literal(f"-{new}")
    if column.table is tables.outlook and column.name == "reading":
        now = tables.reading.c
        return (
            select(now.id)
            .where(now.treaty == new, now.source == column.table.c.source, now.known_to.is_(None))
            .scalar_subquery()
        )
    if column.name in {"recorded", "page", "url", "outlook"}:
        return func.replace(column, old, new, type_=column.type)
    return column

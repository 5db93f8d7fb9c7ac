"""Moves a whole record from SQLite to PostgreSQL: every row as it is, in one transaction, compared before it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, zip_longest
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Insert,
    Select,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    text,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from monitor.domain.errors import StorageError, UsageError
from monitor.storage.columns import Answer, Payload, Word
from monitor.storage.engine import connect_to, place_of
from monitor.storage.migrate import migrate
from monitor.storage.sql import SqlStorage
from monitor.storage.tables import METADATA
from monitor.storage.trouble import explained

BATCH = 1_000
"""Rows in hand at a time: memory stays bounded however long the record is."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One table that was moved: its rows and the digest of all of them, which are the same on both sides."""

    table: str
    rows: int
    sha256: str


def move(source: SqlStorage, address: str) -> tuple[Moved, ...]:
    """Copy the record into the PostgreSQL database at this address, and compare every row of it with its original.

    All of it or nothing: the target is not touched where anything goes wrong. Raises UsageError if the target is
    no PostgreSQL or has a record already, StorageError where either database cannot be used.
    """
    engine = connect_to(address)
    where = place_of(engine)
    try:
        if engine.dialect.name != "postgresql":
            raise UsageError(
                f"{where}: a record is moved to PostgreSQL; name a database as postgresql://USER@HOST/NAME"
            )
        with source.reading() as old, explained(where), engine.begin() as new:
            migrate(new, where)
            _refuse_used(new, where)
            return tuple(_moved(old, new, table, where) for table in METADATA.sorted_tables)
    finally:
        engine.dispose()


def _refuse_used(new: Connection, where: str) -> None:
    for table in METADATA.sorted_tables:
        if new.scalar(select(table.c[0]).limit(1)) is not None:
            raise UsageError(
                f'{where}: there is a record here already (the table "{table.name}" has rows); name an empty database'
            )


def _moved(old: Connection, new: Connection, table: Table, where: str) -> Moved:
    rows, adding = _rows(old, table), _adding(table)
    while batch := list(islice(rows, BATCH)):
        new.execute(adding, [row._asdict() for row in batch])
    _count_on(new, table)
    return _compared(old, new, table, where)


def _compared(old: Connection, new: Connection, table: Table, where: str) -> Moved:
    """Read both sides again, in the same order, and hold each row against its original."""
    number, digest = 0, sha256()
    for left, right in zip_longest(_rows(old, table), _rows(new, table)):
        if left is None or right is None or tuple(left) != tuple(right):
            raise StorageError(
                f'{where}: a row of "{table.name}" is not what it was (the {number + 1}th); nothing was moved'
            )
        number += 1
        digest.update(repr(tuple(left)).encode())
    return Moved(table.name, number, digest.hexdigest())


def _rows(connection: Connection, table: Table) -> Iterator[Any]:
    query = _reading(table, connection.dialect.name).execution_options(yield_per=BATCH)
    return iter(connection.execute(query))


def _reading(table: Table, dialect: str) -> Select[Any]:
    """Return the query for all rows as they are kept, in an order that both databases share: that of the bytes."""
    columns = [type_coerce(column, _kept(column)).label(column.name) for column in table.c]
    bytewise = dialect == "postgresql"
    order = [c.collate("C") if bytewise and isinstance(c.type, Text) else c for c in table.primary_key.columns]
    return select(*columns).order_by(*order)


def _adding(table: Table) -> Insert:
    return insert(table).values({column.name: bindparam(column.name, type_=_kept(column)) for column in table.c})


def _kept(column: Column[Any]) -> TypeEngine[Any]:
    """Return the type of what stands in the column, where the program's own type makes something else of it."""
    return Text() if isinstance(column.type, (Word, Payload, Answer)) else column.type


def _count_on(new: Connection, table: Table) -> None:
    """Let the numbers of further rows follow those of the rows that came."""
    (key, *others) = table.primary_key.columns
    if others or isinstance(key.type, Text):
        return
    sequence = func.pg_get_serial_sequence(text(f"'\"{table.name}\"'"), key.name)
    new.execute(select(func.setval(sequence, func.coalesce(func.max(key), 0) + 1, False)))

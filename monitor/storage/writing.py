"""Inserts that meet a row already there: the one place where the two databases' spelling is needed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import ReturningInsert

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def add_new(connection: Connection, table: Table, key: str, rows: Sequence[dict[str, Any]]) -> set[str]:
    """Insert the rows that are not there yet, in as few statements as possible; return their `key`s."""
    if not rows:
        return set()
    return set(connection.scalars(_adding(connection.dialect.name, table, key), rows))


def overwrite(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Insert the row, which names every column, or write it over the one with the same primary key."""
    connection.execute(_overwriting(connection.dialect.name, table), row)


@cache  # building a statement takes longer than running it
def _adding(dialect: str, table: Table, key: str) -> ReturningInsert[Any]:
    return _insert(dialect, table).on_conflict_do_nothing().returning(table.c[key])


@cache
def _overwriting(dialect: str, table: Table) -> Executable:
    insert = _insert(dialect, table)
    keys = table.primary_key.columns
    rest = {column.name: insert.excluded[column.name] for column in table.c if column.name not in keys}
    return insert.on_conflict_do_update(index_elements=list(keys), set_=rest)


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - it takes long to load, and most do without

    return postgresql.insert(table)

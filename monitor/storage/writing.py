"""Inserts that meet a row already there, or bring many: the one place where the two databases' spelling is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Dialect, Executable, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import ReturningInsert

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


_MOST = 50
"""Rows of one insert. Drivers keep the statements that they were given, and each number of rows is another one."""


def add_new(connection: Connection, table: Table, key: str, rows: Sequence[dict[str, Any]]) -> set[str]:
    """Insert the rows that are not there yet, in as few statements as possible; return their `key`s."""
    if not rows:
        return set()
    return set(connection.scalars(_adding(connection.dialect.name, table, key), rows))


def insert_all(connection: Connection, table: Table, shared: dict[str, Any], rows: Sequence[dict[str, Any]]) -> None:
    """Insert new rows of texts and numbers that name the same columns, with the values that they share.

    Many go in one statement: with one for each row, each would wait for its turn among the threads, and the values that
    they share would be turned into the driver's form as often.
    """
    same = tuple(_bound(connection.dialect, table, name, value) for name, value in shared.items())
    for start in range(0, len(rows), _MOST):
        some = rows[start : start + _MOST]
        values = [value for row in some for value in (*same, *row.values())]
        connection.exec_driver_sql(_inserting(connection.dialect, table, (*shared, *some[0]), len(some)), tuple(values))


def _inserting(dialect: Dialect, table: Table, names: Iterable[str], count: int) -> str:
    """Return the insert of so many rows in the driver's own spelling: SQLAlchemy would put it together each time."""
    quote = dialect.identifier_preparer.quote
    columns = [quote(name) for name in names]
    row = f"({', '.join(['?' if dialect.paramstyle == 'qmark' else '%s'] * len(columns))})"
    return f"INSERT INTO {quote(table.name)} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"  # noqa: S608 - our own names


def _bound(dialect: Dialect, table: Table, name: str, value: object) -> object:
    convert = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return convert(value) if convert else value


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

"""Inserts that meet a row already there: the one place where the two databases' spelling is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_INSERT: dict[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def add_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], key: Column[str]) -> set[str]:
    """Insert the rows whose key is not there yet, in as few statements as possible; return the keys of those."""
    if not rows:
        return set()
    insert = _INSERT[connection.dialect.name](table).on_conflict_do_nothing().returning(key)
    return set(connection.scalars(insert, rows))


def overwrite(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Insert the row, or write it over the one with the same primary key."""
    insert = _INSERT[connection.dialect.name](table).values(row)
    keys = table.primary_key.columns
    rest = {name: insert.excluded[name] for name in row if name not in keys}
    connection.execute(insert.on_conflict_do_update(index_elements=list(keys), set_=rest))

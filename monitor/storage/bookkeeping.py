"""The part of a transaction that keeps the books: how each source is, and small facts of the program."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, delete, select

from monitor.storage import tables
from monitor.storage.interface import SourceState
from monitor.storage.writing import overwrite


class Bookkeeping:
    """One row per source and one per setting, written over in place. Does not judge what it is told."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def source(self, treaty: str, source: str) -> SourceState | None:
        """Return the state of one source, or None if it was never seen."""
        table = tables.source
        query = select(table).where(table.c.treaty == treaty, table.c.source == source)
        row = self._connection.execute(query).mappings().one_or_none()
        return SourceState(**row) if row else None

    def sources(self) -> tuple[SourceState, ...]:
        """Return the states of all sources, ordered by treaty and source."""
        query = select(tables.source).order_by(tables.source.c.treaty, tables.source.c.source)
        return tuple(SourceState(**row) for row in self._connection.execute(query).mappings())

    def save_source(self, state: SourceState) -> None:
        """Write the state over the one before."""
        overwrite(self._connection, tables.source, as_row(state))

    def setting(self, name: str) -> str | None:
        """Return a small fact that the program has noted under this name, or None."""
        query = select(tables.setting.c.value).where(tables.setting.c.name == name)
        value: str | None = self._connection.scalar(query)
        return value

    def save_setting(self, name: str, value: str | None) -> None:
        """Note a small fact under a name (None forgets it)."""
        if value is None:
            self._connection.execute(delete(tables.setting).where(tables.setting.c.name == name))
        else:
            overwrite(self._connection, tables.setting, {"name": name, "value": value})


def as_row(value: Any) -> dict[str, Any]:
    """Return a dataclass as a row of the table whose columns bear its fields' names."""
    return {field.name: getattr(value, field.name) for field in fields(value)}

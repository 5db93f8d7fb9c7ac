"""The part of a transaction that keeps the books: how each source is, and small facts of the program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Update, bindparam, delete, func, or_, select, update

from monitor.domain.schedule import CLOCKS
from monitor.storage import tables
from monitor.storage.interface import Condition, SourceState
from monitor.storage.writing import overwrite


class Bookkeeping:
    """One row per source and one per setting, written over in place. Does not judge what it is told."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def source(self, treaty: str, source: str) -> SourceState | None:
        """Return the state of one source, or None if it was never seen."""
        row = self._connection.execute(_source(), {"treaty": treaty, "source": source}).mappings().one_or_none()
        return SourceState(**row) if row else None

    def sources(self) -> tuple[SourceState, ...]:
        """Return the states of all sources, ordered by treaty and source."""
        query = select(tables.source).order_by(tables.source.c.treaty, tables.source.c.source)
        return tuple(SourceState(**row) for row in self._connection.execute(query).mappings())

    def sources_of(self, treaties: Iterable[str]) -> tuple[SourceState, ...]:
        """Return the states of these treaties' sources (of those that were ever seen)."""
        query = select(tables.source).where(tables.source.c.treaty.in_(list(treaties)))
        return tuple(SourceState(**row) for row in self._connection.execute(query).mappings())

    def last_good(self, treaties: Iterable[str]) -> dict[tuple[str, str], datetime]:
        """Return, by treaty and source, when these treaties' pages were last believed (of those that ever were)."""
        column = tables.source.c
        query = select(column.treaty, column.source, column.last_good).where(
            column.treaty.in_(list(treaties)), column.last_good.is_not(None)
        )
        return {(treaty, source): good for treaty, source, good in self._connection.execute(query)}

    def resting(self, now: datetime) -> dict[tuple[str, str], str]:
        """Return the sources (treaty and source) that are not due before some later time, with their addresses.

        One that was last checked well after now is none of them: the clock was ahead, and so is when it is due.
        """
        column = tables.source.c
        query = select(column.treaty, column.source, column.url).where(
            column.next_due > now, or_(column.last_checked.is_(None), column.last_checked <= now + CLOCKS)
        )
        return {(treaty, source): url for treaty, source, url in self._connection.execute(query)}

    def turns(self) -> dict[tuple[str, str], tuple[bool, datetime | None]]:
        """Return, by treaty and source, whether the last check could read and believe it, and when it is due again."""
        column = tables.source.c
        well = column.condition.in_([c for c in Condition if c.well])
        query = select(column.treaty, column.source, well, column.next_due)
        return {(treaty, source): (well, due) for treaty, source, well, due in self._connection.execute(query)}

    def last_check(self) -> datetime | None:
        """Return when the last check of any source was, or None before the first."""
        last: datetime | None = self._connection.scalar(select(func.max(tables.source.c.last_checked)))
        return last

    def save_source(self, state: SourceState) -> None:
        """Write the state over the one before."""
        overwrite(self._connection, tables.source, as_row(state))

    def renew(self, pairs: Iterable[tuple[SourceState, SourceState]]) -> None:
        """Enter checks that found nothing new, where nobody has written since the state before them."""
        rows = [_was(before) | {name: getattr(after, name) for name in _RENEWED} for before, after in pairs]
        if rows:
            self._connection.execute(_renewing(), rows)

    def setting(self, name: str) -> str | None:
        """Return a small fact that the program has noted under this name, or None."""
        value: str | None = self._connection.scalar(_setting(), {"name": name})
        return value

    def settings(self, beginning: str) -> dict[str, str]:
        """Return the small facts whose names begin so, by what follows in the name."""
        column = tables.setting.c
        found = self._connection.execute(
            select(column.name, column.value).where(column.name.startswith(beginning, autoescape=True))
        )
        # SQLite's LIKE takes small and capital letters for the same
        return {name[len(beginning) :]: value for name, value in found if name.startswith(beginning)}

    def save_setting(self, name: str, value: str | None) -> None:
        """Note a small fact under a name (None forgets it)."""
        if value is None:
            self._connection.execute(delete(tables.setting).where(tables.setting.c.name == name))
        else:
            overwrite(self._connection, tables.setting, {"name": name, "value": value})


@cache  # here as elsewhere: to build a statement takes three times as long as all else about so small a question
def _source() -> Select[Any]:
    column = tables.source.c
    return select(tables.source).where(column.treaty == bindparam("treaty"), column.source == bindparam("source"))


@cache
def _setting() -> Select[Any]:
    return select(tables.setting.c.value).where(tables.setting.c.name == bindparam("name"))


_SAME = ("treaty", "source", "url", "condition", "fingerprint", "last_checked")
"""What tells that nobody has checked a source since its state was read."""

_RENEWED = ("last_checked", "last_good", "next_due", "validators", "calendar_until")
"""What a check writes that found nothing new."""


def _was(before: SourceState) -> dict[str, Any]:
    return {f"was_{name}": getattr(before, name) for name in _SAME}


@cache
def _renewing() -> Update:
    column = tables.source.c
    same = (column[name] == bindparam(f"was_{name}", type_=column[name].type) for name in _SAME)
    return update(tables.source).where(*same).values({name: bindparam(name) for name in _RENEWED})


def as_row(value: Any) -> dict[str, Any]:
    """Return a dataclass as a row of the table whose columns bear its fields' names."""
    return {field.name: getattr(value, field.name) for field in fields(value)}

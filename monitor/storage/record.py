"""The part of a transaction that keeps changes for good, and what the gate holds back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, or_, select

from monitor.domain.alert import Subscription
from monitor.domain.change import ChangeKind, RecordedChange
from monitor.storage import tables
from monitor.storage.bookkeeping import as_row
from monitor.storage.interface import Held, HeldState
from monitor.storage.writing import add_new, overwrite

_NEWEST = (
    tables.change.c.first_seen.desc(),
    tables.change.c.act_date.desc().nulls_last(),
    tables.change.c.number.desc(),
)


class Record:
    """Enters changes once, by id, and never takes one back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, changes: Iterable[RecordedChange]) -> tuple[RecordedChange, ...]:
        """Enter changes and return those that were not in the record before (by id)."""
        by_id: dict[str, RecordedChange] = {}
        for recorded in changes:
            by_id.setdefault(recorded.id, recorded)
        rows = [
            {
                "id": change_id,
                "treaty": recorded.change.treaty,
                "participant": recorded.change.key,
                "kind": recorded.change.kind,
                "first_seen": recorded.first_seen,
                "act_date": recorded.change.act_date,
                "recorded": recorded,
            }
            for change_id, recorded in by_id.items()
        ]
        new = add_new(self._connection, tables.change, "id", rows)
        return tuple(recorded for change_id, recorded in by_id.items() if change_id in new)

    def changes(
        self,
        *,
        treaty: str | None = None,
        participant: str | frozenset[str] | None = None,
        kinds: frozenset[ChangeKind] | None = None,
        since: date | None = None,
        limit: int | None = None,
        offset: int = 0,
        as_entered: bool = False,
    ) -> tuple[RecordedChange, ...]:
        """Return recorded changes, newest first (by first_seen, then act date); `since` is by first_seen.

        With `as_entered`, in the order in which they were entered instead.
        """
        column = tables.change.c
        wanted = _wanted(treaty, participant, kinds, since)
        order = (column.number,) if as_entered else _NEWEST
        query = select(column.recorded).where(*wanted).order_by(*order).limit(limit).offset(offset or None)
        return tuple(self._connection.scalars(query))

    def changes_for(self, subscription: Subscription, limit: int) -> tuple[RecordedChange, ...]:
        """Return the newest changes that a subscription asks for, no more than so many."""
        query = select(tables.change.c.recorded).where(*_asked_for(subscription)).order_by(*_NEWEST).limit(limit)
        return tuple(self._connection.scalars(query))

    def last_news(self, treaties: Iterable[str]) -> dict[str, datetime]:
        """Return when the last news of each treaty was: its newest change, else its first reading."""
        wanted, change, reading = list(treaties), tables.change.c, tables.reading.c
        newest = select(change.treaty, func.max(change.first_seen)).where(change.treaty.in_(wanted))
        first = select(reading.treaty, func.min(reading.known_from)).where(reading.treaty.in_(wanted))
        return {
            treaty: at
            for query in (first.group_by(reading.treaty), newest.group_by(change.treaty))
            for treaty, at in self._connection.execute(query)
        }

    def change(self, change_id: str) -> RecordedChange | None:
        """Return one change of the record, or None."""
        column = tables.change.c
        found: RecordedChange | None = self._connection.scalar(select(column.recorded).where(column.id == change_id))
        return found

    def number_of_changes(
        self,
        *,
        treaty: str | None = None,
        participant: str | frozenset[str] | None = None,
        kinds: frozenset[ChangeKind] | None = None,
        since: date | None = None,
    ) -> int:
        """Return how many changes the record has, of those that `changes` would return with the same words."""
        wanted = _wanted(treaty, participant, kinds, since)
        return self._connection.scalar(select(func.count()).select_from(tables.change).where(*wanted)) or 0

    def hold(self, held: Held) -> None:
        """Enter or overwrite something held."""
        overwrite(self._connection, tables.held, as_row(held))

    def held(
        self, states: frozenset[HeldState] | None = None, *, page: tuple[str, str] | None = None
    ) -> tuple[Held, ...]:
        """Return what is held, oldest first; with `page` (treaty and source) what is held of this page alone."""
        query = _held(of_page=page is not None)
        if states is not None:
            query = query.where(tables.held.c.state.in_(states))
        of_page = dict(zip(("treaty", "source"), page or (), strict=False))
        return tuple(Held(**row) for row in self._connection.execute(query, of_page).mappings())


@cache
def _held(*, of_page: bool) -> Select[Any]:
    column = tables.held.c
    query = select(tables.held).order_by(column.since, column.id)
    return query.where(column.treaty == bindparam("treaty"), column.source == bindparam("source")) if of_page else query


def _wanted(
    treaty: str | None,
    participant: str | frozenset[str] | None,
    kinds: frozenset[ChangeKind] | None,
    since: date | None,
) -> list[ColumnElement[bool]]:
    """Return the conditions for the changes that are asked for."""
    column = tables.change.c
    wanted: list[ColumnElement[bool]] = []
    if treaty is not None:
        wanted.append(column.treaty == treaty)
    if participant is not None:
        keys = {participant} if isinstance(participant, str) else participant
        wanted.append(column.participant.in_(keys))
    if kinds is not None:
        wanted.append(column.kind.in_(kinds))
    if since is not None:
        wanted.append(column.first_seen >= datetime.combine(since, time.min, UTC))
    return wanted


def _asked_for(by: Subscription) -> list[ColumnElement[bool]]:
    """Return the conditions for what a subscription wants, as `Subscription.wants` has them."""
    column = tables.change.c
    wanted: list[ColumnElement[bool]] = []
    if by.treaties is not None:
        wanted.append(column.treaty.in_(by.treaties))
    if by.countries is not None:
        wanted.append(or_(column.participant.is_(None), column.participant.in_(by.countries)))
    if by.kinds is not None:
        wanted.append(column.kind.in_(by.kinds))
    return wanted

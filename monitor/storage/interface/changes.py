"""The record of changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from monitor.domain.alert import Subscription
from monitor.domain.change import ChangeKind, RecordedChange


class Changes(Protocol):
    """The part of a transaction that records changes, each once."""

    def record(self, changes: Iterable[RecordedChange]) -> tuple[RecordedChange, ...]:
        """Enter changes and return those that were not in the record before (by id)."""
        ...

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

        `participant` is a key, or several. With `limit`, no more than so many, after the first `offset`; with
        `as_entered`, in the order in which they were entered instead.
        """
        ...

    def changes_for(self, subscription: Subscription, limit: int) -> tuple[RecordedChange, ...]:
        """Return the newest changes that a subscription asks for, no more than so many."""
        ...

    def last_news(self, treaties: Iterable[str]) -> dict[str, datetime]:
        """Return when the last news of each treaty was: its newest change, else its first reading.

        Those that were never read are left out.
        """
        ...

    def change(self, change_id: str) -> RecordedChange | None:
        """Return one change of the record, or None."""
        ...

    def number_of_changes(
        self,
        *,
        treaty: str | None = None,
        participant: str | frozenset[str] | None = None,
        kinds: frozenset[ChangeKind] | None = None,
        since: date | None = None,
    ) -> int:
        """Return how many changes the record has, of those that `changes` would return with the same words."""
        ...

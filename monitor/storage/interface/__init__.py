"""The door to the record: one transaction at a time, over SQLite or PostgreSQL, and the archive of raw pages."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from monitor.domain.change import RecordedChange
from monitor.domain.delivery import Delivery
from monitor.domain.outlook import Outlook
from monitor.storage.interface.archive import Archive, Kept
from monitor.storage.interface.bookkeeping import Bookkeeping, Condition, SourceState
from monitor.storage.interface.changes import Changes
from monitor.storage.interface.channels import ChannelBook, ChannelState
from monitor.storage.interface.departures import Departure, Departures
from monitor.storage.interface.held import Held, HeldState, Holds
from monitor.storage.interface.knowledge import Knowledge, Known
from monitor.storage.interface.outbox import Outbox
from monitor.storage.interface.retention import KeptPage, Retention

__all__ = [
    "Archive",
    "Bookkeeping",
    "Changes",
    "ChannelBook",
    "ChannelState",
    "Condition",
    "Daybook",
    "Departure",
    "Departures",
    "Held",
    "HeldState",
    "Holds",
    "Kept",
    "KeptPage",
    "Knowledge",
    "Known",
    "Outbox",
    "Retention",
    "SourceState",
    "Storage",
    "Transaction",
]


class Daybook(Protocol):
    """The part of a transaction by which people are told: what is known, and where messages are put.

    A rehearsal has one of its own, which knows what was known at an instant and puts messages nowhere.
    """

    def latest(self, treaty: str, source: str) -> Known | None:
        """See `Transaction`."""
        ...

    def outlooks(self, treaties: Iterable[str] | None = None) -> dict[tuple[str, str], Outlook]:
        """See `Transaction`."""
        ...

    def changes(self, *, treaty: str | None = None, participant: str | None = None) -> tuple[RecordedChange, ...]:
        """See `Transaction`."""
        ...

    def departures(self) -> tuple[Departure, ...]:
        """See `Transaction`."""
        ...

    def enqueue(self, deliveries: Iterable[Delivery]) -> int:
        """See `Transaction`."""
        ...

    def entered(self, ids: Iterable[str]) -> frozenset[str]:
        """See `Transaction`."""
        ...

    def gather(self, deliveries: Iterable[Delivery]) -> int:
        """See `Transaction`."""
        ...


class Transaction(Bookkeeping, Knowledge, Retention, Changes, Holds, Outbox, ChannelBook, Departures, Protocol):
    """Everything that one transaction can do. Nothing of it is visible to others before it is committed."""


class Storage(Protocol):
    """Opens transactions. Synchronous: async code enters it by one thread hop per transaction."""

    def begin(self, *, read_only: bool = False) -> AbstractContextManager[Transaction]:
        """Return a context: committed when it ends well, rolled back when it ends with an exception.

        With `read_only` it sees one state of the record, waits for no writer and keeps none waiting.
        """
        ...

    def compact(self) -> int:
        """Give free pages back to the disk, where that is due; return how many bytes."""
        ...

    def close(self) -> None:
        """Release the database."""
        ...

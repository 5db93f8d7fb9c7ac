"""Where messages are put, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from monitor.domain.delivery import Attempt, Delivery, DeliveryState


class Outbox(Protocol):
    """The part of a transaction that keeps deliveries, claims what is due, and puts by what digests gather."""

    def enqueue(self, deliveries: Iterable[Delivery]) -> int:
        """Enter deliveries, skipping ids that exist; return how many were new."""
        ...

    def entered(self, ids: Iterable[str]) -> frozenset[str]:
        """Return those of these ids that are in the outbox."""
        ...

    def claim(
        self, now: datetime, lease_until: datetime, limit: int, channel: str | None = None, *, tests_only: bool = False
    ) -> tuple[Delivery, ...]:
        """Claim due deliveries by compare-and-set: pending and due, or sending with a lease that has run out.

        With `channel`, those of this channel alone, so that each channel is served at its own speed; with
        `tests_only`, test messages alone. A claimed row is SENDING until `lease_until`. A row taken from a dead
        sender gets an Attempt LOST.
        """
        ...

    def waiting(self, now: datetime, closed: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """Return the names of the channels for which something is due, in alphabetical order.

        For those in `closed` only a test message counts.
        """
        ...

    def settle(
        self, delivery: str, lease: datetime, attempt: Attempt, state: DeliveryState, next_attempt: datetime | None
    ) -> bool:
        """Write the outcome of an attempt; False (and nothing written) if the lease is no longer ours."""
        ...

    def postpone(self, delivery: str, lease: datetime, until: datetime) -> bool:
        """Give a claimed delivery back unsent, due at `until`; False if the lease is no longer ours. No attempt."""
        ...

    def drop(self, delivery: str, lease: datetime, attempt: Attempt) -> bool:
        """End a claimed delivery unsent, which is no failure; False if the lease is no longer ours.

        It is dead, and the operator is not told of it as one that could not be delivered.
        """
        ...

    def deliveries(
        self,
        states: frozenset[DeliveryState] | None = None,
        *,
        change: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        bodies: bool = True,
    ) -> tuple[Delivery, ...]:
        """Return the outbox with every attempt, newest first.

        With `change`, what tells of this change alone; with `limit`, no more than so many, after the first `offset`;
        without `bodies`, the texts of the messages are left empty.
        """
        ...

    def retry(self, ids: frozenset[str], now: datetime) -> tuple[str, ...]:
        """Make these deliveries pending and due at `now`; return the ids that exist and were not sent.

        A disabled channel of one of them is enabled: who tries again by hand says that it works again.
        """
        ...

    def release(self, channel: str, since: datetime, now: datetime) -> int:
        """Make due at `now` what waits for this channel, and what failed for good over it from `since` on.

        Return how many these are.
        """
        ...

    def untold_dead(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Return deliveries of subscriptions that failed for good and were not returned here before, oldest first."""
        ...

    def tally(self) -> dict[DeliveryState, int]:
        """Return how many deliveries there are in each state that has any."""
        ...

    def gather(self, deliveries: Iterable[Delivery]) -> int:
        """Put deliveries by for a digest that is due at their `next_attempt`, skipping ids that exist.

        Return how many were new. They are no part of the outbox.
        """
        ...

    def ripe(self, now: datetime, receivers: int) -> tuple[Delivery, ...]:
        """Take out what is put by and due, of at most so many receivers (subscription, channel, recipient).

        Each receiver's come whole and together, oldest first.
        """
        ...

"""The door to the record: one transaction at a time, over SQLite or PostgreSQL, and the archive of raw pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from monitor.domain.alert import Subscription
from monitor.domain.change import Change, ChangeKind, RecordedChange
from monitor.domain.delivery import Attempt, Delivery, DeliveryState
from monitor.domain.document import Document
from monitor.domain.outlook import Outlook
from monitor.domain.snapshot import Finding, Snapshot


class Condition(StrEnum):
    """How a source is."""

    NEW = "new"  # never read yet
    OK = "ok"
    UNREACHABLE = "unreachable"
    DISALLOWED = "disallowed"
    REFUSED = "refused"
    HELD = "held"
    STALE = "stale"  # not read for long, whyever: only ever what the operator was told

    @property
    def well(self) -> bool:
        """Whether the source could be read and believed, be it in part."""
        return self in {Condition.OK, Condition.HELD}


@dataclass(frozen=True, slots=True)
class SourceState:
    """The bookkeeping of one watched page: one row, overwritten by every check. Instants are aware UTC.

    `last_good` is the last believable answer (an unchanged page counts), `problem` what is wrong now, `told`
    the condition of which the operator has been told. `calendar_until` is the day up to which effects that the
    calendar brings have been recorded. `reader` names the version of the reader behind the stored snapshot.
    """

    treaty: str
    source: str
    url: str
    condition: Condition = Condition.NEW
    last_checked: datetime | None = None
    last_good: datetime | None = None
    next_due: datetime | None = None
    failures: int = 0
    problem: str | None = None
    told: Condition | None = None
    validators: dict[str, str] = field(default_factory=dict)
    fingerprint: str | None = None
    calendar_until: date | None = None
    reader: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A snapshot as it was known at some instant: from which source, fetched when, shown by which document."""

    treaty: str
    source: str
    snapshot: Snapshot
    fetched_at: datetime
    document: str | None


class HeldState(StrEnum):
    """What became of something held back."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CLEARED = "cleared"  # the page went back, or a second fetch agreed


@dataclass(frozen=True, slots=True)
class Held:
    """Something that the gate holds back: a row's changes, or a whole reading (`row` None).

    `digest` tells whether a later fetch shows the same thing; what was rejected under a digest is not raised again.
    """

    id: str
    treaty: str
    source: str
    row: str | None
    since: datetime
    digest: str
    document: str | None
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    state: HeldState = HeldState.OPEN


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How a channel is: since when nothing but failures came of it, the last of them, and whether it is disabled.

    A channel of which no failure is known has an empty state.
    """

    name: str
    failing_since: datetime | None = None
    last_failure: datetime | None = None
    disabled: datetime | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Departure:
    """A recipient who gets no more mail of one subscription, and since when."""

    subscription: str
    recipient: str
    at: datetime

    def of(self, subscription: str, recipient: str) -> bool:
        """Whether this is the departure of that recipient, written in whatever letters, from that subscription."""
        return (self.subscription, self.recipient.casefold()) == (subscription, recipient.casefold())


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


class Transaction(Protocol):
    """Everything that one transaction can do. Nothing of it is visible to others before it is committed."""

    # bookkeeping
    def source(self, treaty: str, source: str) -> SourceState | None:
        """Return the state of one source, or None if it was never seen."""
        ...

    def sources(self) -> tuple[SourceState, ...]:
        """Return the states of all sources, ordered by treaty and source."""
        ...

    def sources_of(self, treaties: Iterable[str]) -> tuple[SourceState, ...]:
        """Return the states of these treaties' sources (of those that were ever seen)."""
        ...

    def resting(self, now: datetime) -> dict[tuple[str, str], str]:
        """Return the sources (treaty and source) that are not due before some later time, with their addresses."""
        ...

    def turns(self) -> dict[tuple[str, str], tuple[bool, datetime | None]]:
        """Return, by treaty and source, whether the last check could read and believe it, and when it is due again.

        It is believed also where a part of it is held back.
        """
        ...

    def last_check(self) -> datetime | None:
        """Return when the last check of any source was, or None before the first."""
        ...

    def save_source(self, state: SourceState) -> None:
        """Write the state over the one before."""
        ...

    def renew(self, pairs: Iterable[tuple[SourceState, SourceState]]) -> None:
        """Enter checks that found nothing new, each as the state before it and after it.

        Only what such a check changes is written (when it was, when the next is due, the validators, the day up to
        which the calendar is recorded), and only where the state is still that before: whoever has checked the source
        in between knows better.
        """
        ...

    def setting(self, name: str) -> str | None:
        """Return a small fact that the program has noted under this name, or None."""
        ...

    def settings(self, beginning: str) -> dict[str, str]:
        """Return the small facts whose names begin so, by what follows in the name."""
        ...

    def save_setting(self, name: str, value: str | None) -> None:
        """Note a small fact under a name (None forgets it)."""
        ...

    # what is known
    def latest(self, treaty: str, source: str) -> Known | None:
        """Return the snapshot as it is known now, or None."""
        ...

    def known(self, treaty: str, at: datetime) -> tuple[Known, ...]:
        """Return, per source, the snapshot as it was known at that instant (sources with none are left out)."""
        ...

    def excerpts(
        self, treaties: Iterable[str], at: datetime | None = None, participants: Iterable[str] | None = None
    ) -> dict[str, tuple[Known, ...]]:
        """Return, by treaty and per source, what was known at an instant (None: now), without statements.

        With `participants` (keys), their rows alone. Treaties of which nothing was known are left out.
        """
        ...

    def sizes(self, treaties: Iterable[str], at: datetime) -> dict[str, int]:
        """Return, by treaty, how many rows the first of its `excerpts` has (of those of which anything was known)."""
        ...

    def seen(self) -> dict[tuple[str, str], tuple[int, datetime]]:
        """Return, by treaty and source, the number of the reading that is known now, and when it was last seen."""
        ...

    def known_since(self) -> dict[str, datetime]:
        """Return, by treaty, when a reading of it was first stored."""
        ...

    def store_snapshot(self, treaty: str, source: str, snapshot: Snapshot, at: datetime, document: str | None) -> None:
        """Make this what is known from `at`: rows that differ are closed and opened, rows that agree stay untouched."""
        ...

    def outlooks(self, treaties: Iterable[str] | None = None) -> dict[tuple[str, str], Outlook]:
        """Return what the pages (of these treaties) leave to the calendar, by treaty and source, where that is kept.

        Each is of the page as it is known now.
        """
        ...

    def keep_outlook(self, treaty: str, source: str, outlook: Outlook, seen_at: datetime | None = None) -> None:
        """Keep what the page as it is known now leaves to the calendar.

        With `seen_at`, only if that is still the page that was fetched then.
        """
        ...

    def store_document(self, treaty: str, source: str, document: Document, base: str | None = None) -> None:
        """Enter a kept page (its bytes lie in the archive) with its headers and address, and the page it rests on.

        One that is there already is kept anew: it counts as fetched now.
        """
        ...

    # what is given up
    def dispensable(self, before: datetime, limit: int) -> tuple[KeptPage, ...]:
        """Return pages that nothing rests on and that were no longer current before an instant, the oldest first."""
        ...

    def forget(self, pages: Iterable[KeptPage], before: datetime, now: datetime) -> int:
        """Note that these pages are given up, save those that have come to be needed since; return how many."""
        ...

    def forgotten(self, limit: int) -> tuple[str, ...]:
        """Return the SHA-256 of pages whose files are to be removed in this transaction."""
        ...

    def removed(self, shas: Collection[str], now: datetime) -> None:
        """Note that the files of these pages are gone."""
        ...

    def doubtful(self, shas: Iterable[str | None]) -> bool:
        """Return whether any of these pages has been given up: its file may be gone."""
        ...

    def given_up(self, sha: str) -> datetime | None:
        """Return when a page was given up, or None for one that is kept or was never known."""
        ...

    def thin_out(self, before: datetime, limit: int) -> int:
        """Drop the texts and the failed attempts of messages that arrived before an instant; return of how many."""
        ...

    # the record of changes
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

    # what is held back
    def hold(self, held: Held) -> None:
        """Enter or overwrite something held."""
        ...

    def held(
        self, states: frozenset[HeldState] | None = None, *, page: tuple[str, str] | None = None
    ) -> tuple[Held, ...]:
        """Return what is held, oldest first; with `page` (treaty and source) what is held of this page alone."""
        ...

    # the outbox
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

    # digests
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

    # channels
    def channel(self, name: str) -> ChannelState:
        """Return how a channel is."""
        ...

    def channels(self) -> tuple[ChannelState, ...]:
        """Return the channels of which failures are known, by name."""
        ...

    def save_channel(self, state: ChannelState) -> None:
        """Write the state over the one before."""
        ...

    # who has left
    def depart(self, departure: Departure) -> None:
        """Enter that a recipient has left a subscription."""
        ...

    def readmit(self, departure: Departure, now: datetime) -> None:
        """Enter that they are back."""
        ...

    def departures(self) -> tuple[Departure, ...]:
        """Return who has left and not come back, in the order of their leaving."""
        ...


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


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page that the record knows, as one of its source."""

    treaty: str
    source: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A page in the archive: its SHA-256, and that of the page on which it rests, without which it cannot be read."""

    sha256: str
    base: str | None = None


class Archive(Protocol):
    """Keeps raw pages as evidence, by SHA-256, compressed."""

    def keep(self, document: Document, near: str | None = None) -> Kept:
        """Write the page if it is not there yet (whole or not at all).

        `near` is the SHA-256 of a kept page of the same source, most of which this one may repeat.
        """
        ...

    def remove(self, shas: Iterable[str]) -> None:
        """Remove pages; those that are not there are passed over. Raises StorageError."""
        ...

    def read(self, sha256: str) -> bytes:
        """Return the page. Raises StorageError if it, or a page that it rests on, is missing or damaged."""
        ...

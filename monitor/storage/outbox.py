"""The part of a transaction that keeps the outbox: the delivery's row is the one truth, whoever sends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    type_coerce,
    update,
)

from monitor.domain.delivery import TEST, Attempt, Delivery, DeliveryState, Outcome
from monitor.storage import tables
from monitor.storage.bookkeeping import as_row
from monitor.storage.writing import add_new

BATCH = 1_000
"""Rows written or claimed by one statement: memory stays bounded however many receive a change."""

LONGEST = timedelta(days=10)
"""Longer than any delivery waits: a week for its digest, and a night after it."""

_LOST = "the sender did not report back before its lease ran out"


_IS_TEST = tables.delivery.c.alert.startswith(TEST, autoescape=True)


class Outbox:
    """Keeps deliveries with every attempt. Sends nothing and decides no schedule."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enqueue(self, deliveries: Iterable[Delivery]) -> int:
        """Enter deliveries, skipping ids that exist; return how many were new."""
        rest = iter(deliveries)
        return sum(self._enter(batch) for batch in iter(lambda: list(islice(rest, BATCH)), []))

    def _enter(self, batch: list[Delivery]) -> int:
        shas = keep_bodies(self._connection, batch)
        rows = [_row(d, shas[d.body]) for d in batch]
        new = add_new(self._connection, tables.delivery, "id", rows)
        first = {d.id: d for d in reversed(batch)}  # of two with one id, the first was entered
        self._tried({each: first[each].attempts for each in new})
        return len(new)

    def entered(self, ids: Iterable[str]) -> frozenset[str]:
        """Return those of these ids that are in the outbox."""
        rest, column = iter(ids), tables.delivery.c.id
        batches = iter(lambda: list(islice(rest, BATCH)), [])
        return frozenset(
            each for ids in batches for each in self._connection.scalars(select(column).where(column.in_(ids)))
        )

    def claim(
        self, now: datetime, lease_until: datetime, limit: int, channel: str | None = None, *, tests_only: bool = False
    ) -> tuple[Delivery, ...]:
        """Claim due deliveries by compare-and-set: pending and due, or sending with a lease that has run out.

        With `channel`, those of this channel alone; with `tests_only`, test messages alone. A claimed row is SENDING
        until `lease_until`. A row taken from a dead sender gets an Attempt LOST. At most BATCH are claimed at once,
        whatever the limit.
        """
        column = tables.delivery.c
        room = min(limit, BATCH)
        among = [] if channel is None else [column.channel == channel]
        among += [_IS_TEST] if tests_only else []
        lost = self._due(DeliveryState.SENDING, column.lease_until, now, room, among)
        waiting = self._due(DeliveryState.PENDING, column.next_attempt, now, room - len(lost), among)
        taken = self._take([*lost, *waiting], now, lease_until)
        attempt = Attempt(now, Outcome.LOST, _LOST)
        self._tried({each: (attempt,) for each in lost if each in taken})
        return self._read(column.id.in_(taken), column.next_attempt, column.id) if taken else ()

    def waiting(self, now: datetime, closed: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """Return the names of the channels for which something is due, in alphabetical order.

        For those in `closed` only a test message counts.
        """
        column = tables.delivery.c
        counts = or_(column.channel.not_in(closed), _IS_TEST)
        names = select(column.channel).where(_due(now), counts).distinct().order_by(column.channel)
        return tuple(self._connection.scalars(names))

    def _due(
        self,
        state: DeliveryState,
        since: ColumnElement[datetime],
        now: datetime,
        room: int,
        among: list[ColumnElement[bool]],
    ) -> list[str]:
        """Return the ids of those in this state that are due, the longest due first.

        One state and one span of time at a time, so that an index gives them in order however many wait. In
        PostgreSQL, rows that another sender is claiming are passed over instead of waited for.
        """
        column, found = tables.delivery.c, list[str]()
        for span in _come(since, now):
            of_span = select(column.id).where(column.state == state, span, *among).order_by(since)
            due = of_span.limit(room - len(found)).with_for_update(skip_locked=True)
            found += self._connection.scalars(due) if room > len(found) else ()
        return found

    def _take(self, ids: list[str], now: datetime, lease_until: datetime) -> set[str]:
        """Take those that are still due when they are written; return their ids."""
        if not ids:
            return set()
        column = tables.delivery.c
        taking = update(tables.delivery).where(column.id.in_(ids), _due(now)).returning(column.id)
        values = {"state": DeliveryState.SENDING, "lease_until": lease_until}
        return set(self._connection.scalars(taking.values(values)))

    def settle(
        self, delivery: str, lease: datetime, attempt: Attempt, state: DeliveryState, next_attempt: datetime | None
    ) -> bool:
        """Write the outcome of an attempt; False (and nothing written) if the lease is no longer ours."""
        column = tables.delivery.c
        ours = (column.id == delivery, column.state == DeliveryState.SENDING, column.lease_until == lease)
        values: dict[str, Any] = {"state": state, "lease_until": None}
        if next_attempt is not None:
            values["next_attempt"] = next_attempt
        if self._connection.execute(update(tables.delivery).where(*ours).values(values)).rowcount != 1:
            return False
        self._tried({delivery: (attempt,)})
        return True

    def postpone(self, delivery: str, lease: datetime, until: datetime) -> bool:
        """Give a claimed delivery back unsent, due at `until`; False if the lease is no longer ours. No attempt."""
        column = tables.delivery.c
        ours = (column.id == delivery, column.state == DeliveryState.SENDING, column.lease_until == lease)
        values = {"state": DeliveryState.PENDING, "lease_until": None, "next_attempt": until}
        return self._connection.execute(update(tables.delivery).where(*ours).values(values)).rowcount == 1

    def drop(self, delivery: str, lease: datetime, attempt: Attempt) -> bool:
        """End a claimed delivery unsent, which is no failure; False if the lease is no longer ours."""
        if not self.settle(delivery, lease, attempt, DeliveryState.DEAD, None):
            return False
        this = update(tables.delivery).where(tables.delivery.c.id == delivery)
        self._connection.execute(this.values(reported=attempt.at))
        return True

    def deliveries(
        self,
        states: frozenset[DeliveryState] | None = None,
        *,
        change: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        bodies: bool = True,
    ) -> tuple[Delivery, ...]:
        """Return the outbox with every attempt, newest first; without `bodies` the texts are left empty."""
        column = tables.delivery.c
        wanted: ColumnElement[bool] = true() if states is None else column.state.in_(states)
        if change is not None:  # an id within a list kept as text: nothing else there can contain one
            wanted = and_(wanted, type_coerce(column.change_ids, Text).contains(change, autoescape=True))
        newest = (column.created.desc(), column.id)
        if limit is not None:
            wanted = column.id.in_(
                select(column.id).where(wanted).order_by(*newest).limit(limit).offset(offset or None)
            )
        return self._read(wanted, *newest, bodies=bodies)

    def retry(self, ids: frozenset[str], now: datetime) -> tuple[str, ...]:
        """Make these deliveries pending and due at `now`; return the ids that exist and were not sent.

        One that a living sender has in hand stays with it: it is being tried already. A disabled channel of one of
        them is enabled: who tries again by hand says that it works again.
        """
        column = tables.delivery.c
        unsent = (column.id.in_(ids), column.state != DeliveryState.SENT)
        found = tuple(self._connection.scalars(select(column.id).where(*unsent).order_by(column.id)))
        in_hand = and_(column.state == DeliveryState.SENDING, column.lease_until > now)
        self._connection.execute(update(tables.delivery).where(*unsent, ~in_hand).values(_due_again(now)))
        theirs = tables.channel.c.name.in_(select(column.channel).where(column.id.in_(found)))
        self._connection.execute(delete(tables.channel).where(theirs))
        return found

    def release(self, channel: str, since: datetime, now: datetime) -> int:
        """Make due at `now` what waits for this channel, and what failed for good over it from `since` on."""
        column, tried = tables.delivery.c, tables.attempt.c
        failed = select(tried.delivery).where(tried.outcome == Outcome.DEAD, tried.at >= since)
        wanted = or_(
            and_(column.state == DeliveryState.PENDING, column.next_attempt > now),
            and_(column.state == DeliveryState.DEAD, column.id.in_(failed)),
        )
        waiting = (column.channel == channel, column.state == DeliveryState.PENDING)
        self._connection.execute(
            update(tables.delivery).where(column.channel == channel, wanted).values(_due_again(now))
        )
        return self._connection.scalar(select(func.count()).where(*waiting)) or 0

    def untold_dead(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Return deliveries of subscriptions that failed for good and were not returned here before, oldest first."""
        column = tables.delivery.c
        untold = (column.state == DeliveryState.DEAD, column.reported.is_(None), column.subscription != "")
        ids = list(self._connection.scalars(select(column.id).where(*untold).order_by(column.created).limit(limit)))
        self._connection.execute(update(tables.delivery).where(column.id.in_(ids)).values(reported=now))
        return self._read(column.id.in_(ids), column.created, column.id) if ids else ()

    def tally(self) -> dict[DeliveryState, int]:
        """Return how many deliveries there are in each state that has any."""
        state = tables.delivery.c.state
        rows = self._connection.execute(select(state, func.count()).group_by(state))
        return {row[0]: row[1] for row in rows}

    def _tried(self, attempts: dict[str, tuple[Attempt, ...]]) -> None:
        rows = [{"delivery": delivery, **as_row(each)} for delivery, made in attempts.items() for each in made]
        if rows:
            self._connection.execute(insert(tables.attempt), rows)

    def _read(
        self, wanted: ColumnElement[bool], *order: ColumnElement[Any], bodies: bool = True
    ) -> tuple[Delivery, ...]:
        made = self._attempts(wanted)
        columns = [column for column in tables.delivery.c if column.name not in {"body", "reported"}]
        whole = select(*columns, tables.body.c.body).join(tables.body)
        query = (whole if bodies else select(*columns, literal("").label("body"))).where(wanted).order_by(*order)
        rows = self._connection.execute(query).mappings()
        return tuple(Delivery(**row, attempts=tuple(made[row["id"]])) for row in rows)

    def _attempts(self, wanted: ColumnElement[bool]) -> dict[str, list[Attempt]]:
        table = tables.attempt
        query = select(table).join(tables.delivery).where(wanted).order_by(table.c.id)
        made: dict[str, list[Attempt]] = defaultdict(list)
        for row in self._connection.execute(query):
            made[row.delivery].append(Attempt(row.at, row.outcome, row.detail))
        return made


def keep_bodies(connection: Connection, batch: Iterable[Delivery]) -> dict[str, str]:
    """Keep each text of these deliveries once; return the SHA-256 under which it is kept."""
    shas = {text: sha256(text.encode()).hexdigest() for text in {d.body for d in batch}}
    add_new(connection, tables.body, "sha256", [{"sha256": sha, "body": text} for text, sha in shas.items()])
    return shas


def _due(now: datetime) -> ColumnElement[bool]:
    column = tables.delivery.c
    return or_(
        and_(column.state == DeliveryState.PENDING, come(column.next_attempt, now)),
        and_(column.state == DeliveryState.SENDING, come(column.lease_until, now)),
    )


def come(moment: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """Return whether a moment has come. One that lies further ahead than anything waits was set by a clock ahead."""
    return or_(*_come(moment, now))


def _come(moment: ColumnElement[datetime], now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return moment <= now, moment > now + LONGEST


def _due_again(now: datetime) -> dict[str, Any]:
    return {"state": DeliveryState.PENDING, "next_attempt": now, "lease_until": None, "reported": None}


def _row(delivery: Delivery, body: str) -> dict[str, Any]:
    row = as_row(delivery)
    del row["attempts"]  # they have a table of their own
    return row | {"body": body}

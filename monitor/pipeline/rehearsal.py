"""Rehearses a subscription: what it would have sent since a date, by the functions that really send, into nothing.

The record is read as it was known at each instant: round after round, digest after digest, and on the days on which a
reminder can be due. The subscription counts as one that was there the day before: what was pending then is not told
anew. What goes wrong on the way to a receiver is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from itertools import groupby
from json import loads
from typing import Any

from monitor.domain import wire
from monitor.domain.alert import Subscription
from monitor.domain.change import RecordedChange
from monitor.domain.delivery import Delivery
from monitor.domain.outlook import Outlook
from monitor.domain.timing import when
from monitor.domain.treaty import Treaty
from monitor.pipeline.bundle import made_of
from monitor.pipeline.desk import Desk
from monitor.pipeline.introduce import tell_pending
from monitor.pipeline.lookahead import ahead
from monitor.pipeline.notify import deliveries
from monitor.pipeline.remind import remind_of
from monitor.pipeline.report import judged
from monitor.pipeline.timetable import gone_from, post
from monitor.pipeline.upcoming import every_coming
from monitor.storage.interface import Departure, Known, Transaction

EVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class _Then:
    """A daybook as of an instant: it reads the record as it was known then, and keeps what it is given to itself.

    Of what pages say it reads the rows of these participants alone (None: all).
    """

    record: Transaction
    at: datetime
    participants: frozenset[str] | None
    outbox: dict[str, Delivery] = field(default_factory=dict)
    gathered: dict[str, Delivery] = field(default_factory=dict)

    def latest(self, treaty: str, source: str) -> Known | None:
        """Return what was known then, without statements: the calendar has no use for them."""
        excerpts = self.record.excerpts((treaty,), self.at, self.participants).get(treaty, ())
        found = judged(self.record, excerpts, self.at)
        return next((known for known in found if known.source == source), None)

    @cached_property
    def _kept(self) -> dict[str, list[tuple[tuple[str, str], datetime, Outlook]]]:
        seen, kept = self.record.seen(), defaultdict(list)
        for page, outlook in self.record.outlooks().items():
            kept[page[0]].append((page, seen[page][1], self._in_part(outlook)))
        return kept

    def _in_part(self, whole: Outlook) -> Outlook:
        asked = self.participants
        rows = (row for row in whole.rows if asked is None or row.participant.key in asked)
        return replace(whole, rows=tuple(rows))

    def outlooks(self, treaties: Iterable[str] | None = None) -> dict[tuple[str, str], Outlook]:
        """Return what is kept of the pages that were known then as they are known now."""
        asked = self._kept if treaties is None else treaties
        pages = (each for treaty in asked for each in self._kept.get(treaty, ()))
        return {page: outlook for page, seen_at, outlook in pages if seen_at <= self.at}

    @cached_property
    def _recorded(self) -> Callable[..., tuple[RecordedChange, ...]]:
        return cache(self.record.changes)

    def changes(self, *, treaty: str | None = None, participant: str | None = None) -> tuple[RecordedChange, ...]:
        found = self._recorded(treaty=treaty, participant=participant)
        return tuple(change for change in found if change.first_seen <= self.at)

    @cached_property
    def known_since(self) -> dict[str, datetime]:
        """When each treaty was first read, by its number."""
        return self.record.known_since()

    def departures(self) -> tuple[Departure, ...]:
        return self.record.departures()

    def enqueue(self, deliveries: Iterable[Delivery]) -> int:
        return _added(self.outbox, deliveries)

    def entered(self, ids: Iterable[str]) -> frozenset[str]:
        return frozenset(self.outbox) & frozenset(ids)

    def gather(self, deliveries: Iterable[Delivery]) -> int:
        return _added(self.gathered, deliveries)

    def ripe(self, now: datetime) -> tuple[Delivery, ...]:
        due = [item for item in self.gathered.values() if item.next_attempt <= now]
        for item in due:
            del self.gathered[item.id]
        return tuple(sorted(due, key=lambda d: (d.subscription, d.channel, d.recipient, d.created, d.id)))


def _added(to: dict[str, Delivery], new: Iterable[Delivery]) -> int:
    before = len(to)
    for delivery in new:
        to.setdefault(delivery.id, delivery)
    return len(to) - before


def rehearse(desk: Desk, subscription: Subscription, since: date, now: datetime) -> dict[str, Any]:
    """Return the alerts that a subscription would have given since a date, and those that would wait now.

    Touches nothing. Each alert says when it goes out (`at`; `waits` where that is still to come), over which
    channels and to whom, with one entry in `messages` for each message that a receiver gets.
    """
    with desk.storage.begin(read_only=True) as tx:
        gone = gone_from(tx)
        staying = tuple(r for r in subscription.recipients if (subscription.name, r.casefold()) not in gone)
        for_one = replace(subscription, recipients=staying[:1])  # all of them get the same
        play = _Play(replace(desk, subscriptions=(for_one,)), for_one, _Then(tx, now, for_one.countries), since, now)
        sent = play.perform()
        told = {change.id: change for change in play.changes}
    subscription = replace(subscription, recipients=staying)
    alerts = [_shape(desk, subscription, list(group), told, now) for _, group in groupby(sent, lambda d: d.alert)]
    return {"subscription": subscription.name, "since": wire.day(since), "alerts": alerts}


@dataclass
class _Play:
    """Lets everything happen again, in its order, for one subscription."""

    desk: Desk
    subscription: Subscription
    then: _Then
    since: date
    now: datetime
    changes: tuple[RecordedChange, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.changes = self.then.record.changes(since=self.since, as_entered=True)

    @property
    def begin(self) -> datetime:
        """The first instant of the first day."""
        return datetime.combine(self.since, time(), UTC)

    def perform(self) -> tuple[Delivery, ...]:
        """Return what goes out, each with its hour."""
        rounds, first, reminders = self._rounds(), self._first_readings(), self._reminders()
        for moment in sorted({*rounds, *first, *reminders}):
            self._digests(moment)
            self.then.at = moment
            for found in rounds[moment]:
                post(self.desk, self.then, deliveries(self.desk, found, moment), moment)
            for treaty in first[moment]:
                known = ahead(self.desk, self.then, (treaty,), moment.date())[treaty.reference]
                tell_pending(self.desk, self.then, treaty, (self.subscription,), moment, known)
            for treaty in reminders.get(moment, ()):
                remind_of(self.desk, self.then, treaty, {self.subscription.name: self._met(treaty)}, moment)
        self._digests(EVER)
        return tuple(sorted(self.then.outbox.values(), key=lambda d: (d.next_attempt, d.created, d.alert)))

    def _rounds(self) -> dict[datetime, list[tuple[RecordedChange, ...]]]:
        """Return what each check brought, as it was entered."""
        rounds: dict[datetime, list[tuple[RecordedChange, ...]]] = defaultdict(list)
        for (moment, *_), group in groupby(self.changes, lambda c: (c.first_seen, c.change.treaty, c.source)):
            rounds[moment].append(tuple(group))
        return rounds

    def _first_readings(self) -> dict[datetime, list[Treaty]]:
        """Return the treaties that were read for the first time: what was pending there was told then."""
        found: dict[datetime, list[Treaty]] = defaultdict(list)
        for treaty in self.desk.treaties:
            known = self.then.known_since.get(treaty.reference)
            if known and known >= self.begin:
                found[known].append(treaty)
        return found

    def _met(self, treaty: Treaty) -> date:
        known = self.then.known_since.get(treaty.reference)
        return known.date() if known and known >= self.begin else self.since - timedelta(days=1)

    def _digests(self, until: datetime) -> None:
        """Make the digests that are due until an instant, each at its own hour."""
        while self.then.gathered:
            moment = min(item.next_attempt for item in self.then.gathered.values())
            if moment > until:
                return
            self.then.enqueue(made_of(self.desk, self.then.ripe(moment), moment))

    def _reminders(self) -> dict[datetime, list[Treaty]]:
        """Return when a reminder can be due, with the treaties: at midnights so many days before an effect.

        The effects are those that were to come at the beginning, and after each round that brought anything.
        """
        found: dict[datetime, dict[str, Treaty]] = defaultdict(dict)
        for at, treaties in self._looks().items() if self.subscription.reminders else ():
            self.then.at = at
            for item in every_coming(self.desk, self.then, treaties.values(), at):
                for moment in self._midnights(item.day) if item.day else ():
                    if self.begin <= moment <= self.now:
                        found[moment][item.treaty.reference] = item.treaty
        return {moment: list(treaties.values()) for moment, treaties in found.items()}

    def _looks(self) -> dict[datetime, dict[str, Treaty]]:
        """Return, by instant, of which treaties what is to come is to be seen then."""
        wanted = self.subscription.treaties
        asked = {t.reference: t for t in self.desk.treaties if wanted is None or t.reference in wanted}
        looks = {self.begin: dict(asked)}
        firsts = ((number, self.then.known_since.get(number)) for number in asked)
        rounds = ((change.change.treaty, change.first_seen) for change in self.changes)
        for number, at in (*firsts, *rounds):
            if number in asked and at and at > self.begin:
                looks.setdefault(at, {})[number] = asked[number]
        return looks

    def _midnights(self, effect: date) -> Iterator[datetime]:
        for before in self.subscription.reminders:
            yield when(effect - timedelta(days=before), time(), self.subscription.zone)


def _shape(
    desk: Desk, subscription: Subscription, sent: list[Delivery], told: dict[str, RecordedChange], now: datetime
) -> dict[str, Any]:
    """Return one alert as the command shows it; `sent` are its messages, one for each channel."""
    bodies = [loads(delivery.body) for delivery in sent]
    ids = dict.fromkeys(change for delivery in sent for change in delivery.change_ids)
    changes = [told[change] for change in ids]
    first = sent[0]
    channels = list(dict.fromkeys(delivery.channel for delivery in sent))
    addressed = any(desk.channels[name].addressed for name in channels)
    return {
        "at": wire.instant(first.next_attempt),
        "waits": first.next_attempt > now,
        "type": bodies[0]["type"],
        "title": bodies[0]["data"]["title"],
        "summary": bodies[0]["data"]["summary"],
        **_about(bodies[0], changes),
        "channels": channels,
        "recipients": list(subscription.recipients) if addressed else [],
        "changes": [wire.recorded(change) for change in changes],
        "messages": [{"channel": d.channel, "title": b["data"]["title"]} for d, b in zip(sent, bodies, strict=True)],
    }


def _about(body: dict[str, Any], changes: list[RecordedChange]) -> dict[str, Any]:
    """Return which treaty and participant an alert is about; a digest may be about several, and names none."""
    if body["type"] == "treaty.effect_upcoming":
        who = body["data"]["participant"]
        return {"treaty": body["data"]["treaty"]["reference"], "participant": who["code"] or who["as_written"]}
    if body["type"] == "treaty.digest":
        return {"treaty": None, "participant": None}
    return {"treaty": changes[0].change.treaty, "participant": changes[0].change.key}

"""From recorded changes to deliveries: who is told, in which words, under which id. Sends nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from monitor.domain import wire
from monitor.domain.alert import Alert, Subscription, route
from monitor.domain.change import RecordedChange
from monitor.domain.delivery import Delivery, delivery_id
from monitor.domain.wording import summary, title
from monitor.pipeline.desk import Desk

MOST_BYTES = 20_000
"""A webhook's body stays under 20 kB (Standard Webhooks 1.0)."""

SHORTEST = 200
"""No text is cut below this many characters."""


def deliveries(desk: Desk, changes: tuple[RecordedChange, ...], now: datetime) -> Iterator[Delivery]:
    """Yield one delivery per matching subscription, channel and recipient, one subscription's after the other's."""
    words = _Words(now)
    for alert in route(changes, desk.directory):
        yield from _of_alert(desk, alert, words)


class _Words:
    """What is said of each change, worked out once however many are told of it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._singles: dict[str, str] = {}
        self._joined: dict[tuple[str, ...], dict[str, Any]] = {}

    def of_one(self, number: str, item: RecordedChange) -> str:
        """Return the text of the message on one change, the same for everybody."""
        if number not in self._singles:
            self._singles[number] = as_text(_of_one(item, self.now))
        return self._singles[number]

    def of_all(self, ids: tuple[str, ...], alert: Alert) -> str:
        """Return the text of the message on all changes of an alert, which names its subscription."""
        if ids not in self._joined:
            self._joined[ids] = _joined(alert, self.now)
        body = self._joined[ids]
        return as_text({**body, "data": {**body["data"], "subscription": alert.subscription.name}})


def _of_alert(desk: Desk, alert: Alert, words: _Words) -> Iterator[Delivery]:
    number, ids = alert.id, tuple(c.id for c in alert.changes)
    joined = None
    for name, recipient in receivers(desk, alert.subscription):
        address = _Address(number, alert.subscription.name, name, recipient)
        if desk.channels[name].per_change:
            for each, change in zip(ids, alert.changes, strict=True):
                yield _delivery(address, (each,), words.of_one(each, change), words.now)
        else:
            joined = joined or words.of_all(ids, alert)
            yield _delivery(address, ids, joined, words.now)


def receivers(desk: Desk, subscription: Subscription) -> Iterator[tuple[str, str]]:
    """Yield each channel of a subscription with each recipient: an address, or the channel as its own only receiver."""
    for name in subscription.channels:
        for recipient in dict.fromkeys(subscription.recipients if desk.channels[name].addressed else (name,)):
            yield name, recipient


class _Address(NamedTuple):
    """Which alert of which subscription goes over which channel to whom."""

    alert: str
    subscription: str
    channel: str
    recipient: str


def _delivery(to: _Address, change_ids: tuple[str, ...], text: str, now: datetime) -> Delivery:
    part = change_ids[0] if len(change_ids) == 1 else ""
    return Delivery(
        id=delivery_id(to.alert, to.channel, to.recipient, part),
        channel=to.channel,
        recipient=to.recipient,
        body=text,
        created=now,
        next_attempt=now,
        alert=to.alert,
        subscription=to.subscription,
        change_ids=change_ids,
    )


def as_text(body: dict[str, Any], most: int = MOST_BYTES) -> str:
    """Return the frozen JSON text of a body; where it has more than `most` bytes, its longest texts are cut."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    longest = len(text)
    while len(text.encode()) > most and longest > SHORTEST:
        longest //= 2
        text = json.dumps(_cut(body, max(longest, SHORTEST)), ensure_ascii=False, sort_keys=True)
    return text


def _cut(value: Any, most: int) -> Any:
    if isinstance(value, dict):
        return {k: _cut(v, most) for k, v in value.items()}
    if isinstance(value, list):
        return [_cut(v, most) for v in value]
    return value[: most - 6] + " [cut]" if isinstance(value, str) and len(value) > most else value


def _links(item: RecordedChange) -> dict[str, str | None]:
    return {"page": item.url, "notification": item.notification_url}


def told(item: RecordedChange) -> dict[str, Any]:
    """Return a recorded change as messages carry it: with title, summary and links."""
    return wire.recorded(item) | {
        "treaty_title": item.treaty_title,
        "title": title((item.change,), item.treaty_title),
        "summary": summary(item.change, item.treaty_title),
        "links": _links(item),
    }


def _of_one(item: RecordedChange, now: datetime) -> dict[str, Any]:
    return {"type": "treaty.status_changed", "timestamp": wire.instant(now), "data": told(item)}


def _joined(alert: Alert, now: datetime) -> dict[str, Any]:
    """Return the message on all changes of one State and treaty."""
    first = alert.changes[0]
    who = first.change.participant
    data = {
        "title": title(tuple(c.change for c in alert.changes), first.treaty_title),
        "summary": " ".join(summary(c.change, c.treaty_title) for c in alert.changes),
        "treaty": {"reference": alert.treaty, "slug": first.treaty_slug, "title": first.treaty_title},
        "participant": wire.participant(who) if who else None,
        "subscription": alert.subscription.name,
        "thread": f"{alert.treaty}/{alert.participant_key or 'treaty'}",
        "changes": [told(c) for c in alert.changes],
        "links": _links(first),
    }
    return {"type": "treaty.status_changed", "timestamp": wire.instant(now), "data": data}


def plain(
    kind: str, now: datetime, heading: str, text: str, details: Iterable[str] = (), thread: str | None = None
) -> dict[str, Any]:
    """Return a message that is not about a change: a source in trouble, a held reading, a test."""
    data = {"title": heading, "summary": text, "details": list(details)} | ({"thread": thread} if thread else {})
    return {"type": kind, "timestamp": wire.instant(now), "data": data}


def to_operator(desk: Desk, body: dict[str, Any], topic: str, now: datetime) -> tuple[Delivery, ...]:
    """Return the deliveries of a message to the operator; `topic` and the instant make its id."""
    alert = f"{topic} {wire.instant(now)}"
    return tuple(
        Delivery(
            id=delivery_id(alert, name, recipient),
            channel=name,
            recipient=recipient,
            body=as_text(body),
            created=now,
            next_attempt=now,
            alert=alert,
        )
        for name in desk.operator.channels
        for recipient in (desk.operator.recipients if desk.channels[name].addressed else (name,))
    )

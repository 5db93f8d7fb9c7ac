"""Makes digests: all that waits for one receiver and is due becomes one delivery, in one transaction, or none of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

from monitor.domain import wire
from monitor.domain.delivery import Delivery, delivery_id
from monitor.domain.wording import spoken
from monitor.pipeline.desk import Desk
from monitor.pipeline.notify import as_text
from monitor.pipeline.timetable import not_before

RECEIVERS = 200
"""Receivers whose digests are made in one transaction: memory and locks stay bounded however many there are."""
MOST_ITEMS = 200
"""Alerts in one digest; what is more makes a further one."""
MOST_BYTES = 1_000_000
"""A digest goes to people, not to webhooks: it need not fit 20 kB."""

Json = dict[str, Any]


def bundle(desk: Desk, now: datetime) -> int:
    """Enter the digests that are due into the outbox; return how many deliveries these are.

    A channel that carries one change each (a webhook) gets its changes one by one, at the digest's time.
    """
    entered = 0
    while made := _some(desk, now):
        desk.step("bundled")
        entered += made
    return entered


def _some(desk: Desk, now: datetime) -> int:
    """Take out what waits for some receivers, and enter what it becomes: both, or neither."""
    with desk.storage.begin() as tx:
        ripe = tx.ripe(now, RECEIVERS)
        if ripe:
            desk.step("bundling")
        return tx.enqueue(made_of(desk, ripe, now))


def made_of(desk: Desk, ripe: tuple[Delivery, ...], now: datetime) -> Iterator[Delivery]:
    """Yield what goes out for that which is ripe; each receiver's comes together, oldest first."""
    for (_, name, _), group in groupby(ripe, lambda d: (d.subscription, d.channel, d.recipient)):
        items = tuple(group)
        channel = desk.channels.get(name)
        if channel is None or channel.per_change:
            made = items
        else:
            parts = (items[at : at + MOST_ITEMS] for at in range(0, len(items), MOST_ITEMS))
            made = tuple(_digest(desk, part, now) for part in parts)
        for delivery in made:
            yield replace(delivery, next_attempt=not_before(desk, delivery, now))


def _digest(desk: Desk, items: tuple[Delivery, ...], now: datetime) -> Delivery:
    """Return the one delivery that these become. Its id follows from theirs: made again, it is the same."""
    first = items[0]
    alert = "dig_" + sha256("\x1f".join(sorted(item.id for item in items)).encode()).hexdigest()[:24]
    return Delivery(
        id=delivery_id(alert, first.channel, first.recipient),
        channel=first.channel,
        recipient=first.recipient,
        body=as_text(_body(desk, items, now), MOST_BYTES),
        created=now,
        next_attempt=now,
        alert=alert,
        subscription=first.subscription,
        change_ids=tuple(dict.fromkeys(change for item in items for change in item.change_ids)),
    )


def _body(desk: Desk, items: tuple[Delivery, ...], now: datetime) -> Json:
    name = items[0].subscription
    told = sorted(_told(items), key=lambda c: (c["treaty_title"], _who(c)))
    titles = tuple(dict.fromkeys(c["treaty_title"] for c in told))
    data = {
        "title": f"{_count(told)} in {_treaties(titles)}, {_span(desk, items)}",
        "summary": " ".join(_of_treaty(t, [c for c in told if c["treaty_title"] == t]) for t in titles),
        "subscription": name,
        "thread": f"digest/{name}",
        "changes": told,
    }
    return {"type": "treaty.digest", "timestamp": wire.instant(now), "data": data}


def _told(items: Iterable[Delivery]) -> Iterator[Json]:
    """Yield the changes, and effects to come, of these messages, each with its treaty's number and title."""
    for item in items:
        data = json.loads(item.body)["data"]
        for change in data.get("changes", [data]):
            treaty = change["treaty"]
            named = {"treaty": treaty["reference"], "treaty_title": treaty["title"]} if isinstance(treaty, dict) else {}
            yield change | named


def _who(change: Json) -> str:
    who = change.get("participant")
    return str(who["name"]) if who else ""


def _count(told: list[Json]) -> str:
    """Return "3 changes and 1 effect to come"."""
    coming = sum("date" in change for change in told)
    parts = ((len(told) - coming, "change", ""), (coming, "effect", " to come"))
    return " and ".join(f"{n} {what}{'' if n == 1 else 's'}{more}" for n, what, more in parts if n)


def _treaties(titles: tuple[str, ...]) -> str:
    return titles[0] if len(titles) == 1 else f"{len(titles)} treaties"


def _of_treaty(title: str, told: list[Json]) -> str:
    """Return who is told of: "Mine Ban Convention: Estonia, Latvia"."""
    return f"{title}: {', '.join(dict.fromkeys(_who(change) or 'the treaty itself' for change in told))}."


def _span(desk: Desk, items: Iterable[Delivery]) -> str:
    """Return the days, where the subscription lives, on which these were learned: from the first to the last."""
    days = [day_of(desk, item) for item in items]
    first, last = min(days), max(days)
    if first == last:
        return spoken(last)
    begin = spoken(first) if first.year != last.year else spoken(first).rsplit(" ", 1)[0]
    return f"{begin} \N{EN DASH} {spoken(last)}"


def day_of(desk: Desk, item: Delivery) -> date:
    """Return the day on which something was learned, by the clock of its subscription."""
    subscription = desk.subscription(item.subscription)
    return item.created.astimezone(subscription.zone if subscription else UTC).date()

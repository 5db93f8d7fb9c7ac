"""When a delivery goes out: at once, after the quiet hours, or with a digest, as its subscription chose."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from monitor.domain.delivery import Delivery
from monitor.pipeline.desk import Desk
from monitor.storage.interface import Daybook


def post(desk: Desk, tx: Daybook, made: Iterable[Delivery], now: datetime) -> int:
    """Enter deliveries into the outbox, or put them by for the digest of their subscription; return how many were new.

    Those of one subscription come together. Who has left it gets none.
    """
    entered = 0
    for name, group in groupby(_staying(tx, made), lambda delivery: delivery.subscription):
        subscription = desk.subscription(name)
        if subscription and subscription.digest:
            due = subscription.digest.next_after(now)
            entered += tx.gather(replace(delivery, next_attempt=due) for delivery in group)
        else:
            entered += _enter(desk, tx, group, now)
    return entered


def post_at_once(desk: Desk, tx: Daybook, made: Iterable[Delivery], now: datetime) -> int:
    """Enter deliveries that wait for no digest, but for the end of quiet hours; return how many were new."""
    return _enter(desk, tx, _staying(tx, made), now)


def _enter(desk: Desk, tx: Daybook, made: Iterable[Delivery], now: datetime) -> int:
    return tx.enqueue(replace(d, next_attempt=not_before(desk, d, now)) for d in made)


def _staying(tx: Daybook, made: Iterable[Delivery]) -> Iterable[Delivery]:
    """Leave out what is for those who have left its subscription."""
    gone = gone_from(tx)
    return (d for d in made if (d.subscription, d.recipient.casefold()) not in gone) if gone else made


def gone_from(tx: Daybook) -> frozenset[tuple[str, str]]:
    """Return who has left which subscription: pairs of its name and the recipient in small letters."""
    return frozenset((d.subscription, d.recipient.casefold()) for d in tx.departures())


def not_before(desk: Desk, delivery: Delivery, instant: datetime) -> datetime:
    """Return the first moment at or after this one at which the delivery may be sent.

    Quiet hours hold it, unless one of its changes is of a kind that the subscription lets break them.
    """
    subscription = desk.subscription(delivery.subscription)
    if subscription is None or subscription.quiet is None or kinds_in(delivery.body) & subscription.quiet.breaking:
        return instant
    return subscription.quiet.release(instant)


@lru_cache(maxsize=64)  # the recipients of one alert come one after the other and share its text
def kinds_in(body: str) -> frozenset[str]:
    """Return the kinds of change that a body tells as news: an effect that is only to come is none."""
    message = json.loads(body)
    if message["type"] == "treaty.effect_upcoming":
        return frozenset()
    told = message["data"].get("changes", [message["data"]])
    return frozenset(change["kind"] for change in told if "kind" in change and "date" not in change)

"""When a delivery goes out: at once, after the quiet hours, or with a digest, as its subscription chose."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from monitor.domain.delivery import Delivery
from monitor.domain.timing import Digest
from monitor.pipeline.desk import Desk
from monitor.storage.interface import Daybook


def post(desk: Desk, tx: Daybook, made: Iterable[Delivery], now: datetime) -> int:
    """Enter deliveries into the outbox, or put them by for the digest of their subscription; return how many were new.

    Many go in together, whichever subscriptions they are of. Who has left one gets none.
    """
    entered = 0
    for at_once, group in groupby(_staying(tx, made), lambda delivery: _digest(desk, delivery) is None):
        if at_once:
            entered += _enter(desk, tx, group, now)
        else:
            entered += tx.gather(replace(delivery, next_attempt=_gathered(desk, delivery, now)) for delivery in group)
    return entered


def _digest(desk: Desk, delivery: Delivery) -> Digest | None:
    subscription = desk.subscription(delivery.subscription)
    return subscription.digest if subscription else None


def _gathered(desk: Desk, delivery: Delivery, now: datetime) -> datetime:
    """Return when the digest is due for which a delivery is put by."""
    digest = _digest(desk, delivery)
    return digest.next_after(now) if digest else now


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

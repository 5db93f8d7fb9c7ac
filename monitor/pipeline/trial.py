"""Tries out who would be told: a test message over one channel, and what a subscription would have sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from monitor.domain import wire
from monitor.domain.alert import Alert, Subscription, route
from monitor.domain.delivery import TEST, Delivery, delivery_id
from monitor.domain.errors import UsageError
from monitor.domain.wording import title
from monitor.pipeline.desk import Desk
from monitor.pipeline.notify import as_text, plain


def enqueue(desk: Desk, channel: str, to: tuple[str, ...], now: datetime) -> frozenset[str]:
    """Enter a message of type "test" for each recipient into the outbox, and return the deliveries' ids.

    Without `to` an addressed channel's recipients are the operator's, else those of the subscriptions that use it.
    Raises UsageError where there is none.
    """
    heading = f'Test of the channel "{channel}"'
    text = "This is a test: no treaty changed. If you read this, alerts over this channel arrive."
    body = as_text(plain("test", now, heading, text))
    alert = f"{TEST}{channel} {now.isoformat()}"
    deliveries = [
        Delivery(
            id=delivery_id(alert, channel, recipient),
            channel=channel,
            recipient=recipient,
            body=body,
            created=now,
            next_attempt=now,
            alert=alert,
        )
        for recipient in _recipients(desk, channel, to)
    ]
    with desk.storage.begin() as tx:
        tx.enqueue(deliveries)
    return frozenset(delivery.id for delivery in deliveries)


def _recipients(desk: Desk, channel: str, to: tuple[str, ...]) -> tuple[str, ...]:
    if not desk.channels[channel].addressed:
        if to:
            raise UsageError(f'the channel "{channel}" has one receiver of its own; leave --to out')
        return (channel,)
    operator = desk.operator.recipients if channel in desk.operator.channels else ()
    subscribed = tuple(r for s in desk.subscriptions if channel in s.channels for r in s.recipients)
    found = tuple(dict.fromkeys(to or operator or subscribed))
    if not found:
        raise UsageError(f'nobody is subscribed to the channel "{channel}"; name a recipient with --to ADDRESS')
    return found


def rehearse(desk: Desk, subscription: Subscription, since: date) -> dict[str, Any]:
    """Return the alerts that a subscription would have given for the changes learned since a date. Sends nothing."""
    with desk.storage.begin() as tx:
        changes = tx.changes(since=since)
    alerts = route(changes, (subscription,))
    return {"subscription": subscription.name, "since": wire.day(since), "alerts": [_shape(a) for a in alerts]}


def _shape(alert: Alert) -> dict[str, Any]:
    return {
        "treaty": alert.treaty,
        "participant": alert.participant_key,
        "title": title(tuple(c.change for c in alert.changes), alert.changes[0].treaty_title),
        "channels": list(alert.subscription.channels),
        "recipients": list(alert.subscription.recipients),
        "changes": [wire.recorded(c) for c in alert.changes],
    }

"""Tries out a channel: a clearly marked test message, by the outbox like every other."""

from __future__ import annotations

from datetime import datetime

from monitor.domain.delivery import TEST, Delivery, delivery_id
from monitor.domain.errors import UsageError
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

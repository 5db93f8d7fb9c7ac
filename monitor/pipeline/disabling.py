"""Disables a channel of which nothing but failures comes: what is to go over it waits, and others are told once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.domain import wire
from monitor.domain.delivery import Delivery, delivery_id
from monitor.domain.errors import DeliveryError, UsageError
from monitor.pipeline.desk import Desk
from monitor.pipeline.notify import as_text, plain, receivers, to_operator
from monitor.pipeline.timetable import gone_from
from monitor.storage.interface import ChannelState, Storage, Transaction

logger = logging.getLogger(__name__)

TOO_LONG = timedelta(hours=120)
"""Svix's rule: an endpoint is disabled after five days of nothing but failures.

As long without any attempt ends the series: alerts are rare here, and two failures a month apart tell nothing.
"""


def disabled(tx: Transaction) -> frozenset[str]:
    """Return the names of the channels over which nothing is sent."""
    return frozenset(channel.name for channel in tx.channels() if channel.disabled)


def note_attempt(
    desk: Desk, tx: Transaction, state: ChannelState, delivery: Delivery, result: str | DeliveryError, now: datetime
) -> ChannelState:
    """Enter what an attempt says of its channel, disable it where it is time, and return how it is now."""
    if isinstance(result, str):
        sound = ChannelState(state.name)
        if state != sound:
            tx.save_channel(sound)
        return sound
    if state.disabled or not _concerns_the_channel(desk, delivery, result):
        return state
    goes_on = state.failing_since and state.last_failure and now - state.last_failure < TOO_LONG
    since = state.failing_since if goes_on and state.failing_since else now
    state = replace(state, failing_since=since, last_failure=now, problem=str(result))
    if result.disable or now - since >= TOO_LONG:
        state = replace(state, disabled=now)
        _tell(desk, tx, state, now)
    tx.save_channel(state)
    return state


def _concerns_the_channel(desk: Desk, delivery: Delivery, error: DeliveryError) -> bool:
    """Whether a failure is the channel's own: a refused address says nothing of the others on the same server."""
    channel = desk.channels.get(delivery.channel)
    return channel is not None and (error.disable or not (channel.addressed and error.permanent))


def enable(storage: Storage, name: str, now: datetime) -> int:
    """Enable a channel and make all that waited or failed over it meanwhile due; return how many. Raises UsageError."""
    with storage.begin() as tx:
        state = tx.channel(name)
        if state.disabled is None:
            raise UsageError(f'the channel "{name}" is not disabled')
        tx.save_channel(ChannelState(name))
        return tx.release(name, state.failing_since or state.disabled, now)


def _tell(desk: Desk, tx: Transaction, state: ChannelState, now: datetime) -> None:
    heading = f'The channel "{state.name}" is disabled'
    since = f"{state.failing_since:%Y-%m-%d %H:%M} UTC" if state.failing_since else "now"
    text = (
        f"Nothing but failures came of it since {since}; the last answer: {state.problem}. What is to go over it "
        f"waits and is not lost. When it works again: treaty-monitor channels enable {state.name}"
    )
    logger.error("%s. %s", heading, text)
    body = plain("channel.disabled", now, heading, text, thread=f"channel {state.name}")
    closed = disabled(tx) | {state.name}
    owners = _to_owners(desk, state.name, as_text(body), gone_from(tx), now)
    others = (*owners, *to_operator(desk, body, _topic(state.name), now))
    tx.enqueue(delivery for delivery in others if delivery.channel not in closed)


def _to_owners(desk: Desk, name: str, text: str, gone: frozenset[tuple[str, str]], now: datetime) -> Iterator[Delivery]:
    """Yield the message to those who subscribed to this channel, over their other ones, once to each receiver.

    Ids are those of a message to the operator, so that nobody who is both gets it twice.
    """
    alert = f"{_topic(name)} {wire.instant(now)}"
    owners = (s for s in desk.subscriptions if name in s.channels)
    all_of_them = ((s.name, pair) for s in owners for pair in receivers(desk, s))
    staying = dict.fromkeys(pair for owner, pair in all_of_them if (owner, pair[1].casefold()) not in gone)
    for other, recipient in staying:
        made = delivery_id(alert, other, recipient)
        yield Delivery(
            id=made, channel=other, recipient=recipient, body=text, created=now, next_attempt=now, alert=alert
        )


def _topic(name: str) -> str:
    return f"channel.disabled {name}"

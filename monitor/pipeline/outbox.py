"""Sends what is due: claims rows, sends each, settles each. The row with its lease is the one truth."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitor.channels.interface import Channel
from monitor.domain.delivery import Attempt, Delivery, DeliveryState, Outcome
from monitor.domain.errors import DeliveryError
from monitor.domain.schedule import next_attempt
from monitor.pipeline.desk import Desk

logger = logging.getLogger(__name__)

BATCH = 20
AT_ONCE = 4
"""Messages in hand at the same time per channel, so that a slow one delays no other channel."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one pass over the outbox came to."""

    sent: int = 0
    retried: int = 0
    dead: int = 0

    def plus(self, outcome: Outcome) -> Sent:
        """Return the count with one more outcome."""
        return Sent(
            self.sent + (outcome is Outcome.SENT),
            self.retried + (outcome is Outcome.RETRY),
            self.dead + (outcome is Outcome.DEAD),
        )


async def deliver_due(desk: Desk, clock: Callable[[], datetime]) -> Sent:
    """Send everything that is due, batch by batch, and return what came of it."""
    total = Sent()
    gates = {name: asyncio.Semaphore(AT_ONCE) for name in desk.channels}
    while batch := await asyncio.to_thread(_claim, desk, clock()):
        desk.step("claimed")
        for outcome in await asyncio.gather(*(_send(desk, d, gates, clock) for d in batch)):
            total = total.plus(outcome)
    return total


def _claim(desk: Desk, now: datetime) -> tuple[Delivery, ...]:
    with desk.storage.begin() as tx:
        return tx.claim(now, now + desk.patience.lease, BATCH)


async def _send(
    desk: Desk, delivery: Delivery, gates: dict[str, asyncio.Semaphore], clock: Callable[[], datetime]
) -> Outcome:
    channel = desk.channels.get(delivery.channel)
    if channel is None:
        gone = DeliveryError(f'channel "{delivery.channel}" is no longer configured', permanent=True)
        return await asyncio.to_thread(_settle, desk, delivery, gone, clock())
    async with gates[delivery.channel]:
        result = await _attempt(channel, delivery)
    desk.step("sent")
    outcome = await asyncio.to_thread(_settle, desk, delivery, result, clock())
    desk.step("settled")
    return outcome


async def _attempt(channel: Channel, delivery: Delivery) -> str | DeliveryError:
    try:
        return await channel.send(delivery)
    except DeliveryError as error:
        return error
    except Exception as error:
        # A channel's bug must not lose the alert nor stop the others: log the trace, try again later.
        logger.exception("unforeseen while sending %s over %s", delivery.id, channel.name)
        return DeliveryError(f"unforeseen: {type(error).__name__}: {error}", permanent=False)


def _settle(desk: Desk, delivery: Delivery, result: str | DeliveryError, now: datetime) -> Outcome:
    """Write what came of an attempt, with the next one's time where it is tried again."""
    made = sum(a.outcome is not Outcome.LOST for a in delivery.attempts) + 1
    if isinstance(result, str):
        outcome, state, again = Outcome.SENT, DeliveryState.SENT, None
    else:
        again = next_attempt(made, now, result, desk.chance())
        outcome = Outcome.RETRY if again else Outcome.DEAD
        state = DeliveryState.PENDING if again else DeliveryState.DEAD
        logger.warning("%s over %s to %s: %s", delivery.id, delivery.channel, delivery.recipient, result)
    if delivery.lease_until is None:
        raise ValueError("only a claimed delivery is settled")
    with desk.storage.begin() as tx:
        tx.settle(delivery.id, delivery.lease_until, Attempt(now, outcome, str(result)), state, again)
    return outcome

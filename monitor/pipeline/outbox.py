"""Sends what is due, every channel at its own speed. The delivery's row with its lease is the one truth.

A channel has a few senders. Each hands in what came of its last message and takes the next one in one transaction,
so that nothing waits under a lease, and a killed sender leaves at most the one message that it had in hand. Senders
that wait for the record at the same time share one transaction.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest

from monitor.domain.delivery import Attempt, Delivery, DeliveryState, Outcome
from monitor.domain.errors import DeliveryError, StorageError
from monitor.domain.schedule import next_attempt
from monitor.pipeline.desk import Desk
from monitor.pipeline.disabling import disabled, note_attempt
from monitor.pipeline.timetable import gone_from, not_before
from monitor.storage.interface import ChannelState, Transaction

logger = logging.getLogger(__name__)

AT_ONCE = 4
"""Senders of one channel."""
A_MOMENT = 0.002
"""Seconds for which a sender waits for the others of its channel, to share a transaction and its write to the disk."""
LOOK_AGAIN = 1.0
"""Seconds after which a pass that still waits for one channel looks for new work of the others."""
AGAIN = (0.2, 0.5, 1.0, 2.0, 4.0, None)
"""Seconds before the record is tried again when its connection is lost: a database that restarts is back by then."""
OF_LEASE = 0.8
"""The part of its lease that one attempt may take: a living sender's message is nobody else's to take up."""


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


def never() -> bool:
    """Never have enough: go on until nothing is due."""
    return False


async def deliver_due(desk: Desk, clock: Callable[[], datetime], enough: Callable[[], bool] = never) -> Sent:
    """Send until nothing is due, and return what came of it.

    While one channel is slow, the others go on, also with what becomes due meanwhile. Once `enough` says so, what
    is in hand is finished and nothing more is taken; so it is when the record cannot be written, which raises
    StorageError.
    """
    return await _Pass(desk, clock, enough).run()


async def deliver_channel(desk: Desk, channel: str, clock: Callable[[], datetime], enough: Callable[[], bool]) -> Sent:
    """Send what this channel has to send until nothing of it is due, or it is enough. Raises StorageError."""
    return await _Pass(desk, clock, enough).run_one(channel)


def channels_due(desk: Desk, now: datetime) -> tuple[str, ...]:
    """Return the channels over which something is due."""
    return _waiting(desk, now)


@dataclass(frozen=True, slots=True)
class _Tried:
    """One attempt that is to be entered: the receiver's answer, or why there is none."""

    delivery: Delivery
    result: str | DeliveryError


@dataclass(slots=True)
class _Ask:
    """One sender in line for the record: what came of its last message, and, once served, its next one."""

    tried: _Tried | None
    served: bool = False
    given: Delivery | None = None


@dataclass(slots=True)
class _Pass:
    """One pass over the outbox. `door` lets one thread at a time to the record, which has one writer anyhow."""

    desk: Desk
    clock: Callable[[], datetime]
    enough: Callable[[], bool]
    sent: Sent = field(default_factory=Sent)
    broken: bool = False
    door: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def closing(self) -> bool:
        """Whether nothing more is to be taken."""
        return self.broken or self.enough()

    async def run(self) -> Sent:
        at_work: dict[str, asyncio.Task[None]] = {}
        try:
            while await self._staff(at_work):
                await asyncio.wait(at_work.values(), timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
                for name in [name for name, task in at_work.items() if task.done()]:
                    await at_work.pop(name)
        except StorageError:
            self.broken = True
            await asyncio.gather(*at_work.values(), return_exceptions=True)
            raise
        finally:
            for task in at_work.values():
                task.cancel()
            await asyncio.gather(*at_work.values(), return_exceptions=True)
        return self.sent

    async def run_one(self, channel: str) -> Sent:
        """Serve one channel alone."""
        try:
            await self._serve(channel)
        except StorageError:
            self.broken = True
            raise
        return self.sent

    async def _staff(self, at_work: dict[str, asyncio.Task[None]]) -> bool:
        """Put senders to work for every channel with something due; return whether any are at work."""
        async with self.door:
            waiting = await asyncio.to_thread(_waiting, self.desk, self.clock())
        for name in waiting:
            if name not in at_work and not self.closing:
                at_work[name] = asyncio.create_task(self._serve(name))
        return bool(at_work)

    async def _serve(self, channel: str) -> None:
        """Send what one channel has to send; the end of one sender is not the end of the others."""
        line: list[_Ask] = []
        ends = await asyncio.gather(*(self._sender(channel, line) for _ in range(AT_ONCE)), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    async def _sender(self, channel: str, line: list[_Ask]) -> None:
        """Send one message after the other until none of the channel's is due."""
        tried = None
        while delivery := await self._turn(channel, line, tried):
            tried = _Tried(delivery, await _attempt(self.desk, delivery))
            self.desk.step("sent")

    async def _turn(self, channel: str, line: list[_Ask], tried: _Tried | None) -> Delivery | None:
        """Hand in and take: who comes to the record first does it for all who stand in line by then."""
        ask = _Ask(tried)
        line.append(ask)
        await asyncio.sleep(A_MOMENT)
        async with self.door:
            if not ask.served:
                try:
                    await self._at_the_record(channel, line)
                finally:
                    line[:] = [one for one in line if not one.served and one is not ask]
        return ask.given

    async def _at_the_record(self, channel: str, line: list[_Ask]) -> None:
        """Hand in and take, and again where the connection is lost: what was sent is not to be sent once more."""
        for pause in AGAIN:
            try:
                await asyncio.to_thread(self._hand_in_and_take, channel, tuple(line), self.clock())
            except StorageError as error:
                if not error.temporary or pause is None:
                    raise
                logger.info("%s; tried again in %g s", error, pause)
                await asyncio.sleep(pause)
            else:
                return

    def _hand_in_and_take(self, channel: str, asks: tuple[_Ask, ...], now: datetime) -> None:
        """Enter the attempts and take the channel's next messages, one for each who asks, in one transaction."""
        step = self.desk.step
        tried = [ask.tried for ask in asks if ask.tried]
        with self.desk.storage.begin() as tx:
            state = tx.channel(channel)
            outcomes = []
            for one in tried:
                outcome, state = _settle(self.desk, tx, one, state, now)
                outcomes.append(outcome)
                step("settling")
            taken = [] if self.closing else _take(self.desk, tx, state, len(asks), now)
            if taken:
                step("claiming")
        for outcome in outcomes:
            self.sent = self.sent.plus(outcome)
        for ask, given in zip_longest(asks, taken):
            ask.given, ask.served = given, True
        if tried:
            step("settled")
        if taken:
            step("claimed")


def _waiting(desk: Desk, now: datetime) -> tuple[str, ...]:
    with desk.storage.begin(read_only=True) as tx:
        return tx.waiting(now, disabled(tx))


def _take(desk: Desk, tx: Transaction, channel: ChannelState, room: int, now: datetime) -> list[Delivery]:
    """Claim the channel's next messages: of a disabled one tests alone. What comes due in quiet hours is put back."""
    lease = now + desk.patience.lease
    closed = channel.disabled is not None
    taken: list[Delivery] = []
    while len(taken) < room:
        claimed = tx.claim(now, lease, room - len(taken), channel.name, tests_only=closed)
        if not claimed:
            break
        gone = gone_from(tx)
        taken += [delivery for delivery in claimed if _goes_out(desk, tx, delivery, gone, lease, now)]
    return taken


def _goes_out(
    desk: Desk, tx: Transaction, delivery: Delivery, gone: frozenset[tuple[str, str]], lease: datetime, now: datetime
) -> bool:
    """Whether a claimed delivery is to be sent now; one that must wait is put back, one that nobody wants is ended."""
    if (delivery.subscription, delivery.recipient.casefold()) in gone:
        tx.drop(delivery.id, lease, Attempt(now, Outcome.DEAD, "not sent: the recipient has left the subscription"))
        return False
    until = not_before(desk, delivery, now)
    if until > now:
        tx.postpone(delivery.id, lease, until)
    return until <= now


async def _attempt(desk: Desk, delivery: Delivery) -> str | DeliveryError:
    channel = desk.channels.get(delivery.channel)
    if channel is None:
        # Another process may know it, whose configuration is newer; or it is put back.
        return DeliveryError(f'channel "{delivery.channel}" is not configured here', permanent=False)
    seconds = desk.patience.lease.total_seconds() * OF_LEASE
    try:
        async with asyncio.timeout(seconds):
            return await channel.send(delivery)
    except DeliveryError as error:
        return error
    except TimeoutError:
        return DeliveryError(f"broken off after {seconds:g} seconds without an end", permanent=False, slow_down=True)
    except Exception as error:
        # A channel's bug must not lose the alert nor stop the others: log the trace, try again later.
        logger.exception("unforeseen while sending %s over %s", delivery.id, channel.name)
        return DeliveryError(f"unforeseen: {type(error).__name__}: {error}", permanent=False)


def _settle(
    desk: Desk, tx: Transaction, tried: _Tried, channel: ChannelState, now: datetime
) -> tuple[Outcome, ChannelState]:
    """Write what came of an attempt, with the next one's time where it is tried again, and how the channel is now."""
    delivery, result = tried.delivery, tried.result
    made = sum(a.outcome is not Outcome.LOST for a in delivery.attempts) + 1
    if isinstance(result, str):
        outcome, state, again = Outcome.SENT, DeliveryState.SENT, None
    else:
        again = next_attempt(made, now, result, desk.chance())
        again = not_before(desk, delivery, again) if again else None
        outcome = Outcome.RETRY if again else Outcome.DEAD
        state = DeliveryState.PENDING if again else DeliveryState.DEAD
        logger.warning("%s over %s to %s: %s", delivery.id, delivery.channel, delivery.recipient, result)
    if delivery.lease_until is None:
        raise ValueError("only a claimed delivery is settled")
    tx.settle(delivery.id, delivery.lease_until, Attempt(now, outcome, str(result)), state, again)
    return outcome, note_attempt(desk, tx, channel, delivery, result, now)

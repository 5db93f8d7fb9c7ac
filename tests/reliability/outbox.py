"""The whole program in the test's own process, with news to send: what the outbox then shows of each channel."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from reliability.installation import Installation
from reliability.play import play

from monitor import bootstrap
from monitor.channels.interface import Channel
from monitor.domain.delivery import Attempt, Delivery, DeliveryState, Outcome
from monitor.pipeline.desk import Desk, no_step
from monitor.pipeline.outbox import deliver_due
from monitor.pipeline.rounds import check_round
from monitor.settings import load_settings


@dataclass
class Program:
    """One program. `desk` may be changed by a test; every check and pass happens at the installation's instant."""

    installation: Installation
    desk: Desk

    async def check(self) -> None:
        await check_round(self.desk, self.desk.watched(), lambda: self.installation.now, lambda _: None)

    async def deliver(self, **later: float) -> float:
        """Send what is due, after some time by the program's clock; return the seconds that it really took."""
        self.installation.now += timedelta(**later)
        began = time.monotonic()
        await deliver_due(self.desk, lambda: self.installation.now)
        return time.monotonic() - began

    def replace_channel(self, channel: Channel) -> Channel:
        """Let this channel take the place of that of the same name, and return the one before."""
        before = self.desk.channels[channel.name]
        self.desk = replace(self.desk, channels={**self.desk.channels, channel.name: channel})
        return before

    def hurry(self, lease: timedelta) -> None:
        """Give senders so much time for one message."""
        self.desk = replace(self.desk, patience=replace(self.desk.patience, lease=lease))

    def outbox(self, channel: str, *states: DeliveryState) -> tuple[Delivery, ...]:
        with self.desk.storage.begin() as tx:
            return tuple(d for d in tx.deliveries(frozenset(states or DeliveryState)) if d.channel == channel)

    def last(self, channel: str, state: DeliveryState) -> set[tuple[Outcome, str]]:
        """Return the last attempts of a channel's deliveries, all of which must be in this state."""
        found = self.outbox(channel)
        assert {d.state for d in found} == {state}
        return {outcome(d.attempts[-1]) for d in found}

    def retry_by_hand(self) -> None:
        with self.desk.storage.begin() as tx:
            tx.retry(frozenset(d.id for d in tx.deliveries()), self.installation.now)


def outcome(attempt: Attempt) -> tuple[Outcome, str]:
    return attempt.outcome, attempt.detail


@asynccontextmanager
async def idle_program(installation: Installation, step: Callable[[str], None] = no_step) -> AsyncIterator[Program]:
    """Start the program on the first day, before it has done anything."""
    installation.begin(play()[0])
    settings = load_settings(installation.config, installation.state)
    async with bootstrap.build(settings, patient=False, step=step) as desk:
        yield Program(installation, desk)


@asynccontextmanager
async def program(installation: Installation) -> AsyncIterator[Program]:
    """Start the program on the first day, when there is much to tell: 21 mails to three desks, 10 webhooks."""
    async with idle_program(installation) as started:
        await started.check()
        yield started

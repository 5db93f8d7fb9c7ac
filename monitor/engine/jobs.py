"""The jobs: each calls what the embedded mode calls. A job only wakes; what is due, the record alone says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from procrastinate import App, JobContext

from monitor.domain.errors import MonitorError
from monitor.pipeline import chores, outbox, rounds
from monitor.pipeline.desk import Desk
from monitor.pipeline.outcome import Checked

logger = logging.getLogger(__name__)

CHECK, DELIVER, CHORES = "check", "deliver", "chores"
"""The queues, each of one kind of job."""

TURN = timedelta(seconds=20)
"""How long one job sends over a channel before others have their turn; the next tick defers what is left."""

LONGEST_REST = 30.0
"""Seconds for which a job keeps its host's lock at most, so that a worker is not kept by one host's wish for peace."""


@dataclass(slots=True)
class Shift:
    """What the jobs of one process work with; `running` are the numbers of those that it has in hand.

    `told` hears of each check, `sent` of each delivery job; `ready` says when chores have become due.
    """

    desk: Desk
    clock: Callable[[], datetime]
    told: Callable[[Checked], Awaitable[None]]
    sent: Callable[[outbox.Sent], None]
    ready: Callable[[], Awaitable[None]]
    stopping: bool = False
    running: set[int] = field(default_factory=set)
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(rounds.AT_ONCE))


def register(app: App) -> None:
    """Make the jobs known to the queue's application, under the names of their queues."""
    for name, job in ((CHECK, check), (DELIVER, deliver), (CHORES, tidy)):
        app.task(name=name, queue=name, pass_context=True)(job)


async def check(context: JobContext, treaty: str, source: str, url: str) -> None:
    """Check one source if it is still due, and let nobody else ask its host before that has had its pause."""
    with _in_hand(context) as shift:
        async with shift.gate:
            result = await rounds.check_due(shift.desk, treaty, source, shift.clock())
        if result is None:
            return
        await shift.told(result)
        if result.changes:
            await shift.ready()
        await asyncio.sleep(min(shift.desk.fetcher.rest(url), LONGEST_REST))


async def deliver(context: JobContext, channel: str) -> None:
    """Send what one channel has to send, for one turn."""
    with _in_hand(context) as shift:
        end = shift.clock() + TURN
        enough = lambda: shift.stopping or shift.clock() >= end  # noqa: E731 - a name for what the next line is told
        shift.sent(await outbox.deliver_channel(shift.desk, channel, shift.clock, enough))


async def tidy(context: JobContext) -> None:
    """Do the chores, and ask the outside service that all is well."""
    with _in_hand(context) as shift:
        await asyncio.to_thread(chores.chores, shift.desk, shift.clock())
        await rounds.ask_outside(shift.desk)


@contextmanager
def _in_hand(context: JobContext) -> Iterator[Shift]:
    """Yield the shift. What the job foresees to go wrong is one line of the log: what it woke for is still due."""
    shift: Shift = context.additional_context["shift"]
    number = context.job.id or 0
    shift.running.add(number)
    try:
        yield shift
    except MonitorError as error:
        logger.error("%s: %s; it is still due and tried again", context.job.task_name, error)  # noqa: TRY400 - foreseen
    finally:
        shift.running.discard(number)

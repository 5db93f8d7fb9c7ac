"""The daemon: a clock that asks the record, every few seconds, what is due, and has it done.

APScheduler says when, never what: a timer that fires late or twice changes nothing, for the truth about what is due
lies in the record. What is in hand when the daemon is told to stop is finished; a second signal ends it at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor import bootstrap
from monitor.domain.errors import ConfigurationError, MonitorError, StorageError, UsageError
from monitor.faces import announce
from monitor.faces.clock import utc_now
from monitor.faces.heaps import share_heaps
from monitor.faces.lock import only_one
from monitor.faces.page import Page
from monitor.faces.pulse import Pulse
from monitor.faces.servicemanager import ServiceManager
from monitor.faces.tally import Tally
from monitor.pipeline import outbox, rounds
from monitor.pipeline.chores import chores
from monitor.pipeline.desk import Desk
from monitor.pipeline.outcome import Checked
from monitor.settings import Settings

logger = logging.getLogger(__name__)

Load = Callable[[], Settings]
Work = Callable[[], Awaitable[None]]

TICK = timedelta(seconds=2)
"""Between two looks at the record. Intervals of sources are hours; a mail may wait two seconds."""
CHORES = timedelta(minutes=1)
"""Between two looks for digests, reminders and what stands still: the exactness with which a digest is made."""
BATCH = 20
"""Sources begun together: when told to stop, those begun are finished and no others are begun."""
JOB = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
"""A tick that comes late is done once; one that comes while the last is at work is left out."""
GRACE = 60.0
"""Seconds for which a stop waits for what is in hand; service managers kill after 90."""


def run(load: Load, settings: Settings) -> int:
    """Run with this configuration until told to stop, and return the exit code; `load` reads it again.

    Raises ConfigurationError, UsageError (another daemon holds the state) and StorageError, all before the first check.
    """
    with only_one(settings.state_dir):
        asyncio.run(serve(Daemon(load), settings))
    return 0


async def serve(daemon: Daemon, settings: Settings) -> None:
    """Let a daemon work with this configuration until it is told to stop."""
    share_heaps()
    async with AsyncExitStack() as stack:
        await daemon.take(settings)
        stack.push_async_callback(daemon.close)
        daemon.listen()
        announce.beginning(daemon.desk, settings, utc_now())
        await daemon.serve()
    logger.info("stopped")


class Daemon:
    """One process's loops over one desk. `take` replaces the desk; `serve` returns when told to stop."""

    desk: Desk
    settings: Settings

    def __init__(self, load: Load) -> None:
        self._load = load
        self._open = AsyncExitStack()
        self._stopping = asyncio.Event()
        self._reload = asyncio.Event()
        self._taking = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._trouble: dict[str, str] = {}
        self._checking, self._sending, self._tidying = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()
        self._manager = ServiceManager(os.environ)
        self._pulse = Pulse((work.__name__ for work in self.works), time.monotonic)
        self._tally = Tally(self._pulse.stuck)
        self._page = Page(lambda: self.desk, lambda: self.settings, utc_now, self._tally)

    async def take(self, settings: Settings) -> None:
        """Build the desk for this configuration and work with it from now on; the one before is closed.

        Raises ConfigurationError and StorageError; then the desk before stays.
        """
        stack = AsyncExitStack()
        desk = await stack.enter_async_context(bootstrap.build(settings, patient=True))
        try:
            await self.prepare(desk)
            async with self._checking, self._sending, self._tidying:
                self.desk, self.settings, stack, self._open = desk, settings, self._open, stack
        finally:
            await stack.aclose()

    async def prepare(self, desk: Desk) -> None:
        """Do what is to be done before the first check."""
        await asyncio.to_thread(chores, desk, utc_now())

    @property
    def works(self) -> dict[Work, timedelta]:
        """What is done again and again, with the pause in between."""
        return {self.check: TICK, self.send: TICK, self.reload: TICK, self.tidy: CHORES}

    async def close(self) -> None:
        """Close the desk."""
        await self._open.aclose()

    def listen(self) -> None:
        """Take signals: SIGTERM and SIGINT stop, SIGHUP re-reads the configuration."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._told_to_stop, signal.Signals(number).name)
        loop.add_signal_handler(signal.SIGHUP, self._told_to_reload)

    def _told_to_stop(self, name: str) -> None:
        if self._stopping.is_set():
            logger.warning("%s again: what is in hand is broken off; it is done again after the next start", name)
            for task in self._tasks:
                task.cancel()
        else:
            logger.info("%s: finishing what is in hand", name)
            self._manager.stopping()
        self._stopping.set()

    def _told_to_reload(self) -> None:
        self._manager.reloading()
        self._reload.set()

    async def serve(self) -> None:
        """Do what is due, again and again, until told to stop; then finish what is in hand."""
        clock = AsyncIOScheduler(timezone="UTC", job_defaults=JOB)
        for work, pause in self.works.items():
            clock.add_job(self._tick, _every(pause), args=[work], next_run_time=utc_now())
        if self._manager.beat:
            clock.add_job(self._live, _every(self._manager.beat), next_run_time=utc_now())
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that is still at work is no news
        clock.start()
        self._manager.ready(announce.in_short(self.desk))
        await self._page.settle()
        await self._stopping.wait()
        clock.pause()
        await self._page.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE)
        clock.shutdown(wait=False)

    async def _live(self) -> None:
        """Tell the service manager that this loop, its clock and every kind of work live; else let it start us anew."""
        if stuck := self._pulse.stuck():
            logger.error("%s: no sign of life for too long; a service manager will start us anew", ", ".join(stuck))
        else:
            self._manager.alive()

    async def _tick(self, work: Work) -> None:
        """Do one kind of work once. Nothing that goes wrong in it ends the daemon: the next tick tries again."""
        if self._stopping.is_set():
            return
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.shield(task)

    async def _guarded(self, work: Work) -> None:
        """Do it, and log what goes wrong once, not at every tick: a full disk must not be filled with its own news."""
        self._pulse.beat(work.__name__)
        try:
            await work()
            if self._trouble.pop(work.__name__, None):
                logger.info("%s: it works again", work.__name__)
                await self._report()
        except MonitorError as error:
            self._told(work, str(error))
        except Exception as error:
            if self._told(work, f"unforeseen: {type(error).__name__}: {error}"):
                logger.exception("the trace of it")
        self._pulse.beat(work.__name__)

    async def _report(self) -> None:
        """Let `systemctl status` show how it stands."""
        self._manager.status(await asyncio.to_thread(announce.in_short, self.desk))

    def _told(self, work: Work, trouble: str) -> bool:
        """Log this trouble if it is news, and return whether it was."""
        if self._trouble.get(work.__name__) == trouble:
            return False
        self._trouble[work.__name__] = trouble
        self._manager.status(f"{work.__name__}: {trouble}")
        logger.error("%s: %s; tried again every %d s", work.__name__, trouble, TICK.total_seconds())
        return True

    async def check(self) -> None:
        """Check what the record says is due, batch by batch."""
        async with self._checking:
            due = await asyncio.to_thread(rounds.due, self.desk, utc_now())
            if not due or self._pausing:
                return
            results: tuple[Checked, ...] = ()
            while due and not self._pausing:
                batch, due = due[:BATCH], due[BATCH:]
                done = await rounds.check_batch(self.desk, batch, utc_now, self._checked)
                self._tally.over((result.outcome for result in done), utc_now())
                await asyncio.to_thread(announce.round_over, self.desk, done, utc_now())
                results += done
            if news := rounds.with_news(results):  # else the chores can wait for their own turn, within a minute
                await asyncio.to_thread(chores, self.desk, utc_now(), news)
            await rounds.ask_outside(self.desk)
            await self._report()

    def _checked(self, _result: Checked) -> None:
        """Note that the round goes on. Nothing is told of a single check: `round_over` tells with what follows."""
        self._pulse.beat(self.check.__name__)

    async def tidy(self) -> None:
        """Do the chores: what the record says is due beside checks and deliveries."""
        async with self._tidying:
            await asyncio.to_thread(chores, self.desk, utc_now())

    async def send(self) -> None:
        """Send what the record says is due."""
        async with self._sending:
            sent = await outbox.deliver_due(self.desk, utc_now, self._asked_to_pause)
        announce.sent(sent)

    def _asked_to_pause(self) -> bool:
        """Whether a long queue should wait. Asked at every message."""
        self._pulse.beat(self.send.__name__)
        return self._pausing

    @property
    def _pausing(self) -> bool:
        """Whether nothing more is to be begun: before the end, and until a new configuration is in force."""
        return self._stopping.is_set() or self._reload.is_set() or self._taking

    async def reload(self) -> None:
        """Re-read the configuration if SIGHUP asked for it; a wrong one changes nothing."""
        if not self._reload.is_set():
            return
        self._reload.clear()  # asked for again meanwhile, it is read again
        self._taking = True
        status = "the new configuration is wrong (see the log); the old one stays in force"
        try:
            settings = await asyncio.to_thread(self._load)
            await self.take(settings)
        except (ConfigurationError, StorageError, UsageError) as error:
            for line in str(error).splitlines():
                logger.error("the new configuration is wrong: %s", line)  # noqa: TRY400 - the user's mistake, no trace
            logger.error("the old configuration stays in force")  # noqa: TRY400 - same
        else:
            logger.info("the configuration was read again and is in force")
            announce.beginning(self.desk, settings, utc_now())
            await self._page.settle()
            status = announce.in_short(self.desk)
        finally:
            self._taking = False
            self._manager.ready(status)


def _every(pause: timedelta) -> IntervalTrigger:
    return IntervalTrigger(seconds=pause.total_seconds(), timezone="UTC")

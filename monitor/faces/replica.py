"""The daemon where several processes share one record: its ticks defer jobs, and its workers do them, or others' do."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from datetime import timedelta

from monitor import bootstrap
from monitor.domain.errors import StorageError, UsageError
from monitor.faces import announce
from monitor.faces.clock import utc_now
from monitor.faces.daemon import GRACE, TICK, Daemon, Load, Work, serve
from monitor.faces.lock import make
from monitor.pipeline import outbox, rounds
from monitor.pipeline.desk import Desk
from monitor.pipeline.outcome import Checked
from monitor.settings import Settings

try:
    from monitor.engine.crew import Crew
    from monitor.engine.jobs import Shift
    from monitor.engine.queue import Queue, opened
except ModuleNotFoundError as error:
    raise StorageError(
        f"PostgreSQL needs packages that are not installed ({error.name}): pip install 'treaty-monitor[postgresql]'"
    ) from error

for _name in ("procrastinate", "psycopg.pool"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # what matters of it is told by the crew in our own words


def run(load: Load, settings: Settings) -> int:
    """Run a replica until told to stop, and return the exit code. Raises what `daemon.run` raises."""
    asyncio.run(serve(Replica(load), settings))
    return 0


def work(load: Load) -> int:
    """Run a worker until told to stop, and return the exit code. Raises what `daemon.run` raises."""
    settings = load()
    if not bootstrap.distributed(settings):
        raise UsageError(
            'a worker needs the common record of the distributed mode: set database = "postgresql://…" in'
            f" {settings.config_dir / 'monitor.toml'}; without it, treaty-monitor run does all by itself"
        )
    asyncio.run(serve(Hand(load), settings))
    return 0


class Replica(Daemon):
    """Defers what is due, and has a crew of its own: one process is enough, and more are more."""

    queue: Queue

    def __init__(self, load: Load) -> None:
        super().__init__(load)
        self._crew: Crew | None = None
        self._working: asyncio.Task[None] | None = None
        self._line = AsyncExitStack()
        self._over_since = False

    async def take(self, settings: Settings) -> None:
        """Build the desk anew and work with it: what is in hand is finished before, with the old one."""
        make(settings.state_dir)
        await self._rest()
        try:
            await super().take(settings)
            line = AsyncExitStack()
            self.queue = Queue(await line.enter_async_context(opened(settings.database_url or "")))
            self._line, line = line, self._line
            await line.aclose()
        finally:
            self._begin()

    async def prepare(self, desk: Desk) -> None:
        """Leave the chores to a job: two replicas may begin at the same time."""

    async def check(self) -> None:
        """Defer the checks that the record says are due, and show how it stands after those that have ended here."""
        if self._over_since:
            self._over_since = False
            await self._report()
        await self.queue.defer_checks(await asyncio.to_thread(rounds.due, self.desk, utc_now()))

    async def send(self) -> None:
        """Defer the service of every channel with something due."""
        await self.queue.defer_deliveries(await asyncio.to_thread(outbox.channels_due, self.desk, utc_now()))

    async def tidy(self) -> None:
        """Defer the chores."""
        await self.queue.defer_chores()

    async def serve(self) -> None:
        """Work until told to stop; then finish what is in hand."""
        await super().serve()
        await self._rest()

    async def close(self) -> None:
        """Close the queue and the desk."""
        await self._rest()
        await self._line.aclose()
        await super().close()

    def _begin(self) -> None:
        """Let a crew work for the present desk, if there is one."""
        if not hasattr(self, "queue"):
            return
        shift = Shift(self.desk, utc_now, self._over, announce.sent, self.queue.defer_chores)
        self._crew = Crew(self.queue.app, shift, GRACE)
        self._working = asyncio.create_task(self._crew.work())

    async def _over(self, result: Checked) -> None:
        """Count and tell of one check."""
        now = utc_now()
        self._tally.over((result.outcome,), now)
        self._over_since = True
        await asyncio.to_thread(announce.round_over, self.desk, (result,), now)

    async def _rest(self) -> None:
        """Let the crew finish what it has in hand, and wait for that."""
        if self._crew and self._working:
            self._crew.rest()
            await self._working
        self._crew = self._working = None


class Hand(Replica):
    """A worker alone: it does jobs and defers none but what follows from them."""

    @property
    def works(self) -> dict[Work, timedelta]:
        """Beside its jobs, a worker only looks whether its configuration is to be read again."""
        return {self.reload: TICK}

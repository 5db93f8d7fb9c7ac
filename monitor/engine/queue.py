"""The queue of jobs in PostgreSQL: every replica defers what is due; each due thing is one job, whoever was first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job
from procrastinate.schema import SchemaManager

from monitor.domain.errors import StorageError
from monitor.engine.jobs import CHECK, CHORES, DELIVER, register
from monitor.pipeline.desk import Watched

OF_HOST = 20
"""Checks of one host that wait as jobs at a time: it answers one after the other anyhow. The record has the rest."""
OF_CHANNEL = 4
"""Jobs that send over one channel at the same time, in all workers together: a slow one takes no more than these."""
MOST = 400
"""Checks that wait as jobs at a time."""
_LOCK = 7_238_462
"""Any number that no other program takes: two replicas that start together make the queue's tables one by one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job to be: of two with the same name only one waits, of two with the same lock only one runs."""

    queue: str
    name: str
    lock: str | None
    arguments: dict[str, str]


class Queue:
    """Defers jobs. Knows nothing of what they do; raises StorageError where the database cannot be used."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def defer_checks(self, due: Iterable[Watched]) -> None:
        """Let these due checks become jobs, as far as there is room, the longest due first within each host."""
        with _explained():
            await self._defer(CHECK, _room([_check(*each) for each in due], await self._there(CHECK)))

    async def defer_deliveries(self, channels: Iterable[str]) -> None:
        """Let these channels be served."""
        wanted = [_deliver(channel, number) for channel in channels for number in range(OF_CHANNEL)]
        with _explained():
            there = {job.queueing_lock for job in await self._there(DELIVER)} if wanted else set()
            await self._defer(DELIVER, [job for job in wanted if job.name not in there])

    async def defer_chores(self) -> None:
        """Let the chores be done once, by whoever comes first."""
        with _explained():
            await self._defer(CHORES, [Wanted(CHORES, CHORES, CHORES, {})])

    async def _there(self, queue: str) -> list[Job]:
        """Return the jobs that wait or run."""
        manager = self.app.job_manager
        return [
            job for status in ("todo", "doing") for job in await manager.list_jobs_async(queue=queue, status=status)
        ]

    async def _defer(self, task: str, wanted: Sequence[Wanted]) -> None:
        """Defer all at once; where another replica was faster with one of them, one by one."""
        jobs = [self._job(task, each) for each in wanted]
        if not jobs:
            return
        try:
            await self.app.job_manager.batch_defer_jobs_async(jobs)
        except AlreadyEnqueued:
            for job in jobs if len(jobs) > 1 else ():
                await self._defer_one(job)

    async def _defer_one(self, job: Job) -> None:
        try:
            await self.app.job_manager.defer_job_async(job)
        except AlreadyEnqueued:
            return

    def _job(self, task: str, wanted: Wanted) -> Job:
        found = self.app.tasks[task]
        arguments: dict[str, Any] = dict(wanted.arguments)
        return found.configure(lock=wanted.lock, queueing_lock=wanted.name, task_kwargs=arguments).job


@asynccontextmanager
async def opened(address: str) -> AsyncIterator[App]:
    """Yield the application of the queue in the database at this address, its tables made. Raises StorageError."""
    conninfo = re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", address)
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4))
    register(app)
    with _explained():
        await _make_tables(conninfo)
        await app.open_async()
    try:
        yield app
    finally:
        await app.close_async()


async def _make_tables(conninfo: str) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))  # free when the connection is closed
        found = await (await connection.execute("SELECT to_regclass('procrastinate_jobs')")).fetchone()
        if found == (None,):
            await connection.execute(SchemaManager.get_schema())


def _check(treaty: Any, source: Any) -> Wanted:
    arguments = {"treaty": treaty.reference, "source": source.key, "url": source.url}
    host = (urlsplit(source.url).hostname or "").lower()
    return Wanted(CHECK, f"check {treaty.reference} {source.key}", f"host {host}", arguments)


def _deliver(channel: str, number: int) -> Wanted:
    name = f"deliver {channel} {number}"
    return Wanted(DELIVER, name, name, {"channel": channel})


def _room(wanted: Iterable[Wanted], there: Sequence[Job]) -> list[Wanted]:
    """Return those that are no job yet and for which there is room, in all and of their host."""
    names = {job.queueing_lock for job in there}
    hosts = Counter(job.lock for job in there)
    chosen: list[Wanted] = []
    for each in wanted:
        if len(there) + len(chosen) >= MOST:
            break
        if each.name not in names and hosts[each.lock] < OF_HOST:
            hosts[each.lock] += 1
            chosen.append(each)
    return chosen


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (ConnectorException, psycopg.Error) as error:
        first = (str(error.__cause__ or error).strip().splitlines() or ["no reason given"])[0]
        raise StorageError(f"the queue of jobs cannot be used: {first}") from error

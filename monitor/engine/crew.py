"""The workers of one process: they take jobs until told to rest, and take away the jobs of those that died."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from procrastinate import App, JobContext
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job, Status
from procrastinate.worker import Worker

from monitor.engine.jobs import CHECK, CHORES, DELIVER, Shift

logger = logging.getLogger(__name__)

AT_ONCE = {CHECK: 32, DELIVER: 16, CHORES: 1}
"""Jobs of each kind in hand at a time. Most checks in hand only keep their host's pause (see Shift.gate)."""
POLL = 1.0
"""Seconds between two looks at the queue, beside the database's notifications."""
HEARTBEAT = 3.0
STALLED = 15.0
"""Seconds without a heartbeat after which a worker counts as dead."""
AGAIN = 1.0
"""Seconds before a worker that the database let down begins again."""


class Eager(Worker):
    """Looks for the next job when one has ended: the lock that it held may be what others waited for."""

    async def _process_job(self, context: JobContext) -> None:
        try:
            await super()._process_job(context)
        except ConnectorException as error:
            logger.debug("the end of %s could not be entered: %s", context.job.queueing_lock, error)  # see Crew._sweep
        self._new_job_event.set()


class Crew:
    """One process's workers over one queue."""

    def __init__(self, app: App, shift: Shift, grace: float) -> None:
        self._app, self._shift, self._grace = app, shift, grace
        self._workers: dict[str, Worker] = {}
        self._suspects: set[int] = set()

    async def work(self) -> None:
        """Work until told to rest; then finish what is in hand."""
        sweeping = asyncio.create_task(self._sweep_again_and_again())
        try:
            await asyncio.gather(*(self._keep(queue) for queue in AT_ONCE))
        finally:
            sweeping.cancel()

    def rest(self) -> None:
        """Take no more jobs."""
        self._shift.stopping = True
        for worker in self._workers.values():
            worker.stop()  # type: ignore[no-untyped-call]

    async def _keep(self, queue: str) -> None:
        """Keep one worker at work: whatever ends it, another takes its place."""
        while not self._shift.stopping:
            worker = self._workers[queue] = self._worker(queue)
            try:
                await worker.run()  # type: ignore[no-untyped-call]
            except Exception as error:  # noqa: BLE001 - mostly a lost connection; none may end the work for good
                logger.warning("the worker of %s lost its database and begins again: %s", queue, error)
            if not self._shift.stopping:
                await asyncio.sleep(AGAIN)

    def _worker(self, queue: str) -> Worker:
        return Eager(
            self._app,
            queues=[queue],
            name=queue,
            concurrency=AT_ONCE[queue],
            fetch_job_polling_interval=POLL,
            shutdown_graceful_timeout=self._grace,
            delete_jobs=DeleteJobCondition.ALWAYS,
            additional_context={"shift": self._shift},
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED,
        )

    async def _sweep_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            try:
                await self._sweep()
            except ConnectorException as error:
                logger.debug("the queue is not swept now: %s", error)

    async def _sweep(self) -> None:
        """Take away jobs that nobody does: of dead workers, and those that this process lost with a connection.

        They may hold the lock of a host. What they were to do is still due, and becomes a job again at the next tick.
        """
        manager = self._app.job_manager
        stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED)
        lost = [job for worker in self._workers.values() for job in await self._lost(worker)]
        for job in (*stalled, *(job for job in lost if job.id in self._suspects)):
            await self._take_away(job)
        self._suspects = {job.id for job in lost if job.id}

    async def _lost(self, worker: Worker) -> Iterable[Job]:
        """Return jobs that the queue says this worker does, and it does not (yet)."""
        if worker.worker_id is None:
            return ()
        doing = await self._app.job_manager.list_jobs_async(status=Status.DOING.value, worker_id=worker.worker_id)
        return [job for job in doing if job.id not in self._shift.running]

    async def _take_away(self, job: Job) -> None:
        logger.info("%s was left by a worker that died or lost its database; it is done again", job.queueing_lock)
        try:
            await self._app.job_manager.finish_job_by_id_async(job.id or 0, Status.FAILED, delete_job=True)
        except ConnectorException as error:
            logger.debug("%s: somebody else has taken it away: %s", job.queueing_lock, error)

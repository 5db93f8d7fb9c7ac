"""The crew takes away jobs that nobody does any more, so that no dead worker keeps a host to itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from office import Office
from procrastinate import App
from support import postgres

from monitor.domain.treaty import Treaty, WatchedSource
from monitor.engine.crew import Crew
from monitor.engine.jobs import CHECK, Shift
from monitor.engine.queue import OF_CHANNEL, OF_HOST, Queue, opened
from monitor.pipeline.outbox import Sent
from monitor.pipeline.outcome import Checked

NOW = datetime(2025, 3, 18, 12, tzinfo=UTC)


@pytest.fixture
def address() -> Any:
    with postgres.shared_cluster().database() as made:
        yield made


@pytest.fixture
async def app(address: str) -> AsyncIterator[App]:
    async with opened(address) as made:
        yield made


def _watched(number: int, host: str = "depositary.example") -> tuple[Treaty, WatchedSource]:
    source = WatchedSource("untc", f"https://{host}/{number}", 43200.0)
    return Treaty(f"XXVI-{number}", f"treaty-{number}", f"Treaty {number}", (source,)), source


async def _waiting(app: App, queue: str = CHECK) -> list[str]:
    jobs = await app.job_manager.list_jobs_async(queue=queue, status="todo")
    return [job.queueing_lock or "" for job in jobs]


async def test_what_is_due_becomes_one_job_however_often_and_by_whomever_it_is_deferred(app: App, address: str) -> None:
    due = [_watched(number) for number in range(5)]
    async with opened(address) as other:
        queues = [Queue(app), Queue(other)]
        await asyncio.gather(*(queue.defer_checks(due) for queue in queues * 3))
        await asyncio.gather(*(queue.defer_deliveries(["mail"]) for queue in queues * 3))
        await asyncio.gather(*(queue.defer_chores() for queue in queues * 3))
    assert sorted(await _waiting(app)) == [f"check XXVI-{number} untc" for number in range(5)]
    assert len(await _waiting(app, "deliver")) == OF_CHANNEL
    assert await _waiting(app, "chores") == ["chores"]


async def test_no_host_fills_the_queue(app: App) -> None:
    await Queue(app).defer_checks([*(_watched(n) for n in range(50)), _watched(99, "other.example")])
    assert len(await _waiting(app)) == OF_HOST + 1
    assert "check XXVI-99 untc" in await _waiting(app)


async def test_one_host_is_asked_by_one_worker_at_a_time(app: App) -> None:
    await Queue(app).defer_checks([_watched(1), _watched(2), _watched(3, "other.example")])
    worker = await app.job_manager.register_worker()
    taken = [await app.job_manager.fetch_job(queues=[CHECK], worker_id=worker) for _ in range(3)]
    assert [job and job.lock for job in taken] == ["host depositary.example", "host other.example", None]


async def test_the_job_of_a_dead_worker_is_done_by_another(app: App, tmp_path: Path) -> None:
    office = Office(tmp_path / "state", NOW)
    treaty = office.desk.treaties[0]
    queue = Queue(app)
    due = [(treaty, treaty.sources[0])]
    await queue.defer_checks(due)
    dead = await app.job_manager.register_worker()
    assert await app.job_manager.fetch_job(queues=[CHECK], worker_id=dead)
    await app.job_manager.unregister_worker(dead)

    done: list[Checked] = []

    async def told(result: Checked) -> None:
        done.append(result)
        crew.rest()

    def sent(_: Sent) -> None:
        """Nothing is sent here."""

    shift = Shift(office.desk, office.clock, told, sent, queue.defer_chores)
    crew = Crew(app, shift, grace=5)
    working = asyncio.create_task(crew.work())
    while not done:
        await queue.defer_checks(due)  # as every tick does
        await asyncio.sleep(0.1)
    await working
    office.storage.close()
    assert [result.outcome for result in done] == ["unreachable"]


async def test_a_check_that_is_no_longer_due_asks_nobody(app: App, tmp_path: Path) -> None:
    office = Office(tmp_path / "state", NOW)
    await asyncio.to_thread(office.check)
    asked = len(office.fetcher.requests)
    treaty = office.desk.treaties[0]
    queue = Queue(app)
    await queue.defer_checks([(treaty, treaty.sources[0])])

    async def told(_: Checked) -> None:
        pytest.fail("it was checked")

    def sent(_: Sent) -> None:
        """Nothing is sent here."""

    crew = Crew(app, Shift(office.desk, office.clock, told, sent, queue.defer_chores), grace=5)
    working = asyncio.create_task(crew.work())
    while await app.job_manager.list_jobs_async(queue=CHECK):  # noqa: ASYNC110 - another process could take it
        await asyncio.sleep(0.05)
    crew.rest()
    await working
    office.storage.close()
    assert len(office.fetcher.requests) == asked

"""A disk that is full, a state that may not be written, a record that is locked: nothing half, and later everything."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from reliability.installation import Installation
from reliability.outbox import Program, idle_program
from reliability.play import play
from reliability.verdict import assert_nothing_lost
from sqlalchemy import event

from monitor.domain.errors import StorageError
from monitor.storage.sql import DATABASE, SqlStorage, open_storage

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize("step", ["fetched", "kept", "stored"])
def test_a_disk_that_is_full_in_the_middle_of_a_check_leaves_nothing_half(
    step: str, installation: Installation, undisturbed: Any
) -> None:
    for number, day in enumerate(play()):
        installation.begin(day)
        before = installation.record() if number else None
        if number in {0, 2}:
            assert "StorageError" in installation.fail(step=step, happens="disk is full")
            assert before is None or installation.record() == before
            assert not list(installation.state.glob("documents/*/.*"))
        assert not installation.run()
    assert_nothing_lost(installation, undisturbed.record, undisturbed.receipts)
    assert not installation.repeats()


@pytest.mark.parametrize("step", ["claimed", "settling"])
def test_a_disk_that_is_full_while_sending_loses_no_message(
    step: str, installation: Installation, undisturbed: Any
) -> None:
    for number, day in enumerate(play()):
        installation.begin(day)
        if number in {0, 2}:
            assert "the disk is full" in installation.fail(step=step, nth=5, happens="disk is full")
        assert not installation.run()
    assert_nothing_lost(installation, undisturbed.record, undisturbed.receipts)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write from a folder and everything in it."""
    everything = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in everything}
    for path in everything:
        path.chmod(modes[path] & 0o555)
    yield
    for path in everything:
        path.chmod(modes[path])


@pytest.mark.parametrize("part", ["", "documents"])
def test_a_state_that_may_not_be_written_is_said_and_changes_nothing(
    part: str, installation: Installation, undisturbed: Any
) -> None:
    for number, day in enumerate(play()):
        installation.begin(day)
        if number == 2:
            before = installation.record()
            with read_only(installation.state / part):
                said = installation.fail(poor=True)
            assert "StorageError" in said
            assert "this user" in said
            assert installation.record() == before
        assert not installation.run()
    assert_nothing_lost(installation, undisturbed.record, undisturbed.receipts)
    assert not installation.repeats()


async def check_again(running: Program) -> None:
    """Check when the trouble is over, and see that nothing of it is left and everything is told."""
    await running.check()
    news = sorted(play()[0].news)
    assert running.installation.rows("SELECT treaty, participant, kind FROM change") == news
    await running.deliver()
    assert len(running.installation.receipts()) == 31
    assert not running.installation.repeats()


def _another_program(installation: Installation) -> sqlite3.Connection:
    return sqlite3.connect(installation.state / DATABASE, isolation_level=None, check_same_thread=False)


async def _all_in_hand() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others, timeout=10)


async def test_a_record_that_another_program_locks_in_the_middle_of_a_check_is_told_of_later(
    installation: Installation,
) -> None:
    with closing(_another_program(installation)) as other:

        def lock(step: str) -> None:
            if step == "kept" and not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")

        async with idle_program(installation, lock) as running:
            patient = running.desk.storage
            running.desk = replace(running.desk, storage=open_storage(installation.state, patience=0.2))
            with pytest.raises(StorageError, match="is locked by another program"):
                await running.check()
            await _all_in_hand()  # other checks wait for the record in their threads: none may find it free again
            other.rollback()
            assert installation.rows("SELECT id FROM change") == []
            assert installation.rows("SELECT sha256 FROM document") == []
            running.desk.storage.close()
            running.desk = replace(running.desk, storage=patient, step=lambda _: None)
            await check_again(running)


async def test_a_database_that_may_not_grow_in_the_middle_of_a_check_is_told_of_later(
    installation: Installation,
) -> None:
    async with idle_program(installation) as running:
        storage = running.desk.storage
        assert isinstance(storage, SqlStorage)
        full = [True]

        def limit(raw: Any, *_: object) -> None:
            pages = raw.execute("PRAGMA page_count").fetchone()[0]
            raw.execute(f"PRAGMA max_page_count = {pages + 1 if full[0] else 1_000_000}")

        event.listen(storage.engine, "checkout", limit)
        with pytest.raises(StorageError, match="cannot grow: the disk is full"):
            await running.check()
        assert installation.rows("SELECT id FROM change UNION SELECT id FROM delivery") == []
        full[0] = False
        await check_again(running)

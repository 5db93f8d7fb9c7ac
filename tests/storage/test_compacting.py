"""Free pages of the record's file go back to the disk where they are much of it, whoever else is there."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from storage.samples import T0

from monitor.domain.document import Document
from monitor.storage.compacting import LEAST
from monitor.storage.sql import SqlStorage, open_storage

pytestmark = pytest.mark.sqlite

ROWS = 6_000
PAD = "x" * 4_000


@pytest.fixture
def storage(tmp_path: Path) -> SqlStorage:
    return open_storage(tmp_path / "state")


def fill(storage: SqlStorage, keep: int) -> None:
    """Enter pages of which only so many stay: the rest leaves free pages behind."""
    with storage.begin() as tx:
        for number in range(ROWS):
            tx.store_document("I-1", "untc", Document("https://d.example/", b"%d" % number, T0, {"pad": PAD}))
    with closing(sqlite3.connect(str(storage.file), isolation_level=None)) as database:
        database.execute("DELETE FROM document WHERE rowid > ?", (keep,))


def rows(file: Path | None) -> int:
    with closing(sqlite3.connect(str(file))) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(database.execute("SELECT count(*) FROM document").fetchone()[0])


def test_a_file_that_is_mostly_free_is_made_small_and_says_the_same(storage: SqlStorage) -> None:
    assert storage.file
    fill(storage, keep=500)
    before = storage.file.stat().st_size
    gave = storage.compact()
    assert gave > LEAST
    assert storage.file.stat().st_size == before - gave
    assert storage.file.with_name(f"{storage.file.name}-wal").stat().st_size == 0
    assert rows(storage.file) == 500
    assert storage.compact() == 0
    storage.close()


def test_a_file_with_little_free_is_left_alone(storage: SqlStorage) -> None:
    fill(storage, keep=ROWS - 1_000)
    assert storage.compact() == 0
    storage.close()


def test_nothing_is_done_while_somebody_else_writes_and_a_reader_is_no_hindrance(storage: SqlStorage) -> None:
    fill(storage, keep=500)
    with closing(sqlite3.connect(str(storage.file), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert storage.compact() == 0
        other.execute("ROLLBACK")
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM document").fetchone() == (500,)
        assert storage.compact() > LEAST
        assert other.execute("SELECT count(*) FROM document").fetchone() == (500,)
    storage.close()


@pytest.mark.parametrize("wait", [0.0, 0.01, 0.03, 0.06])
def test_a_kill_in_the_middle_leaves_the_record_whole(storage: SqlStorage, wait: float) -> None:
    fill(storage, keep=1_500)
    file = storage.file
    storage.close()
    script = (
        "import sys; from pathlib import Path; from monitor.storage.compacting import compact;"
        " print('ready', flush=True); compact(Path(sys.argv[1])); print('done', flush=True)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(file)], stdout=subprocess.PIPE) as process:  # noqa: S603 our own words
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        time.sleep(wait)
        os.kill(process.pid, signal.SIGKILL)
    assert rows(file) == 1_500

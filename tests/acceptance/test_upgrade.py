"""A record that an older version wrote: the new version starts on it, and nothing of what it says has changed."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from support.home import CONSOLE_FOR_ALL, LAST, MONITOR
from support.manager import Manager

from monitor.faces.demo.depositary import Depositary
from monitor.faces.demo.replica import write_page
from monitor.faces.demo.scenes import REFERENCE
from monitor.storage.engine import connect_to
from monitor.storage.sql import DATABASE
from monitor.storage.tables import REVISION

TOLD = (("changes",), ("status", "--on", "2026-03-01"), ("deliveries", "list"), ("claims",), ("upcoming",))


class Installation:
    """A configuration, a state, and the command line as a process of its own."""

    def __init__(self, folder: Path, depositary: Depositary) -> None:
        self.folder, self.state = folder, folder / "state"
        self._write("monitor.toml", MONITOR)
        self._write("subscriptions.toml", CONSOLE_FOR_ALL)
        address = depositary.address(LAST.path)
        self._write(
            "treaties/mine-ban.toml",
            f'reference = "{REFERENCE}"\n[[sources]]\nsource = "untc"\nurl = "{address}"\n',
        )

    def _write(self, name: str, text: str) -> None:
        file = self.folder / "config" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "monitor", *words, "--config", "config", "--state", "state"]

    def __call__(self, *words: str) -> Any:
        ran = subprocess.run(self.words(*words, "--json"), cwd=self.folder, capture_output=True, text=True, check=False)  # noqa: S603
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def revision(self) -> str:
        with closing(sqlite3.connect(self.state / DATABASE)) as database:
            return str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with Depositary() as depositary:
        depositary.show(REFERENCE, write_page(LAST, datetime(2026, 2, 3, 10, tzinfo=UTC)))
        yield Installation(tmp_path, depositary)


def as_of_the_first_schema(file: Path) -> None:
    """Write the record as the first version would have: its tables, its columns, and all that fits into them."""
    old = file.with_name("old.sqlite3")
    engine = connect_to(f"sqlite:///{old}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "monitor.storage:migrations")
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(old)) as database, database:
        database.execute("ATTACH ? AS new", (str(file),))
        tables = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name != 'alembic_version'"
        for (table,) in database.execute(tables).fetchall():
            columns = [
                {row[1] for row in database.execute(f"PRAGMA {schema}.table_info({table})")}
                for schema in ("main", "new")
            ]
            assert columns[0], f"{table} is a table of the first schema"
            kept = ", ".join(f'"{name}"' for name in sorted(columns[0] & columns[1]))
            database.execute(f"INSERT INTO main.{table} ({kept}) SELECT {kept} FROM new.{table}")  # noqa: S608 - names of our own
    for beside in ("", "-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    old.rename(file)


def test_a_state_of_the_first_schema_is_upgraded_at_the_start_and_says_the_same(installation: Installation) -> None:
    installation("check", "--deliver")
    before = [installation(*words) for words in TOLD]
    assert len(before[0]["changes"]) == 13
    as_of_the_first_schema(installation.state / DATABASE)
    assert installation.revision() == "0001"
    manager = Manager(installation.folder / "notify")
    daemon = subprocess.Popen(  # noqa: S603
        installation.words("run"),
        cwd=installation.folder,
        env=os.environ | {"NOTIFY_SOCKET": manager.address},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    manager.until(READY="1", STATUS="1 of 1 sources read well")
    daemon.send_signal(signal.SIGTERM)
    _, log = daemon.communicate(timeout=20)
    assert (daemon.returncode, "error" in log) == (0, False)
    assert installation.revision() == REVISION
    after = [installation(*words) for words in TOLD]
    assert [ageless(each) for each in after] == [ageless(each) for each in before]


def ageless(answer: Any) -> Any:
    """Return an answer without how old a reading is: that depends on when one asks."""
    if isinstance(answer, dict):
        return {key: ageless(value) for key, value in answer.items() if key not in {"age_seconds", "known"}}
    return [ageless(each) for each in answer] if isinstance(answer, list) else answer

"""Backups taken while a daemon checks and delivers all the time: each is the record as of one instant, whole."""

from __future__ import annotations

import base64
import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.faces.demo.inbox import HookReceiver
from monitor.faces.demo.replica import MINE_BAN_COLUMNS, Cell, ReplicaRow, ReplicaTreaty, write_page
from monitor.faces.demo.serving import Answer, LocalServer, Received
from monitor.settings import shipped_names
from monitor.storage.sql import DATABASE

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes here").decode()
REFERENCES = ("XXVI-2", "XXVI-3", "XXVI-4", "XXVI-5", "XXVI-6", "XXVI-8")
STATES = sorted(entry.name for entry in shipped_names().all() if entry.kind.value == "state")
FIRST = 5
PATIENCE = 60.0


class BusyDepositary(LocalServer):
    """Of every treaty, each request gets a page on which one more State has acceded."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()
        super().__init__(self._page)

    def _page(self, request: Received) -> Answer:
        reference = request.query.get("mtdsg_no")
        if reference is None:
            return Answer(404)
        self._asked[reference] += 1
        page = write_page(treaty(reference, FIRST + self._asked[reference]), datetime.now(UTC))
        return Answer(headers={"Content-Type": "text/html; charset=utf-8"}, body=page)


def treaty(reference: str, parties: int) -> ReplicaTreaty:
    rows = tuple(ReplicaRow(name, (None, Cell(date(2025, 6, 25), "a"))) for name in STATES[:parties])
    return ReplicaTreaty(
        reference=reference,
        title=f"Convention {reference}",
        chapter_name="DISARMAMENT",
        place_and_date="Oslo, 18 September 1997",
        in_force="1 March 1999, by article 17 (1).",
        columns=MINE_BAN_COLUMNS,
        rows=rows,
    )


class Installation:
    """An installation under load: its daemon reads and sends without a pause."""

    def __init__(self, folder: Path, depositary: BusyDepositary, hooks: HookReceiver) -> None:
        self.folder, self.state = folder, folder / "state"
        (folder / "config" / "treaties").mkdir(parents=True)
        files = {
            "monitor.toml": '[network]\nallow = ["127.0.0.1/32"]\npause = "0s"\n[web]\nlisten = "127.0.0.1:0"\n',
            "channels.toml": f'[hook]\ntype = "webhook"\nurl = "{hooks.url}"\nsecret = "file:secret"\n',
            "secret": SECRET,
            "subscriptions.toml": '[[subscriptions]]\nname = "all"\nchannels = ["hook"]\n',
        }
        for reference in REFERENCES:
            url = f"{depositary.url}/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no={reference}&chapter=26&clang=_en"
            files[f"treaties/{reference}.toml"] = (
                f'reference = "{reference}"\n[[sources]]\nsource = "untc"\nurl = "{url}"\nevery = "1s"\n'
            )
        for name, text in files.items():
            (folder / "config" / name).write_text(text, "utf-8")

    def words(self, *words: str, state: str = "state") -> list[str]:
        return [sys.executable, "-m", "monitor", *words, "--config", "config", "--state", state]

    def __call__(self, *words: str, state: str = "state") -> str:
        ran = subprocess.run(self.words(*words, state=state), cwd=self.folder, capture_output=True, check=False)  # noqa: S603
        assert ran.returncode == 0, ran.stderr.decode()
        return ran.stdout.decode()

    def told(self, state: str = "state") -> tuple[list[str], Any]:
        """Return everything that the record says: participations and changes, and the deliveries with every attempt."""
        lines = self("export", "--format", "jsonl", state=state).splitlines()
        return [ageless(line) for line in lines], json.loads(self("deliveries", "list", "--json", state=state))

    def backup(self, name: str) -> None:
        """Take a backup and bring it back, into a state of its own."""
        self("backup", f"{name}.tar.gz")
        self("restore", f"{name}.tar.gz", state=name)


def ageless(line: str) -> str:
    """Return a line of the export without how old a reading is: that depends on when one asks."""
    shape = json.loads(line)
    for source in shape.get("sources") or ():
        source.pop("age_seconds", None)
    return json.dumps(shape)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[tuple[Installation, HookReceiver, subprocess.Popen[bytes]]]:
    with BusyDepositary() as depositary, HookReceiver(SECRET) as hooks:
        made = Installation(tmp_path, depositary, hooks)
        with (tmp_path / "log").open("wb") as log:
            daemon = subprocess.Popen(made.words("run"), cwd=tmp_path, stdout=log, stderr=log)  # noqa: S603
        yield made, hooks, daemon
        daemon.kill()
        daemon.wait()


def wait_for(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)


def test_backups_taken_under_load_restore_to_the_identical_record(
    installation: tuple[Installation, HookReceiver, subprocess.Popen[bytes]],
) -> None:
    here, hooks, daemon = installation
    for round_number in range(2):
        seen = len(hooks.hooks)
        wait_for(lambda seen=seen: len(hooks.hooks) > seen + 5)  # type: ignore[misc] # it is busy, and at any point of its work
        daemon.send_signal(signal.SIGSTOP)  # time stands still for the daemon, whatever it holds in its hands
        try:
            here.backup(f"still{round_number}")
            assert here.told(f"still{round_number}") == here.told()
        finally:
            daemon.send_signal(signal.SIGCONT)
    assert daemon.poll() is None


def test_a_backup_taken_while_work_goes_on_holds_whole_transactions_and_their_evidence(
    installation: tuple[Installation, HookReceiver, subprocess.Popen[bytes]],
) -> None:
    here, hooks, daemon = installation
    wait_for(lambda: len(hooks.hooks) > 10)
    for name in ("first", "second"):
        here.backup(name)
        seen = len(hooks.hooks)
        wait_for(lambda seen=seen: len(hooks.hooks) > seen + 5)  # type: ignore[misc]
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(PATIENCE) == 0
    final = Record(here.state)
    for name in ("first", "second"):
        copy = Record(here.folder / name)
        assert copy.faults() == []
        assert 0 < len(copy.changes) < len(final.changes)
        assert copy.changes.items() <= final.changes.items()
        assert copy.deliveries == {k: v for k, v in final.deliveries.items() if k in copy.changes}
        assert copy.missing_evidence() == []


class Record:
    """What a state's database and archive hold, as the files themselves say."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.changes = dict(self._rows("SELECT id, recorded FROM change"))
        self.deliveries: dict[str, set[str]] = {}
        for delivery, changes in self._rows("SELECT id, change_ids FROM delivery"):
            for change in json.loads(changes):
                self.deliveries.setdefault(change, set()).add(delivery)

    def _rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.state / DATABASE)) as database:
            return database.execute(query).fetchall()

    def faults(self) -> list[Any]:
        return [
            *(row for row in self._rows("PRAGMA integrity_check") if row != ("ok",)),
            *self._rows("PRAGMA foreign_key_check"),
        ]

    def missing_evidence(self) -> list[str]:
        kept = {path.name.split(".")[0] for path in (self.state / "documents").rglob("*.zst")}
        return [sha for (sha,) in self._rows("SELECT sha256 FROM document") if sha not in kept]

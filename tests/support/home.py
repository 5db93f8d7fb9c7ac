"""A configuration and a state of one's own, and the command line run in this process or as one of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.faces.cli.app import app
from monitor.faces.demo.depositary import Depositary
from monitor.faces.demo.replica import ReplicaTreaty, write_page
from monitor.faces.demo.scenes import REFERENCE, mine_ban
from monitor.storage.engine import connect_to
from monitor.storage.sql import DATABASE

SCENES = mine_ban()
FIRST, LAST = SCENES[0].treaty, SCENES[-1].treaty
MONITOR = '[network]\nallow = ["127.0.0.1/32"]\npause = "0s"\nretries = 0\n[web]\nlisten = "127.0.0.1:0"\n'
"""The replica may be asked, at once; the page listens wherever a port is free."""
CONSOLE_FOR_ALL = '[[subscriptions]]\nname = "everybody"\nchannels = ["console"]\n'


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def with_database(text: str, database: str | None) -> str:
    """Return the text of a monitor.toml that names this database, where it does not name one itself."""
    return f'database = "{database}"\n{text}' if database and "database =" not in text else text


@dataclass
class Home:
    """One installation: its folders, the replica that it watches, and its command line."""

    folder: Path
    depositary: Depositary
    capsys: pytest.CaptureFixture[str]
    database: str | None = None

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def options(self) -> list[str]:
        return ["--config", str(self.config), "--state", str(self.state)]

    def write(self, name: str, text: str) -> None:
        file = self.config / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(with_database(text, self.database) if name == "monitor.toml" else text, "utf-8")

    def alter(self, statement: str) -> None:
        """Change the record behind the program's back."""
        engine = connect_to(self.database or f"sqlite:///{self.state / DATABASE}")
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    def watch(self, url: str, more: str = "") -> None:
        """Let this address be where the treaty is read."""
        source = f'[[sources]]\nsource = "untc"\nurl = "{url}"\n{more}'
        self.write("treaties/mine-ban.toml", f'reference = "{REFERENCE}"\nslug = "mine-ban"\n{source}')

    def show(self, treaty: ReplicaTreaty, stamp: datetime | None = None, seed: int = 0) -> None:
        """Put a page on the replica's site, as at its own day."""
        self.depositary.show(REFERENCE, write_page(treaty, stamp or datetime(2026, 2, 3, 10, tzinfo=UTC), seed=seed))

    def __call__(self, *words: str) -> Answer:
        """Run a command in this process."""
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            app([*self.options, *words], prog_name="treaty-monitor")
        said = self.capsys.readouterr()
        return Answer(int(ended.value.code or 0), said.out, said.err)

    def process(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        """Begin a command as a process of its own."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": self.folder} | options
        return subprocess.Popen([sys.executable, "-m", "monitor", *self.options, *words], **pipes)  # noqa: S603

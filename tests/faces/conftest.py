"""An installation for each test, and a log that is put back as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.daemon import Daemon, Start
from support.home import CONSOLE_FOR_ALL, FIRST, LAST, MONITOR, Home

from monitor.faces.demo.depositary import Depositary


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """Give the log back its handlers: commands put up their own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str], database: str | None) -> Iterator[Home]:
    """Return an installation that watches the replica; it has read nothing yet."""
    with Depositary() as depositary:
        made = Home(tmp_path, depositary, capsys, database)
        made.write("monitor.toml", MONITOR)
        made.write("subscriptions.toml", CONSOLE_FOR_ALL)
        made.watch(depositary.address(FIRST.path))
        made.show(LAST)
        yield made


@pytest.fixture
def start(home: Home) -> Iterator[Start]:
    """Return what starts a daemon; whatever still runs at the end of the test is killed."""
    started: list[Daemon] = []

    def begin(*words: str, **options: Any) -> Daemon:
        started.append(Daemon(home, *words, **options))
        return started[-1]

    yield begin
    for daemon in started:
        daemon.process.kill()
        daemon.process.wait()

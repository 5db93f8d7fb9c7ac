"""How long a start takes: `--help` beside an empty Typer program, the first request; and what a service takes for good.

The empty program has as many commands, no options, no bodies: what Typer itself costs.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import typer.main
from measuring import Spread, run, size, spread
from origin import STATES, Origin
from programs import command, configure

from monitor.faces.cli.app import app
from monitor.storage.sql import DATABASE

PAIRS = 15
SETTLING = 3
"""Seconds after a round's last page for what follows it."""
LONG_AGO = "2000-01-01 00:00:00.000000"
UNCHANGED_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Help:
    """Seconds that `--help` takes here and in an empty program with as many `commands`; their ratio pair by pair."""

    commands: int
    ours: Spread
    empty: Spread
    ratio: float


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the start of the process to the answer to its first request for a page.

    `check` over one treaty that is known already, `run` (the daemon) over one that it has never read.
    """

    check: Spread
    run: Spread


def help_pairs(folder: Path, pairs: int = PAIRS) -> Help:
    """Time `treaty-monitor --help` and the empty program's in turns."""
    folder.mkdir(parents=True)
    commands = len(getattr(typer.main.get_command(app), "commands", {}))
    script = folder / "empty.py"
    lines = ["import typer", "app = typer.Typer()"]
    for i in range(commands):
        lines += [f"@app.command('command-{i}')", f"def command_{i}() -> None:", '    """Do nothing."""']
    script.write_text("\n".join([*lines, "app()\n"]))
    empty = (sys.executable, str(script), "--help")
    ours, others = [], []
    for _ in range(pairs + 1):
        ours.append(run((command(folder)[0], "--help"), folder / "out", folder / "err").wall)
        others.append(run(empty, folder / "out", folder / "err").wall)
    ours, others = ours[1:], others[1:]  # the first pair writes byte code
    return Help(commands, spread(ours), spread(others), median(a / b for a, b in zip(ours, others, strict=True)))


def first_requests(origin: Origin, folder: Path, times: int = 5) -> Start:
    """Measure the way from a start to the first request, for `check` and for the daemon."""
    configure(folder / "config", origin.address("volatile"), [0])
    origin.show("volatile", "first")
    run(command(folder, "--json", "check"), folder / "out", folder / "err")  # the record is made once
    checks = [_to_first_request(origin, folder, "check") for _ in range(times)]
    daemons = []
    for number in range(times):
        fresh = folder / f"daemon-{number}"
        configure(fresh / "config", origin.address("volatile"), [0])
        daemons.append(_to_first_request(origin, fresh, "run"))
    return Start(spread(checks), spread(daemons))


def _to_first_request(origin: Origin, folder: Path, word: str) -> float:
    """Start a process, wait for its first request for a page, end it, and return the seconds between."""
    mark, start = origin.mark(), time.time()
    with (folder / f"{word}.log").open("wb") as log:
        process = subprocess.Popen(command(folder, word), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            while not (pages := [at for at, _, path in origin.asked(mark) if path.endswith(".html")]):
                if time.time() > start + 60:
                    raise TimeoutError(f"`{word}` asks for no page; its log is {folder / f'{word}.log'}")
                time.sleep(0.01)
        finally:
            if word == "run":
                process.terminate()
            process.wait(60)
    return pages[0] - start


def kept_per_check(origin: Origin, folder: Path, pages: int, rounds: int = UNCHANGED_ROUNDS) -> float:
    """Return the bytes by which the state folder grows per check of an unchanged page, over several rounds."""
    configure(folder / "config", origin.address("volatile"), range(pages))
    sizes = []
    for number in range(rounds + 2):  # the second round may still settle what the first began
        origin.show("volatile", "first" if number % 2 else "unchanged")
        run(command(folder, "--json", "check"), folder / "out", folder / "err")
        sizes.append(size(folder / "state"))
    return (sizes[-1] - sizes[1]) / (rounds * pages)


def peak_of_daemon(origin: Origin, folder: Path, pages: int) -> float:
    """Return the most memory, in MB, that `run` with its web page had over the three rounds of the suite."""
    configure(folder / "config", origin.address("volatile"), range(pages))
    origin.show("volatile", STATES[0])
    with (folder / "run.log").open("wb") as log:
        process = subprocess.Popen(command(folder, "run"), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            for state in STATES:
                origin.show("volatile", state)
                _go_round(folder / "state" / DATABASE, pages, folder / "run.log")
            time.sleep(SETTLING)
            told = Path(f"/proc/{process.pid}/status").read_text("ascii")
        finally:
            process.terminate()
            process.wait(60)
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024


def _go_round(record: Path, pages: int, log: Path) -> None:
    """Make every source due that is known, and wait until all have been checked."""
    end = time.time() + 300
    if record.exists():
        _ask(record, "UPDATE source SET next_due = ?")
    while not record.exists() or _ask(record, "SELECT count(*) FROM source WHERE next_due > ?") < pages:
        if time.time() > end:
            raise TimeoutError(f"`run` does not come to the end of a round; its log is {log}")
        time.sleep(0.5)


def _ask(record: Path, statement: str) -> int:
    with closing(sqlite3.connect(record, timeout=10)) as connection, connection:
        try:
            return int((connection.execute(statement, (LONG_AGO,)).fetchone() or (0,))[0])
        except sqlite3.OperationalError:  # there is no such table yet
            return 0

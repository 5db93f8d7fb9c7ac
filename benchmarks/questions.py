"""Asks every question of the command line and the web page, of 500 treaties after ten years, and says what each takes.

    .venv/bin/python benchmarks/questions.py [--treaties 500] [--keep FOLDER] [--times 5] [--only WORD]

The record is that of `decade.py`, with 10,000 deliveries; `--keep` makes it in a folder and takes it from there the
next time. Each question is asked in a process of its own that has the program and its configuration loaded and nothing
else: what is measured is what comes on top of the start. Of the web page the first look is that of a fresh application,
prepared as whoever serves it prepares it, the later ones are the median of several, and "a day later" is the first look
after midnight. Times are of the processor, as the least of three processes, those by the clock beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import io
import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import httpx
from decade import NOW, after_ten_years
from fastapi.routing import APIRoute
from rich.console import Console
from rich.table import Table
from typer.main import get_command

from monitor.__main__ import FEWER_LOOKS
from monitor.faces import clock
from monitor.faces.cli import app as commands
from monitor.faces.cli import face, listings, posting, questions, views
from monitor.faces.web.api import api
from monitor.faces.web.app import create_app, prepare
from monitor.faces.web.desk_pages import desk_pages
from monitor.faces.web.feeds import feeds
from monitor.faces.web.health import health
from monitor.faces.web.pages import pages
from monitor.pipeline import report
from monitor.pipeline.desk import Desk
from monitor.settings import Settings

COMMAND = get_command(commands.app)
LOADED = (listings, posting, questions, views)
"""Modules that a command loads when it runs: loading them is part of the start."""
BASE = "http://127.0.0.1:8477"
PROCESSES = 3
AIM = 100.0
"""Milliseconds that a question may take."""
FAR = 2_000.0
RECENT = (NOW - timedelta(days=30)).date()
COMMANDS = (
    *("status --treaty iv-101", "status --country PL", "status --country baltic", "status"),
    *("status --treaty iv-101 --on 2030-06-01 --known 2030-06-01", "status --country PL --known 2030-06-01"),
    *(f"changes --since {RECENT}", "changes --country PL", "changes --treaty iv-101", "changes"),
    *("changes --kind withdrawal_notified", "upcoming", "upcoming --ics /dev/null", "claims", "sources"),
    *("changes --limit 100", "deliveries", "deliveries --limit 100", "held", "held list --all"),
    *("channels", "subscriptions"),
    f"subscriptions test 'eastern flank' --since {RECENT}",
    *("treaties", "treaties show iv-101", "countries", "countries show baltic", "config check"),
    *("export --format csv --output /dev/null", "export --format jsonl --output /dev/null"),
)
PARTS = (pages, desk_pages, health, api, feeds)
NAMED = {"treaty": "iv-101", "country": "PL", "name": "eastern%20flank"}
"""What stands in an address for its parts; a change and a document are those of the record."""
ASKED = (
    *("/?countries=baltic", "/?countries=all", "/?on=2030-06-01", "/?countries=all&on=2030-06-01&known=2030-06-01"),
    *("/treaties/iv-101?on=2030-06-01&known=2030-06-01", "/countries/PL?on=2030-06-01&known=2030-06-01"),
    *("/api/v1/status?treaty=iv-101", "/api/v1/status?country=PL", "/api/v1/status?country=baltic"),
    *(f"/api/v1/changes?since={RECENT}", "/api/v1/changes?country=PL", "/api/v1/changes?limit=100"),
    *("/api/v1/upcoming?country=PL", "/feeds/upcoming.ics?treaty=iv-101", "/feeds/upcoming.ics?country=PL"),
    *("/feeds/countries/baltic.atom", "/deliveries?state=dead", "/api/v1/deliveries?limit=100"),
)
"""Addresses with fields, beside every path that the application has."""


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds by the clock and of the processor, and the answer's kilobytes."""

    wall: float
    cpu: float
    size: float


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--treaties", type=int, default=500)
    parser.add_argument("--keep", type=Path, help="folder in which the record is kept for the next time")
    parser.add_argument("--times", type=int, default=5, help="later looks of which the median is taken")
    parser.add_argument("--only", default="", help="ask only what has this word in it")
    wanted = parser.parse_args()
    gc.set_threshold(FEWER_LOOKS, 10, 10)  # as the program has it
    with (
        TemporaryDirectory() as place,
        after_ten_years(wanted.keep or Path(place), wanted.treaties) as (desk, settings),
    ):
        told = report.changes(desk, report.Wanted(), limit=1)["changes"][0]
        named = NAMED | {"change": told["id"], "sha256": told["evidence"]["after"]["document"]}
        desk.storage.close()  # a connection of the parent's is no good to its children
        gc.collect()
        gc.freeze()
        _commands(settings, wanted.only)
        _web(desk, settings, named, wanted.only, wanted.times)
    Console().print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", highlight=False)


def _commands(settings: Settings, only: str) -> None:
    table = Table("command", "as", "CPU ms", "clock ms", "kB", title="The command line, beyond the start")
    for line in (line for line in COMMANDS if only in line):
        for form in ("table", "json"):
            took = _least(lambda: [_command(settings, line, form)])[0]  # noqa: B023 - called at once
            table.add_row(line, form, *_cells(took))
    Console(width=130).print(table, highlight=False)


def _command(settings: Settings, line: str, form: str) -> Took:
    """Run a command as if it had just been started, its answer into memory."""
    words = [part for n, text in enumerate(line.split("'")) for part in ([text] if n % 2 else text.split())]
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with patch.object(face.Face, "settings", lambda _: settings), patch.object(clock, "utc_now", lambda: NOW):
        for module in LOADED:
            if hasattr(module, "utc_now"):
                module.utc_now = clock.utc_now
        with redirect_stdout(out):
            wall, cpu = time.perf_counter(), time.process_time()
            COMMAND.main([*words, *(["--json"] if form == "json" else [])], standalone_mode=False)
            out.flush()
            return Took((time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3, out.buffer.tell() / 1e3)


def _web(desk: Desk, settings: Settings, named: dict[str, str], only: str, times: int) -> None:
    heads = ("first: CPU ms", "clock ms", "later: CPU ms", "clock ms", "a day later: CPU ms", "kB")
    table = Table("address", *heads, title="The web page")
    for path in (path for path in _paths(named) if only in path):
        first, later, day = _least(lambda: asyncio.run(_look(desk, settings, path, times)))  # noqa: B023 - called at once
        table.add_row(path, *_cells(first)[:2], *_cells(later)[:2], _cells(day)[0], _cells(first)[2])
    Console(width=150).print(table, highlight=False)


def _paths(named: dict[str, str]) -> Iterator[str]:
    """Yield every address that can be looked at, then those with fields."""
    for route in (route for part in PARTS for route in part.routes):
        if isinstance(route, APIRoute) and "GET" in route.methods:
            yield route.path.format(**named)
    yield from ASKED


async def _look(desk: Desk, settings: Settings, path: str, times: int) -> list[Took]:
    """Look for the first time, several times more, and once more on the next day."""
    now = NOW
    app = create_app(lambda: desk, lambda: settings, lambda: now)
    app.openapi()
    prepare(app)  # as whoever serves the page has done
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE, timeout=None) as client:  # noqa: S113
        first = await _timed(client, path)
        later = sorted([await _timed(client, path) for _ in range(times)], key=lambda took: took.cpu)[times // 2]
        now += timedelta(days=1)
        return [first, later, await _timed(client, path)]


async def _timed(client: httpx.AsyncClient, path: str) -> Took:
    wall, cpu = time.perf_counter(), time.process_time()
    answer = await client.get(path, headers={"accept-encoding": "gzip"})
    took = (time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3
    if answer.status_code not in {200, 303, 503}:  # not ready is an answer too
        raise RuntimeError(f"{path}: {answer.status_code}")
    return Took(*took, len(answer.content) / 1e3)


def _least(work: Callable[[], list[Took]]) -> list[Took]:
    """Do it in several processes; return of each time the one that took least of the processor.

    What takes seconds is done once: it misses the aim by far.
    """
    runs = [_apart(work)]
    if max(took.cpu for took in runs[0]) < FAR:
        runs += [_apart(work) for _ in range(PROCESSES - 1)]
    return [min(each, key=lambda took: took.cpu) for each in zip(*runs, strict=True)]


def _apart(work: Callable[[], Any]) -> Any:
    """Return what comes of it in a process of its own, which knows what this one has loaded."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with os.fdopen(writing, "wb") as out:
                pickle.dump(work(), out)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the child must not go on as if it were its parent
            sys.excepthook(*sys.exc_info())
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        body = answer.read()
    os.waitpid(child, 0)
    return pickle.loads(body)  # noqa: S301 - from our own child


def _cells(took: Took) -> tuple[str, str, str]:
    mark = "!" if took.cpu > AIM else ""
    return f"{took.cpu:.0f}{mark}", f"{took.wall:.0f}", f"{took.size:.0f}"


if __name__ == "__main__":
    main()

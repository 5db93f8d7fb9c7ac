"""Measures the web face over a large record: ten years of changes of many treaties with two hundred participants each.

    .venv/bin/python benchmarks/overview.py [--treaties 100] [--countries 200] [--times 25]

The record is written by the program's own storage into a temporary folder, the application is asked in this process:
what is measured is the reading of the record and the writing of the page, without a network. "First" is the first
request of a fresh application, "after a check" the median of requests before each of which one treaty's page was read
anew. Times are by the clock, those of the processor beside them: on a busy machine only these tell what a page costs.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
from rich.console import Console
from rich.table import Table

from monitor import bootstrap
from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.change import Change, ChangeKind, Proof, RecordedChange
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.participation import Participation, Status
from monitor.domain.snapshot import Header, Snapshot, Totals
from monitor.faces.web.app import create_app
from monitor.pipeline.desk import Desk
from monitor.settings import Settings, load_settings
from monitor.storage.interface import Condition, SourceState

NOW = datetime(2026, 2, 3, 9, tzinfo=UTC)
YEARS, PER_YEAR = 10, 20
"""Changes of each treaty: twenty a year for ten years."""
BASE = "http://127.0.0.1:8477"
PATHS = {
    "overview, all countries": "/?countries=all",
    "overview, then": "/?countries=all&on=2022-06-01",
    "overview, as known then": "/?countries=all&on=2022-06-01&known=2022-06-01",
    "treaty": "/treaties/t-7",
    "treaty, then": "/treaties/t-7?on=2020-06-01",
    "country": "/countries/PL",
    "changes": "/changes",
    "sources": "/sources",
    "deliveries": "/deliveries",
    "API: status of a treaty": "/api/v1/status?treaty=t-7",
    "API: status of a country": "/api/v1/status?country=PL",
    "API: changes of a country": "/api/v1/changes?country=PL",
    "API: changes since": "/api/v1/changes?since=2026-01-01",
    "API: changes, first page": "/api/v1/changes?limit=100",
    "API: upcoming": "/api/v1/upcoming",
    "API: sources": "/api/v1/sources",
    "feed of a treaty": "/feeds/treaties/t-7.atom",
    "feed of a country": "/feeds/countries/PL.atom",
    "calendar of a treaty": "/feeds/upcoming.ics?treaty=t-7",
    "calendar": "/feeds/upcoming.ics",
    "readyz": "/readyz",
    "metrics": "/metrics",
}


Times = tuple[float, float]
"""By the clock, and of the processor."""


@dataclass(frozen=True, slots=True)
class Took:
    """How long a path took, in milliseconds, and what its answer weighs in kilobytes, plain and compressed."""

    first: float
    again: float
    again_cpu: float
    checked: float
    checked_cpu: float
    plain: float
    compressed: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--treaties", type=int, default=100)
    parser.add_argument("--countries", type=int, default=200)
    parser.add_argument("--times", type=int, default=25, help="requests of which the median is taken")
    wanted = parser.parse_args()
    with TemporaryDirectory() as place:
        settings = configuration(Path(place), wanted.treaties)
        with bootstrap.record(settings) as desk:
            write(desk, people(settings, wanted.countries))
            results = asyncio.run(measure(desk, settings, wanted.times))
    _print(results, f"{wanted.treaties} treaties, {wanted.countries} participants, {YEARS * PER_YEAR} changes each")


def configuration(folder: Path, treaties: int) -> Settings:
    """Return the settings of an installation that watches so many treaties."""
    (folder / "config" / "treaties").mkdir(parents=True)
    (folder / "config" / "monitor.toml").write_text("", "utf-8")
    for n in range(treaties):
        source = f'[[sources]]\nsource = "untc"\nurl = "https://depositary.example/{n}"\n'
        text = f'slug = "t-{n}"\nreference = "XXVII-{n + 100}"\ntitle = "Convention number {n}"\n{source}'
        (folder / "config" / "treaties" / f"t-{n}.toml").write_text(text, "utf-8")
    return load_settings(folder / "config", folder / "state")


def people(settings: Settings, number: int) -> list[Participant]:
    """Return so many participants, States first."""
    every = sorted(settings.names.all(), key=lambda p: (p.kind is not ParticipantKind.STATE, p.name))
    return every[:number]


def write(desk: Desk, who: list[Participant]) -> None:
    """Write ten years into the record: of each treaty the present reading and its changes."""
    for n, (treaty, source) in enumerate(desk.watched()):
        rows = tuple(_row(p, n + i) for i, p in enumerate(who))
        header = Header(treaty.reference, treaty.title, NOW, None, None, date(1999, 3, 1), Totals(None, None))
        state = SourceState(treaty.reference, source.key, source.url, Condition.OK, NOW, NOW, NOW + timedelta(hours=12))
        with desk.storage.begin() as tx:
            began = NOW - timedelta(days=365 * YEARS)
            tx.store_snapshot(treaty.reference, source.key, Snapshot(header, rows), began, "ab" * 32)
            tx.save_source(state)
            tx.record(_change(treaty.slug, treaty.reference, who[i % len(who)], i) for i in range(YEARS * PER_YEAR))


def _row(who: Participant, n: int) -> Participation:
    day = date(2000, 1, 1) + timedelta(days=37 * (n % 240))
    acts = (
        TreatyAction(kind=ActionKind.SIGNATURE, date=day - timedelta(days=700), bracketed=False),
        TreatyAction(kind=ActionKind.RATIFICATION, date=day, bracketed=False),
    )
    return Participation(who, (*acts, _notice(date(2025, 9, 1))) if n % 40 == 0 else acts)


def _notice(day: date) -> TreatyAction:
    return TreatyAction(
        kind=ActionKind.WITHDRAWAL, date=day, effective=day + timedelta(days=365), basis=Basis.STATED, article="20"
    )


def _change(slug: str, reference: str, who: Participant, n: int) -> RecordedChange:
    seen = NOW - timedelta(days=365 / PER_YEAR * n)
    kind = (ChangeKind.CONSENTED, ChangeKind.SIGNED, ChangeKind.WITHDRAWAL_NOTIFIED)[n % 3]
    act = _notice(seen.date()) if n % 3 == 2 else TreatyAction(kind=ActionKind.ACCESSION, date=seen.date())  # noqa: PLR2004
    proof = Proof("ab" * 32, seen, f"{who.name}: signature 3 December 1997; ratification 1 March 1999")
    change = Change(
        kind=kind,
        treaty=reference,
        participant=who,
        action=act,
        status_before=Status.SIGNATORY,
        status_after=Status.PARTY,
    )
    return RecordedChange(change, seen, slug, slug, "untc", "https://depositary.example/", proof, proof)


async def measure(desk: Desk, settings: Settings, times: int) -> dict[str, Took]:
    """Ask for every path, first of all and again and again."""
    found = {}
    for name, path in PATHS.items():
        app = create_app(lambda: desk, lambda: settings, lambda: NOW)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE, timeout=None) as client:  # noqa: S113
            (first, _), body = await _timed(client, path)
            again = [(await _timed(client, path))[0] for _ in range(times)]
            checked = [await _after_a_check(desk, n, lambda: _timed(client, path)) for n in range(times)]  # noqa: B023 - called at once
        weight = len(gzip.compress(body, 5)) / 1000
        found[name] = Took(first, *_middle(again), *_middle(checked), len(body) / 1000, weight)
    return found


async def _timed(client: httpx.AsyncClient, path: str) -> tuple[Times, bytes]:
    start, work = time.perf_counter(), time.process_time()
    answer = await client.get(path)
    took = (time.perf_counter() - start) * 1000, (time.process_time() - work) * 1000
    answer.raise_for_status()
    return took, answer.content


def _middle(times: list[Times]) -> Times:
    return median(clock for clock, _ in times), median(work for _, work in times)


async def _after_a_check(desk: Desk, n: int, ask: Callable[[], Awaitable[tuple[Times, bytes]]]) -> Times:
    """Note that one page has been read anew, and ask then."""
    with desk.storage.begin() as tx:
        state = tx.sources()[n]
        tx.save_source(replace(state, last_good=(state.last_good or NOW) - timedelta(seconds=1 + n)))
    return (await ask())[0]


def _print(results: dict[str, Took], title: str) -> None:
    heads = ("first ms", "median ms", "CPU", "after a check ms", "CPU", "kB", "compressed")
    table = Table("page", *heads, title=title)
    for name, t in results.items():
        times = (t.first, t.again, t.again_cpu, t.checked, t.checked_cpu)
        table.add_row(name, *(f"{v:.0f}" for v in (*times, t.plain, t.compressed)))
    Console(width=110).print(table)
    Console().print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()

"""Measures how one change becomes a delivery for each of many subscriptions: time, memory, rows per second.

    PYTHONPATH=tests .venv/bin/python benchmarks/fanout.py [--subscriptions 1000 10000 100000] [--rounds 3]

Every subscription is another desk with one recipient of its own: the worst case, for each has an alert and a message
text of its own. Each run has a process and a record of its own, in SQLite and in a PostgreSQL that the benchmark starts
(Debian's, with fsync off). Memory is what the run needed beyond the subscriptions themselves.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from deliveries import change, machine
from rich.console import Console
from rich.table import Table
from support import postgres

from monitor.channels.fake import RecordingChannel
from monitor.domain.alert import Directory, Subscription
from monitor.pipeline.notify import deliveries
from monitor.pipeline.timetable import post
from monitor.storage.sql import open_storage

PROCESSES = get_context("spawn")


@dataclass(frozen=True, slots=True)
class Run:
    """What one fan-out took: seconds, megabytes beyond the subscriptions, rows."""

    seconds: float
    megabytes: float
    rows: int


def subscriptions(number: int) -> tuple[Subscription, ...]:
    """Return so many subscriptions, a tenth of which ask for the State concerned by name."""
    return tuple(
        Subscription(
            f"desk {each}",
            None,
            frozenset({"PL", "EE"}) if each % 10 == 0 else None,
            None,
            ("mail",),
            (f"desk{each}@example.org",),
        )
        for each in range(number)
    )


def fan_out(place: str, number: int) -> Run:
    """Record one change and enter its deliveries, in one transaction."""
    all_of_them = subscriptions(number)
    directory = Directory(all_of_them)
    desk: Any = SimpleNamespace(
        subscriptions=all_of_them,
        directory=directory,
        subscription=directory.named,
        channels={"mail": RecordingChannel("mail")},
    )
    storage = open_storage(place)
    news, now = change(), datetime.now(UTC)
    before, began = _peak(), time.perf_counter()
    with storage.begin() as tx:
        rows = post(desk, tx, deliveries(desk, tx.record([news]), now), now)
    took = time.perf_counter() - began
    storage.close()
    return Run(took, _peak() - before, rows)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def place_of(kind: str, cluster: postgres.Cluster) -> Iterator[str]:
    """Yield an empty record's place."""
    if kind == "PostgreSQL":
        with cluster.database() as address:
            yield address
        return
    with TemporaryDirectory() as folder:
        yield folder


def measured(kind: str, number: int, rounds: int, cluster: postgres.Cluster) -> list[Run]:
    """Return so many runs, each in a process of its own."""
    runs = []
    for _ in range(rounds):
        with place_of(kind, cluster) as place, PROCESSES.Pool(1) as pool:
            runs.append(pool.apply(fan_out, (place, number)))
    return runs


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscriptions", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    console, table = Console(width=110), Table("database", "subscriptions", "seconds", "rows/s", "megabytes")
    postgres.announce()
    try:
        with postgres.own_cluster() as cluster:
            for kind in ("SQLite", "PostgreSQL"):
                for number in asked.subscriptions:
                    runs = measured(kind, number, asked.rounds, cluster)
                    seconds, memory = median(r.seconds for r in runs), median(r.megabytes for r in runs)
                    speed = f"{runs[0].rows / seconds:,.0f}"
                    table.add_row(kind, f"{number:,}", f"{seconds:.2f}", speed, f"{memory:.0f}")
    finally:
        postgres.farewell()
    console.print(machine(), highlight=False)
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    sys.exit(main())

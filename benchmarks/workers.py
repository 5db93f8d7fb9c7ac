"""Measures how checks and deliveries grow with the processes that share them: 1, 2 and 4 over one PostgreSQL.

    PYTHONPATH=tests .venv/bin/python benchmarks/workers.py [--processes 1 2 4] [--pages 320] [--messages 2000]

The pages lie on 16 hosts (127.0.0.1 to 127.0.0.16) that take 50 ms for each answer, asked one at a time each; the
receiver of webhooks takes 50 ms too. One process is a replica (`run`), the others are workers. Everything runs on this
one machine, the database, the hosts and the receiver as well: with few cores these are the limit.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from deliveries import machine
from reliability import fleet
from reliability.fleet import SECRET, Fleet, Office
from rich.console import Console
from rich.table import Table
from support import postgres

from monitor.domain.delivery import Delivery
from monitor.faces.demo import serving
from monitor.faces.demo.inbox import HookReceiver
from monitor.storage.sql import open_storage

HOSTS = 16
LATENCY = 0.05
PATIENCE = 300.0


class Many(Office):
    """The same site under many names; each name counts as a host of its own."""

    @property
    def url(self) -> str:
        """The address of one of the hosts, another at each time of asking."""
        self._turn = getattr(self, "_turn", 0) % HOSTS + 1
        return f"http://127.0.0.{self._turn}:{self.port}"


class Slow(HookReceiver):
    """A receiver that takes its time."""

    @property
    def url(self) -> str:
        """Its address, which is one of those that it listens at."""
        return f"http://127.0.0.1:{self.port}"

    def _judge(self, request: serving.Received) -> serving.Answer:
        time.sleep(LATENCY)
        return super()._judge(request)


def until(what: Callable[[], bool]) -> float:
    """Wait until this holds; return the seconds that it took."""
    began = time.perf_counter()
    while not what():
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError(what)
        time.sleep(0.05)
    return time.perf_counter() - began


def checked(at_work: Fleet, pages: int) -> float:
    """Make every page due, and return how many checks a second followed."""
    at_work.ask("UPDATE source SET next_due = now() RETURNING 1")
    query = "SELECT count(*) FROM source WHERE next_due <= now()"
    return pages / until(lambda: at_work.ask(query) == [(0,)])


def delivered(at_work: Fleet, messages: int) -> float:
    """Put messages into the outbox, and return how many deliveries a second followed."""
    now, storage = datetime.now(UTC), open_storage(at_work.address)
    body = '{"type": "test", "timestamp": "2026-11-23T12:00:00Z", "data": {"title": "a", "summary": "b"}}'
    with storage.begin() as tx:
        tx.enqueue(Delivery(f"msg_{n}", "case-system", "case-system", body, now, now) for n in range(messages))
    storage.close()
    return messages / until(lambda: at_work.ask("SELECT count(*) FROM delivery WHERE state <> 'sent'") == [(0,)])


def measured(processes: int, pages: int, messages: int) -> tuple[float, float]:
    """Return checks and deliveries a second with so many processes."""
    with (
        TemporaryDirectory() as folder,
        postgres.own_cluster() as cluster,
        Many(pages) as office,
        Slow(SECRET) as hooks,
        cluster.database() as address,
    ):
        at_work = Fleet(Path(folder), cluster, address, office, hooks, fleet.random.Random(1))
        at_work.configure("12h")
        try:
            for name in ("run-1", *(f"worker-{n}" for n in range(1, processes))):
                at_work.start(name)
            until(lambda: _read(at_work) == pages)
            return checked(at_work, pages), delivered(at_work, messages)
        finally:
            at_work.stop()


def _read(at_work: Fleet) -> int:
    try:
        return int(at_work.ask("SELECT count(*) FROM source WHERE condition = 'ok'")[0][0])
    except psycopg.Error:
        return 0  # the first process is still making the tables


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--pages", type=int, default=320)
    parser.add_argument("--messages", type=int, default=2_000)
    asked = parser.parse_args()
    serving.LOOPBACK, fleet.ANSWER = "0.0.0.0", LATENCY  # noqa: S104 - every 127.0.0.x of this machine
    fleet.MONITOR = fleet.MONITOR.replace("127.0.0.1/32", "127.0.0.0/8")
    console, table = Console(width=100), Table("processes", "checks/s", "deliveries/s")
    postgres.announce()
    try:
        for number in asked.processes:
            checks, sent = measured(number, asked.pages, asked.messages)
            table.add_row(str(number), f"{checks:,.1f}", f"{sent:,.1f}")
    finally:
        postgres.farewell()
    console.print(machine(), highlight=False)
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    sys.exit(main())

"""Replicas and workers over one PostgreSQL, a depositary of many treaties, and everything that may happen to them."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from support import postgres

from monitor.faces.demo.inbox import HookReceiver
from monitor.faces.demo.replica import MINE_BAN_COLUMNS, Cell, ReplicaRow, ReplicaTreaty, write_page
from monitor.faces.demo.serving import Answer, LocalServer, Received

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
STATES = (
    *("Albania", "Algeria", "Austria", "Belgium", "Brazil", "Bulgaria", "Canada", "Chile", "Croatia", "Cyprus"),
    *("Denmark", "Ecuador", "Fiji", "France", "Gabon", "Germany", "Ghana", "Greece", "Guinea", "Honduras"),
)
ACT = (datetime.now(UTC) - timedelta(days=40)).date()
ANSWER = 0.01
"""Seconds that the depositary takes, so that two requests at once are seen."""


class Office(LocalServer):
    """A depositary's site with many treaties. `most` is the greatest number of requests that it had at one time."""

    def __init__(self, treaties: int) -> None:
        self.acceded = {number: ["Albania"] for number in range(treaties)}
        self.most = self.asked = self._now = 0
        self._door = threading.Lock()
        self._pages = {number: self._written(number) for number in self.acceded}
        super().__init__(self._find)

    def accede(self, number: int) -> None:
        """Let one more State accede to a treaty, if any is left."""
        if len(self.acceded[number]) < len(STATES):
            self.acceded[number].append(STATES[len(self.acceded[number])])
            self._pages[number] = self._written(number)

    def news(self) -> set[tuple[str, str]]:
        """Return all that has happened since the beginning: treaty and State."""
        return {(reference(n), state) for n, states in self.acceded.items() for state in states[1:]}

    def _written(self, number: int) -> bytes:
        rows = tuple(ReplicaRow(name, (None, Cell(ACT, "a"))) for name in self.acceded[number])
        treaty = ReplicaTreaty(
            reference(number), f"Treaty {number}", "DISARMAMENT", "Oslo, 18 September 1997",
            "1 March 1999, by article 17 (1).", MINE_BAN_COLUMNS, rows,
        )  # fmt: skip
        return write_page(treaty, datetime.now(UTC).replace(tzinfo=None), seed=len(rows), noise=64)

    def _find(self, request: Received) -> Answer:
        with self._door:
            self._now += 1
            self.asked += 1
            self.most = max(self.most, self._now)
        try:
            time.sleep(ANSWER)
            if request.path == "/robots.txt":
                return Answer(404)
            page = self._pages[int(request.path.rsplit("/", 1)[1])]
            return Answer(headers={"Content-Type": "text/html; charset=utf-8"}, body=page)
        finally:
            with self._door:
                self._now -= 1


def reference(number: int) -> str:
    return f"XXVI-{100 + number}"


@dataclass
class Fleet:
    """Two replicas and three workers. `faults` are those done so far."""

    folder: Path
    cluster: postgres.Cluster
    address: str
    office: Office
    hooks: HookReceiver
    chance: random.Random
    faults: list[str] = field(default_factory=list)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def configure(self, every: str) -> None:
        self._write("monitor.toml", MONITOR.format(address=self.address))
        self._write("channels.toml", CHANNELS.format(hook=self.hooks.url, secret=self.folder / "secret"))
        (self.folder / "secret").write_text(SECRET, "utf-8")
        self._write("subscriptions.toml", SUBSCRIPTIONS)
        for number in self.office.acceded:
            url = f"{self.office.url}/page/{number}"
            text = TREATY.format(reference=reference(number), number=number, url=url, every=every)
            self._write(f"treaties/{number}.toml", text)

    def _write(self, name: str, text: str) -> None:
        file = self.folder / "config" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def start(self, name: str) -> None:
        """Start a process: its name says whether it is a replica (run) or a worker."""
        words = [
            name.split("-", maxsplit=1)[0],
            "--config",
            str(self.folder / "config"),
            "--state",
            str(self.folder / "state"),
        ]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen([sys.executable, "-m", "monitor", *words], stdout=log, stderr=log)  # noqa: S603 our own program

    def stop(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()

    def harm(self) -> None:
        """Let one thing happen, chosen by chance."""
        what = self.chance.choice([self.kill, self.kill, self.end, self.cut, self.cut_some, self.crash_database])
        what()
        self.faults.append(what.__name__)

    def kill(self) -> None:
        """Kill a process as the lack of memory does, and start it again."""
        name = self.chance.choice(sorted(self.processes))
        self.processes[name].kill()
        self.processes[name].wait()
        self.start(name)

    def end(self) -> None:
        """Let a process end as an upgrade does, and start it again."""
        name = self.chance.choice(sorted(self.processes))
        self.processes[name].send_signal(signal.SIGTERM)
        try:
            self.processes[name].wait(90)
        finally:
            self.start(name)

    def cut(self) -> None:
        """Cut every connection to the database."""
        self._cut(1)

    def cut_some(self) -> None:
        """Cut about half of the connections."""
        self._cut(0.5)

    def _cut(self, part: float) -> None:
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        with psycopg.connect(self.address, autocommit=True) as server:
            server.execute(f"{query} AND random() < %s".encode(), (server.info.dbname, part))

    def crash_database(self) -> None:
        """Let the database die and come back after a while."""
        self.cluster.stop("immediate")
        time.sleep(self.chance.uniform(0, 2))
        self.cluster.start()

    def pause(self) -> None:
        """Let some time pass."""
        time.sleep(self.chance.uniform(0, 5))

    def revive(self) -> None:
        """Start whatever has ended by itself: a service manager would."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                self.start(name)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the record itself."""
        with psycopg.connect(self.address, autocommit=True) as server:
            return server.execute(query.encode()).fetchall()

    def until(self, what: Callable[[], bool], seconds: float, why: str) -> None:
        """Wait until this holds."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, f"{why}\n{self.log()}"
            self.revive()
            time.sleep(0.3)

    def log(self) -> str:
        """Return the last that each process said."""
        return "\n".join(
            f"{file.name}: {file.read_text('utf-8')[-1500:]}" for file in sorted(self.folder.glob("*.log"))
        )

    def recorded(self) -> list[tuple[str, str]]:
        """Return each change of the record."""
        rows = self.ask("SELECT treaty, recorded::json -> 'change' -> 'participant' ->> 'name' FROM change")
        return [(treaty, name) for treaty, name in rows]

    def all_sent(self) -> bool:
        """Whether nothing waits any more. What a dead sender had in hand waits for the end of its lease: let it end."""
        with suppress(psycopg.Error):
            self.ask("UPDATE delivery SET lease_until = now() WHERE state = 'sending' RETURNING 1")
            self.ask("UPDATE delivery SET next_attempt = now() WHERE state = 'pending' RETURNING 1")
            time.sleep(3)
            return self.ask("SELECT count(*) FROM delivery WHERE state <> 'sent'") == [(0,)]
        return False

    def told(self) -> dict[tuple[str, str], set[tuple[str, bytes]]]:
        """Return the ids and bodies under which each change has arrived."""
        arrived: dict[tuple[str, str], set[tuple[str, bytes]]] = defaultdict(set)
        for hook in tuple(self.hooks.hooks):
            assert hook.verified
            change = json.loads(hook.body)["data"]
            arrived[change["treaty"], change["participant"]["name"]].add((hook.id, hook.body))
        return arrived


@contextmanager
def fleet(folder: Path, treaties: int, names: tuple[str, ...], seed: int, every: str) -> Iterator[Fleet]:
    """Yield a fleet at work, which has read every page once."""
    hooks = HookReceiver(SECRET)
    with postgres.own_cluster() as cluster, Office(treaties) as office, hooks, cluster.database() as address:
        made = Fleet(folder, cluster, address, office, hooks, random.Random(seed))  # noqa: S311 - to be repeated
        made.configure(every)
        try:
            for name in names:
                made.start(name)
            read = lambda: made.ask("SELECT count(*) FROM source WHERE condition = 'ok'") == [(treaties,)]  # noqa: E731
            made.until(read, 60 + treaties, "not every page was read")
            yield made
        finally:
            made.stop()


MONITOR = """
database = "{address}"
timezone = "UTC"
contact = "desk@example.org"
[network]
allow = ["127.0.0.1/32"]
pause = "0s"
[web]
listen = "127.0.0.1:0"
"""
CHANNELS = """
[case-system]
type = "webhook"
url = "{hook}/hooks/treaties"
secret = "file:{secret}"
"""
SUBSCRIPTIONS = """
[[subscriptions]]
name = "everyone"
channels = ["case-system"]
"""
TREATY = """
reference = "{reference}"
slug = "treaty-{number}"
title = "Treaty {number}"
[[sources]]
source = "untc"
url = "{url}"
every = "{every}"
"""

"""Several processes over one record in PostgreSQL: replicas that tick and work, and workers that only work."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from support import postgres
from support.daemon import Daemon
from support.home import MONITOR, Home


@pytest.fixture(scope="module")
def cluster() -> postgres.Cluster:
    return postgres.shared_cluster()


@pytest.fixture
def shared(home: Home, cluster: postgres.Cluster) -> Iterator[Home]:
    """Return an installation whose record is in PostgreSQL, whatever the others' is in."""
    with cluster.database() as address:
        home.database = address
        home.write("monitor.toml", MONITOR)
        yield home


@pytest.fixture
def begin(shared: Home) -> Iterator[Callable[[str], Daemon]]:
    started: list[Daemon] = []

    def begun(word: str) -> Daemon:
        started.append(Daemon(shared, command=word))
        return started[-1]

    yield begun
    for daemon in started:
        daemon.process.kill()
        daemon.process.wait()


def _states(home: Home) -> Counter[str]:
    return Counter(d["state"] for d in home("deliveries", "--json").json["deliveries"])


def _until_sent(home: Home, number: int) -> None:
    until = time.monotonic() + 30
    while _states(home) != {"sent": number}:
        assert time.monotonic() < until, _states(home)
        time.sleep(0.2)


def test_one_process_does_all_by_itself(shared: Home, begin: Callable[[str], Daemon]) -> None:
    replica = begin("run")
    assert "next check at" in replica.until("mine-ban (untc): changed (13 changes)")
    _until_sent(shared, 7)
    assert replica.stop() == 0
    assert replica.said[-1].rstrip().endswith("stopped")


def test_each_due_check_is_done_once_however_many_replicas_tick(shared: Home, begin: Callable[[str], Daemon]) -> None:
    processes = [begin("run"), begin("run"), begin("worker")]
    for process in processes:
        process.until("watching")
    _until_sent(shared, 7)
    time.sleep(2.5)  # another tick of each
    assert [process.stop() for process in processes] == [0, 0, 0]
    pages = [request for request in shared.depositary.received if request.path != "/robots.txt"]
    assert len(pages) == 1
    assert len(shared("changes", "--json").json["changes"]) == 13
    attempts = [len(d["attempts"]) for d in shared("deliveries", "--json").json["deliveries"]]
    assert attempts == [1] * 7


def test_a_worker_finds_nothing_due_by_itself(shared: Home, begin: Callable[[str], Daemon]) -> None:
    worker = begin("worker")
    worker.until("watching")
    time.sleep(2.5)
    assert shared.depositary.received == []
    begin("run").until("watching")
    _until_sent(shared, 7)
    assert worker.stop() == 0


@pytest.mark.sqlite
def test_a_worker_needs_a_record_that_several_may_use(home: Home) -> None:
    said = home("worker")
    assert (said.code, "postgresql://" in said.err, "Traceback" in said.err) == (2, True, False)


def test_the_address_of_the_database_is_shown_without_its_password(home: Home) -> None:
    home.write("monitor.toml", 'database = "postgresql://watcher:hidden@db.example/treaties"\n')
    said = home("config", "show", "--json")
    assert (said.json["database"], "hidden" in said.out) == ("postgresql://***@db.example/treaties", False)


def test_the_embedded_mode_loads_no_queue_and_no_driver() -> None:
    script = """
import sys
from monitor import bootstrap
from monitor.faces import daemon
from monitor.faces.cli import app
print(sorted({"procrastinate", "psycopg", "monitor.engine"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.stdout.strip(), done.stderr) == ("[]", "")

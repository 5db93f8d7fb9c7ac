"""A real PostgreSQL server for one run of the suite, and an empty record of its own for each test that wants one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

import psycopg
import pytest
from filelock import FileLock

from monitor.storage.sql import open_storage

SHARED = "TREATY_TEST_CLUSTER"
"""The variable that tells the workers of one run where their common server lies."""
TEMPLATE = "record"
PATIENCE = 60.0
_USUAL = "-c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB"
"""What is committed survives the server's death, though not the machine's, which no test brings about."""
_QUICK = " -c synchronous_commit=off"
"""What is committed may not even survive the server's death."""
_number = count()


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL that Debian has installed, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


@dataclass(frozen=True)
class Cluster:
    """A server over data in one folder. It runs as `postgres` where the tests are root's, since initdb refuses root."""

    home: Path
    quick: bool = True

    @property
    def data(self) -> Path:
        return self.home / "data"

    @cached_property
    def port(self) -> int:
        return int((self.home / "port").read_text("ascii"))

    def address(self, database: str = "postgres") -> str:
        """Return the address of a database, as a configuration has it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def make(self) -> None:
        """Make the data, start the server, and put one migrated record there that the tests' own are copies of."""
        self.home.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.home, "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            (self.home / "port").write_text(str(free.getsockname()[1]), "ascii")
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self.start()
        with psycopg.connect(self.address(), autocommit=True) as server:
            server.execute(f"CREATE DATABASE {TEMPLATE}".encode())
        open_storage(self.address(TEMPLATE)).close()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -k {self.home} -c listen_addresses=127.0.0.1 {_USUAL}{_QUICK * self.quick}"
        self._run("pg_ctl", "start", "-w", "-D", str(self.data), "-o", options, "-l", str(self.home / "log"))

    def stop(self, how: str = "immediate") -> None:
        """Stop the server: "immediate" as a power cut does, "fast" cutting every connection."""
        self._run("pg_ctl", "stop", "-w", "-D", str(self.data), "-m", how)

    def remove(self) -> None:
        """Stop the server and remove its data."""
        if (self.data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    @contextmanager
    def database(self, template: str = TEMPLATE) -> Iterator[str]:
        """Make a database for one test, empty but migrated, and drop it afterwards; yield its address."""
        name = f"t{os.getpid()}_{next(_number)}"
        self._copy(name, template)
        yield self.address(name)
        with psycopg.connect(self.address(), autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def _copy(self, name: str, template: str) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with psycopg.connect(self.address(), autocommit=True) as server:
                    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
            except psycopg.errors.ObjectInUse:  # another worker is copying it at this moment
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

    def _run(self, program: str, *options: str) -> None:
        bin_ = programs()
        assert bin_
        as_postgres = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") * (os.geteuid() == 0)
        command: Sequence[str] = (*as_postgres, str(bin_ / program), *options)
        # the server must not inherit a pipe, or whoever reads it would wait for the server's end
        with (self.home / "said").open("ab") as said:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False, cwd="/")  # noqa: S603 our own words
        assert done.returncode == 0, (self.home / "said").read_text("utf-8")


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """Yield a server that a test may stop and start, and which keeps what it has committed."""
    if programs() is None:
        shared_cluster()  # says why the test is skipped, or fails
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="own.", dir=os.environ[SHARED])), quick=False)
    try:
        cluster.make()
        yield cluster
    finally:
        cluster.remove()


def announce() -> None:
    """Choose the folder of this run's server, before there are workers; nothing is made yet."""
    for folder in Path(tempfile.gettempdir()).glob("treaty-pg.*.*"):
        if not Path("/proc", folder.name.split(".")[1]).exists():  # a run that was killed could not clean up
            Cluster(folder / "cluster").remove()
            shutil.rmtree(folder, ignore_errors=True)
    os.environ[SHARED] = tempfile.mkdtemp(prefix=f"treaty-pg.{os.getpid()}.")
    Path(os.environ[SHARED]).chmod(0o755)


def farewell() -> None:
    """Remove this run's server, if one was needed."""
    folder = Path(os.environ.pop(SHARED))
    Cluster(folder / "cluster").remove()
    shutil.rmtree(folder, ignore_errors=True)


def shared_cluster() -> Cluster:
    """Return this run's server, started by whoever needs it first. Skips where no PostgreSQL is installed."""
    if programs() is None:
        reason = "no PostgreSQL server is installed; on Debian: apt-get install postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(os.environ[SHARED])
    cluster = Cluster(folder / "cluster")
    with FileLock(folder / "lock"):
        if not (folder / "ready").exists():
            cluster.make()
            (folder / "ready").touch()
    return cluster

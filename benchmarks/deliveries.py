"""Measures one change told to many recipients: real record, real outbox, real mail channel, a mail server on loopback.

    .venv/bin/python benchmarks/deliveries.py [--recipients 10000] [--rounds 3]

Each run has a process and a state folder of its own; the kinds of run take turns, so that a busy machine slows all of
them alike. The mail server is another process that keeps nothing but counts, and counts each Message-ID once. With TLS
each connection begins encrypted, as at a real server; its certificate is made for the run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import resource
import sqlite3
import ssl
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import trustme
from rich.console import Console
from rich.table import Table

from monitor.bootstrap import build
from monitor.channels.email import EmailChannel, MailServer, Tls
from monitor.channels.mail import Letterhead
from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.change import Change, ChangeKind, Proof, RecordedChange
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.participation import Status
from monitor.pipeline.desk import Desk
from monitor.pipeline.notify import deliveries
from monitor.pipeline.outbox import AT_ONCE, deliver_due
from monitor.settings import load_settings

AUTHORITY = "authority.pem"
KEPT, EACH = 100, 1
"""Messages that one connection carries: as the channel does it, and with a connection for each."""
MEGABYTE = 1024
"""Of the kilobytes in which Linux counts memory."""
PROCESSES = get_context("spawn")


class Sink(asyncio.Protocol):
    """A mail server that takes everything, and counts. `away` is the seconds that each answer is on its way."""

    def __init__(self, seen: set[bytes], counts: dict[str, int], away: float) -> None:
        self._seen, self._counts, self._away = seen, counts, away
        self._rest, self._in_data = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a stream server makes no other
        self._transport = transport
        self._counts["connections"] += 1
        self._say(b"220 sink\r\n")

    def _say(self, answer: bytes) -> None:
        if self._away:
            asyncio.get_running_loop().call_later(self._away, self._transport.write, answer)
        else:
            self._transport.write(answer)

    def data_received(self, data: bytes) -> None:
        """Answer each command, and each message at its end."""
        self._rest += data
        while True:
            end = b"\r\n.\r\n" if self._in_data else b"\r\n"
            piece, found, rest = self._rest.partition(end)
            if not found:
                return
            self._rest = rest
            self._message(piece) if self._in_data else self._command(piece)

    def _message(self, content: bytes) -> None:
        self._in_data = False
        self._counts["messages"] += 1
        self._counts["bytes"] += len(content)
        self._seen.add(content.split(b"Message-ID: ", 1)[1].split(b"\r\n", 1)[0])
        self._say(b"250 taken\r\n")

    def _command(self, line: bytes) -> None:
        word = line[:4].upper()
        self._in_data = word == b"DATA"
        self._say({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 sink\r\n"))


def serve(pipe: Connection, folder: str | None, away: float) -> None:
    """Run the mail server: say its port, and at the first word that comes back, what it has counted.

    With a folder it speaks TLS, by a certificate made now whose authority it leaves there.
    """

    async def run() -> None:
        seen: set[bytes] = set()
        counts = {"connections": 0, "messages": 0, "bytes": 0}
        secured = certified(Path(folder)) if folder else None
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Sink(seen, counts, away), "127.0.0.1", 0, ssl=secured)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.to_thread(pipe.recv)
        pipe.send(counts | {"distinct": len(seen)})

    asyncio.run(run())


def certified(folder: Path) -> ssl.SSLContext:
    """Return a server's TLS with a certificate for 127.0.0.1, and leave its authority in the folder."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(folder / AUTHORITY)
    return context


@dataclass(frozen=True, slots=True)
class Run:
    """One measured run: seconds to send and of the processor, megabytes before and at the peak, the server's counts."""

    sending: float
    processor: float
    rest: float
    peak: float
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of run."""

    name: str
    recipients: int
    per_connection: int
    tls: bool = False
    away: float = 0.0
    through_outbox: bool = True


def change() -> RecordedChange:
    """Return the change of which everybody hears."""
    act = TreatyAction(
        kind=ActionKind.WITHDRAWAL,
        date=date(2025, 8, 20),
        effective=date(2026, 2, 20),
        conditional=True,
        notification="C.N.421.2025.TREATIES-XXVI-5",
        article="20 (3)",
    )
    said = Change(
        kind=ChangeKind.WITHDRAWAL_NOTIFIED,
        treaty="XXVI-5",
        participant=Participant("PL", "Poland", "Poland", ParticipantKind.STATE),
        action=act,
        status_before=Status.PARTY,
        status_after=Status.PARTY,
        basis=Basis.STATED,
    )
    now = datetime.now(UTC)
    proof = Proof("ab" * 32, now, "Poland: ratification 27 December 2012")
    page = "https://depositary.example.org/XXVI-5"
    return RecordedChange(said, now, "mine-ban", "Mine Ban Convention", "untc", page, before=None, after=proof)


def configure(folder: Path, port: int, recipients: int) -> None:
    """Write the configuration of one installation with so many recipients."""
    (folder / "treaties").mkdir(parents=True)
    (folder / "treaties" / "mine-ban.toml").write_text('reference = "XXVI-5"\n')
    server = f'type = "email"\nserver = "smtp://127.0.0.1:{port}"\ntls = "never"\nfrom = "monitor@example.org"\n'
    (folder / "channels.toml").write_text(f"[mail]\n{server}")
    everybody = ", ".join(f'"r{number}@example.org"' for number in range(recipients))
    subscription = f'[[subscriptions]]\nname = "everybody"\nchannels = ["mail"]\nrecipients = [{everybody}]\n'
    (folder / "subscriptions.toml").write_text(subscription)


@asynccontextmanager
async def installation(folder: Path, port: int, kind: Kind) -> AsyncIterator[Desk]:
    """Yield a desk as the program builds it, its mail channel with the connections that are asked for."""
    configure(folder / "config", port, kind.recipients)
    settings = load_settings(folder / "config", folder / "state")
    async with build(settings, patient=False) as desk:
        server = MailServer(
            host="127.0.0.1",
            port=port,
            tls=Tls.IMPLICIT if kind.tls else Tls.NEVER,
            context=ssl.create_default_context(cafile=folder / AUTHORITY if kind.tls else None),
            per_connection=kind.per_connection,
        )
        mail = EmailChannel("mail", server, Letterhead(sender="monitor@example.org"))
        yield replace(desk, channels=desk.channels | {"mail": mail})


def utc_now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)


async def enter(desk: Desk) -> None:
    """Enter a delivery for each recipient."""
    with desk.storage.begin() as tx:
        tx.enqueue(deliveries(desk, (change(),), utc_now()))


async def through_the_outbox(desk: Desk) -> None:
    """Send everything that is due."""
    await deliver_due(desk, utc_now)


async def past_the_outbox(desk: Desk) -> None:
    """Send the same messages by the channel alone, as many at once: what is left is what the record costs."""
    waiting = iter(tuple(deliveries(desk, (change(),), utc_now())))

    async def sender() -> None:
        for delivery in waiting:
            await desk.channels["mail"].send(delivery)

    await asyncio.gather(*(sender() for _ in range(AT_ONCE)))


def memory() -> float:
    """Return the most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


async def measured(folder: Path, port: int, kind: Kind) -> tuple[float, float, float, float]:
    """Return the seconds to send and of this process's processor, the memory of the built program, and the peak."""
    async with installation(folder, port, kind) as desk:
        rest = memory()
        await enter(desk)
        began, used = time.perf_counter(), time.process_time()
        await (through_the_outbox(desk) if kind.through_outbox else past_the_outbox(desk))
        return time.perf_counter() - began, time.process_time() - used, rest, memory()


def work(pipe: Connection, port: int, kind: Kind, folder: str) -> None:
    """Do one run in this process."""
    pipe.send(asyncio.run(measured(Path(folder), port, kind)))


def run(kind: Kind) -> Run:
    """Do one run with a mail server and a process of its own."""
    (ours, theirs), (result, working) = PROCESSES.Pipe(), PROCESSES.Pipe()
    with TemporaryDirectory() as folder:
        server = PROCESSES.Process(target=serve, args=(theirs, folder if kind.tls else None, kind.away), daemon=True)
        server.start()
        worker = PROCESSES.Process(target=work, args=(working, ours.recv(), kind, folder), daemon=True)
        worker.start()
        working.close()
        figures: tuple[float, float, float, float] = result.recv()
        worker.join()
    ours.send("enough")
    counts = ours.recv()
    server.join()
    if counts["distinct"] != kind.recipients:
        raise RuntimeError(f"{kind.name}: {counts['distinct']} of {kind.recipients} messages arrived")
    return Run(*figures, counts)


def report(results: dict[Kind, list[Run]], console: Console) -> None:
    """Print the medians of each kind, and every run's speed."""
    table = Table(
        "kind of run", "recipients", "sent in s", "messages/s", "CPU ms each", "at rest MB", "peak MB", "connections"
    )
    for kind, runs in results.items():
        sending, each = median(r.sending for r in runs), median(r.processor for r in runs) / kind.recipients * 1000
        table.add_row(
            kind.name,
            f"{kind.recipients:,}",
            f"{sending:.1f}",
            f"{kind.recipients / sending:.0f}",
            f"{each:.2f}",
            f"{median(r.rest for r in runs):.0f}",
            f"{max(r.peak for r in runs):.0f}",
            f"{runs[0].counts['connections']:,}",
        )
    console.print(table)
    for kind, runs in results.items():
        speeds = ", ".join(f"{kind.recipients / r.sending:.0f}" for r in runs)
        console.print(f"{kind.name}, {kind.recipients:,} recipients: {speeds} messages/s")


def ratios(results: dict[Kind, list[Run]], console: Console) -> None:
    """Print how much faster kept connections are than a connection for each message, run by run."""
    for slow in [kind for kind in results if kind.per_connection == EACH]:
        fast = replace(slow, name=slow.name.replace("connection each", "kept"), per_connection=KEPT)
        pairs = zip(results[slow], results[fast], strict=True)
        shown = ", ".join(f"{one.sending / other.sending:.2f}" for one, other in pairs)
        console.print(f"{fast.name} against {slow.name}: {shown} times as fast")


def machine() -> str:
    """Return what the figures depend on."""
    cpu = next((line.split(":")[1].strip() for line in _cpuinfo() if line.startswith("model name")), platform.machine())
    packages = ", ".join(f"{name} {version(name)}" for name in ("aiosmtplib", "SQLAlchemy", "Jinja2"))
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}"
    return f"{os.cpu_count()} cores of {cpu}, {platform.system()} {platform.release()}\n{python}"


def _cpuinfo() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return []


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    many, few = asked.recipients, max(asked.recipients // 10, 1)
    kinds = (
        Kind("outbox, TLS, connection each", many, EACH, tls=True),
        Kind("outbox, TLS, kept", many, KEPT, tls=True),
        Kind("outbox, TLS, 20 ms away, connection each", few, EACH, tls=True, away=0.02),
        Kind("outbox, TLS, 20 ms away, kept", few, KEPT, tls=True, away=0.02),
        Kind("outbox, connection each", many, EACH),
        Kind("outbox, kept", many, KEPT),
        Kind("outbox, kept", few, KEPT),
        Kind("channel alone, kept", many, KEPT, through_outbox=False),
    )
    results: dict[Kind, list[Run]] = {kind: [] for kind in kinds}
    for _ in range(asked.rounds):
        for kind in kinds:
            results[kind].append(run(kind))
    console = Console(width=130)
    console.print(machine(), highlight=False)
    report(results, console)
    ratios(results, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())

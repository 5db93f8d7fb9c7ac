"""Measures one change told to many recipients: real record, real outbox, real channels, receivers on loopback.

    .venv/bin/python benchmarks/deliveries.py [--recipients 10000] [--rounds 3]

Mail goes to as many addresses of one subscription; the webhook gets one request for each of as many subscriptions. Each
run has a process and a state folder of its own, and the kinds of run take turns, so that a busy machine slows all of
them alike. The receivers are another process that keeps nothing but counts, and counts each id once. A bare loop over
aiosmtplib, which writes no mail, keeps no record and cannot retry, shows what sending alone costs.

Measured on 23 November 2026 with one round, on two cores that other work kept busy (a load of 7 to 11, so that the
seconds say little; the processor's milliseconds and the memory hardly depend on it):

| kind of run | recipients | per second | CPU ms each | MB when built | MB at the peak | of the bare loop |
|---|---|---|---|---|---|---|
| bare aiosmtplib, one connection | 10,000 | 1,155 | 0.31 | 79 | 109 (all deliveries read at once) | 1 |
| mail | 1,000 | 228 | 1.68 | 78 | 85 | 0.20 |
| mail | 10,000 | 194 | 1.75 | 79 | 89 | 0.17 |
| webhook | 1,000 | 98 | 2.86 | 79 | 85 | 0.08 |
| webhook | 10,000 | 130 | 2.65 | 82 | 92 | 0.11 |

Most of what is left is the record's: a transaction, and a write to the disk, for every few messages.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import re
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from aiosmtplib import SMTP
from rich.console import Console
from rich.table import Table

from monitor.bootstrap import build
from monitor.channels.mail import Letterhead, compose
from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.change import Change, ChangeKind, Proof, RecordedChange
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.participation import Status
from monitor.pipeline.desk import Desk
from monitor.pipeline.notify import deliveries
from monitor.pipeline.outbox import deliver_due
from monitor.pipeline.timetable import post
from monitor.settings import load_settings

MEGABYTE = 1024
"""Of the kilobytes in which Linux counts memory."""
PROCESSES = get_context("spawn")
SENDER = "monitor@example.org"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of a benchmark


@dataclass(frozen=True, slots=True)
class Counts:
    """What arrived: the ids, and how many messages these were."""

    ids: set[bytes]
    messages: list[int]

    def arrived(self, name: bytes) -> None:
        """Count a message."""
        self.ids.add(name)
        self.messages[0] += 1


class MailSink(asyncio.Protocol):
    """A mail server that takes everything, and counts."""

    def __init__(self, counts: Counts) -> None:
        self._counts, self._rest, self._in_data = counts, b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a stream server makes no other
        self._say = transport.write
        self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each command, and each message at its end."""
        self._rest += data
        while True:
            piece, found, rest = self._rest.partition(b"\r\n.\r\n" if self._in_data else b"\r\n")
            if not found:
                return
            self._rest = rest
            self._message(piece) if self._in_data else self._command(piece)

    def _message(self, content: bytes) -> None:
        self._in_data = False
        self._counts.arrived(content.split(b"Message-ID: ", 1)[1].split(b"\r\n", 1)[0])
        self._say(b"250 taken\r\n")

    def _command(self, line: bytes) -> None:
        word = line[:4].upper()
        self._in_data = word == b"DATA"
        self._say({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 sink\r\n"))


class HookSink(asyncio.Protocol):
    """A receiver of webhooks that takes everything, one request per connection, and counts."""

    def __init__(self, counts: Counts) -> None:
        self._counts, self._data = counts, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a stream server makes no other
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer a request once it is whole."""
        self._data += data
        head, found, body = self._data.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if found and length and len(body) >= int(length[1]):
            self._counts.arrived(re.findall(rb"(?i)webhook-id: (\S+)", head)[0])
            self._transport.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
            self._transport.close()


def serve(pipe: Connection) -> None:
    """Run both receivers: say their ports, and at the first word that comes back, what they have counted."""

    async def run() -> None:
        counts = Counts(set(), [0])
        loop = asyncio.get_running_loop()
        sinks = [
            await loop.create_server(lambda kind=kind: kind(counts), "127.0.0.1", 0) for kind in (MailSink, HookSink)
        ]
        pipe.send([sink.sockets[0].getsockname()[1] for sink in sinks])
        await asyncio.to_thread(pipe.recv)
        pipe.send((len(counts.ids), counts.messages[0]))

    asyncio.run(run())


@dataclass(frozen=True, slots=True)
class Run:
    """One measured run: seconds to send and of the processor; megabytes when all was built, and at the peak."""

    sending: float
    processor: float
    rest: float
    peak: float


Way = Callable[[Desk, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of run: what is done with the deliveries, given the desk and the mail server's port."""

    name: str
    recipients: int
    way: Way


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


def configure(folder: Path, ports: list[int], kind: Kind) -> None:
    """Write the configuration of one installation with so many recipients."""
    mail = f'[mail]\ntype = "email"\nserver = "smtp://127.0.0.1:{ports[0]}"\ntls = "never"\nfrom = "{SENDER}"\n'
    hook = f'[hook]\ntype = "webhook"\nurl = "http://127.0.0.1:{ports[1]}/"\nsecret = "file:secret"\n'
    everybody = ", ".join(f'"r{number}@example.org"' for number in range(kind.recipients))
    one = f'[[subscriptions]]\nname = "everybody"\nchannels = ["mail"]\nrecipients = [{everybody}]\n'
    each = "".join(f'[[subscriptions]]\nname = "s{n}"\nchannels = ["hook"]\n' for n in range(kind.recipients))
    for name, text in {
        "treaties/mine-ban.toml": 'reference = "XXVI-5"\n',
        "monitor.toml": '[network]\nallow = ["127.0.0.1/32"]\n',
        "channels.toml": mail + hook,
        "secret": SECRET,
        "subscriptions.toml": each if kind.way is webhooks else one,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def utc_now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)


async def through_the_outbox(desk: Desk) -> None:
    """Send everything that is due."""
    await deliver_due(desk, utc_now)


async def mails(desk: Desk, _port: int) -> None:
    """Send mail through the outbox."""
    await through_the_outbox(desk)


async def webhooks(desk: Desk, _port: int) -> None:
    """Send webhooks through the outbox."""
    await through_the_outbox(desk)


async def bare(desk: Desk, port: int) -> None:
    """Send the same bytes to as many recipients over one connection, and do nothing else."""
    with desk.storage.begin(read_only=True) as tx:
        waiting = tx.deliveries()
    mail = compose(waiting[0], Letterhead(sender=SENDER))
    async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
        for one in waiting:
            content = mail.content.replace(waiting[0].id.encode(), one.id.encode())
            await client.sendmail(mail.sender, [one.recipient], content)


async def measured(folder: Path, ports: list[int], kind: Kind) -> Run:
    """Build the program, enter the deliveries, send them, and return what that took."""
    configure(folder / "config", ports, kind)
    async with build(load_settings(folder / "config", folder / "state"), patient=False) as desk:
        rest = peak()
        with desk.storage.begin() as tx:
            post(desk, tx, deliveries(desk, (change(),), utc_now()), utc_now())
        began, used = time.perf_counter(), time.process_time()
        await kind.way(desk, ports[0])
        return Run(time.perf_counter() - began, time.process_time() - used, rest, peak())


def peak() -> float:
    """Return the most memory that this process has had, in megabytes (`ru_maxrss` would count its parent's)."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / MEGABYTE if found else 0.0


def work(pipe: Connection, ports: list[int], kind: Kind, folder: str) -> None:
    """Do one run in this process."""
    pipe.send(asyncio.run(measured(Path(folder), ports, kind)))


def run(kind: Kind) -> Run:
    """Do one run, with receivers and a process of its own."""
    (ours, theirs), (result, working) = PROCESSES.Pipe(), PROCESSES.Pipe()
    with TemporaryDirectory() as folder:
        server = PROCESSES.Process(target=serve, args=(theirs,), daemon=True)
        server.start()
        worker = PROCESSES.Process(target=work, args=(working, ours.recv(), kind, folder), daemon=True)
        worker.start()
        working.close()
        try:
            figures: Run = result.recv()
        except EOFError:
            worker.join()
            raise RuntimeError(f"{kind.name}: the measured process ended with {worker.exitcode}") from None
        worker.join()
    ours.send("enough")
    distinct, messages = ours.recv()
    server.join()
    if (distinct, messages) != (kind.recipients, kind.recipients):
        raise RuntimeError(f"{kind.name}: {messages} messages arrived, {distinct} distinct, of {kind.recipients}")
    return figures


def report(results: dict[Kind, list[Run]], console: Console) -> None:
    """Print the medians of each kind, how fast it is beside the bare loop, and each run's speed."""
    plain = next(kind for kind in results if kind.way is bare)
    table = Table("kind of run", "recipients", "seconds", "per second", "CPU ms each", "built MB", "peak MB", "of bare")
    for kind, runs in results.items():
        seconds, each = median(r.sending for r in runs), median(r.processor for r in runs) / kind.recipients * 1000
        speed, beside = kind.recipients / seconds, plain.recipients / median(r.sending for r in results[plain])
        memory = (f"{median(r.rest for r in runs):.0f}", f"{max(r.peak for r in runs):.0f}")
        ratio = f"{speed / beside:.2f}"
        table.add_row(
            kind.name, f"{kind.recipients:,}", f"{seconds:.1f}", f"{speed:.0f}", f"{each:.2f}", *memory, ratio
        )
    console.print(table)
    for kind, runs in results.items():
        speeds = ", ".join(f"{kind.recipients / r.sending:.0f}" for r in runs)
        console.print(f"{kind.name}, {kind.recipients:,} recipients: {speeds} per second")


def machine() -> str:
    """Return what the figures depend on."""
    cpu = next((line.split(":")[1].strip() for line in _cpuinfo() if line.startswith("model name")), platform.machine())
    packages = ", ".join(f"{name} {version(name)}" for name in ("aiosmtplib", "httpx", "SQLAlchemy"))
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
        Kind("bare aiosmtplib, one connection", many, bare),
        Kind("mail", few, mails),
        Kind("mail", many, mails),
        Kind("webhook", few, webhooks),
        Kind("webhook", many, webhooks),
    )
    results: dict[Kind, list[Run]] = {kind: [] for kind in kinds}
    for _ in range(asked.rounds):
        for kind in kinds:
            results[kind].append(run(kind))
    console = Console(width=130)
    console.print(machine(), highlight=False)
    report(results, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())

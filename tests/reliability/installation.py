"""A whole installation of a reliability test: depositaries, mail server, receiver, configuration, record."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from reliability.play import CLUSTER, MINES, Day
from support.certificates import Authority
from support.home import with_database
from support.mailbox import StubbornInbox

from monitor.faces.demo.depositary import Depositary
from monitor.faces.demo.inbox import HookReceiver
from monitor.faces.demo.replica import write_page
from monitor.storage.engine import connect_to
from monitor.storage.sql import DATABASE

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DESKS = ("one@example.org", "two@example.org", "three@example.org")
SEED = Path(__file__).parents[2] / "state" / "seed"
VICTIM = Path(__file__).with_name("victim.py")
LEASE = timedelta(minutes=6)
"""A little more than the program's own lease: what a dead sender had in hand is due again."""
PATHS = os.pathsep.join(map(str, Path(__file__).parents[1:3]))


@dataclass(frozen=True)
class Receipt:
    """One message as it arrived, by mail or webhook: its id, and everything that a repeat must not change."""

    channel: str
    id: str
    content: bytes


class Victims:
    """Runs tasks in processes that are forked from one that has everything loaded (see victim.py)."""

    def __init__(self, home: Path) -> None:
        self.errors = home / "errors.log"
        trust = Authority().write(home)  # one certificate instead of a hundred and fifty: 0.1 s less for each process
        with self.errors.open("ab") as log:
            self._parent = subprocess.Popen(  # noqa: S603 - this very interpreter, on a script of our own
                [sys.executable, str(VICTIM)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, "PYTHONPATH": PATHS, "SSL_CERT_FILE": str(trust)},
            )

    def start(self, task: dict[str, Any]) -> int:
        """Start one run and return the number of its process."""
        assert self._parent.stdin
        self._parent.stdin.write(json.dumps(task) + "\n")
        self._parent.stdin.flush()
        return self._line()

    def wait(self) -> int:
        """Wait for the end of the run and return its exit code, negative for a signal."""
        return self._line()

    def close(self) -> None:
        self._parent.communicate()

    def _line(self) -> int:
        assert self._parent.stdout
        line = self._parent.stdout.readline()
        assert line, self.errors.read_text("utf-8")
        return int(line)


@contextmanager
def closing_descriptor(descriptor: int) -> Iterator[int]:
    """Close a process's descriptor, which names that process and no later one of the same number."""
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@dataclass
class Installation:
    """Use as a context. `now` is the clock of the next run; `mail` and `hook` take what is sent, over real sockets.

    `victims` may be shared by many installations. `options` are further lines for the mail channel's table.
    """

    home: Path
    victims: Victims
    options: str = ""
    database: str | None = None
    now: datetime = datetime(2025, 8, 20, 6, tzinfo=UTC)
    kills: int = 0
    kill_at_arrival: int = 0
    """Kill the run when so many more messages have arrived, before the receiver has answered; 0 for never."""

    def __post_init__(self) -> None:
        self.mail = StubbornInbox(on_mail=self._arrived)
        self.hook = HookReceiver(SECRET, on_hook=self._arrived)
        self.pages = {MINES: Depositary(), CLUSTER: Depositary()}
        self.arrivals: list[float] = []
        self._views = 0
        self._open = ExitStack()
        self._running = 0

    @property
    def config(self) -> Path:
        return self.home / "config"

    @property
    def state(self) -> Path:
        return self.home / "state"

    def __enter__(self) -> Self:
        for server in (self.mail, self.hook, *self.pages.values()):
            self._open.enter_context(server)
        shutil.copytree(SEED, self.state / "seed")
        self._configure()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def _configure(self) -> None:
        """Write the configuration; a test may write over parts of it."""
        self.configure("monitor.toml", MONITOR)
        self.configure("channels.toml", CHANNELS.format(mail=self.mail.url, hook=self.hook.url, options=self.options))
        self.configure("hook", SECRET)
        self.configure("subscriptions.toml", SUBSCRIPTIONS.format(desks=json.dumps(DESKS)))
        for reference, site in self.pages.items():
            path = f"/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no={reference}&chapter=26&clang=_en"
            self.configure(f"treaties/{reference}.toml", TREATY.format(reference=reference, address=site.address(path)))

    def configure(self, name: str, text: str) -> None:
        """Write one file of the configuration."""
        file = self.config / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(with_database(text, self.database) if name == "monitor.toml" else text, encoding="utf-8")

    def begin(self, day: Day) -> None:
        """Let a day of the play begin."""
        self.now = day.begins
        self.show(day)

    def show(self, day: Day) -> None:
        """Put the day's pages on display, with a page state that nobody has seen yet, as every real view has."""
        self._views += 1
        for page in day.pages:
            self.pages[page.reference].show(
                page.reference, write_page(page, day.begins.replace(tzinfo=None), seed=self._views)
            )

    def task(self, step: str | None = None, nth: int = 1, **others: Any) -> dict[str, Any]:
        """Return one run at the present instant; at the n-th time of a step it dies, or what `happens` says.

        Without `check` it only delivers; `poor` lets it run without root's rights.
        """
        usual = {"happens": "dies", "check": True, "poor": False, "steps": str(self.home / "steps.json")}
        places = {"config": str(self.config), "state": str(self.state), "now": self.now.isoformat()}
        return {**usual, **places, "step": step, "nth": nth, **others}

    def run(self, step: str | None = None, nth: int = 1) -> bool:
        """Let the program run once, to its end or to its death; return whether it died."""
        self._running = self.victims.start(self.task(step, nth))
        return self.ended(self.victims.wait())

    def run_for(self, seconds: float) -> bool:
        """Let the program run, kill it from outside after so long, and return whether it had not ended before."""
        self._running = self.victims.start(self.task())
        with suppress(ProcessLookupError), closing_descriptor(os.pidfd_open(self._running)) as victim:
            time.sleep(seconds)
            signal.pidfd_send_signal(victim, signal.SIGKILL)
        return self.ended(self.victims.wait())

    def command(self, *words: str) -> int:
        """Let the command run once, in a fresh process and by the machine's own clock; return its exit code."""
        places = ("--config", str(self.config), "--state", str(self.state))
        with (
            self.victims.errors.open("ab") as log,
            subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "monitor", *words, *places],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": PATHS},
            ) as process,
        ):
            self._running = process.pid
        return process.returncode

    def fail(self, **task: Any) -> str:
        """Let the program run into a trouble, and return the last line of what it said."""
        self.victims.start(self.task(**task))
        assert self.victims.wait() == 1
        self.now += LEASE
        return self.victims.errors.read_text("utf-8").rstrip().splitlines()[-1]

    def ended(self, code: int) -> bool:
        """Judge how a run ended: well, or by being killed; then it is started again when its lease has run out."""
        assert code in {0, -signal.SIGKILL}, self.victims.errors.read_text("utf-8")
        if code:
            self.kills += 1
            self.now += LEASE
        return bool(code)

    def _arrived(self, _message: object) -> None:
        self.arrivals.append(time.monotonic())
        self.kill_at_arrival -= 1
        if self.kill_at_arrival == 0:
            os.kill(self._running, signal.SIGKILL)

    def steps(self) -> dict[str, int]:
        """Return how often the last whole run came to each step."""
        return dict(json.loads((self.home / "steps.json").read_text("utf-8")))

    def receipts(self) -> list[Receipt]:
        """Return everything that has arrived, repeats included."""
        hooks = [Receipt("case-system", hook.id, hook.body) for hook in self.hook.hooks]
        mails = [Receipt(f"desk-mail {m.recipients[0]}", str(m.message["Message-ID"]), m.raw) for m in self.mail.mails]
        return hooks + mails

    def repeats(self) -> Counter[str]:
        """Return, by id, how often a message arrived beyond the first time."""
        arrived = Counter(receipt.id for receipt in self.receipts())
        return Counter({each: times - 1 for each, times in arrived.items() if times > 1})

    def lost(self) -> Counter[str]:
        """Return, by id, how often a delivery was taken up again after its sender had died."""
        return Counter(name for (name,) in self.rows("SELECT delivery FROM attempt WHERE outcome = 'lost'"))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the record itself."""
        engine = connect_to(self.database or f"sqlite:///{self.state / DATABASE}")
        with engine.connect() as connection:
            rows = connection.exec_driver_sql(query).all()
        engine.dispose()
        return sorted(tuple(str(value) if isinstance(value, date) else value for value in row) for row in rows)

    def record(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return what the record holds, as far as two runs of the same year must agree: instants by their day."""
        return {
            "changes": self.rows("SELECT id, treaty, participant, kind, act_date, date(first_seen) FROM change"),
            "participations": self.rows(
                "SELECT treaty, slot, payload, date(known_from), date(known_to) FROM participation"
            ),
            "statements": self.rows("SELECT treaty, slot, payload, date(known_from), date(known_to) FROM statement"),
            "readings": self.rows("SELECT treaty, page, date(known_from), date(known_to) FROM reading"),
            "sources": self.rows("SELECT treaty, condition, failures, calendar_until, reader, fingerprint FROM source"),
            "settings": self.rows(
                "SELECT name, substr(value, 1, CASE WHEN name = 'reminders were last looked at' THEN 10 ELSE 64 END)"
                " FROM setting"
            ),
            "deliveries": [
                (*row, sorted(json.loads(changes)))  # a digest names them in the order in which two checks ended
                for *row, changes in self.rows("SELECT id, channel, recipient, state, alert, change_ids FROM delivery")
            ],
        }


MONITOR = """
timezone = "UTC"
contact = "desk@example.org"
[network]
allow = ["127.0.0.1/32"]
pause = "0s"
"""
TREATY = """
reference = "{reference}"
[[sources]]
source = "untc"
url = "{address}"
"""
CHANNELS = """
[desk-mail]
type = "email"
server = "{mail}"
from = "treaty-monitor@example.org"
{options}
[case-system]
type = "webhook"
url = "{hook}/hooks/treaties"
secret = "file:hook"
"""
SUBSCRIPTIONS = """
[[subscriptions]]
name = "everyone"
channels = ["desk-mail", "case-system"]
recipients = {desks}

[[subscriptions]]
name = "who leaves the Baltic"
countries = ["baltic"]
kinds = ["withdrawal_notified", "withdrawal_effective"]
channels = ["case-system"]

[[subscriptions]]
name = "the paper"
channels = ["desk-mail"]
recipients = ["paper@example.org"]
digest = "daily"

[[subscriptions]]
name = "the calendar"
countries = ["PL", "FI"]
kinds = ["withdrawal_effective"]
channels = ["case-system"]
reminders = [90, 30, 7, 1, 0]
"""

"""A whole pipeline over a real record in a temporary directory, with a page, a clock and channels that a test sets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.channels.fake import RecordingChannel
from monitor.domain.alert import Subscription
from monitor.domain.claim import Claim, ClaimKind, Seed
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.faces.demo.replica import ReplicaTreaty, write_page
from monitor.fetching.fake import FakeFetcher, Given
from monitor.pipeline.books import Books
from monitor.pipeline.check import check
from monitor.pipeline.chores import chores
from monitor.pipeline.desk import Desk, Operator
from monitor.pipeline.introduce import introduce
from monitor.pipeline.outbox import Sent, deliver_due
from monitor.pipeline.outcome import Checked
from monitor.settings import rules_for, shipped_names
from monitor.sources.registry import READER_VERSION, readers
from monitor.storage.archive import FileArchive
from monitor.storage.sql import SqlStorage, open_storage

NAMES = shipped_names()
URL = "https://depositary.example/mine-ban"
EVERYBODY = Subscription("everybody", None, None, None, ("mail",), ("desk@example.org",))
SEED = Seed(
    "XXVI-5",
    datetime(2025, 3, 18, tzinfo=UTC).date(),
    "Mine Ban Convention",
    (Claim(5, "Poland joined in 2012", ("PL",), ClaimKind.BOUND, year=2012),),
)


@dataclass
class Office:
    """One installation. `now` is its clock; every check and delivery happens at that instant."""

    state: Path
    now: datetime
    database: str | None = None
    storage: SqlStorage = field(init=False)
    fetcher: FakeFetcher = field(init=False)
    mail: RecordingChannel = field(default_factory=lambda: RecordingChannel("mail"))
    hook: RecordingChannel = field(default_factory=lambda: RecordingChannel("hook", per_change=True, addressed=False))
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.storage = open_storage(self.database or self.state)
        self.fetcher = FakeFetcher(lambda: self.now)
        source = WatchedSource("untc", URL, 43200.0)
        treaty = Treaty("XXVI-5", "mine-ban", "Mine Ban Convention", (source,), rules_for("XXVI-5"))
        self.desk = Desk(
            treaties=(treaty,),
            subscriptions=(EVERYBODY,),
            channels={"mail": self.mail, "hook": self.hook},
            readers=readers(NAMES),
            reader_version=READER_VERSION,
            fetcher=self.fetcher,
            storage=self.storage,
            archive=FileArchive(self.state / "documents"),
            chance=lambda: 0.5,
            names=NAMES,
            operator=Operator(("mail",), ("ops@example.org",)),
        )

    def with_(self, **changes: object) -> Office:
        """Change parts of the desk."""
        self.desk = replace(self.desk, **changes)  # type: ignore[arg-type]
        return self

    def show(self, page: ReplicaTreaty | Given, seed: int = 0) -> None:
        """Let the depositary show this page, stamped with the clock's day, or answer so."""
        shown = write_page(page, self.now.replace(tzinfo=None), seed) if isinstance(page, ReplicaTreaty) else page
        self.fetcher.pages[URL] = shown

    def check(self) -> Checked:
        """Check the one source, and meet new subscriptions, as a round does."""
        result = asyncio.run(self._checked())
        introduce(self.desk, self.now)
        return result

    async def _checked(self) -> Checked:
        (watched,) = self.desk.watched()
        books = Books(self.desk, (watched,), self.now.date())
        result = await check(self.desk, *watched, self.now, books)
        await books.write()
        return result

    def later(self, **span: float) -> Office:
        """Let time pass."""
        self.now += timedelta(**span)
        return self

    def do_chores(self) -> None:
        """Do what a daemon does beside checking and sending."""
        chores(self.desk, self.now)

    def deliver(self) -> Sent:
        """Send what is due."""
        return asyncio.run(deliver_due(self.desk, self.clock))

    @property
    def clock(self) -> Callable[[], datetime]:
        return lambda: self.now

    def told(self, recipient: str = "desk@example.org") -> list[str]:
        """Send what is due and return the titles of the changes or troubles that one recipient has been told."""
        return [title for kind, title in self._sent(recipient) if kind != "treaty.effect_upcoming"]

    def introduced(self) -> list[str]:
        """Send what is due and return the titles of the effects that a new subscription has been told."""
        return [title for kind, title in self._sent("desk@example.org") if kind == "treaty.effect_upcoming"]

    def bodies(self, recipient: str = "desk@example.org") -> list[dict[str, Any]]:
        """Return what one recipient has been sent, in order."""
        return [json.loads(d.body) for d in self.mail.sent if d.recipient == recipient]

    def _sent(self, recipient: str) -> list[tuple[str, str]]:
        self.deliver()
        return [(body["type"], body["data"]["title"]) for body in self.bodies(recipient)]

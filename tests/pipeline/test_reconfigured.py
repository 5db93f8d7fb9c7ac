"""A configuration that changes at any moment, drawn by chance: each change reaches each who asked for it, once."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from office import EVERYBODY, URL, Office
from test_histories import DAYS, START, History

from monitor.channels.fake import RecordingChannel
from monitor.domain.alert import Subscription
from monitor.domain.delivery import Delivery
from monitor.domain.errors import DeliveryError
from monitor.domain.timing import Digest, Every, QuietHours
from monitor.pipeline.chores import chores
from monitor.pipeline.rounds import check_batch, due

ZONES = [ZoneInfo(name) for name in ("Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca")]
SOME = replace(EVERYBODY, name="some", countries=frozenset({"FI", "AT"}), channels=("mail", "hook"))
END = START + timedelta(DAYS)


class Line(RecordingChannel):
    """A channel that is down now and then, and notes what comes while its receivers sleep."""

    def __init__(self, office: Office, name: str, *, per_change: bool = False) -> None:
        super().__init__(name, per_change=per_change, addressed=not per_change)
        self.office, self.down, self.woken = office, False, list[Delivery]()

    async def send(self, delivery: Delivery) -> str:
        if self.down:
            raise DeliveryError("451 try later", permanent=False)
        told = self.office.desk.subscription(delivery.subscription)
        if told and told.quiet and told.quiet.release(self.office.now) != self.office.now:
            self.woken.append(delivery)
        return await super().send(delivery)


class Play:
    """One office, one history of its page, and somebody who cannot leave the configuration alone."""

    def __init__(self, office: Office, seed: int) -> None:
        self.chance, self.history = random.Random(seed), History(seed)  # noqa: S311 - a play, no secret
        self.lines = [Line(office, "mail"), Line(office, "hook", per_change=True)]
        self.office = office.with_(channels={line.name: line for line in self.lines}, subscriptions=(EVERYBODY, SOME))
        self.office.now = datetime(START.year, START.month, START.day, 8, tzinfo=UTC)
        self.treaties, self.wanted = office.desk.treaties, set[tuple[str, str]]()

    def perform(self) -> None:
        """Go on to the end, then let all arrive that still waits."""
        while self.office.now.date() < END:
            self.reconfigure()
            self.look()
            self.office.later(hours=self.chance.choice([3, 6, 12]))
        self.lines[0].down = False
        for _ in range(24):
            self.office.later(hours=11)
            chores(self.office.desk, self.office.now)
            self.office.deliver()

    def reconfigure(self) -> None:
        """Change something, or nothing, as a reload between two looks does."""
        self.lines[0].down &= self.chance.random() < 0.4  # never for the 27 hours after which a message is dead
        match self.chance.randrange(60):
            case 0 | 1:
                timed = (self.with_hours(s) for s in self.office.desk.subscriptions)
                self.office.with_(subscriptions=tuple(timed))
            case 2 | 3:
                self.lines[0].down = True
            case 4:
                self.office.with_(treaties=() if self.office.desk.treaties else self.treaties)
            case 5:
                source = replace(self.treaties[0].sources[0], url=self.chance.choice([URL, f"{URL}/moved"]))
                self.treaties = (replace(self.treaties[0], sources=(source,)),)
                self.office.with_(treaties=self.treaties)
            case 6:
                self.office.later(days=self.chance.randrange(9))

    def with_hours(self, subscription: Subscription) -> Subscription:
        zone, hour = self.chance.choice(ZONES), self.chance.randrange(24)
        digest = Digest(self.chance.choice(list(Every)), time(hour, 30), zone, self.chance.randrange(7))
        quiet = QuietHours(time(self.chance.randrange(18, 24)), time(self.chance.randrange(1, 9)), zone)
        coin = self.chance.randrange(4)
        return replace(subscription, digest=digest if coin % 2 else None, quiet=quiet if coin > 1 else None, zone=zone)

    def look(self) -> None:
        """Do what a daemon does: check what is due, the chores, send."""
        office = self.office
        for url in (URL, f"{URL}/moved"):
            office.show(self.history.page(min(office.now.date(), END)))
            office.fetcher.pages[url] = office.fetcher.pages[URL]
        checked = asyncio.run(check_batch(office.desk, due(office.desk, office.now), office.clock, lambda _: None))
        for change in (change for each in checked for change in each.changes):
            self.wanted |= {(s.name, change.id) for s in office.desk.subscriptions if s.wants(change.change)}
        chores(office.desk, office.now)
        office.deliver()

    def arrived(self, line: RecordingChannel) -> Iterator[tuple[str, str]]:
        """Yield who was told over a line of which change."""
        for delivery in line.sent:
            data = json.loads(delivery.body)["data"]
            for told in data.get("changes", [data]):
                if "id" in told:
                    yield delivery.subscription, told["id"]


@pytest.mark.sqlite
@pytest.mark.parametrize("seed", range(2))
def test_each_change_reaches_each_who_asked_for_it_once_and_wakes_nobody(seedless: Office, seed: int) -> None:
    play = Play(seedless, seed)
    play.perform()
    assert Counter(play.arrived(play.lines[0])) == Counter(play.wanted)
    assert Counter(play.arrived(play.lines[1])) == Counter(pair for pair in play.wanted if pair[0] == "some")
    assert len(play.wanted) > len(play.history.notices)
    assert [delivery for line in play.lines for delivery in line.woken] == []

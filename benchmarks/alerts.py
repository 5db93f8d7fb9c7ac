"""Measures what one alert costs by how many are subscribed: from a recorded change to its delivery in the outbox.

    .venv/bin/python benchmarks/alerts.py

Everybody may be concerned, or ten alone; each subscription has a recipient, and so a message, of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from types import SimpleNamespace
from typing import Any

from deliveries import change

from monitor.channels.fake import RecordingChannel
from monitor.domain.alert import Directory, Subscription
from monitor.pipeline.notify import deliveries
from monitor.pipeline.timetable import post
from monitor.storage.sql import open_storage

SUBSCRIBED = (10, 100, 1_000, 10_000)
FEW = 10
AT_LEAST = 100
"""Alerts that one measurement enters at least, so that it is longer than the clock is coarse."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """Milliseconds of CPU per alert with so many subscriptions, where all want a change and where ten do."""

    subscribed: int
    all_want_it: float
    few_want_it: float


def measured() -> tuple[Alerts, ...]:
    """Return what an alert costs, by the number of subscriptions."""
    cost((*people(FEW),), 1)  # what is loaded with the first message is no alert's cost
    return tuple(Alerts(n, _middle(people(n)), _middle(people(n, others=True))) for n in SUBSCRIBED)


def people(number: int, *, others: bool = False) -> tuple[Subscription, ...]:
    """Return so many subscriptions; with `others` all but ten ask for another State than the one concerned."""
    return tuple(
        Subscription(
            name=f"desk {each}",
            treaties=None,
            countries=frozenset({"NO"} if others and each >= FEW else {"PL"}),
            kinds=None,
            channels=("mail",),
            recipients=(f"desk{each}@example.org",),
        )
        for each in range(number)
    )


def _middle(everybody: tuple[Subscription, ...]) -> float:
    wanting = sum("PL" in (s.countries or ()) for s in everybody)
    return median(cost(everybody, -(-AT_LEAST // wanting)) for _ in range(3))


def cost(everybody: tuple[Subscription, ...], changes: int) -> float:
    """Return the milliseconds of CPU that each alert takes; so many changes are recorded, one by one."""
    directory = Directory(everybody)
    channels = {"mail": RecordingChannel("mail")}
    desk: Any = SimpleNamespace(
        subscriptions=everybody, directory=directory, subscription=directory.named, channels=channels
    )
    news = [
        replace(change(), source=f"source {n}", change=replace(change().change, text=str(n))) for n in range(changes)
    ]
    now = datetime.now(UTC)
    with TemporaryDirectory() as place:
        storage = open_storage(place)
        begin, entered = process_time(), 0
        for one in news:
            with storage.begin() as tx:
                entered += post(desk, tx, deliveries(desk, tx.record([one]), now), now)
        took = process_time() - begin
        storage.close()
    return took * 1e3 / entered


if __name__ == "__main__":
    for row in measured():
        print(f"{row.subscribed:>6,} subscribed: {row.all_want_it:.2f} ms, {row.few_want_it:.2f} ms where ten want it")

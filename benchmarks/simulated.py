"""An installation for simulations: the real pipeline and record, a depositary in this process, a clock to set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from time import thread_time

from pages import reference, treaty

from monitor import bootstrap
from monitor.domain.document import Document
from monitor.faces.demo.replica import ReplicaTreaty, write_page
from monitor.fetching.interface import NotModified, Request
from monitor.pipeline.desk import Desk
from monitor.settings import load_settings

NOISE = 31_500
"""Bytes behind a page's own state, as in `pages`: 42 KB once written."""


@dataclass
class Depositary:
    """Answers every request at once with the treaty's page as it is now, its state and stamp new each time."""

    clock: Callable[[], datetime]
    treaties: dict[str, ReplicaTreaty] = field(default_factory=dict)
    noise: int = NOISE
    asked: int = 0
    spent: float = 0.0
    """Seconds of CPU that its own work took: no part of a check."""
    _printed: dict[str, bytes] = field(default_factory=dict)

    def write(self, number: str) -> None:
        """Write a treaty's page as it is now, so that whoever asks for it next does not wait for it."""
        begin = thread_time()
        self.asked += 1
        stamp = self.clock().replace(tzinfo=None)
        self._printed[number] = write_page(self.treaties[number], stamp, seed=self.asked, noise=self.noise)
        self.spent += thread_time() - begin

    async def fetch(self, request: Request) -> Document | NotModified:
        """Return the page."""
        number = request.url.rsplit("/", 1)[1]
        if number not in self._printed:
            self.write(number)
        return Document(request.url, self._printed.pop(number), self.clock())

    def rest(self, url: str) -> float:
        """Return the seconds for which a host is to be left alone: none."""
        del url
        return 0.0


@dataclass
class Simulated:
    """One installation at one instant of its own time."""

    now: datetime
    desk: Desk
    depositary: Depositary
    state: Path

    def clock(self) -> datetime:
        """Return its time."""
        return self.now


@contextmanager
def installation(
    place: Path, treaties: int, now: datetime, noise: int = NOISE, shown: Callable[[int], ReplicaTreaty] | None = None
) -> Iterator[Simulated]:
    """Yield an installation in a folder that watches so many treaties: the suite's, or as `shown` by their number."""
    config, state = place / "config", place / "state"
    (config / "treaties").mkdir(parents=True)
    (config / "monitor.toml").write_text('contact = "bench@example.org"\n', encoding="utf-8")
    for page in range(treaties):
        number = reference(page)
        text = f'reference = "{number}"\n[[sources]]\nsource = "untc"\nurl = "https://depositary.example/{number}"\n'
        (config / "treaties" / f"{number}.toml").write_text(text, encoding="utf-8")
    with bootstrap.record(load_settings(config, state)) as desk:
        made = Simulated(now, desk, Depositary(lambda: made.now, noise=noise), state)
        show = shown or partial(treaty, day=now.date())
        made.depositary.treaties = {reference(page): show(page) for page in range(treaties)}
        made.desk = replace(desk, fetcher=made.depositary)
        yield made

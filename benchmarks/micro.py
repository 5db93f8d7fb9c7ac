"""Times the steps of a check one by one, on the pages of the suite: what a slow round is made of.

    .venv/bin/python benchmarks/micro.py

Each step is timed on a page (or record) that it has not seen, as in a round; medians of all pages, in milliseconds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from measuring import Spread, spread
from pages import CODE_OF, Site, file_name, reference, write_site
from rich.console import Console
from rich.table import Table

from monitor.domain.alert import Directory, Subscription, route
from monitor.domain.change import Change, ChangeKind, RecordedChange
from monitor.domain.compare import compare
from monitor.domain.document import Document
from monitor.domain.snapshot import Snapshot
from monitor.domain.treaty import Rules
from monitor.settings.shipped import shipped_names
from monitor.sources.registry import readers
from monitor.storage.archive import FileArchive
from monitor.storage.interface import Condition, SourceState
from monitor.storage.sql import open_storage

PAGES = 60
SUBSCRIPTIONS = (10, 1_000, 10_000)
READER = readers(shipped_names())["untc"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step and the milliseconds it takes per page, or per change for routing."""

    name: str
    takes: Spread


def steps(place: Path) -> tuple[Step, ...]:
    """Measure every step."""
    today = datetime.now(UTC).date()
    site = write_site(place / "site", PAGES, today)
    first, changed = ([_body(site, state, page) for page in range(PAGES)] for state in ("first", "changed"))
    before, after = ([_read(body, page) for page, body in enumerate(bodies)] for bodies in (first, changed))
    agree = partial(compare, rules=Rules(), since=today, until=today)
    return (
        _step("fingerprint of a page", [partial(READER.fingerprint, body) for body in first]),
        _step("reading a page whole", [partial(_read, body, page) for page, body in enumerate(changed)]),
        _step("comparing two readings", [partial(agree, *pair) for pair in zip(before, after, strict=True)]),
        *_storing(place, (first, changed), (before, after)),
        *_routing(today),
    )


def _step(name: str, work: Iterable[Callable[[], object]]) -> Step:
    return Step(name, spread([_time(one) for one in work]))


def _time(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def _body(site: Site, state: str, page: int) -> bytes:
    return (site.folder / state / file_name(page)).read_bytes()


def _read(body: bytes, page: int) -> Snapshot:
    reading = READER.read(body, reference(page))
    if reading.snapshot is None:
        raise ValueError(f"{reference(page)} was refused: {reading.findings}")
    return reading.snapshot


def _storing(
    place: Path, bodies: tuple[list[bytes], list[bytes]], readings: tuple[list[Snapshot], list[Snapshot]]
) -> Iterator[Step]:
    """Yield what the record and the archive take: a first reading, one that agrees, a check that found nothing."""
    archive, now = FileArchive(place / "documents"), datetime.now(UTC)
    documents = [Document(f"http://origin/{i}", body, now) for i, body in enumerate(bodies[0])]
    yield _step("keeping a page as evidence", [partial(archive.keep, one) for one in documents])
    storage = open_storage(place / "state")
    try:

        def store(page: int, snapshot: Snapshot) -> None:
            with storage.begin() as tx:
                tx.store_snapshot(reference(page), "untc", snapshot, now, None)

        yield _step("storing a first reading", [partial(store, *one) for one in enumerate(readings[0])])
        yield _step("storing a reading that agrees", [partial(store, *one) for one in enumerate(readings[1])])

        def load(page: int) -> None:
            with storage.begin(read_only=True) as tx:
                tx.latest(reference(page), "untc")

        yield _step("loading what is known of a treaty", [partial(load, page) for page in range(PAGES)])
        states = [SourceState(reference(i), "untc", documents[i].url, Condition.OK) for i in range(PAGES)]

        def enter(state: SourceState) -> None:
            with storage.begin() as tx:
                tx.save_source(state)

        yield _step("entering one check, alone", [partial(enter, one) for one in states])

        def renew() -> None:
            with storage.begin() as tx:
                tx.renew([(s, replace(s, last_checked=now)) for s in states])

        each = [_time(renew) / PAGES for _ in range(5)]
        yield Step(f"entering one check, {PAGES} at once", spread(each))
    finally:
        storage.close()


def _routing(today: date) -> Iterator[Step]:
    """Yield what finding the receivers of one change takes among ever more subscriptions, of which ten want it."""
    codes = sorted(CODE_OF.values())
    for count in SUBSCRIPTIONS:
        everybody = tuple(
            Subscription(
                name=f"s{number}",
                treaties=frozenset({reference(number // 10)}),
                countries=frozenset({codes[number % 10]}) if number >= 10 else None,  # noqa: PLR2004 - the ten who want it
                kinds=None,
                channels=("console",),
            )
            for number in range(count)
        )
        directory, change = Directory(everybody), _change(today)
        works = [partial(route, (change,), directory)] * 200
        yield _step(f"routing a change among {count:,} subscriptions", works)


def _change(today: date) -> RecordedChange:
    who = shipped_names().resolve("Poland")
    said = Change(kind=ChangeKind.SIGNED, treaty=reference(0), participant=who, action=None)
    return RecordedChange(
        said, datetime.combine(today, datetime.min.time(), UTC), "kind-0", "Kind 0", "untc", "http://o"
    )


def main() -> int:
    """Measure and print."""
    with TemporaryDirectory() as place:
        found = steps(Path(place))
    table = Table("step", "ms: median (least-most)", title=f"{PAGES} pages of 280 kB")
    for step in found:
        table.add_row(step.name, f"{step.takes.middle:.3f} ({step.takes.low:.3f}-{step.takes.high:.3f})")
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Lets simulated treaties live: rounds of the real pipeline, what each costs, and what is kept after each year."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from statistics import median
from time import process_time

from measuring import size
from pages import reference, treaty
from simulated import Simulated

from monitor.faces.demo.replica import Cell, ReplicaTreaty
from monitor.pipeline.rounds import Watched, check_batch
from monitor.storage.sql import SqlStorage

YEARS = 10
BEGIN = datetime(2026, 2, 3, 9, tzinfo=UTC)
QUIET = 3
"""Checks that find nothing new, before each that does."""
KINDS = 20
"""Treaties that are made; all others show their pages under other numbers."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes per treaty: of the record, and of its pages in the archive."""

    record: float
    pages: float

    @property
    def both(self) -> float:
        """Of both together."""
        return self.record + self.pages


@dataclass(frozen=True, slots=True)
class Life:
    """What treaties came to: kept after the first reading and after each year, and milliseconds of CPU per check."""

    first: Kept
    years: tuple[Kept, ...]
    unchanged: tuple[float, float]
    changed: tuple[float, float]
    kept_by_unchanged: int

    @property
    def last(self) -> Kept:
        """What is kept at the end."""
        return self.years[-1]


@cache
def _made(kind: int) -> ReplicaTreaty:
    return treaty(kind, BEGIN.date())


def whole(page: int) -> ReplicaTreaty:
    """Return a treaty whose page is that of the suite, 280 kB."""
    return replace(_made(page % KINDS), reference=reference(page))


def small(page: int) -> ReplicaTreaty:
    """Return a treaty with a page of 30 kB: 40 rows, 5 declarations."""
    full = whole(page)
    return replace(full, rows=full.rows[:40], declarations=full.declarations[:5])


def live(simulated: Simulated, number: int, changes: int) -> Life:
    """Let the first treaties live through all years with so many changes each."""
    watched = simulated.desk.watched()[:number]
    before_all = sizes(simulated)
    checked(simulated, watched)
    first = _each(simulated, before_all, number)
    quiet, changed, kept, years = [], [], [], []
    for left in _spread(changes):
        for _ in range(left):
            before = sizes(simulated)
            quiet += [checked(simulated, watched) for _ in range(QUIET)]
            kept.append(sum(sizes(simulated)) - sum(before))
            simulated.now += timedelta(days=365 * YEARS / changes)
            alter(simulated, watched)
            changed.append(checked(simulated, watched))
        years.append(_each(simulated, before_all, number))
    year = max(1, changes // YEARS)
    return Life(
        first=first,
        years=tuple(years),
        unchanged=_ends(quiet, QUIET * year),
        changed=_ends(changed, year),
        kept_by_unchanged=max(kept),
    )


def _each(simulated: Simulated, before: tuple[int, int], number: int) -> Kept:
    record, pages = (after - then for after, then in zip(sizes(simulated), before, strict=True))
    return Kept(record / number, pages / number)


def _spread(changes: int) -> Iterator[int]:
    """Yield how many of the changes come in each year."""
    for year in range(YEARS):
        yield changes * (year + 1) // YEARS - changes * year // YEARS


def _ends(took: Sequence[float], year: int) -> tuple[float, float]:
    return median(took[:year]), median(took[-year:])


def checked(simulated: Simulated, watched: tuple[Watched, ...], run: Callable[..., object] = check_batch) -> float:
    """Check these once, an hour later; return the milliseconds of CPU for each, without the depositary's part."""
    simulated.now += timedelta(hours=1)
    spent, begin = simulated.depositary.spent, process_time()
    asyncio.run(run(simulated.desk, watched, simulated.clock, lambda _: None))  # type: ignore[arg-type]
    took = process_time() - begin - (simulated.depositary.spent - spent)
    return took * 1e3 / len(watched)


def alter(simulated: Simulated, watched: tuple[Watched, ...]) -> None:
    """Let each of these show one act more from now on."""
    for each, _ in watched:
        shown = simulated.depositary.treaties[each.reference]
        chance = random.Random(f"{each.reference} {simulated.now}")  # noqa: S311 - material, no secret
        simulated.depositary.treaties[each.reference] = with_one_act_more(shown, simulated.now.date(), chance)


def with_one_act_more(shown: ReplicaTreaty, today: date, chance: random.Random) -> ReplicaTreaty:
    """Return the treaty with one more consent: of a State without one, else another date of one."""
    rows = [row for row in shown.rows if row.cells[-1] is None] or list(shown.rows)
    row = chance.choice(rows)
    return shown.with_row(replace(row, cells=(*row.cells[:-1], Cell(today - timedelta(days=3), "a"))))


def sizes(simulated: Simulated) -> tuple[int, int]:
    """Return the bytes in use in the record, and those of the kept pages."""
    return record_of(simulated), size(simulated.state / "documents")


def record_of(simulated: Simulated) -> int:
    """Return the bytes in use in the record."""
    storage = simulated.desk.storage
    assert isinstance(storage, SqlStorage)  # noqa: S101 - an installation of these simulations has no other
    with storage.engine.connect() as connection:
        pages, free, each = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * each)

"""Simulates ten years of watching, and measures what is kept, what a check costs and how long questions take.

    .venv/bin/python benchmarks/growth.py [--treaties 50 500 5000] [--simulated 5] [--per-year 1.1]

A few treaties (`--simulated`) go through all the years by the real pipeline: at every change a page of 280 KB with one
act more, and before each change some checks that find nothing new. The unchanged checks left out would add nothing:
what one of them leaves behind is measured. The record of all treaties is then made of the rows of those few, copied
under other numbers, and questions are asked of it; the kept pages are multiplied by arithmetic. The usual rate is that
of nine treaties over 34 months: 28 differing readings.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from measuring import size
from pages import reference
from rich.console import Console
from rich.table import Table
from simulated import Simulated, installation
from sqlalchemy import Connection, delete, insert, select

from monitor.faces.demo.replica import Cell, ReplicaTreaty
from monitor.pipeline import report
from monitor.pipeline.rounds import Watched, check_batch
from monitor.storage import tables
from monitor.storage.sql import SqlStorage

YEARS = 10
BEGIN = datetime(2026, 2, 3, 9, tzinfo=UTC)
QUIET = 3
"""Checks that find nothing new, before each that does."""
COPIED = (tables.reading, tables.participation, tables.statement, tables.document, tables.change, tables.source)
OWN = {"id", "number"}
"""Columns that number rows by themselves, save in the table of changes, whose ids are made."""


@dataclass(frozen=True, slots=True)
class Grown:
    """What the simulated treaties came to: bytes per treaty after all years, and milliseconds per check."""

    record: float
    pages: float
    unchanged: tuple[float, float]
    changed: tuple[float, float]
    kept_by_unchanged: float


def main() -> None:
    """Simulate, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--treaties", type=int, nargs="+", default=[50, 500, 5000])
    parser.add_argument("--simulated", type=int, default=5)
    parser.add_argument("--per-year", type=float, default=1.1, help="changes of one treaty in a year")
    wanted = parser.parse_args()
    console = Console(width=150)
    table = Table("treaties", "pages kept, MB", "record, MB", *QUESTIONS, title=f"After {YEARS} years; ms per question")
    for treaties in sorted(wanted.treaties):
        with TemporaryDirectory() as place, installation(Path(place), treaties, BEGIN) as simulated:
            grown = grow(simulated, min(wanted.simulated, treaties), round(wanted.per_year * YEARS))
            record = multiply(simulated, min(wanted.simulated, treaties))
            asked = [f"{ask(simulated, question):.0f}" for question in QUESTIONS.values()]
            table.add_row(str(treaties), f"{grown.pages * treaties / 1e6:.0f}", f"{record / 1e6:.0f}", *asked)
            console.print(_costs(treaties, grown), highlight=False)
    console.print(table)


def _costs(treaties: int, grown: Grown) -> str:
    spans = (f"{name} {first:.1f} -> {last:.1f}" for name, (first, last) in _named(grown))
    kept = f"an unchanged check keeps {grown.kept_by_unchanged:.1f} bytes"
    return f"{treaties} treaties: ms per check, first -> last year: {', '.join(spans)}; {kept}"


def _named(grown: Grown) -> tuple[tuple[str, tuple[float, float]], ...]:
    return (("unchanged", grown.unchanged), ("changed", grown.changed))


def grow(simulated: Simulated, number: int, changes: int) -> Grown:
    """Let the first treaties live through all years with so many changes each; return what it came to."""
    watched = simulated.desk.watched()[:number]
    chance = random.Random(1)  # noqa: S311 - material, no secret
    _round(simulated, watched)
    quiet, changed, kept = [], [], []
    for _ in range(changes):
        before = _bytes(simulated)
        quiet += [_round(simulated, watched) / number for _ in range(QUIET)]
        kept.append((_bytes(simulated) - before) / (QUIET * number))
        simulated.now += timedelta(days=365 * YEARS / changes)
        for treaty, _ in watched:
            shown = simulated.depositary.treaties[treaty.reference]
            simulated.depositary.treaties[treaty.reference] = with_one_act_more(shown, simulated.now, chance)
        changed.append(_round(simulated, watched) / number)
    year = max(1, changes // YEARS)
    return Grown(
        record=_bytes(simulated) / number,
        pages=size(simulated.state / "documents") / number,
        unchanged=(median(quiet[: QUIET * year]), median(quiet[-QUIET * year :])),
        changed=(median(changed[:year]), median(changed[-year:])),
        kept_by_unchanged=median(kept),
    )


def with_one_act_more(shown: ReplicaTreaty, now: datetime, chance: random.Random) -> ReplicaTreaty:
    """Return the treaty with one more consent: of a State without one, else another date of one."""
    rows = [row for row in shown.rows if row.cells[-1] is None] or list(shown.rows)
    row = chance.choice(rows)
    return shown.with_row(replace(row, cells=(*row.cells[:-1], Cell((now - timedelta(days=3)).date(), "a"))))


def _round(simulated: Simulated, watched: tuple[Watched, ...]) -> float:
    """Check these once, an hour later; return the milliseconds it took."""
    simulated.now += timedelta(hours=1)
    for treaty, _ in watched:
        simulated.depositary.write(treaty.reference)
    begin = perf_counter()
    asyncio.run(check_batch(simulated.desk, watched, simulated.clock, lambda _: None))
    return (perf_counter() - begin) * 1e3


def _bytes(simulated: Simulated) -> int:
    """Return the bytes in use in the record."""
    storage = simulated.desk.storage
    assert isinstance(storage, SqlStorage)  # noqa: S101 - an installation of these simulations has no other
    with storage.engine.connect() as connection:
        pages, free, each = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * each)


def multiply(simulated: Simulated, number: int) -> int:
    """Give every other treaty the rows of one that was simulated; return the bytes of the record."""
    storage = simulated.desk.storage
    assert isinstance(storage, SqlStorage)  # noqa: S101 - see _bytes
    with storage.begin() as tx:
        for page in range(number, len(simulated.desk.treaties)):
            _copy(tx._connection, reference(page % number), reference(page))  # noqa: SLF001 - no other way in bulk
    return _bytes(simulated)


def _copy(connection: Connection, old: str, new: str) -> None:
    for table in COPIED:
        columns = [c for c in table.c if c.name not in OWN or (table is tables.change and c.name == "id")]
        values = [_value(c, old, new) for c in columns]
        rows = select(*values).where(table.c.treaty == old)
        connection.execute(delete(table).where(table.c.treaty == new))  # what the operator was told of its silence
        connection.execute(insert(table).from_select([c.name for c in columns], rows))


def _value(column: tables.Column[str], old: str, new: str) -> object:
    from sqlalchemy import func, literal  # noqa: PLC0415 - beside its only use

    if column.name == "treaty":
        return literal(new)
    if column.table is tables.change and column.name == "id":
        return column + literal(f"-{new}")
    if column.name in {"recorded", "page", "url"}:
        return func.replace(column, old, new, type_=column.type)
    return column


def ask(simulated: Simulated, question: Callable[[Simulated], object]) -> float:
    """Return the milliseconds that a question takes, the median of five times."""
    times = []
    for _ in range(5):
        begin = perf_counter()
        question(simulated)
        times.append((perf_counter() - begin) * 1e3)
    return median(times)


def _status(simulated: Simulated, treaties: int | None) -> object:
    wanted = simulated.desk.treaties[:treaties]
    return report.status(simulated.desk, report.Question(wanted, simulated.now.date()), simulated.now)


QUESTIONS: dict[str, Callable[[Simulated], object]] = {
    "status --treaty": lambda s: _status(s, 1),
    "changes --treaty": lambda s: report.changes(s.desk, report.Wanted(treaty=s.desk.treaties[0])),
    "changes --since (month)": lambda s: report.changes(
        s.desk, report.Wanted(since=(s.now - timedelta(days=30)).date())
    ),
    "sources": lambda s: report.sources(s.desk, s.now),
    "held": lambda s: report.held(s.desk),
    "deliveries": lambda s: report.deliveries(s.desk),
    "upcoming": lambda s: report.upcoming(s.desk, s.now),
}


if __name__ == "__main__":
    main()

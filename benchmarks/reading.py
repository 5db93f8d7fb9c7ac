"""Times what a page costs to read, beside what a tree of it costs, on pages of our own and on real ones where at hand.

    .venv/bin/python benchmarks/reading.py [PAGES]

CPU milliseconds (medians), each page read for the first time. Ratios are to `html.parser` under BeautifulSoup on the
whole page and to lxml on the participants' table alone, both in the same run: they hold on any machine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from bs4 import BeautifulSoup
from lxml import etree
from pages import STATE, treaty
from rich.console import Console
from rich.table import Table

from monitor.domain.compare import compare
from monitor.domain.plausibility import examine
from monitor.domain.snapshot import Snapshot
from monitor.domain.treaty import Rules
from monitor.faces.demo.replica import write_page
from monitor.settings.shipped import shipped_names
from monitor.sources.registry import readers

MADE = 40
DAY = date(2026, 2, 3)
READER = readers(shipped_names())["untc"]
REAL = Path(os.environ.get("TREATY_PAGES") or Path(__file__).resolve().parents[2] / "shared" / "untc") / "html"


@dataclass(frozen=True, slots=True)
class Costs:
    """CPU milliseconds of one page: of the steps of a check, and of two trees."""

    bytes: int
    fingerprint: float
    extract: float
    examine: float
    compare: float
    soup: float
    table: float


def made(count: int) -> Iterator[bytes]:
    """Yield pages of our own in the depositary's form, of 280 KB each."""
    at = datetime.combine(DAY, datetime.min.time())
    for number in range(count):
        yield write_page(treaty(number, DAY), at, seed=number, noise=STATE)


def costs(body: bytes) -> Costs:
    """Measure one page. Raises ValueError if it is refused."""
    fingerprint, _ = _timed(lambda: READER.fingerprint(body))
    extract, reading = _timed(lambda: READER.read(body))
    snapshot = reading.snapshot
    if snapshot is None:
        raise ValueError(f"a page was refused: {reading.findings}")
    other = READER.read(body.replace(b"STATUS AS AT : 03-02", b"STATUS AS AT : 04-02")).snapshot or snapshot
    return Costs(
        bytes=len(body),
        fingerprint=fingerprint,
        extract=extract,
        examine=_timed(lambda: examine(snapshot, Rules(), DAY))[0],
        compare=_timed(lambda: _compared(snapshot, other))[0],
        soup=_timed(lambda: BeautifulSoup(body, "html.parser"))[0],
        table=_timed(lambda: _table(body))[0],
    )


def _compared(before: Snapshot, after: Snapshot) -> object:
    return compare(before, after, Rules())


def _table(body: bytes) -> list[list[str]]:
    start = body.index(b"tblgrid")
    piece = body[body.rindex(b"<", 0, start) : body.index(b"</table", start)]
    root = etree.fromstring(piece, etree.HTMLParser(encoding="utf-8"))
    return [["".join(map(str, cell.itertext())) for cell in row] for row in root.iter("tr")]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = process_time()
    result = work()
    return (process_time() - start) * 1000, result


def _row(name: str, pages: list[Costs]) -> tuple[str, ...]:
    shown = [median(getattr(page, field) for page in pages) for field in Costs.__slots__]
    size, fingerprint, extract, examined, compared, soup, table = shown
    told = (fingerprint, extract, examined, compared, soup, table)
    ratios = (f"{extract / soup:.2f}", f"{extract / table:.1f}")
    return (name, f"{size / 1000:.0f}", *(f"{value:.2f}" for value in told), *ratios)


def main() -> int:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MADE
    first = next(made(1))
    costs(first)  # what is loaded once is not the page's
    heads = ("page", "kB", "fingerprint", "extract", "examine", "compare", "soup, whole", "lxml, table")
    table = Table(*heads, "extract / soup", "extract / table", title="CPU ms per page")
    table.add_row(*_row(f"{count} of our own", [costs(body) for body in made(count)]))
    for page in sorted(REAL.glob("*.html")):
        table.add_row(*_row(page.stem, [costs(page.read_bytes())]))
    Console(width=140).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Simulates ten years of watching: what is kept, what a check costs, and how long questions take.

    .venv/bin/python benchmarks/growth.py [--pages ../shared/untc/html]

1. Rounds of 50, 500 and 5,000 treaties are really gone, with pages of 30 kB: CPU per check.
2. Treaties with pages of 280 kB really live through 1, 7, 73 and 730 changes in ten years, by the real pipeline: a page
   with one act more at each, and before each some checks that find nothing new. (The unchanged checks left out would
   add nothing: what one of them leaves behind is measured.) 50, 500 and 5,000 treaties with 1, 10 and 100 changes a day
   between them are so many such lives, by multiplication.
3. Five treaties live at the usual rate, that of nine treaties over 34 months: 28 differing readings. Their rows are
   copied under other numbers, and questions are asked of that record. Kept pages are multiplied, those of the real
   pages' size too, where `--pages` has any.
4. Changes are recorded and routed among 10 to 10,000 subscriptions: CPU per alert.
"""

from __future__ import annotations

import argparse
import os
import random
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from math import log
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from time import process_time

from alerts import Alerts
from alerts import measured as alerts_measured
from copied import multiply
from curves import curves
from living import BEGIN, YEARS, Life, alter, checked, live, small, whole
from report import conditions
from simulated import Simulated, installation

from monitor.pipeline import report
from monitor.pipeline.rounds import check_round
from monitor.storage.packing import packed

SIZES = (50, 500, 5_000)
RATES = (1, 10, 100)
DAYS = 365 * YEARS
USUAL = round(28 / 9 * 12 / 34 * YEARS)
"""Changes of one treaty in all years."""
SIMULATED = 5
LIVES = (1, 7, 73, 730)
CHANGED = 50
TARGET = 500
"""Megabytes that ten years of 500 treaties may keep."""
STATE = re.compile(rb'id="__VIEWSTATE" value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Rounds:
    """Milliseconds of CPU per check with so many treaties: at first sight, unchanged, changed."""

    treaties: int
    first: float
    unchanged: float
    changed: float


@dataclass(frozen=True, slots=True)
class Usual:
    """A record of so many treaties after all years at the usual rate: its bytes, and what each question takes (ms)."""

    treaties: int
    life: Life
    record: int
    asked: tuple[float, ...]


def main() -> None:
    """Simulate, ask, print, and write `growth.md` and its plots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=Path("../shared/untc/html"))
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    wanted = parser.parse_args()
    before = os.getloadavg()[0]
    rounds = [go(treaties) for treaties in SIZES]
    lives = {changes: lived(changes) for changes in LIVES}
    usual = [grown(treaties) for treaties in SIZES]
    alerts = alerts_measured()
    where = conditions({"treaty-monitor": version("treaty-monitor")}, "none", (before, os.getloadavg()[0]))
    of_usual = (_of_usual(usual, real(wanted.pages)), _of_questions(usual))
    parts = (_of_rounds(rounds), _of_alerts(alerts), _of_lives(lives), *of_usual)
    text = "\n".join(("# Growth", "", *where, *(line for part in parts for line in part), ""))
    (wanted.out / "growth.md").write_text(text, "utf-8")
    for name, plot in (("growth", _plot(lives)), ("checks", _checks(rounds)), ("alerts", _alerts(alerts))):
        (wanted.out / f"{name}.svg").write_text(plot, "utf-8")
    print(text)


def go(treaties: int) -> Rounds:
    """Go rounds of so many treaties."""
    with TemporaryDirectory() as place, installation(Path(place), treaties, BEGIN, noise=1_000, shown=small) as here:
        watched = here.desk.watched()
        first = checked(here, watched, check_round)
        unchanged = median(checked(here, watched, check_round) for _ in range(3))
        some = watched[:: max(1, treaties // CHANGED)]
        alter(here, some)
        return Rounds(treaties, first, unchanged, checked(here, some))


def lived(changes: int) -> Life:
    """Let one treaty live through so many changes."""
    with TemporaryDirectory() as place, installation(Path(place), 1, BEGIN, shown=whole) as here:
        return live(here, 1, changes)


def grown(treaties: int) -> Usual:
    """Let some treaties live at the usual rate, copy them, and ask."""
    with TemporaryDirectory() as place, installation(Path(place), treaties, BEGIN, shown=whole) as here:
        life = live(here, SIMULATED, USUAL)
        record = multiply(here, SIMULATED)
        return Usual(treaties, life, record, tuple(ask(here, question) for question in QUESTIONS.values()))


def ask(simulated: Simulated, question: Callable[[Simulated], object]) -> float:
    """Return the milliseconds of CPU that a question takes, the median of five times."""
    return median(_took(partial(question, simulated)) for _ in range(5))


def _took(work: Callable[[], object]) -> float:
    begin = process_time()
    work()
    return (process_time() - begin) * 1e3


def real(folder: Path) -> tuple[float, float] | None:
    """Return the bytes of a real page kept alone and upon another that differs in its state only; None without any."""
    found = [_packed(file.read_bytes()) for file in sorted(folder.glob("*.html"))]
    return (mean(one[0] for one in found), mean(one[1] for one in found)) if found else None


def _packed(page: bytes) -> tuple[int, int]:
    chance = random.Random(1)  # noqa: S311 - material, no secret
    again = STATE.sub(lambda m: m[0].replace(m[1], _other(m[1], chance)), page)
    return len(packed(page, None, "")), len(packed(again, page, "00" * 32))


def _other(state: bytes, chance: random.Random) -> bytes:
    return b64encode(chance.randbytes(len(b64decode(state))))


def _of_rounds(rounds: Sequence[Rounds]) -> Iterator[str]:
    yield from ("", "## One check, by the number of treaties", "")
    yield "Rounds really gone, chores included; pages of 30 kB; ms of CPU per check."
    yield from (
        "",
        "![checks](checks.svg)",
        "",
        "| treaties | first sight | unchanged | changed |",
        "|---|---|---|---|",
    )
    yield from (f"| {r.treaties:,} | {r.first:.2f} | {r.unchanged:.2f} | {r.changed:.1f} |" for r in rounds)


def _of_alerts(alerts: Sequence[Alerts]) -> Iterator[str]:
    yield from ("", "## One alert, by the number of subscriptions", "")
    yield "From a recorded change to its deliveries in the outbox, each with a message of its own; ms of CPU per alert."
    yield from (
        "",
        "![alerts](alerts.svg)",
        "",
        "| subscriptions | all want the change | ten want it |",
        "|---|---|---|",
    )
    yield from (f"| {a.subscribed:,} | {a.all_want_it:.2f} | {a.few_want_it:.2f} |" for a in alerts)


def _of_lives(lives: Mapping[int, Life]) -> Iterator[str]:
    yield from ("", f"## One treaty in {YEARS} years, by its changes", "")
    yield "Really lived through; pages of 280 kB; ms of CPU per check in the first and the last year."
    yield from ("", "| changes | record, kB | pages, kB | unchanged check | changed check | an unchanged check keeps |")
    yield "|---|---|---|---|---|---|"
    for changes, life in lives.items():
        kept = f"{life.last.record / 1e3:,.0f} | {life.last.pages / 1e3:,.0f}"
        costs = f"{_span(life.unchanged)} | {_span(life.changed)} | {life.kept_by_unchanged} bytes"
        yield f"| {changes} | {kept} | {costs} |"
    yield from ("", f"## Kept after {YEARS} years, by treaties and changes", "")
    yield "Megabytes of record and pages: the lives above, multiplied; one of 7,300 changes as ten of 730."
    yield from ("", "![growth](growth.svg)", "", "| treaties | " + " | ".join(f"{n} a day" for n in RATES) + " |")
    yield "|---|" + "---|" * len(RATES)
    for treaties in SIZES:
        cells = (f"{kept_by(lives, treaties, rate)[-1] / 1e6:,.0f}" for rate in RATES)
        yield f"| {treaties:,} | {' | '.join(cells)} |"


def _span(ends: tuple[float, float]) -> str:
    return f"{ends[0]:.1f} → {ends[1]:.1f}"


def kept_by(lives: Mapping[int, Life], treaties: int, rate: int) -> list[float]:
    """Return the bytes that so many treaties keep after each year, at so many changes a day between them.

    What the nearest life keeps beyond its first reading is in proportion to the changes.
    """
    each = rate * DAYS / treaties
    near = min(lives, key=lambda n: abs(log(each / n)))
    first = lives[near].first.both
    return [treaties * (first + (year.both - first) * each / near) for year in lives[near].years]


def _of_usual(usual: Sequence[Usual], pages: tuple[float, float] | None) -> Iterator[str]:
    yield from ("", f"## {YEARS} years at the usual rate", "")
    yield f"{USUAL} changes of each treaty: 28 differing readings of nine treaties in 34 months. {SIMULATED} treaties"
    yield "really lived; record copied, pages multiplied. MB."
    yield from ("", "| treaties | record | pages of 280 kB | together | pages as large as the real ones | together |")
    yield "|---|---|---|---|---|---|"
    for each in usual:
        record, kept = each.record / 1e6, each.life.last.pages * each.treaties / 1e6
        other = (pages[0] + USUAL * pages[1]) * each.treaties / 1e6 if pages else None
        larger = f"{other:,.0f} | {record + other:,.0f}" if other is not None else "- | -"
        yield f"| {each.treaties:,} | {record:,.0f} | {kept:,.0f} | {record + kept:,.0f} | {larger} |"
    yield from ("", f"Aimed at: {TARGET} MB for 500 treaties.")
    if pages:
        yield f"A real page takes {pages[0] / 1e3:.0f} kB alone and {pages[1] / 1e3:.0f} kB upon another, on average of"
        yield "those at hand; nearly all of the latter is the state that it carries for its server, new each time."


def _of_questions(usual: Sequence[Usual]) -> Iterator[str]:
    yield from ("", "## Questions, asked of those records", "", "ms of CPU, start not included.", "")
    yield "| question | " + " | ".join(f"{each.treaties:,} treaties" for each in usual) + " |"
    yield "|---|" + "---|" * len(usual)
    for number, name in enumerate(QUESTIONS):
        yield f"| {name} | " + " | ".join(f"{each.asked[number]:.0f}" for each in usual) + " |"


def _plot(lives: Mapping[int, Life]) -> str:
    lines = {f"{rate} change{'s' * (rate > 1)} a day": [b / 1e6 for b in kept_by(lives, 500, rate)] for rate in RATES}
    title = "500 treaties: record and pages of 280 kB kept after so many years"
    return curves(title, "MB", lines, range(1, YEARS + 1), "years")


def _checks(rounds: Sequence[Rounds]) -> str:
    lines = {
        "at first sight": [r.first for r in rounds],
        "changed": [r.changed for r in rounds],
        "unchanged": [r.unchanged for r in rounds],
    }
    return curves("CPU of one check", "ms", lines, [f"{r.treaties:,}" for r in rounds], "treaties")


def _alerts(alerts: Sequence[Alerts]) -> str:
    lines = {"ten want it": [a.few_want_it for a in alerts], "all want it": [a.all_want_it for a in alerts]}
    return curves("CPU of one alert", "ms", lines, [f"{a.subscribed:,}" for a in alerts], "subscriptions")


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

"""The year that the reliability tests let pass: two treaties, a seed, four days on which a depositary has news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from monitor.faces.demo.replica import MINE_BAN_COLUMNS, Cell, ReplicaRow, ReplicaTreaty
from monitor.faces.demo.scenes import mine_ban

MINES, CLUSTER = "XXVI-5", "XXVI-6"


@dataclass(frozen=True)
class Day:
    """One day: when the check begins, what the pages show, and every change that a monitor must then report.

    `news` is complete: (treaty, State, kind). Anything else is a false alarm.
    """

    begins: datetime
    pages: tuple[ReplicaTreaty, ...]
    news: frozenset[tuple[str, str, str]]


def play() -> tuple[Day, ...]:
    """Return the days. The first is measured against the seed; on the second the calendar alone brings the news."""
    cluster = _cluster()
    vanuatu = cluster.with_row(ReplicaRow("Vanuatu", (None, Cell(date(2025, 11, 20), "a"))))
    three, leaves = ("EE", "LV", "LT"), "withdrawal_effective"
    notified = [(MINES, state, "withdrawal_notified") for state in (*three, "FI", "PL")]
    return (
        _day(4, cluster, *notified, (MINES, "TO", "consented")),
        _day(5, cluster, (MINES, "MH", "entered_into_force")),
        _day(
            8,
            vanuatu,
            *((MINES, state, leaves) for state in three),
            (MINES, "TO", "entered_into_force"),
            (CLUSTER, "VU", "consented"),
        ),
        _day(11, vanuatu, (MINES, "FI", leaves), (MINES, "PL", leaves)),
    )


def _day(scene: int, cluster: ReplicaTreaty, *news: tuple[str, str, str]) -> Day:
    shown = mine_ban()[scene]
    return Day(datetime(*shown.day.timetuple()[:3], 6, tzinfo=UTC), (shown.treaty, cluster), frozenset(news))


def _cluster() -> ReplicaTreaty:
    return ReplicaTreaty(
        reference=CLUSTER,
        title="Convention on Cluster Munitions",
        chapter_name="DISARMAMENT",
        place_and_date="Dublin, 30 May 2008",
        in_force="1 August 2010, by article 17 (1).",
        columns=MINE_BAN_COLUMNS,
        rows=(
            ReplicaRow("Ireland", (Cell(date(2008, 12, 3)), Cell(date(2008, 12, 3)))),
            ReplicaRow("Japan", (Cell(date(2008, 12, 3)), Cell(date(2009, 7, 14), "A"))),
            ReplicaRow("Norway", (Cell(date(2008, 12, 3)), Cell(date(2008, 12, 3)))),
        ),
    )

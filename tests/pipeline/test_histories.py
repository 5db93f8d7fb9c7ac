"""Whole histories of a page, drawn by chance, with what a page may show wrongly for days: each change is told once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from office import Office

from monitor.domain.calendar import add_months
from monitor.domain.change import ChangeKind
from monitor.faces.demo.replica import Cell, ReplicaRow, ReplicaTreaty, write_page
from monitor.faces.demo.scenes import Notice, mine_ban

BASE = mine_ban()[0].treaty
START, DAYS = date(2025, 6, 1), 260
LEAVERS = {"Austria": "AT", "Finland": "FI", "France": "FR", "Sweden": "SE"}
JOINERS = {"Chile": "CL", "Fiji": "FJ"}
UNCLEAR = "On 3 May 2025, the Government of {} told the Secretary-General that it cannot ratify the Convention."
FAULTS = ("unclear", "hidden", "vanished", "number", "slipped", "older", "down", "asleep", "reader")

Told = tuple[str, ChangeKind, date]


@dataclass(frozen=True)
class Fault:
    """What is wrong with the page, or with us, from one day to another."""

    kind: str
    who: str
    first: date
    last: date


@dataclass
class History:
    """What happens (`notices`, `consents` by State), and what goes wrong meanwhile."""

    seed: int
    notices: dict[str, Notice] = field(default_factory=dict)
    consents: dict[str, date] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311 - a history, no secret
        for number, name in enumerate(LEAVERS):
            day = START + timedelta(chance.randint(3, 50))
            self.notices[name] = Notice(name, day, add_months(day, 6), f"CN.{300 + number}.2025")
        self.consents = {name: START + timedelta(chance.randint(3, 60)) for name in JOINERS}
        turns = [*(n.effective for n in self.notices.values()), *(n.received for n in self.notices.values())]
        for _ in range(14):
            first = chance.choice(turns) + timedelta(chance.randint(-4, 4))
            last = first + timedelta(chance.randint(0, 5))
            if first > START and last < START + timedelta(DAYS - 10):
                self.faults.append(Fault(chance.choice(FAULTS), chance.choice(list(LEAVERS)), first, last))
        blind = [f for f in self.faults if f.kind in {"down", "asleep"}]  # what was never seen in place cannot slip
        near = [f for f in self.faults if any(abs(f.first - b.last) < timedelta(10) for b in blind)]
        self.faults = [f for f in self.faults if f.kind != "slipped" or f not in near]

    def news(self) -> Iterator[Told]:
        """Yield all that is to be told, whatever goes wrong."""
        yield "MH", ChangeKind.ENTERED_INTO_FORCE, date(2025, 3, 12)
        for name, notice in self.notices.items():
            yield LEAVERS[name], ChangeKind.WITHDRAWAL_NOTIFIED, notice.received
            yield LEAVERS[name], ChangeKind.WITHDRAWAL_EFFECTIVE, notice.received
        for name, day in self.consents.items():
            yield JOINERS[name], ChangeKind.CONSENTED, day
            yield JOINERS[name], ChangeKind.ENTERED_INTO_FORCE, day

    def page(self, day: date) -> ReplicaTreaty:
        """Return what the page shows on a day."""
        shown = BASE
        for name, since in self.consents.items():
            shown = shown.with_row(ReplicaRow(name, (None, Cell(since, "a")))) if since <= day else shown
        for name, notice in self.notices.items():
            row = replace(shown.row(name), notes=(notice.note(),))
            shown = shown.with_row(row) if notice.received <= day else shown
        for fault in self.now(day):
            shown = _with_fault(shown, fault, known=self.notices[fault.who].received + timedelta(2) < fault.first)
        return shown

    def now(self, day: date) -> list[Fault]:
        """Return what is wrong on a day, one fault for each kind and State."""
        found = [f for f in self.faults if f.first <= day <= f.last]
        return list({(f.kind, f.who): f for f in found}.values())


def _with_fault(shown: ReplicaTreaty, fault: Fault, *, known: bool) -> ReplicaTreaty:
    """Return the page with a fault; a note is lost or slips only after its notice was `known`."""
    row = next((r for r in shown.rows if r.name == fault.who), None)
    match fault.kind, row:
        case "vanished", ReplicaRow():
            shown = replace(shown, rows=tuple(r for r in shown.rows if r is not row))
        case "unclear", ReplicaRow(name=name, notes=notes):
            shown = shown.with_row(replace(row, notes=(UNCLEAR.format(name), *notes)))
        case "hidden", ReplicaRow() if known:
            shown = shown.with_row(replace(row, notes=()))
        case "slipped", ReplicaRow(name=name, notes=notes) if known:
            slipped = tuple(note.replace(f"the Government of {name}", "the Government") for note in notes)
            shown = shown.with_row(replace(row, notes=())).with_row(replace(shown.row("Norway"), notes=slipped))
        case "number", _:
            shown = shown.with_row(replace(shown.row("Albania"), notes=("At first for a part.",)))
    return shown


def _watched(office: Office, history: History) -> Iterator[Told]:
    """Check the page once a day, and yield what is told."""
    pages: list[bytes] = []
    for day in (START + timedelta(n) for n in range(DAYS)):
        office.now = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
        wrong = {fault.kind for fault in history.now(day)}
        pages.append(write_page(history.page(day), office.now.replace(tzinfo=None)))
        office.show(pages[max(-7, -len(pages))] if "older" in wrong else pages[-1])
        if "down" in wrong:
            office.show(b"<html>maintenance</html>")
        if "reader" in wrong:
            office.with_(reader_version=f"of {day}")
        if "asleep" not in wrong:
            told = office.check().changes
            yield from ((c.change.key or "", c.change.kind, c.change.act_date or date.min) for c in told)


@pytest.mark.sqlite
@pytest.mark.parametrize("seed", range(8))
def test_each_change_is_told_once_whatever_the_page_shows_wrongly_meanwhile(seedless: Office, seed: int) -> None:
    history = History(seed)
    assert sorted(_watched(seedless, history)) == sorted(history.news())

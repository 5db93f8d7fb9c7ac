"""A treaty that is read at two sources, of which one lags by months: what it shows late is told by nobody again."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from office import EVERYBODY, URL, Office
from test_gatekeeper import BACK, BASE, UNCLEAR, finland
from test_histories import DAYS, START, History
from test_replaced_source import Mirror

from monitor.domain.change import ChangeKind
from monitor.faces.demo.replica import MONTHS, Cell, ReplicaRow, ReplicaTreaty, write_page
from monitor.faces.demo.scenes import FINLAND
from monitor.pipeline.introduce import introduce
from monitor.pipeline.rounds import check_round
from monitor.pipeline.upcoming import coming
from monitor.settings import shipped_names

LAGGING = f"{URL}/export"
NOTIFIED = finland(FINLAND.note())
RETRACTED = finland(FINLAND.note(), BACK.replace("9 January 2026", "9 October 2025"))
LATER = finland(replace(FINLAND, effective=date(2026, 7, 10)).note())
DAY, LATER_DAY = datetime(2026, 1, 11, 8, tzinfo=UTC), datetime(2026, 7, 11, 8, tzinfo=UTC)

News = list[tuple[str, ChangeKind]]


@pytest.fixture
def twice(seedless: Office) -> Office:
    """Return an office that reads a page and, at another address, what may be older."""
    seedless.with_(readers=seedless.desk.readers | {"mirror": Mirror(shipped_names())})
    seedless.now = datetime(2025, 7, 1, 8, tzinfo=UTC)
    watch(seedless, "untc", "mirror")
    assert shown(seedless, BASE, BASE) == []
    return seedless


def watch(office: Office, *keys: str) -> None:
    (treaty,), urls = office.desk.treaties, {"untc": URL, "mirror": LAGGING}
    sources = tuple(replace(treaty.sources[0], key=key, url=urls[key]) for key in keys)
    office.with_(treaties=(replace(treaty, sources=sources),))


def shown(office: Office, page: ReplicaTreaty | bytes | None, lagging: ReplicaTreaty | None, days: int = 0) -> News:
    """Let the two show this (None: what they showed before), go a round, and return what is news save one entry."""
    office.later(days=days)
    for url, what in ((URL, page), (LAGGING, lagging)):
        if what is not None:
            stamp = office.now.replace(tzinfo=None)
            office.fetcher.pages[url] = what if isinstance(what, bytes) else write_page(what, stamp)
    found = asyncio.run(check_round(office.desk, office.desk.watched(), office.clock, lambda _: None))
    news = [(change.change.key or "", change.change.kind) for each in found for change in each.changes]
    return [each for each in news if each[0] != "MH"]


FI_NOTIFIED, FI_RETRACTED = ("FI", ChangeKind.WITHDRAWAL_NOTIFIED), ("FI", ChangeKind.WITHDRAWAL_RETRACTED)
FI_LEFT, FI_CORRECTED = ("FI", ChangeKind.WITHDRAWAL_EFFECTIVE), ("FI", ChangeKind.CORRECTED)


def test_what_the_page_shows_as_taken_back_does_not_take_effect_at_the_source_that_lags(twice: Office) -> None:
    assert shown(twice, NOTIFIED, NOTIFIED, 20) == [FI_NOTIFIED]
    assert shown(twice, RETRACTED, None, 90) == [FI_RETRACTED]
    twice.now = DAY
    assert shown(twice, RETRACTED, None) == []
    assert shown(twice, RETRACTED, RETRACTED, 60) == []


def test_nor_where_that_one_shows_the_notice_only_after_its_day(twice: Office) -> None:
    assert shown(twice, NOTIFIED, None, 20) == [FI_NOTIFIED]
    assert shown(twice, RETRACTED, None, 90) == [FI_RETRACTED]
    twice.now = DAY
    assert shown(twice, RETRACTED, NOTIFIED, 30) == []


def test_nor_where_the_page_that_knew_it_is_watched_no_more(twice: Office) -> None:
    assert shown(twice, NOTIFIED, NOTIFIED, 20) == [FI_NOTIFIED]
    assert shown(twice, RETRACTED, None, 90) == [FI_RETRACTED]
    watch(twice, "mirror")
    twice.now = DAY
    assert shown(twice, None, None) == []


def test_a_source_that_is_down_tells_no_effect_of_what_another_has_shown_as_taken_back(twice: Office) -> None:
    assert shown(twice, NOTIFIED, NOTIFIED, 20) == [FI_NOTIFIED]
    assert shown(twice, b"<html>maintenance</html>", RETRACTED, 90) == [FI_RETRACTED]
    twice.now = DAY
    assert shown(twice, None, None) == []


def test_an_effect_that_the_page_has_put_off_comes_on_the_later_day(twice: Office) -> None:
    assert shown(twice, NOTIFIED, NOTIFIED, 20) == [FI_NOTIFIED]
    assert shown(twice, LATER, None, 30) == [FI_CORRECTED]
    twice.now = DAY
    assert shown(twice, LATER, None) == []
    twice.now = LATER_DAY
    assert shown(twice, LATER, None) == [FI_LEFT]


def test_an_effect_that_the_page_has_brought_forward_comes_on_the_earlier_day_and_once(twice: Office) -> None:
    assert shown(twice, LATER, LATER, 20) == [FI_NOTIFIED]
    assert shown(twice, NOTIFIED, None, 30) == [FI_CORRECTED]
    twice.now = DAY
    assert shown(twice, NOTIFIED, None) == [FI_LEFT]
    twice.now = LATER_DAY
    assert shown(twice, NOTIFIED, None) == []


def test_while_the_row_waits_at_the_page_its_effect_comes_from_nowhere_else(twice: Office) -> None:
    assert shown(twice, NOTIFIED, None, 20) == [FI_NOTIFIED]
    assert shown(twice, None, NOTIFIED, 20) == []
    twice.now = datetime(2026, 1, 9, 8, tzinfo=UTC)
    assert shown(twice, finland(UNCLEAR, FINLAND.note()), None) == []
    assert shown(twice, None, None, 2) == []
    assert shown(twice, NOTIFIED, None, 1) == [FI_LEFT]


def test_what_only_one_of_them_shows_takes_effect_on_its_day(twice: Office) -> None:
    assert shown(twice, None, NOTIFIED, 20) == [FI_NOTIFIED]
    twice.now = DAY
    assert shown(twice, None, None) == [FI_LEFT]


def test_an_accession_that_the_page_has_struck_out_enters_into_force_nowhere(twice: Office) -> None:
    joined = BASE.with_row(ReplicaRow("Tonga", (Cell(date(2025, 6, 1)), Cell(date(2025, 7, 9)))))
    struck = BASE.with_row(ReplicaRow("Tonga", (Cell(date(2025, 6, 1)), None)))
    assert shown(twice, joined, joined, 20) == [("TO", ChangeKind.SIGNED), ("TO", ChangeKind.CONSENTED)]
    assert shown(twice, struck, None, 30) == [("TO", ChangeKind.CONSENT_REVOKED)]
    twice.now = DAY
    assert shown(twice, struck, None) == []


def test_nobody_is_told_that_what_was_taken_back_is_to_come(twice: Office) -> None:
    shown(twice, NOTIFIED, NOTIFIED, 20)
    shown(twice, RETRACTED, None, 90)
    with twice.storage.begin(read_only=True) as tx:
        assert [item.participant.key for item in coming(twice.desk, tx, twice.desk.treaties[0], twice.now)] == []
    twice.with_(subscriptions=(replace(EVERYBODY, name="new", reminders=(30,)),))
    introduce(twice.desk, twice.now)
    twice.now = datetime(2025, 12, 20, 8, tzinfo=UTC)
    twice.do_chores()
    assert [body["type"] for body in twice.bodies() if body["type"] == "treaty.effect_upcoming"] == []


class Wavering(History):
    """A history in which some take their notice back, and others put their day off or bring it forward."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.faults.clear()
        self.chance = random.Random(self.seed)  # noqa: S311 - a history, no secret
        self.on = {name: n.received + timedelta(self.chance.randint(9, 90)) for name, n in self.notices.items()}
        self.how = {name: self.chance.choice([None, 0, -40, 30]) for name in self.notices}

    def page(self, day: date) -> ReplicaTreaty:
        """Return what the page shows on a day."""
        shown = super().page(day)
        for name, notice in self.notices.items():
            days, note = self.how[name], notice.note()
            if days is not None and self.on[name] <= day:
                moved = replace(notice, effective=notice.effective + timedelta(days))
                notes = (moved.note(),) if days else (note, BACK.replace("Finland", name).replace(*self.back(name)))
                shown = shown.with_row(replace(shown.row(name), notes=notes))
        return shown

    def back(self, name: str) -> tuple[str, str]:
        """Return the day in a note of retraction, and the one that is to stand in its place."""
        day = self.on[name]
        return "9 January 2026", f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def told(self, office: Office, *, twice: bool) -> list[tuple[str, str]]:
        """Check once a day, and return what is told; where `twice`, at an export that lags by months, too."""
        watch(office, *("untc", "mirror")[: 1 + twice])
        lag, told = timedelta(0), []
        for day in (START + timedelta(n) for n in range(DAYS + 40)):
            office.now = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
            lag = timedelta(self.chance.randint(0, 120)) if self.chance.random() < 0.02 else lag + timedelta(1)
            changes = shown(office, self.page(day), self.page(day - lag) if twice else None)
            told += [(who, kind.value) for who, kind in changes]
        return sorted(told)


@pytest.mark.sqlite
@pytest.mark.parametrize("seed", [4, 6, 9])
def test_whatever_the_one_lags_behind_the_same_is_told_as_by_the_other_alone(
    seedless: Office, tmp_path: Path, seed: int
) -> None:
    seedless.with_(readers=seedless.desk.readers | {"mirror": Mirror(shipped_names())}, subscriptions=())
    alone = Office(tmp_path / "alone", seedless.now).with_(subscriptions=())
    assert Wavering(seed).told(seedless, twice=True) == Wavering(seed).told(alone, twice=False)
    alone.storage.close()

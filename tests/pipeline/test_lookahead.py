"""Days that bring nothing cost no reading of a page, and no effect is missed for it: of each the same as ever."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from office import Office
from sqlalchemy import delete, event

from monitor.domain.errors import SourceError
from monitor.domain.treaty import EntryRule, Period, Unit
from monitor.faces.demo.scenes import mine_ban
from monitor.pipeline.report import upcoming
from monitor.storage import tables
from monitor.storage.backup import backup, restore
from monitor.storage.outlooks import Outlooks
from monitor.storage.sql import open_storage

SCENES = mine_ban()
PENDING = SCENES[4].treaty
"""A page on which Poland's withdrawal is notified, to take effect on 20 February 2026, and Finland's before it."""
LEARNED, EFFECT = date(2025, 8, 20), date(2026, 2, 20)

Told = list[tuple[str, str | None, str | None, date]]


def begin(office: Office) -> Office:
    """Let the office know the page before the notices, then read it with them, on the day of the last."""
    office.show(SCENES[0].treaty)
    office.check()
    office.later(days=(LEARNED - office.now.date()).days).show(PENDING)
    office.check()
    return office


def told(office: Office) -> Told:
    with office.storage.begin(read_only=True) as tx:
        return [(c.change.kind.value, c.change.key, c.change.basis, c.first_seen.date()) for c in tx.changes()]


def until(office: Office, day: date, step: int = 1, act: Callable[[Office], object] | None = None) -> None:
    """Check every few days up to and including a day; before each check, let something be done."""
    while office.now.date() < day:
        office.later(days=min(step, (day - office.now.date()).days))
        if act:
            act(office)
        office.check()


@contextmanager
def read_pages(office: Office) -> Iterator[list[str]]:
    """Note every query for the rows of pages."""
    found: list[str] = []

    def note(_c: object, _r: object, statement: str, *_: object) -> None:
        if re.search(r"FROM\s+participation", statement):
            found.append(statement)

    event.listen(office.storage.engine, "before_cursor_execute", note)
    yield found
    event.remove(office.storage.engine, "before_cursor_execute", note)


def out_of_reach(office: Office) -> None:
    office.fetcher.pages[office.desk.treaties[0].sources[0].url] = SourceError("gone", temporary=True)


def shown_again(office: Office) -> None:
    office.show(PENDING)


def another_rule(office: Office) -> None:
    """From autumn on, the configuration says that States are bound 300 days after their consent."""
    if office.now.date() == date(2025, 10, 1):
        (treaty,) = office.desk.treaties
        rules = replace(treaty.rules, entry=EntryRule("17", Period(300, Unit.DAYS)))
        office.with_(treaties=(replace(treaty, rules=rules),))


PLAYS: dict[str, tuple[int, Callable[[Office], object] | None]] = {
    "every day": (1, None),
    "after a week each time": (7, None),
    "after months": (400, None),
    "while the site is down": (1, out_of_reach),
    "while the page is stamped anew": (3, shown_again),
    "with another rule since autumn": (1, another_rule),
}


@pytest.mark.parametrize("play", PLAYS)
def test_what_is_told_is_the_same_as_if_every_page_were_read_every_day(
    tmp_path: Path, seedless: Office, monkeypatch: pytest.MonkeyPatch, play: str
) -> None:
    """The comparison is an office of the same that keeps nothing, and reads the page whenever a day has begun."""
    until(begin(seedless), EFFECT + timedelta(days=60), *PLAYS[play])
    monkeypatch.setattr(Outlooks, "keep_outlook", lambda *_: None)
    other = Office(tmp_path / "other", seedless.now.replace(year=2025, month=3, day=18))
    until(begin(other), EFFECT + timedelta(days=60), *PLAYS[play])
    assert told(seedless) == told(other)
    assert ("withdrawal_effective", "PL") in [(kind, who) for kind, who, *_ in told(seedless)]
    other.storage.close()


def test_a_day_that_brings_nothing_is_entered_without_a_look_at_the_page(seedless: Office) -> None:
    begin(seedless)
    with read_pages(seedless) as found:
        until(seedless, LEARNED + timedelta(days=10))
    with seedless.storage.begin(read_only=True) as tx:
        assert tx.sources()[0].calendar_until == seedless.now.date()
    assert found == []


def test_so_is_one_on_which_the_site_is_down(seedless: Office) -> None:
    begin(seedless)
    out_of_reach(seedless)
    with read_pages(seedless) as found:
        until(seedless, LEARNED + timedelta(days=5))
    assert found == []


def test_the_day_of_an_effect_is_told_once_and_the_days_after_it_bring_nothing(seedless: Office) -> None:
    until(begin(seedless), EFFECT - timedelta(days=1))
    before = told(seedless)
    assert seedless.later(days=1).check().outcome == "changed"
    assert [t for t in told(seedless) if t not in before] == [("withdrawal_effective", "PL", "calendar", EFFECT)]
    with read_pages(seedless) as found:
        until(seedless, EFFECT + timedelta(days=5))
    assert found == []
    assert len(told(seedless)) == len(before) + 1


def test_what_is_to_come_is_read_without_the_page(seedless: Office) -> None:
    begin(seedless)
    with read_pages(seedless) as found:
        coming = upcoming(seedless.desk, seedless.now)["upcoming"]
    assert ("2026-02-20", "withdrawal_effective") in [(item["date"], item["kind"]) for item in coming]
    assert found == []


def test_another_rule_counts_at_once(seedless: Office) -> None:
    seedless.now = seedless.now.replace(year=2025, month=8, day=20)
    seedless.show(PENDING)
    seedless.check()
    seedless.now = seedless.now.replace(month=10, day=1)
    before = upcoming(seedless.desk, seedless.now)["upcoming"]
    another_rule(seedless)
    with read_pages(seedless) as found:
        after = upcoming(seedless.desk, seedless.now)["upcoming"]
    assert found, "what is kept was worked out under the rule before"
    entries = [[i["date"] for i in items if i["kind"] == "entered_into_force"] for items in (before, after)]
    assert entries[0] != entries[1]


def test_a_record_that_has_nothing_kept_yet_is_read_and_then_keeps_it(seedless: Office) -> None:
    begin(seedless)
    expected = upcoming(seedless.desk, seedless.now)
    with seedless.storage.engine.begin() as connection:
        connection.execute(delete(tables.outlook))
    assert upcoming(seedless.desk, seedless.now) == expected
    until(seedless, LEARNED + timedelta(days=1))
    with read_pages(seedless) as found:
        until(seedless, LEARNED + timedelta(days=2))
        assert upcoming(seedless.desk, seedless.now) == expected
    assert found == []


def test_a_reading_that_an_older_version_stores_takes_what_is_kept_out_of_force(
    seedless: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    seedless.show(SCENES[0].treaty)
    seedless.check()
    seedless.later(days=(LEARNED - seedless.now.date()).days).show(PENDING)
    with monkeypatch.context() as older:
        older.setattr(Outlooks, "keep_outlook", lambda *_: None)
        seedless.check()
    with seedless.storage.begin(read_only=True) as tx:
        assert tx.outlooks() == {}
    until(seedless, EFFECT)
    assert told(seedless)[0][:2] == ("withdrawal_effective", "PL")


@pytest.mark.sqlite
def test_a_backup_of_an_earlier_day_brings_its_own_days_along(seedless: Office, tmp_path: Path) -> None:
    until(begin(seedless), EFFECT - timedelta(days=30))
    backup(seedless.storage, seedless.state / "documents", tmp_path / "copy.tar.gz")
    until(seedless, EFFECT)
    expected = told(seedless)
    restore(tmp_path / "copy.tar.gz", tmp_path / "restored")
    storage = open_storage(tmp_path / "restored")
    again = seedless.with_(storage=storage)
    again.storage = storage
    assert again.check().outcome == "changed"
    assert told(again) == expected
    storage.close()

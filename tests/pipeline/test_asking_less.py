"""Days and months of a daemon's looks at what is due: how often pages are asked for, and how soon news is seen."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from office import URL, Office

from monitor.domain.change import Change, ChangeKind, RecordedChange
from monitor.domain.errors import SourceError
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.faces.demo.replica import ReplicaTreaty, write_page
from monitor.faces.demo.scenes import mine_ban
from monitor.pipeline import rounds
from monitor.pipeline.books import Books
from monitor.pipeline.check import check
from monitor.pipeline.news import rests
from monitor.storage.interface import Condition, SourceState

SCENES = mine_ban()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WITH_A_DATE, WITH_NOTICES = SCENES[0].treaty, SCENES[2].treaty
"""The first waits for 1 September 2025, when the treaty enters into force for the Marshall Islands."""
QUIET = replace(WITH_A_DATE, rows=tuple(row for row in WITH_A_DATE.rows if row.name != "Marshall Islands"))
WITH_NEWS = QUIET.with_row(SCENES[1].treaty.row("Tonga"))


@pytest.fixture
def quiet(office: Office) -> Office:
    """Return an office that asks every hour, once a day where it is quiet, and has known a quiet page for a month."""
    return known_for_a_month(office.with_(seeds=()), QUIET)


def known_for_a_month(office: Office, page: ReplicaTreaty, when_quiet: timedelta | None = DAY) -> Office:
    chosen = when_quiet.total_seconds() if when_quiet else None
    source = WatchedSource("untc", URL, HOUR.total_seconds(), when_quiet=chosen)
    office.with_(treaties=(replace(office.desk.treaties[0], sources=(source,)),))
    office.with_(chance=Random(6).random)  # noqa: S311 - no secret
    office.show(page)
    office.check()
    return office.later(days=30)


def let_run(office: Office, span: timedelta) -> list[datetime]:
    """Do what a daemon does for so long, at each moment at which something is due; return when a page was asked for."""
    asked: list[datetime] = []
    end = office.now + span
    while office.now < end:
        due = rounds.due(office.desk, office.now)
        asked += [office.now] * len(due)
        asyncio.run(rounds.check_batch(office.desk, due, office.clock, lambda _: None))
        office.now = min(state.next_due or end for state in states(office))
    office.now = end
    return asked


def states(office: Office) -> tuple[SourceState, ...]:
    with office.storage.begin(read_only=True) as tx:
        return tx.sources()


def learned(office: Office, kind: ChangeKind) -> datetime:
    """Return when the one change of this kind was seen."""
    with office.storage.begin(read_only=True) as tx:
        [change] = tx.changes(kinds=frozenset({kind}))
    return change.first_seen


def longest_wait(asked: list[datetime]) -> timedelta:
    return max(later - earlier for earlier, later in pairwise(asked))


def test_a_page_without_news_for_a_month_is_asked_for_once_a_day(quiet: Office) -> None:
    asked = let_run(quiet, 30 * DAY)
    assert 30 <= len(asked) <= 33
    assert longest_wait(asked) <= DAY


def test_without_a_word_of_the_user_it_is_asked_for_every_hour_as_ever(office: Office) -> None:
    asked = let_run(known_for_a_month(office, QUIET, when_quiet=None), 5 * DAY)
    assert 5 * 24 <= len(asked) <= 5 * 24 / 0.95
    assert longest_wait(asked) <= HOUR


def test_news_on_a_quiet_page_is_seen_within_a_day_and_what_follows_it_within_an_hour(quiet: Office) -> None:
    let_run(quiet, 5 * DAY)
    shown = quiet.now
    quiet.show(WITH_NEWS)
    let_run(quiet, DAY)
    seen = learned(quiet, ChangeKind.CONSENTED)
    assert seen - shown <= DAY
    quiet.now = seen + HOUR
    assert longest_wait(let_run(quiet, 9 * HOUR)) <= HOUR


def test_a_page_that_was_read_for_the_first_time_goes_to_rest_step_by_step(office: Office) -> None:
    known_for_a_month(office.with_(seeds=()), QUIET)
    office.later(days=-30)
    asked = let_run(office, 20 * DAY)
    waits = [later - earlier for earlier, later in pairwise(asked)]
    assert waits[1] <= HOUR
    assert all(
        wait <= max(HOUR, 0.1 * (instant - asked[0] + HOUR)) for wait, instant in zip(waits, asked, strict=False)
    )
    assert len(asked) < 0.25 * 20 * 24


def test_an_entry_into_force_to_come_is_recorded_within_the_hour_of_its_day(office: Office) -> None:
    office.now = datetime(2025, 7, 1, 12, tzinfo=UTC)
    known_for_a_month(office.with_(seeds=()), WITH_A_DATE)
    day = datetime(2025, 9, 1, tzinfo=UTC)
    assert len(let_run(office, day - 11 * DAY - office.now)) <= 24, "while it is still far away"
    let_run(office, day + DAY - office.now)
    assert timedelta(0) <= learned(office, ChangeKind.ENTERED_INTO_FORCE) - day <= HOUR


def test_while_a_notice_of_withdrawal_runs_a_page_never_rests(office: Office) -> None:
    office.now = datetime(2025, 6, 28, 12, tzinfo=UTC)
    known_for_a_month(office.with_(seeds=()), WITH_NOTICES)
    assert longest_wait(let_run(office, 3 * DAY)) <= HOUR


@pytest.mark.parametrize("page", [QUIET, WITH_A_DATE, WITH_NOTICES])
def test_entered_with_many_it_is_due_when_it_would_be_entered_alone(office: Office, page: ReplicaTreaty) -> None:
    office.now = datetime(2025, 6, 28, 23, tzinfo=UTC)
    known_for_a_month(office.with_(seeds=()), page).with_(chance=lambda: 0.5)
    for _ in range(7):  # until 29 August: the first of September brings news
        (before,) = states(office)
        assert office.later(hours=110).check().outcome == "unchanged"
        (entered,) = states(office)
        with office.storage.begin() as tx:
            tx.save_source(before)
        asyncio.run(check(office.desk, *office.desk.watched()[0], office.now))
        assert states(office) == (entered,)


def test_what_is_learned_before_the_books_are_written_keeps_a_page_awake(quiet: Office) -> None:
    let_run(quiet, 5 * DAY)
    (watched,) = quiet.desk.watched()
    books = Books(quiet.desk, (watched,), quiet.now.date())
    books.enter(books.state(*watched), None, quiet.now)
    with quiet.storage.begin() as tx:
        told = Change(kind=ChangeKind.TREATY_IN_FORCE, treaty=watched[0].reference, participant=None)
        tx.record([RecordedChange(told, quiet.now, "mine-ban", "Mine Ban Convention", "another", URL)])
    asyncio.run(books.write())
    due = states(quiet)[0].next_due
    assert due is not None
    assert timedelta(0) < due - quiet.now <= HOUR


def test_readings_before_and_after_midnight_are_judged_each_by_its_own_day(office: Office) -> None:
    known_for_a_month(office.with_(seeds=()), WITH_A_DATE)
    ((treaty, source),) = office.desk.watched()
    times = [datetime(2025, 8, 31, 23, 59, 59, tzinfo=UTC), datetime(2025, 9, 1, tzinfo=UTC)]
    with office.storage.begin(read_only=True) as tx:
        together = rests(office.desk, tx, [(treaty, source, at) for at in times])
        alone = [rests(office.desk, tx, [(treaty, source, at)])[0] for at in times]
    assert together == alone == [HOUR.total_seconds(), DAY.total_seconds()]


def test_a_page_that_cannot_be_read_or_is_held_back_does_not_rest(quiet: Office) -> None:
    let_run(quiet, 2 * DAY)
    quiet.show(SourceError("the site is down", temporary=True))
    quiet.now = states(quiet)[0].next_due or quiet.now
    assert longest_wait(let_run(quiet, 12 * HOUR)) <= HOUR
    without_two = replace(QUIET, rows=QUIET.rows[2:])
    quiet.show(without_two)
    assert longest_wait(let_run(quiet, 12 * HOUR)) <= HOUR
    assert states(quiet)[0].condition is Condition.HELD


def test_pages_started_together_spread_over_the_interval_and_do_again_after_a_long_stop(office: Office) -> None:
    many(office, 36)
    assert len(let_run(office, timedelta(seconds=1))) == 36
    for _ in range(2):
        asked = let_run(office, DAY)
        assert busiest(asked) <= 36 / 3
        assert longest_wait(asked) <= 3 * HOUR
        office.later(days=3)
        assert len(let_run(office, timedelta(seconds=1))) >= 36


def many(office: Office, number: int) -> None:
    """Watch so many treaties, each with a page of its own, every 12 hours."""
    treaties = []
    for n in range(number):
        url, shown = f"https://depositary.example/{n}", replace(QUIET, reference=f"XXVI-{n + 10}")
        office.fetcher.pages[url] = write_page(shown, office.now.replace(tzinfo=None), n)
        source = WatchedSource("untc", url, 12 * HOUR.total_seconds())
        treaties.append(Treaty(shown.reference, f"t{n}", f"Treaty {n}", (source,)))
    office.with_(treaties=tuple(treaties), seeds=(), subscriptions=(), chance=Random(6).random)  # noqa: S311 - no secret


def busiest(asked: list[datetime]) -> int:
    """Return the most requests of any hour."""
    return max(sum(one <= other < one + HOUR for other in asked) for one in asked)

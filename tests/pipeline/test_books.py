"""Checks that found nothing new: entered many at a time, and never over what somebody else has learned meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from office import Office
from sqlalchemy import event

from monitor.domain.treaty import Treaty, WatchedSource
from monitor.faces.demo.replica import write_page
from monitor.faces.demo.scenes import mine_ban
from monitor.fetching.interface import NotModified
from monitor.pipeline.books import LONGEST, MOST, Books
from monitor.pipeline.check import check
from monitor.pipeline.outcome import Checked
from monitor.pipeline.rounds import check_round
from monitor.storage.interface import Condition, SourceState

SCENES = mine_ban()
PAGES = 12
AFTER_THE_NEWS = datetime(2025, 6, 26, 8, tzinfo=UTC)
"""When what the second scene shows has happened."""


def many(office: Office, number: int = PAGES, when_quiet: float | None = None) -> Office:
    """Watch so many treaties, each with a page of its own."""
    treaties = []
    for n in range(number):
        url = f"https://depositary.example/{n}"
        shown = replace(SCENES[0].treaty, reference=f"XXVI-{n + 10}")
        office.fetcher.pages[url] = write_page(shown, office.now.replace(tzinfo=None), n)
        source = WatchedSource("untc", url, 43200.0, when_quiet=when_quiet)
        treaties.append(Treaty(shown.reference, f"t{n}", f"Treaty {n}", (source,)))
    return office.with_(treaties=tuple(treaties), seeds=(), subscriptions=())


def go_round(office: Office) -> list[str]:
    done: list[Checked] = []
    results = asyncio.run(check_round(office.desk, office.desk.watched(), office.clock, done.append))
    assert len(done) == len(results)
    return [result.outcome for result in results]


def states(office: Office) -> tuple[SourceState, ...]:
    with office.storage.begin(read_only=True) as tx:
        return tx.sources()


@pytest.mark.parametrize("when_quiet", [None, 10 * 86400.0])
def test_a_round_in_which_nothing_changes_takes_few_transactions_however_many_pages(
    office: Office, when_quiet: float | None
) -> None:
    assert go_round(many(office, when_quiet=when_quiet)) == ["baseline"] * PAGES
    begun: list[object] = []
    event.listen(office.storage.engine, "begin", begun.append)
    assert go_round(office.later(hours=1)) == ["unchanged"] * PAGES
    assert 0 < len(begun) < PAGES


def test_a_page_never_read_before_takes_one_transaction(office: Office) -> None:
    many(office)
    begun: list[object] = []
    event.listen(office.storage.engine, "begin", begun.append)
    with_others = go_round(office.with_(treaties=office.desk.treaties[:1]))
    others = len(begun) - 1
    assert with_others == ["baseline"]
    begun.clear()
    assert go_round(many(office)) == ["unchanged", *["baseline"] * (PAGES - 1)]
    assert len(begun) <= others + PAGES + 1


def test_every_page_of_such_a_round_is_entered_as_read_well_and_due_again(office: Office) -> None:
    go_round(many(office))
    go_round(office.later(hours=1))
    for state in states(office):
        assert (state.last_checked, state.last_good) == (office.now, office.now)
        assert state.next_due is not None
        assert office.now < state.next_due <= office.now + timedelta(hours=12)
        assert (state.condition, state.failures) == (Condition.OK, 0)


def test_a_page_that_changed_in_such_a_round_is_told_and_the_others_are_entered(office: Office) -> None:
    office.now = AFTER_THE_NEWS
    go_round(many(office))
    office.later(hours=2)
    office.fetcher.pages["https://depositary.example/3"] = NotModified("https://depositary.example/3")
    changed = replace(SCENES[1].treaty, reference="XXVI-14")
    office.fetcher.pages["https://depositary.example/4"] = write_page(changed, office.now.replace(tzinfo=None), 99)
    outcomes = go_round(office)
    assert outcomes.count("unchanged") == PAGES - 1
    assert outcomes[4] == "changed"
    assert {state.last_checked for state in states(office)} == {office.now}


def test_so_it_is_on_a_new_day_and_after_many(office: Office) -> None:
    go_round(many(office))
    begun: list[object] = []
    event.listen(office.storage.engine, "begin", begun.append)
    for days in (1, 30):
        begun.clear()
        assert go_round(office.later(days=days)) == ["unchanged"] * PAGES
        assert 0 < len(begun) < PAGES
        assert {state.calendar_until for state in states(office)} == {office.now.date()}


def test_the_first_check_of_a_day_enters_that_day(office: Office) -> None:
    office.show(SCENES[4].treaty)
    office.check()
    before = states(office)[0].calendar_until
    office.later(days=1).show(SCENES[4].treaty)
    office.check()
    assert states(office)[0].calendar_until == office.now.date() != before


def test_what_another_process_learned_during_the_round_stands(office: Office) -> None:
    office.now = AFTER_THE_NEWS
    office.show(SCENES[0].treaty)
    office.check()
    (watched,) = office.desk.watched()

    async def overtaken() -> Checked:
        books = Books(office.desk, (watched,), office.now.date())
        page = office.fetcher.pages[watched[1].url]
        office.later(minutes=5).show(SCENES[1].treaty)
        assert (await check(office.desk, *watched, office.now)).outcome == "changed"
        office.fetcher.pages[watched[1].url] = page
        late = await check(office.desk, *watched, office.now + timedelta(minutes=1), books)
        await books.write()
        return late

    assert asyncio.run(overtaken()).outcome == "unchanged"
    state = states(office)[0]
    assert state.last_checked == office.now
    assert office.later(minutes=10).check().outcome == "held", "the older page, once the round is over"


@pytest.mark.parametrize(("scene", "outcome"), [(0, "unchanged"), (1, "changed")])
def test_a_page_that_another_process_read_first_is_compared_with_what_it_read(
    office: Office, scene: int, outcome: str
) -> None:
    office.now = AFTER_THE_NEWS
    (watched,) = office.desk.watched()

    async def overtaken() -> Checked:
        books = Books(office.desk, (watched,), office.now.date())
        office.show(SCENES[0].treaty)
        assert (await check(office.desk, *watched, office.now)).outcome == "baseline"
        office.later(minutes=5).show(SCENES[scene].treaty)
        return await check(office.desk, *watched, office.now, books)

    late = asyncio.run(overtaken())
    assert late.outcome == outcome
    assert bool(late.changes) is (outcome == "changed")
    assert office.later(minutes=10).check().outcome == "unchanged"


def test_books_are_written_when_there_is_enough_or_the_first_has_waited_long_enough(office: Office) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    (watched,) = office.desk.watched()
    books = Books(office.desk, (watched,), office.now.date())
    state = books.state(*watched)
    assert not books.full(office.now + timedelta(days=1))
    books.enter(state, None, office.now)
    assert not books.full(office.now)
    assert books.full(office.now + LONGEST)
    for _ in range(MOST - 1):
        books.enter(state, None, office.now)
    assert books.full(office.now)


@pytest.mark.parametrize("told", [Condition.STALE, Condition.UNREACHABLE])
def test_a_recovery_of_which_the_operator_must_hear_goes_the_long_way(office: Office, told: Condition) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    with office.storage.begin() as tx:
        tx.save_source(replace(tx.sources()[0], told=told))
    assert office.later(minutes=5).check().outcome == "unchanged"
    assert states(office)[0].told is None
    assert len(office.told("ops@example.org")) == 1

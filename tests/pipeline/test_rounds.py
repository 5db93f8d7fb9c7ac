"""Which watched sources are due, and how all of them are, in one line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from office import Office

from monitor.domain.treaty import Treaty, WatchedSource
from monitor.pipeline.rounds import Outline, check_due, due, in_outline
from monitor.storage.interface import Condition, SourceState

CONDITIONS = (Condition.OK, Condition.HELD, Condition.REFUSED)
HOUR = timedelta(hours=1)


def known(office: Office) -> Office:
    """Watch sources of which the first is due first, and all were checked, the last one last."""
    states = [
        SourceState(f"XXVI-{n}", "untc", f"https://depositary.example/{n}", condition)
        for n, condition in enumerate(CONDITIONS)
    ]
    with office.storage.begin() as tx:
        for n, state in enumerate(states):
            tx.save_source(
                replace(state, last_checked=office.now + n * HOUR, next_due=office.now + (20 + n) * HOUR),
            )
    sources = [(s.treaty, WatchedSource(s.source, s.url, 43200.0)) for s in states]
    return office.with_(treaties=tuple(Treaty(reference, reference, reference, (s,)) for reference, s in sources))


def test_before_the_first_check_nothing_was_read_and_all_is_due(office: Office) -> None:
    assert in_outline(office.desk) == Outline(1, 0, None, None)
    assert in_outline(office.with_(treaties=()).desk) == Outline(0, 0, None, None)


def test_what_is_held_back_in_part_was_read_well_and_the_next_check_is_the_soonest(office: Office) -> None:
    assert in_outline(known(office).desk) == Outline(3, 2, office.now + 2 * HOUR, office.now + 20 * HOUR)


def test_a_source_that_is_no_longer_watched_does_not_count(office: Office) -> None:
    treaties = known(office).desk.treaties
    assert in_outline(office.with_(treaties=treaties[1:]).desk) == Outline(
        2, 1, office.now + 2 * HOUR, office.now + 21 * HOUR
    )


def test_a_source_that_is_new_is_due_now(office: Office) -> None:
    new = Treaty("XXVI-9", "new", "New", (WatchedSource("untc", "https://depositary.example/9", 43200.0),))
    outline = in_outline(office.with_(treaties=(*known(office).desk.treaties, new)).desk)
    assert (outline.watched, outline.well, outline.due) == (4, 2, None)


async def test_sources_that_were_checked_while_the_clock_was_ahead_are_due_again(office: Office) -> None:
    there = known(office)
    assert [s.url for _, s in due(there.desk, office.now + 2 * HOUR)] == []
    assert [s.url[-1] for _, s in due(there.desk, office.now)] == ["1", "2"]
    assert await check_due(there.desk, "XXVI-0", "untc", office.now - timedelta(minutes=1)) is None
    assert await check_due(there.desk, "XXVI-1", "untc", office.now) is not None

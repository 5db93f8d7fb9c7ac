"""What days alone may bring is known beforehand: nothing else moves without a new word on the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from builders import MINE_BAN, NO_RULES, acceded, day, notice, page, ratified, row, signed, told
from calendars import DAYS, cases, some_days, some_rows, some_rules
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.action import ActionKind
from monitor.domain.compare import compare
from monitor.domain.outlook import outlook, turning_days
from monitor.domain.participation import Participation
from monitor.domain.snapshot import Snapshot
from monitor.domain.standing import law_of, standing
from monitor.domain.treaty import EntryRule, Period, Rules, Unit

LEAVING = row("PL", ratified("2012-12-27"), notice("2024-08-29", "2025-02-28"))


@given(some_rules, some_rows, st.none() | some_days)
def test_a_standing_moves_on_no_other_day_than_those_that_are_named(
    rules: Rules, one: Participation, in_force: date | None
) -> None:
    law = law_of(page(one, as_at="2024-03-01", in_force=in_force.isoformat() if in_force else None), rules)
    turns = turning_days(one, law)
    for before, after in pairwise(DAYS):
        if after not in turns:
            assert standing(one, after, law) == standing(one, before, law)


@given(cases, some_days)
def test_days_of_which_nothing_is_expected_bring_nothing(case: tuple[Rules, Snapshot], after: date) -> None:
    rules, one = case
    ahead = outlook(one, rules, after)
    for since, until in pairwise(DAYS):
        if ahead.quiet(since, until):
            found = compare(one, one, rules, since=since, until=until)
            assert (found.changes, found.held) == ((), ())


@given(cases, some_days, st.integers(1, 400))
def test_so_it_is_with_many_days_at_once(case: tuple[Rules, Snapshot], after: date, many: int) -> None:
    rules, one = case
    until = after + timedelta(days=many)
    if outlook(one, rules, after).quiet(after, until):
        found = compare(one, one, rules, since=after, until=until)
        assert (found.changes, found.held) == ((), ())


@given(cases, some_days)
def test_rows_that_are_left_out_have_no_day_to_come(case: tuple[Rules, Snapshot], after: date) -> None:
    rules, one = case
    ahead = outlook(one, rules, after)
    for each in one.participations:
        if each not in ahead.rows:
            assert all(turn <= max(after, ahead.law.page_day) for turn in turning_days(each, ahead.law))
            assert standing(each, max(after, ahead.law.page_day), ahead.law).pending is None


def test_the_day_of_an_effect_is_the_one_that_is_not_quiet() -> None:
    ahead = outlook(page(LEAVING, as_at="2024-09-01"), MINE_BAN, day("2024-09-10"))
    assert ahead.turns == (day("2025-02-28"),)
    assert ahead.quiet(day("2024-09-10"), day("2025-02-27"))
    assert not ahead.quiet(day("2025-02-27"), day("2025-02-28"))
    assert not ahead.quiet(day("2024-09-10"), day("2026-01-01")), "after years without a look"
    assert ahead.quiet(day("2025-02-28"), day("2026-01-01"))


def test_a_consent_of_a_leap_day_enters_into_force_on_its_day() -> None:
    rules = Rules(entry=EntryRule("17", Period(12, Unit.MONTHS)))
    ahead = outlook(page(row("TO", acceded("2024-02-29")), as_at="2024-03-01"), rules, day("2024-06-01"))
    assert ahead.turns == (day("2025-02-28"),)


def test_a_treaty_that_is_still_to_enter_into_force_waits_for_its_day_and_for_every_row() -> None:
    ahead = outlook(
        page(row("TO", acceded("2020-01-01")), as_at="2024-03-01", in_force="2024-09-01"), NO_RULES, day("2024-03-05")
    )
    assert (ahead.turns, len(ahead.rows)) == ((day("2024-09-01"),), 1)


@pytest.mark.parametrize("kind", [ActionKind.WITHDRAWAL, ActionKind.SUSPENSION])
def test_a_notice_that_names_no_day_is_kept_however_old(kind: ActionKind) -> None:
    old = row("FR", ratified("1998-07-23"), told(kind, "2001-01-01"))
    assert outlook(page(old, as_at="2024-01-01"), NO_RULES, day("2024-06-01")).rows == (old,)


def test_rows_whose_days_are_past_are_no_matter_of_the_calendar() -> None:
    one = page(row("FR", signed("1997-12-03"), ratified("1998-07-23")), as_at="2024-01-01")
    assert outlook(one, MINE_BAN, day("2024-06-01")).rows == ()


def test_it_answers_for_its_own_rules_and_for_no_day_before_its_own() -> None:
    ahead = outlook(page(LEAVING), MINE_BAN, day("2026-02-01"))
    assert ahead.answers(MINE_BAN, day("2026-02-01"))
    assert not ahead.answers(MINE_BAN, day("2026-01-31"))
    assert not ahead.answers(replace(MINE_BAN, entry=None), day("2026-02-01"))
    assert not ahead.quiet(day("2026-01-31"), day("2026-02-01"))

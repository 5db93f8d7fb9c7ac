"""What is to come by what is kept of a page is what is to come by the page itself, on every day and under any rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from calendars import cases, some_days
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.compare import compare
from monitor.domain.names import NameTable
from monitor.domain.outlook import Outlook, outlook
from monitor.domain.snapshot import Snapshot
from monitor.domain.standing import complete, law_of
from monitor.domain.treaty import EntryRule, Period, Rules, Treaty, Unit, WithdrawalClause
from monitor.pipeline.upcoming import Coming, coming_of
from monitor.settings import rules_for
from monitor.sources.untc.page import UntcPage

SHOWN = date(2026, 2, 3)
"""The day of the real pages."""
RULES = (
    Rules(),
    Rules(entry=EntryRule("1", Period(90, Unit.DAYS))),
    Rules(WithdrawalClause("2", Period(1, Unit.YEARS)), EntryRule("1", Period(25, Unit.YEARS))),
)


def by_the_page(page: Snapshot, rules: Rules, today: date) -> tuple[Coming, ...]:
    """Return what is to come by every row of the page."""
    whole = Outlook(law_of(page, rules), date.min, (), page.participations)
    return coming_of(Treaty("XXVI-5", "t", "T", rules=rules), (whole,), today)


def by_what_is_kept(page: Snapshot, rules: Rules, kept_on: date, today: date) -> tuple[Coming, ...]:
    return coming_of(Treaty("XXVI-5", "t", "T", rules=rules), (outlook(page, rules, kept_on),), today)


@given(cases, some_days, st.integers(0, 500))
def test_of_any_page_under_any_rules(case: tuple[Rules, Snapshot], kept_on: date, later: int) -> None:
    rules, page = case
    today = kept_on + timedelta(days=later)
    assert by_what_is_kept(page, rules, kept_on, today) == by_the_page(page, rules, today)


def _real(treaty_pages: Path, names: NameTable) -> Iterator[tuple[str, Snapshot]]:
    reader = UntcPage(names)
    for file in sorted((treaty_pages / "html").glob("*.html")):
        found = reader.read(file.read_bytes()).snapshot
        assert found, file.name
        yield file.name, found


@pytest.mark.parametrize("rules", [None, *RULES])
def test_of_every_real_page_over_two_years(treaty_pages: Path, names: NameTable, rules: Rules | None) -> None:
    some = 0
    for name, read in _real(treaty_pages, names):
        law = rules_for(read.header.reference) if rules is None else rules
        page = complete(read, law)
        kept = outlook(page, law, SHOWN)
        for day in (SHOWN + timedelta(days=n) for n in range(0, 730, 5)):
            expected = by_the_page(page, law, day)
            assert by_what_is_kept(page, law, SHOWN, day) == expected, (name, day)
            some += len(expected)
        turns = [turn + timedelta(days=n) for turn in kept.turns for n in (-2, -1, 0)]
        for day in (*turns, SHOWN, SHOWN + timedelta(days=200), SHOWN + timedelta(days=364)):
            brought = compare(page, page, law, since=day, until=day + timedelta(days=1)).changes
            assert not (brought and kept.quiet(day, day + timedelta(days=1))), (name, day)
    assert some, "pages on which nothing is to come would prove nothing"

"""Periods of final clauses."""

from __future__ import annotations

import pytest
from builders import day
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.calendar import add_months, reckon
from monitor.domain.treaty import Period, Rounding, Unit

ARTICLE_17_2 = Period(6, Unit.MONTHS, Rounding.FIRST_OF_MONTH)


@pytest.mark.parametrize(
    ("deposit", "period", "effect"),
    [
        ("2025-06-25", ARTICLE_17_2, "2025-12-01"),
        ("2025-03-12", ARTICLE_17_2, "2025-09-01"),
        ("2024-08-31", ARTICLE_17_2, "2025-02-01"),
        ("2025-08-20", Period(6, Unit.MONTHS), "2026-02-20"),
        ("2024-08-31", Period(6, Unit.MONTHS), "2025-02-28"),
        ("2024-02-29", Period(1, Unit.YEARS), "2025-02-28"),
        ("2026-03-01", Period(90, Unit.DAYS), "2026-05-30"),
        ("2025-01-15", Period(3, Unit.MONTHS, Rounding.FIRST_OF_NEXT_MONTH), "2025-05-01"),
    ],
)
def test_a_period_leads_from_the_deposit_to_its_effect(deposit: str, period: Period, effect: str) -> None:
    assert reckon(day(deposit), period) == day(effect)


@given(st.dates(day("1945-01-01"), day("2200-01-01")), st.integers(0, 600))
def test_months_never_run_past_the_month_they_lead_to(start: object, months: int) -> None:
    then = add_months(start, months)  # type: ignore[arg-type]
    assert (then.year * 12 + then.month) - (start.year * 12 + start.month) == months  # type: ignore[attr-defined]
    assert then.day <= start.day  # type: ignore[attr-defined]

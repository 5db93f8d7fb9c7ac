"""When sources are asked again: each in its own rhythm, spread over the interval, and never later than promised."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.schedule import DRIFT, next_check, next_try

HOUR, HALF_A_DAY = 3600.0, 12 * 3600.0

instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by definition
intervals = st.floats(1.0, 30 * 86400.0)
chances = st.floats(0.0, 1.0, exclude_max=True)
spans = st.timedeltas(timedelta(days=-40), timedelta(days=400))

ROUNDING = timedelta(microseconds=1)


@given(instants, st.none() | spans, intervals, chances)
def test_a_check_is_never_planned_for_the_past_nor_later_than_the_interval(
    now: datetime, late: timedelta | None, interval: float, chance: float
) -> None:
    due = None if late is None else now - late
    planned = next_check(now, due, interval, chance)
    assert now <= planned <= now + timedelta(seconds=interval)


@given(instants, intervals, chances)
def test_a_source_asked_on_time_is_due_an_interval_later_or_up_to_a_twentieth_earlier(
    due: datetime, interval: float, chance: float
) -> None:
    planned = next_check(due, due, interval, chance)
    assert timedelta(seconds=interval * (1 - DRIFT)) - ROUNDING <= planned - due <= timedelta(seconds=interval)


@given(instants, intervals, st.integers(0, 100), st.floats(0.001, 0.999))
def test_a_source_asked_late_however_late_goes_on_in_its_rhythm(
    due: datetime, interval: float, missed: int, part: float
) -> None:
    planned = next_check(due + timedelta(seconds=(missed + part) * interval), due, interval, chance=0.0)
    assert abs(planned - due - timedelta(seconds=(missed + 1) * interval)) <= 3 * ROUNDING


def test_asking_by_hand_before_the_turn_leaves_the_turn_where_it_was() -> None:
    due = datetime(2026, 2, 3, 12, tzinfo=UTC)
    assert next_check(due - timedelta(hours=5), due, HALF_A_DAY, chance=0.0) == due


def test_sources_started_together_come_evenly_from_the_first_turn_on_and_after_a_stop() -> None:
    start, chance = datetime(2026, 2, 3, 9, tzinfo=UTC), Random(6).random  # noqa: S311 - no secret
    dues = [next_check(start, None, HALF_A_DAY, chance()) for _ in range(12_000)]
    even(dues, start)
    for _ in range(10):
        dues = [next_check(due, due, HALF_A_DAY, chance()) for due in dues]
    again = max(dues) + timedelta(days=3)
    even([next_check(again, due, HALF_A_DAY, chance()) for due in dues], again)


def even(dues: list[datetime], start: datetime) -> None:
    """Assert that every hour of the interval has its share, the last a little less for the drift."""
    hours = Counter(int((due - start).total_seconds() // HOUR) for due in dues)
    share = len(dues) / 12
    assert set(hours) == set(range(12))
    assert all(0.85 * share < number < 1.15 * share for hour, number in hours.items() if hour < 11)
    assert hours[11] < 1.15 * share


@given(instants, intervals, st.integers(1, 10_000), chances)
def test_a_source_that_fails_is_tried_soon_then_ever_less_often_and_never_less_often_than_its_interval(
    now: datetime, every: float, failures: int, chance: float
) -> None:
    first, later = (next_try(now, every, made, chance) for made in (failures, failures + 1))
    assert now <= first <= later <= now + timedelta(seconds=every)
    assert next_try(now, every, 1, chance) <= now + timedelta(minutes=1)

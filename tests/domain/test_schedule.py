"""When sources are asked again: each in its own rhythm, spread over the interval, and never later than promised."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.schedule import DRIFT, interval, next_check, next_try
from monitor.domain.treaty import WatchedSource

HOUR, HALF_A_DAY = 3600.0, 12 * 3600.0

instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by definition
intervals = st.floats(1.0, 30 * 86400.0)
chances = st.floats(0.0, 1.0, exclude_max=True)
spans = st.timedeltas(timedelta(days=-40), timedelta(days=400))

quiet_spells = st.timedeltas(timedelta(0), timedelta(days=4000))
news = st.lists(st.timedeltas(timedelta(days=-4000), timedelta(days=4000)), min_size=1, max_size=4)


@st.composite
def sources(draw: st.DrawFn) -> WatchedSource:
    """Return a source that is asked less often when it is quiet."""
    every = draw(intervals)
    return WatchedSource("untc", "https://depositary.example/", every, when_quiet=every * draw(st.floats(1.0, 50.0)))


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


@given(sources(), instants, news)
def test_an_interval_is_never_below_every_nor_above_what_the_user_allows(
    source: WatchedSource, now: datetime, spans: list[timedelta]
) -> None:
    assert source.every <= interval(source, now, [now + span for span in spans]) <= source.longest


@given(sources(), instants, quiet_spells, quiet_spells)
def test_the_longer_it_is_quiet_the_longer_a_source_is_left_alone(
    source: WatchedSource, now: datetime, one: timedelta, other: timedelta
) -> None:
    shorter, longer = sorted((one, other))
    assert interval(source, now, [now - shorter]) <= interval(source, now, [now - longer])


@given(sources(), instants, quiet_spells, st.timedeltas(timedelta(0), timedelta(days=400)), chances)
def test_no_source_is_left_alone_beyond_a_day_on_which_something_is_known_to_come(
    source: WatchedSource, now: datetime, quiet: timedelta, ahead: timedelta, chance: float
) -> None:
    day = now + ahead
    planned = next_check(now, now, interval(source, now, [now - quiet, day]), chance)
    assert planned <= max(day, now + timedelta(seconds=source.every)) + ROUNDING


@given(intervals, instants, news)
def test_without_a_word_of_the_user_the_interval_is_every_whatever_happens(
    every: float, now: datetime, spans: list[timedelta]
) -> None:
    source = WatchedSource("untc", "https://depositary.example/", every)
    assert interval(source, now, [now + span for span in spans]) == every


def test_a_source_wakes_as_the_day_comes_nearer_and_goes_to_rest_after_it() -> None:
    day = datetime(2026, 2, 20, tzinfo=UTC)
    source = WatchedSource("untc", "https://depositary.example/", HOUR, when_quiet=24 * HOUR)
    hours = [interval(source, day + timedelta(days=d), [day]) / HOUR for d in (-30, -10, -5, -0.2, 0, 0.2, 5, 10, 30)]
    assert hours == [24, 24, 12, 1, 1, 1, 12, 24, 24]

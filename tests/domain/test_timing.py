"""Quiet hours and digests by the clock on the wall, over both changes of the clock and a leap day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.domain.timing import Digest, Every, QuietHours, when

WARSAW, NEW_YORK, KOLKATA = ZoneInfo("Europe/Warsaw"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its clocks change by half an hour
ZONES = (WARSAW, NEW_YORK, KOLKATA, LORD_HOWE, ZoneInfo("UTC"))
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Warsaw forward
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # Warsaw back
    datetime(2026, 3, 8, 7, tzinfo=UTC),  # New York forward
    datetime(2026, 11, 1, 6, tzinfo=UTC),  # New York back
    datetime(2028, 2, 29, 12, tzinfo=UTC),  # a leap day
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe back
)

zones = st.sampled_from(ZONES)
minutes = st.times().map(lambda t: t.replace(second=0, microsecond=0))
clocks = minutes | st.sampled_from([time(2, 30), time(0), time(3)])
seconds = st.integers(-(10**5), 10**5)
near_changes = st.builds(lambda change, s: change + timedelta(seconds=s), st.sampled_from(CHANGES), seconds)
instants = near_changes | st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by definition


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def in_window(instant: datetime, quiet: QuietHours) -> bool:
    shown = instant.astimezone(quiet.zone).time()
    if quiet.start < quiet.end:
        return quiet.start <= shown < quiet.end
    return shown >= quiet.start or shown < quiet.end


@given(clocks, clocks, zones, instants)
@example(time(2, 15), time(2, 45), WARSAW, utc(2026, 10, 25, 0, 50))
@example(time(2, 30), time(2, 15), WARSAW, utc(2026, 10, 25, 0, 10))
def test_a_release_is_never_earlier_than_asked_nor_inside_the_window(
    start: time, end: time, zone: ZoneInfo, instant: datetime
) -> None:
    if start == end:
        return
    quiet = QuietHours(start, end, zone)
    release = quiet.release(instant)
    assert release >= instant
    assert not in_window(release, quiet)
    assert quiet.release(release) == release


@given(clocks, clocks, zones, instants)
def test_what_comes_outside_the_window_is_not_held_save_near_a_change_of_the_clock(
    start: time, end: time, zone: ZoneInfo, instant: datetime
) -> None:
    quiet = QuietHours(start, end, zone)
    near = {(instant + timedelta(hours=h)).astimezone(zone).utcoffset() for h in (-26, 0, 26)}
    if start != end and len(near) == 1 and not in_window(instant, quiet):
        assert quiet.release(instant) == instant


def test_a_night_holds_until_the_morning_and_not_one_minute_longer() -> None:
    quiet = QuietHours(time(22), time(7), WARSAW)
    assert quiet.release(utc(2026, 1, 10, 20, 59)) == utc(2026, 1, 10, 20, 59)  # 21:59 in Warsaw
    assert quiet.release(utc(2026, 1, 10, 21)) == utc(2026, 1, 11, 6)
    assert quiet.release(utc(2026, 1, 11, 5, 59, 59)) == utc(2026, 1, 11, 6)
    assert quiet.release(utc(2026, 1, 11, 6)) == utc(2026, 1, 11, 6)


@pytest.mark.parametrize(
    ("zone", "asked", "released"),
    [
        (WARSAW, utc(2026, 3, 28, 23), utc(2026, 3, 29, 5)),  # the short night: seven o'clock is two hours off UTC
        (WARSAW, utc(2026, 10, 24, 23), utc(2026, 10, 25, 6)),  # the long one: one hour
        (NEW_YORK, utc(2026, 3, 8, 4), utc(2026, 3, 8, 11)),
        (NEW_YORK, utc(2026, 11, 1, 4), utc(2026, 11, 1, 12)),
        (WARSAW, utc(2028, 2, 28, 23), utc(2028, 2, 29, 6)),  # into a leap day
        (WARSAW, utc(2028, 2, 29, 22), utc(2028, 3, 1, 6)),  # and out of it
    ],
)
def test_a_night_over_a_change_of_the_clock_ends_at_seven_by_the_wall(
    zone: ZoneInfo, asked: datetime, released: datetime
) -> None:
    assert QuietHours(time(22), time(7), zone).release(asked) == released


def test_quiet_hours_that_end_in_the_hour_left_out_end_as_the_clock_jumps() -> None:
    assert QuietHours(time(1), time(2, 30), WARSAW).release(utc(2026, 3, 29, 0, 30)) == utc(2026, 3, 29, 1)


def test_quiet_hours_that_end_in_the_repeated_hour_hold_until_its_second_showing() -> None:
    quiet = QuietHours(time(22), time(2, 30), WARSAW)
    assert quiet.release(utc(2026, 10, 25, 0, 45)) == utc(2026, 10, 25, 1, 30)  # 02:45, before the clock is put back


@given(st.sampled_from(Every), clocks, zones, st.integers(0, 6), instants)
@example(Every.WEEKLY, time(2, 30), WARSAW, 6, utc(2026, 3, 29, 1))
def test_the_next_digest_is_strictly_later_and_at_the_asked_time_of_the_wall(
    every: Every, at: time, zone: ZoneInfo, weekday: int, instant: datetime
) -> None:
    digest = Digest(every, at, zone, weekday)
    found = digest.next_after(instant)
    shown = found.astimezone(zone)
    assert found > instant
    assert found.utcoffset() == timedelta(0)
    if every is Every.HOURLY:
        assert shown.minute == at.minute
        assert found - instant <= timedelta(minutes=120)
        return
    assert found - instant <= timedelta(days=8 if every is Every.WEEKLY else 2)
    exists = datetime.combine(shown.date(), at, zone).astimezone(UTC).astimezone(zone).time() == at
    assert shown.time() == at or not exists
    assert every is Every.DAILY or shown.weekday() == weekday


@given(st.sampled_from(Every), clocks, zones, st.integers(0, 6), instants)
def test_between_a_moment_and_its_next_digest_lies_no_other(
    every: Every, at: time, zone: ZoneInfo, weekday: int, instant: datetime
) -> None:
    digest = Digest(every, at, zone, weekday)
    found = digest.next_after(instant)
    between = instant + (found - instant) / 2
    assert between == found or digest.next_after(between) == found


@pytest.mark.parametrize(
    ("zone", "after", "made"),
    [
        (WARSAW, utc(2026, 3, 28, 12), utc(2026, 3, 29, 6)),
        (WARSAW, utc(2026, 10, 24, 12), utc(2026, 10, 25, 7)),
        (NEW_YORK, utc(2026, 3, 7, 20), utc(2026, 3, 8, 12)),
        (NEW_YORK, utc(2026, 10, 31, 20), utc(2026, 11, 1, 13)),
        (WARSAW, utc(2028, 2, 28, 12), utc(2028, 2, 29, 7)),
        (WARSAW, utc(2028, 2, 29, 12), utc(2028, 3, 1, 7)),
    ],
)
def test_a_daily_digest_comes_at_eight_by_the_wall(zone: ZoneInfo, after: datetime, made: datetime) -> None:
    digest = Digest(Every.DAILY, time(8), zone)
    assert digest.next_after(after) == made
    assert digest.next_after(made) > made


def test_a_digest_in_the_repeated_hour_is_made_once() -> None:
    digest = Digest(Every.DAILY, time(2, 30), WARSAW)
    first = digest.next_after(utc(2026, 10, 24, 12))
    assert first == utc(2026, 10, 25, 0, 30)
    assert digest.next_after(first) == utc(2026, 10, 26, 1, 30)


def test_a_digest_in_the_hour_left_out_is_made_as_the_clock_jumps() -> None:
    digest = Digest(Every.DAILY, time(2, 30), NEW_YORK)
    assert digest.next_after(utc(2026, 3, 8, 5)) == utc(2026, 3, 8, 7)


def test_a_weekly_digest_of_leap_week_comes_on_its_day() -> None:
    digest = Digest(Every.WEEKLY, time(8), WARSAW, weekday=1)
    assert digest.next_after(utc(2028, 2, 22, 7)) == utc(2028, 2, 29, 7)
    assert digest.next_after(utc(2028, 2, 29, 7)) == utc(2028, 3, 7, 7)


def test_an_hourly_digest_comes_once_in_each_hour_that_passes_also_in_the_repeated_one() -> None:
    digest, moment = Digest(Every.HOURLY, time(0, 15), WARSAW), utc(2026, 10, 24, 23)
    made = []
    for _ in range(4):
        moment = digest.next_after(moment)
        made.append(moment)
    assert made == [utc(2026, 10, 24, 23, 15), *(utc(2026, 10, 25, h, 15) for h in (0, 1, 2))]


def test_a_day_that_a_zone_left_out_altogether_has_no_moment_of_its_own() -> None:
    assert when(date(2011, 12, 30), time(8), ZoneInfo("Pacific/Apia")) == utc(2011, 12, 30, 10)

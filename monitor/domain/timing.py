"""When people want to hear: quiet hours that hold, and digests, both by the clock on a wall in their time zone."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from monitor.domain.change import ChangeKind

_DAY = timedelta(days=1)
_A_WEEK_AND_MORE = range(9)
"""Days among which the next one of a weekday lies, whatever a change of the clock does to the first."""


def when(day: date, wall: time, zone: tzinfo, *, last: bool = False) -> datetime:
    """Return the instant (UTC) at which a clock on the wall shows this time.

    Of a time that is shown twice (the hour repeated in autumn) it is the first, or with `last` the second; for one
    that is never shown (the hour left out in spring) it is the moment at which the clock jumps over it.
    """
    shown = datetime.combine(day, wall.replace(tzinfo=None), zone)
    early, late = shown.replace(fold=0).astimezone(UTC), shown.replace(fold=1).astimezone(UTC)
    if late < early:
        return _jump(late, early, zone)
    return late if last else early


def _jump(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Return the moment between two instants, to the second, at which the zone's clocks are put forward."""
    new = after.astimezone(zone).utcoffset()
    span = range(int((after - before).total_seconds()) + 1)
    found = bisect_left(span, 1, key=lambda s: (before + timedelta(seconds=s)).astimezone(zone).utcoffset() == new)
    return before + timedelta(seconds=found)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours in which nothing is sent save changes of the kinds in `breaking`. What comes in them waits, never falls.

    From `start` to `end` (not included) by the clock in `zone`, over midnight where `start` is the later. The two
    differ. One night is one span, also where the clock is put back in it: nobody is woken between two three o'clocks.
    """

    start: time
    end: time
    zone: tzinfo
    breaking: frozenset[ChangeKind] = frozenset()

    def release(self, instant: datetime) -> datetime:
        """Return the first moment at or after this one outside the quiet hours."""
        local = instant.astimezone(self.zone).date()
        for day in (local - _DAY, local, local + _DAY):  # spans of almost a day meet where the clock is put back
            begin, end = self._span(day)
            if begin <= instant < end:
                instant = end
        return instant

    def _span(self, day: date) -> tuple[datetime, datetime]:
        """Return the quiet hours that begin on this day."""
        ends = day if self.start < self.end else day + _DAY
        return when(day, self.start, self.zone), when(ends, self.end, self.zone, last=True)


class Every(StrEnum):
    """How often a digest is made."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Digest:
    """One message for all that came since the last: when it is made, by the clock in `zone`.

    Of `at` an hourly digest takes the minutes alone; `weekday` (Monday is 0) matters to a weekly one.
    """

    every: Every
    at: time
    zone: tzinfo
    weekday: int = 0

    def next_after(self, instant: datetime) -> datetime:
        """Return when the next digest is made: strictly after this moment, in UTC."""
        if self.every is Every.HOURLY:
            return self._next_hour(instant)
        today = instant.astimezone(self.zone).date()
        days = (today + ahead * _DAY for ahead in _A_WEEK_AND_MORE)
        fitting = (d for d in days if self.every is Every.DAILY or d.weekday() == self.weekday)
        return next(moment for moment in (when(d, self.at, self.zone) for d in fitting) if moment > instant)

    def _next_hour(self, instant: datetime) -> datetime:
        """Return the next moment at which the clock shows the minute; half-hour changes of the clock ask again."""
        moment = instant.astimezone(UTC).replace(second=0, microsecond=0)
        while moment <= instant or self._minutes_off(moment):
            moment += timedelta(minutes=self._minutes_off(moment) or 60)
        return moment

    def _minutes_off(self, moment: datetime) -> int:
        return (self.at.minute - moment.astimezone(self.zone).minute) % 60

"""When things are tried again: the outbox's schedule and the sources'. Pure; chance is an argument."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.domain.errors import DeliveryError
from monitor.domain.treaty import WatchedSource

STEPS = (5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0)
"""Seconds between attempts: Svix's published schedule; eight attempts over 27 h 35 min."""

JITTER = 0.2
SLOW_DOWN = 60.0
DRIFT = 0.05
CLOCKS = timedelta(minutes=5)
"""How far the clocks of machines that share a record may differ; what is later than now by more was ahead."""
SHARE = 0.1
"""Of the time to the nearest news: what RFC 9111, 4.2.2 calls typical for pages whose freshness nobody states."""


def next_attempt(made: int, now: datetime, error: DeliveryError, chance: float) -> datetime | None:
    """Return when a delivery is tried again after `made` attempts, or None if it has failed for good.

    `chance` in [0, 1] places the step within ±20 %. A `Retry-After` is honoured between one and two steps, a
    timeout or a 429 waits at least a minute (Svix's and Standard Webhooks' practice).
    """
    if error.permanent or made > len(STEPS):
        return None
    step = STEPS[made - 1]
    wait = step * (1 + JITTER * (2 * chance - 1))
    if error.retry_after is not None:
        wait = max(wait, min(error.retry_after, 2 * max(step, SLOW_DOWN)))
    if error.slow_down:
        wait = max(wait, SLOW_DOWN)
    return now + timedelta(seconds=wait)


def next_check(now: datetime, due: datetime | None, interval: float, chance: float) -> datetime:
    """Return when a source that was read well at `now` is due again: less than `interval` (seconds) later, or just so.

    It keeps its own rhythm, also when it was asked late, after a long stop, or between two turns by hand: it is due so
    many whole intervals after `due`, when this check was due. Without a rhythm (None: the first reading, or failures
    before it) chance begins one, so that sources that were started together spread evenly over the interval.
    """
    passed = (now - due).total_seconds() if due else chance * interval
    return now + timedelta(seconds=_earlier(interval - passed % interval, chance))


def interval(source: WatchedSource, now: datetime, news: Iterable[datetime]) -> float:
    """Return for how many seconds a source that was read well at `now` may be left alone.

    That is a tenth of the time since the last news or until the next that is known to come, whichever is nearer: never
    below the source's `every`, never above its `longest`, which is `every` where the user has not set `when_quiet`.
    `news` are the instants of news, past and to come; where none is known, or some may come any time, `now` is one.
    """
    nearest = min(abs(now - instant) for instant in news)
    return max(source.every, min(source.longest, SHARE * nearest.total_seconds()))


def next_try(now: datetime, every: float, failures: int, chance: float) -> datetime:
    """Return when a source that could not be read is tried again after so many failures in a row.

    That is sooner than its interval, then ever less often: after 1, 2, 4 … minutes, at most `every` (seconds).
    """
    return now + timedelta(seconds=_earlier(min(every, 60.0 * 2 ** min(failures - 1, 16)), chance))


def _earlier(wait: float, chance: float) -> float:
    """Return a wait shortened by up to a twentieth: a rhythm must not meet a site's nightly hour of rest every day."""
    return wait * (1 - DRIFT * chance)

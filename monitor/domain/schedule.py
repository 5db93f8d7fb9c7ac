"""When things are tried again: the outbox's schedule and the sources'. Pure; chance is an argument."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.domain.errors import DeliveryError

STEPS = (5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0)
"""Seconds between attempts: Svix's published schedule; eight attempts over 27 h 35 min."""

JITTER = 0.2
SLOW_DOWN = 60.0


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


def next_check(now: datetime, every: float, failures: int, chance: float) -> datetime:
    """Return when a source is due again; `every` is in seconds, `failures` counts those in a row.

    After a failure it is asked sooner than its interval, then ever less often: 1, 2, 4 … minutes, at most `every`.
    A twentieth of jitter spreads sources that were started together.
    """
    wait = min(every, 60.0 * 2 ** min(failures - 1, 16)) if failures else every
    return now + timedelta(seconds=wait * (1 + 0.05 * (2 * chance - 1)))

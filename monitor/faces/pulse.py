"""Knows whether the daemon's work goes on: a process that runs, and does nothing, is the failure nobody notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

STUCK = timedelta(hours=2)
"""Without a sign of life for so long, work is stuck: one fetch, its retries and the longest pause that a host may ask
for (a quarter of an hour between two requests) take less than one."""


class Pulse:
    """When each kind of work last began, went one step on, or ended. `clock` gives monotonic seconds."""

    def __init__(self, work: Iterable[str], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = dict.fromkeys(work, clock())

    def beat(self, work: str) -> None:
        """Note a sign of life."""
        self._last[work] = self._clock()

    def stuck(self) -> tuple[str, ...]:
        """Return the kinds of work that have shown no sign of life for too long, whatever the reason."""
        oldest = self._clock() - STUCK.total_seconds()
        return tuple(work for work, last in self._last.items() if last < oldest)

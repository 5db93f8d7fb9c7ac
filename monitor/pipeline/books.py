"""Enters the checks of a round that found nothing new, many in one transaction: each costs one row written over.

What such a check leaves behind is bookkeeping alone. A crash before it is entered loses nothing but the knowledge that
the page was asked for, and so it is asked for again, a little early. Whatever is more than that (a change, a hold, an
effect that a day has brought, something to tell the operator) goes the long way, in a transaction of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from monitor.domain.schedule import next_check
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.pipeline.desk import Desk
from monitor.pipeline.lookahead import is_quiet
from monitor.pipeline.news import rests
from monitor.storage.interface import Condition, SourceState

MOST = 100
"""Checks that one transaction enters."""

AT_ONCE = 2
"""Pages that are read side by side, one while another is stored: more would take turns, each with memory of its own."""

LONGEST = timedelta(seconds=1)
"""How long an entry waits for others: no longer than the pause between two pages of one host."""


@dataclass(frozen=True, slots=True)
class _Unchanged:
    """A check that found nothing new, and how its source was before."""

    before: SourceState
    validators: dict[str, str] | None
    now: datetime

    def after(self, alone: float, chance: float) -> SourceState:
        """Return how the source is after it, if it may be left alone for so many seconds."""
        before, now = self.before, self.now
        return replace(
            before,
            last_checked=now,
            last_good=now,
            next_due=next_check(now, before.next_due, alone, chance),
            validators=before.validators if self.validators is None else self.validators,
            calendar_until=max(before.calendar_until or now.date(), now.date()),
        )


class Books:
    """The books of one round: how its sources were when it began, and the checks that are still to be entered.

    Who has a page that differs reads it while holding `reading`.
    """

    def __init__(self, desk: Desk, watched: Iterable[tuple[Treaty, WatchedSource]], today: date) -> None:
        self.reading = asyncio.Semaphore(AT_ONCE)
        self._desk = desk
        self._watched = {(treaty.reference, source.key): (treaty, source) for treaty, source in watched}
        self._waiting: list[_Unchanged] = []
        self._since: datetime | None = None
        with desk.storage.begin(read_only=True) as tx:
            found = tx.sources_of({treaty for treaty, _ in self._watched})
            self._outlooks = tx.outlooks({state.treaty for state in found if _is_behind(state, today)})
        self._states = {(state.treaty, state.source): state for state in found}

    def state(self, treaty: Treaty, source: WatchedSource) -> SourceState:
        """Return how a source was when the round began."""
        return of_address(self._states.get((treaty.reference, source.key)), treaty, source)

    def at_rest(self, state: SourceState, today: date) -> bool:
        """Whether an unchanged page is all there is to say of a source: nothing held, told, or due by the calendar."""
        return (
            state.condition is Condition.OK
            and state.told is None
            and state.fingerprint is not None
            and state.reader == self._desk.reads(state.treaty)
            and self._brings_nothing(state, today)
        )

    def _brings_nothing(self, state: SourceState, today: date) -> bool:
        """Whether all that the calendar brings up to a day is recorded, or there is nothing of it."""
        since, page = state.calendar_until, (state.treaty, state.source)
        if since is None:
            return False
        return since >= today or is_quiet(self._desk, page, self._outlooks.get(page), since, today)

    def enter(self, before: SourceState, validators: dict[str, str] | None, now: datetime) -> None:
        """Note that a check found nothing new. `validators` None: those of the answer before stay.

        When the source is due again is worked out when this is written, from all that is known by then.
        """
        self._waiting.append(_Unchanged(before, validators, now))
        self._since = self._since or now

    def full(self, now: datetime) -> bool:
        """Whether it is time to write."""
        return len(self._waiting) >= MOST or (self._since is not None and now - self._since >= LONGEST)

    async def write(self) -> None:
        """Write what was noted. Raises StorageError."""
        noted, self._waiting, self._since = self._waiting, [], None
        if noted:
            await asyncio.to_thread(self._write, noted)

    def _write(self, noted: list[_Unchanged]) -> None:
        readings = [(*self._watched[check.before.treaty, check.before.source], check.now) for check in noted]
        with self._desk.storage.begin() as tx:
            alone = rests(self._desk, tx, readings)
            tx.renew(
                (check.before, check.after(seconds, self._desk.chance()))
                for check, seconds in zip(noted, alone, strict=True)
            )
            self._desk.step("stored")
        self._desk.step("committed")


def of_address(known: SourceState | None, treaty: Treaty, source: WatchedSource) -> SourceState:
    """Return the bookkeeping of a source; a changed address forgets what was said of the old one."""
    if known is None:
        return SourceState(treaty.reference, source.key, source.url)
    return known if known.url == source.url else replace(known, url=source.url, validators={}, fingerprint=None)


def _is_behind(state: SourceState, today: date) -> bool:
    return state.calendar_until is not None and state.calendar_until < today

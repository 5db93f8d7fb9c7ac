"""One round of checks: many sources, politely side by side, each failure a value."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.domain import wire
from monitor.domain.errors import StorageError
from monitor.domain.schedule import CLOCKS
from monitor.domain.snapshot import Finding, Level
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.pipeline.books import Books
from monitor.pipeline.check import check
from monitor.pipeline.chores import chores
from monitor.pipeline.desk import Desk, Watched
from monitor.pipeline.outcome import Checked
from monitor.storage.interface import SourceState

logger = logging.getLogger(__name__)

AT_ONCE = 4
"""Sources in hand at the same time; more make the HTTP client slower, not faster (measured: 630/s at 4, 67 at 500)."""

_NEWS = {"changed", "baseline"}
"""Outcomes after which a treaty may have effects to come that nobody has been reminded of."""

NEVER_READ = datetime.min.replace(tzinfo=UTC)


async def check_round(
    desk: Desk, watched: tuple[Watched, ...], now: Callable[[], datetime], done: Callable[[Checked], None]
) -> tuple[Checked, ...]:
    """Check these sources, do what follows from it, and return what each came to, in their order.

    `done` is called as each one ends.
    """
    results = await check_batch(desk, watched, now, done)
    await asyncio.to_thread(chores, desk, now(), with_news(results))
    await ask_outside(desk)
    return results


def with_news(results: tuple[Checked, ...]) -> tuple[Treaty, ...]:
    """Return the treaties of which a round has told something."""
    return tuple(result.treaty for result in results if result.outcome in _NEWS)


async def check_batch(
    desk: Desk, watched: tuple[Watched, ...], now: Callable[[], datetime], done: Callable[[Checked], None]
) -> tuple[Checked, ...]:
    """Check these sources and return what each came to, in their order; `done` is called as each one ends."""
    gate = asyncio.Semaphore(AT_ONCE)
    books = await asyncio.to_thread(Books, desk, watched, now().date())

    async def one(treaty: Treaty, source: WatchedSource) -> Checked:
        async with gate:
            result = await _guarded(desk, treaty, source, now(), books)
            if books.full(now()):
                await books.write()
        done(result)
        return result

    results = await asyncio.gather(*(one(t, s) for t, s in watched))
    await books.write()
    return tuple(results)


@dataclass(frozen=True, slots=True)
class Outline:
    """How many sources are watched, and how many were read well at their last check; the last check, the next one.

    `last` is None before the first check, `due` where a source was never checked: now.
    """

    watched: int
    well: int
    last: datetime | None
    due: datetime | None


def in_outline(desk: Desk) -> Outline:
    """Return how the watched sources are, all in all."""
    with desk.storage.begin(read_only=True) as tx:
        turns, last = tx.turns(), tx.last_check()
    watched = [turns.get((treaty.reference, source.key), (False, None)) for treaty, source in desk.watched()]
    due = min((due or NEVER_READ for _, due in watched), default=NEVER_READ)
    return Outline(len(watched), sum(well for well, _ in watched), last, None if due is NEVER_READ else due)


def _all_well(desk: Desk) -> bool:
    """Whether the last check of every watched source read it well: else an outside service is to raise the alarm."""
    outline = in_outline(desk)
    return 0 < outline.watched == outline.well


async def _guarded(
    desk: Desk, treaty: Treaty, source: WatchedSource, now: datetime, books: Books | None = None
) -> Checked:
    """Check one source; what nobody foresaw is logged with its trace, counted, and ends no round."""
    try:
        return await check(desk, treaty, source, now, books)
    except StorageError:
        raise  # the record itself cannot be written: nothing else can go well
    except Exception as error:
        logger.exception("unforeseen while checking %s (%s)", treaty.slug, source.key)
        text = f"unforeseen: {type(error).__name__}: {error}"
        return Checked(treaty, source, "failed", (Finding(Level.REFUSE, "unforeseen", text),))


async def check_due(desk: Desk, reference: str, key: str, now: datetime) -> Checked | None:
    """Check one source if the record says that it is due. None where it is not, or is no longer watched."""
    found = next(((t, s) for t, s in desk.watched() if (t.reference, s.key) == (reference, key)), None)
    if found is None or not await asyncio.to_thread(_still_due, desk, *found, now):
        return None
    return await _guarded(desk, *found, now)


def _still_due(desk: Desk, treaty: Treaty, source: WatchedSource, now: datetime) -> bool:
    with desk.storage.begin(read_only=True) as tx:
        return _waits(tx.source(treaty.reference, source.key), source, now)


def _waits(state: SourceState | None, source: WatchedSource, now: datetime) -> bool:
    if state is None or state.next_due is None or state.url != source.url:
        return True
    ahead = state.last_checked is not None and state.last_checked > now + CLOCKS  # the clock was put back since then
    return state.next_due <= now or ahead


async def ask_outside(desk: Desk) -> None:
    """Ask the outside service, where one is configured, if every watched source was read well at its last check."""
    if desk.ping is not None and await asyncio.to_thread(_all_well, desk):
        await desk.ping()


def due(desk: Desk, now: datetime) -> tuple[Watched, ...]:
    """Return the watched sources that are due, the longest due first: the record knows them, not a timer."""
    with desk.storage.begin(read_only=True) as tx:
        resting = tx.resting(now)
        waiting = [(t, s) for t, s in desk.watched() if resting.get((t.reference, s.key)) != s.url]
        states = {(s.treaty, s.source): s for s in tx.sources_of({t.reference for t, _ in waiting})}
    return tuple(sorted(waiting, key=lambda one: _since(states.get((one[0].reference, one[1].key)))))


def _since(state: SourceState | None) -> datetime:
    """Return since when a source is due: what was never read comes first, and nobody is left out for others' sake."""
    return state.next_due if state and state.next_due else NEVER_READ


def shape(results: tuple[Checked, ...]) -> dict[str, Any]:
    """Return what `check` prints."""
    return {
        "checks": [r.shape() for r in results],
        "changes": [wire.recorded(c) for r in results for c in r.changes],
    }


def exit_code(results: tuple[Checked, ...]) -> int:
    """Return the exit code of a round: unforeseen before refused before unreachable."""
    outcomes = {r.outcome for r in results}
    for outcome, code in (("failed", 1), ("refused", 3), ("unreachable", 4), ("disallowed", 4)):
        if outcome in outcomes:
            return code
    return 0

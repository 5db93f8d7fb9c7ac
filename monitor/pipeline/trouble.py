"""What the operator is told: trouble with a source once, its recovery once, never once per run."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from monitor.domain.treaty import Treaty
from monitor.pipeline.desk import Desk
from monitor.pipeline.notify import plain, to_operator
from monitor.storage.interface import Condition, Held, SourceState, Transaction

logger = logging.getLogger(__name__)

NEVER_READ = 3
"""Failures in a row after which a source that was never read is trouble: most likely its address is wrong."""

SAID = {
    Condition.UNREACHABLE: "cannot be reached",
    Condition.DISALLOWED: "is disallowed by the site's robots.txt",
    Condition.REFUSED: "was refused as unreadable or implausible",
}


def report_condition(desk: Desk, tx: Transaction, treaty: Treaty, state: SourceState, now: datetime) -> SourceState:
    """Tell the operator if the source's condition calls for it, and return the state with what was told.

    A page that is refused or disallowed is told at once; one that cannot be reached only when the last good
    reading is older than the set age: sites are down for an hour every day.
    """
    if state.told and state.condition in {Condition.OK, Condition.HELD}:
        heading = f"{treaty.title}: {state.source} is read again"
        text = f"The page was last read well at {state.last_good:%Y-%m-%d %H:%M} UTC." if state.last_good else ""
        _tell(desk, tx, "source.recovered", (heading, text), f"{treaty.reference} {state.source}", now)
        return replace(state, told=None)
    if state.condition in SAID and state.told is not state.condition and _is_time(desk, state, now):
        heading = f"{treaty.title}: {state.source} {SAID[state.condition]}"
        since = f"{state.last_good:%Y-%m-%d %H:%M} UTC" if state.last_good else "never"
        text = f"{state.problem} Last good reading: {since}. Address: {state.url}"
        _tell(desk, tx, "source.stale", (heading, text), f"{treaty.reference} {state.source}", now)
        return replace(state, told=state.condition)
    return state


def _is_time(desk: Desk, state: SourceState, now: datetime) -> bool:
    if state.condition is not Condition.UNREACHABLE:
        return True
    if state.last_good is None:
        return state.failures >= NEVER_READ
    return now - state.last_good >= desk.patience.stale_after


def report_holds(
    desk: Desk, tx: Transaction, treaty: Treaty, opened: tuple[Held, ...], cleared: tuple[Held, ...], now: datetime
) -> None:
    """Tell the operator of each reading or row that is newly held, and of each that has cleared."""
    for held in opened:
        why = " ".join(f.text + "." for f in held.findings)
        text = f"{why} Decide with: treaty-monitor held accept {held.id} (or reject {held.id})."
        heading = f"{treaty.title}: {_what(held)} is held back"
        _tell(desk, tx, "treaty.reading_held", (heading, text), held.id, now)
    for held in cleared:
        heading = f"{treaty.title}: {_what(held)} is no longer held back"
        _tell(desk, tx, "source.recovered", (heading, "It was confirmed, or the page went back."), held.id, now)


def _what(held: Held) -> str:
    return f"the row of {held.row}" if held.row else "a whole reading"


def _tell(desk: Desk, tx: Transaction, kind: str, said: tuple[str, str], topic: str, now: datetime) -> None:
    heading, text = said
    logger.warning("%s. %s", heading, text)
    tx.enqueue(to_operator(desk, plain(kind, now, heading, text, thread=topic), f"{kind} {topic}", now))

"""What the operator is told: trouble with a source once, its recovery once, never once per run."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.domain.snapshot import Snapshot
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.domain.wording import say
from monitor.pipeline.desk import Desk
from monitor.pipeline.notify import plain, to_operator
from monitor.storage.interface import Condition, Held, SourceState, Transaction

logger = logging.getLogger(__name__)

SHOWN = 8
"""Changes of a held reading that a message names; the list of what is held has them all."""

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
    reading is older than the set age: sites are down for an hour every day. A source of which something was told is
    not told again as unreachable: one that is refused today and down tomorrow has one trouble, not two.
    """
    if state.told and state.condition.well:
        heading = f"{treaty.title}: {state.source} is read again"
        text = f"The page was last read well at {state.last_good:%Y-%m-%d %H:%M} UTC." if state.last_good else ""
        tell(desk, tx, "source.recovered", (heading, text), f"{treaty.reference} {state.source}", now)
        return replace(state, told=None)
    if state.condition in SAID and _is_time(desk, treaty, state, now):
        heading = f"{treaty.title}: {state.source} {SAID[state.condition]}"
        since = f"{state.last_good:%Y-%m-%d %H:%M} UTC" if state.last_good else "never"
        text = f"{state.problem}. Last good reading: {since}. Address: {state.url}"
        tell(desk, tx, "source.stale", (heading, text), f"{treaty.reference} {state.source}", now)
        return replace(state, told=state.condition)
    return state


def _is_time(desk: Desk, treaty: Treaty, state: SourceState, now: datetime) -> bool:
    if state.condition is not Condition.UNREACHABLE:
        return state.told is not state.condition
    if state.told:
        return False
    if state.last_good is None:
        return state.failures >= NEVER_READ
    source = next((s for s in treaty.sources if s.key == state.source), None)
    return source is not None and now >= stale_from(desk, source, state.last_good)


def stale_from(desk: Desk, source: WatchedSource, good: datetime) -> datetime:
    """Return when a source is stale that was last read well at `good`.

    That is after the set age, or so much after its next check was due where it is read less often than that.
    """
    longest = timedelta(seconds=source.longest)
    return good + desk.patience.stale_after + (longest if longest >= desk.patience.stale_after else timedelta(0))


def report_names(desk: Desk, tx: Transaction, treaty: Treaty, snapshot: Snapshot, now: datetime) -> None:
    """Tell the operator of participants' names that the table does not have: each name once ever."""
    who = (*(p.participant for p in snapshot.participations), *(s.participant for s in snapshot.statements))
    names = dict.fromkeys(p.as_written for p in who if p.code is None)
    new = [name for name in names if not tx.setting(_name_mark(name))]
    if not new:
        return
    for name in new:
        tx.save_setting(_name_mark(name), treaty.reference)
    heading = f"{treaty.title}: {'a name is' if len(new) == 1 else f'{len(new)} names are'} not known"
    text = (
        f"{'; '.join(new)}. What happens in such a row reaches only subscriptions to all countries. "
        "Say whom a name means with a line in participants.toml."
    )
    tell(desk, tx, "name.unknown", (heading, text), f"{treaty.reference} names", now)


def _name_mark(name: str) -> str:
    return f"unknown name {name}"


def report_holds(
    desk: Desk, tx: Transaction, treaty: Treaty, opened: tuple[Held, ...], cleared: tuple[Held, ...], now: datetime
) -> None:
    """Tell the operator of each reading or row that is newly held, and of each that has cleared."""
    for held in opened:
        why = " ".join(f.text + "." for f in held.findings)
        text = f"{why} {_would_tell(held)}Decide with: treaty-monitor held accept {held.id} (or reject {held.id})."
        heading = f"{treaty.title}: {_what(held)} is held back"
        tell(desk, tx, "treaty.reading_held", (heading, text), held.id, now)
    for held in cleared:
        heading = f"{treaty.title}: {_what(held)} is no longer held back"
        tell(desk, tx, "source.recovered", (heading, "It was confirmed, or the page went back."), held.id, now)


def _would_tell(held: Held) -> str:
    """Return what the hold keeps back, in a few words: of a row that is held already it is what is new."""
    said = dict.fromkeys(f"{c.participant.name}: {say(c)}" if c.participant else say(c) for c in held.changes)
    more = f" and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
    return f"It would tell: {'; '.join(list(said)[:SHOWN])}{more}. " if said else ""


def _what(held: Held) -> str:
    return f"the row of {held.row}" if held.row else "a whole reading"


def tell(desk: Desk, tx: Transaction, kind: str, said: tuple[str, str], topic: str, now: datetime) -> None:
    """Tell the operator a heading and a text; mails with one topic are one thread."""
    heading, text = said
    logger.warning("%s. %s", heading, text)
    tx.enqueue(to_operator(desk, plain(kind, now, heading, text, thread=topic), f"{kind} {topic}", now))

"""Notices sources that nobody reads any more, also where no check runs that could tell of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from monitor.domain import wire
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.pipeline.desk import Desk
from monitor.pipeline.trouble import stale_from, tell
from monitor.storage.interface import Condition, SourceState, Transaction

MARK = "standstill "


def report_standstill(desk: Desk, now: datetime) -> int:
    """Tell the operator, once each, of sources whose last good reading is too old; return how many were told.

    What is told here stands until the source is read well: then its recovery is told, once.
    """
    with desk.storage.begin(read_only=True) as tx:
        states = {(s.treaty, s.source): s for s in tx.sources()}
        noticed = tx.settings(MARK)
    doubtful = [
        (treaty, source)
        for treaty, source in desk.watched()
        if f"{treaty.reference} {source.key}" in noticed
        or not _at_ease(desk, source, states.get((treaty.reference, source.key)), now)
    ]
    if not doubtful:
        return 0
    with desk.storage.begin() as tx:
        return sum(_look(desk, tx, treaty, source, now) for treaty, source in doubtful)


def _at_ease(desk: Desk, source: WatchedSource, state: SourceState | None, now: datetime) -> bool:
    """Whether there is nothing to notice: it was told already, or the last good reading is young enough."""
    good = state.last_good if state else None
    return bool((state and state.told) or (good and now < stale_from(desk, source, good)))


def _look(desk: Desk, tx: Transaction, treaty: Treaty, source: WatchedSource, now: datetime) -> bool:
    """Look at one source. A daemon that was off for a week gets an hour to read before anybody is told."""
    mark = f"{MARK}{treaty.reference} {source.key}"
    noticed = tx.setting(mark)
    state = tx.source(treaty.reference, source.key)
    good = state.last_good if state else None
    if _at_ease(desk, source, state, now):
        if noticed:
            tx.save_setting(mark, None)
        return False
    since = datetime.fromisoformat(noticed) if noticed else now
    if not noticed:
        tx.save_setting(mark, wire.instant(now))
    if now < (since + desk.patience.confirm_after if good else stale_from(desk, source, since)):
        return False
    known = state or SourceState(treaty.reference, source.key, source.url)
    heading = f"{treaty.title}: {source.key} is not read any more"
    tell(desk, tx, "source.stale", (heading, _text(known)), f"{treaty.reference} {source.key}", now)
    tx.save_source(replace(known, told=Condition.STALE))
    return True


def _text(state: SourceState) -> str:
    good = f"{state.last_good:%Y-%m-%d %H:%M} UTC" if state.last_good else "never"
    checked = f"{state.last_checked:%Y-%m-%d %H:%M} UTC" if state.last_checked else "never"
    problem = f" What was wrong then: {state.problem}." if state.problem else ""
    return f"Last good reading: {good}; last check: {checked}.{problem} Address: {state.url}"

"""The monthly word to the operator: what is watched, when each was last read well, what is held, failed or waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from monitor.domain.delivery import DeliveryState
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.pipeline.desk import Desk
from monitor.pipeline.disabling import disabled
from monitor.pipeline.notify import plain, to_operator
from monitor.storage.interface import HeldState, SourceState, Transaction

TOLD = "coverage was last told"


def report_coverage(desk: Desk, now: datetime) -> bool:
    """Tell the operator what is watched, at the first look of a month in their time zone; return whether it was told.

    The month in which the record begins is not told: there is nothing to look back on.
    """
    month = f"{now.astimezone(desk.zone):%Y-%m}"
    with desk.storage.begin() as tx:
        last = tx.setting(TOLD)
        if last == month:
            return False
        tx.save_setting(TOLD, month)
        if last is None or not desk.operator.coverage:
            return False
        heading = f"What is watched, {now.astimezone(desk.zone):%B %Y}"
        body = plain("coverage", now, heading, _summary(desk, tx), _lines(desk, tx), thread="coverage")
        tx.enqueue(to_operator(desk, body, f"coverage {month}", now))
    return True


def _summary(desk: Desk, tx: Transaction) -> str:
    held, dead = len(tx.held(frozenset({HeldState.OPEN}))), tx.tally().get(DeliveryState.DEAD, 0)
    closed = ", ".join(sorted(disabled(tx))) or "none"
    return (
        f"Pages watched: {len(desk.watched())}, of {len(desk.treaties)} treaties. Readings or rows held back: {held}. "
        f"Alerts that could not be delivered: {dead}. Channels disabled: {closed}. "
        f"Subscriptions: {len(desk.subscriptions)}."
    )


def _lines(desk: Desk, tx: Transaction) -> Iterator[str]:
    states = {(s.treaty, s.source): s for s in tx.sources()}
    for treaty, source in desk.watched():
        yield _line(treaty, source, states.get((treaty.reference, source.key)))
    for held in tx.held(frozenset({HeldState.OPEN})):
        yield f"Held back since {held.since:%Y-%m-%d}: {held.treaty}, {held.row or 'the whole reading'} ({held.id})"


def _line(treaty: Treaty, source: WatchedSource, state: SourceState | None) -> str:
    good = f"{state.last_good:%Y-%m-%d %H:%M} UTC" if state and state.last_good else "never"
    due = f"{state.next_due:%Y-%m-%d %H:%M} UTC" if state and state.next_due else "at once"
    wrong = f"; {state.condition.value}: {state.problem}" if state and state.problem else ""
    return f"{treaty.title} ({treaty.reference}, {source.key}): last read well {good}, next due {due}{wrong}"

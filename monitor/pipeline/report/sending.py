"""Says what was sent to whom, over which channels, and who wants nothing more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.domain import wire
from monitor.domain.delivery import DeliveryState
from monitor.pipeline.desk import Desk


def deliveries(
    desk: Desk, states: frozenset[DeliveryState] | None = None, *, limit: int | None = None, offset: int = 0
) -> dict[str, Any]:
    """Return the outbox with every attempt, newest first; with `limit`, so many after the first `offset`."""
    with desk.storage.begin(read_only=True) as tx:
        found = tx.deliveries(states, limit=limit, offset=offset, bodies=False)
    return {"deliveries": [wire.delivery(d) for d in found]}


SOUND: dict[str, Any] = {"failing_since": None, "disabled": None, "problem": None}
"""How a channel is of which no failure is known."""


def channels(desk: Desk) -> dict[str, dict[str, Any]]:
    """Return, by name, the channels of which failures are known: since when, and since when and why disabled."""
    with desk.storage.begin(read_only=True) as tx:
        states = tx.channels()
    return {
        s.name: {"failing_since": _maybe(s.failing_since), "disabled": _maybe(s.disabled), "problem": s.problem}
        for s in states
    }


def departures(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    """Return, by subscription, the recipients who have left it, and when."""
    with desk.storage.begin(read_only=True) as tx:
        gone = tx.departures()
    named = {d.subscription for d in gone}
    return {
        name: [{"recipient": d.recipient, "at": wire.instant(d.at)} for d in gone if d.subscription == name]
        for name in named
    }


def _maybe(instant: datetime | None) -> str | None:
    return wire.instant(instant) if instant else None

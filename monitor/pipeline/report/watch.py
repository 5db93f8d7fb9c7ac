"""Says how the watch goes: how each source is, what is held back, and how much the record holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.domain import wire
from monitor.domain.delivery import DeliveryState
from monitor.domain.treaty import Treaty
from monitor.pipeline.desk import Desk
from monitor.pipeline.trouble import stale_from
from monitor.storage.interface import HeldState


def sources(desk: Desk, now: datetime, treaties: tuple[Treaty, ...] | None = None) -> dict[str, Any]:
    """Return, per watched source (of these treaties): last good reading, age, next due, failures, what is wrong."""
    with desk.storage.begin(read_only=True) as tx:
        found = tx.sources() if treaties is None else tx.sources_of(t.reference for t in treaties)
    states = {(s.treaty, s.source): s for s in found}
    items = []
    for treaty, source in desk.watched() if treaties is None else ((t, s) for t in treaties for s in t.sources):
        s = states.get((treaty.reference, source.key))
        age = int((now - s.last_good).total_seconds()) if s and s.last_good else None
        items.append(
            {
                "treaty": treaty.reference,
                "treaty_slug": treaty.slug,
                "title": treaty.title,
                "source": source.key,
                "url": source.url,
                "condition": s.condition.value if s else "new",
                "last_checked": wire.instant(s.last_checked) if s else None,
                "last_good": wire.instant(s.last_good) if s else None,
                "age_seconds": age,
                "next_due": wire.instant(s.next_due) if s else None,
                "failures": s.failures if s else 0,
                "problem": s.problem if s else None,
                "every_seconds": source.every,
                "when_quiet_seconds": source.when_quiet,
                "stale": s is None or s.last_good is None or now >= stale_from(desk, source, s.last_good),
                "baseline": _baseline(desk, treaty),
            }
        )
    return {"sources": items}


def _baseline(desk: Desk, treaty: Treaty) -> str | None:
    seed = desk.seed(treaty.reference)
    return wire.day(seed.dated) if seed else None


def held(desk: Desk, *, everything: bool = False) -> dict[str, Any]:
    """Return what the gate holds back, oldest first."""
    with desk.storage.begin(read_only=True) as tx:
        items = tx.held(None if everything else frozenset({HeldState.OPEN}))
    return {
        "held": [
            {
                "id": h.id,
                "treaty": h.treaty,
                "source": h.source,
                "row": h.row,
                "since": wire.instant(h.since),
                "state": h.state.value,
                "document": h.document,
                "findings": [wire.finding(f) for f in h.findings],
                "changes": [wire.change(c) for c in h.changes],
            }
            for h in items
        ]
    }


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the record holds: changes, what is held back now, deliveries by state."""

    changes: int
    held: int
    deliveries: dict[DeliveryState, int]


def totals(desk: Desk) -> Totals:
    """Return how much the record holds, without reading it all."""
    with desk.storage.begin(read_only=True) as tx:
        return Totals(tx.number_of_changes(), len(tx.held(frozenset({HeldState.OPEN}))), tx.tally())

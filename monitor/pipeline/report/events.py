"""Says what changed, what is to come, and what the claims are worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from monitor.domain import wire
from monitor.domain.change import ChangeKind
from monitor.domain.names import alphabetical
from monitor.domain.treaty import Treaty
from monitor.domain.verdicts import Official, judge
from monitor.pipeline.desk import Desk
from monitor.pipeline.upcoming import every_coming


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which recorded changes are asked for. `participants` are keys."""

    treaty: Treaty | None = None
    participants: frozenset[str] | None = None
    kinds: frozenset[ChangeKind] | None = None
    since: date | None = None


def changes(desk: Desk, wanted: Wanted, limit: int | None = None, offset: int = 0) -> dict[str, Any]:
    """Return the record of changes, newest first, with evidence; with `limit`, so many after the first `offset`."""
    with desk.storage.begin(read_only=True) as tx:
        found = tx.changes(
            treaty=wanted.treaty.reference if wanted.treaty else None,
            participant=wanted.participants,
            kinds=wanted.kinds,
            since=wanted.since,
            limit=limit,
            offset=offset,
        )
    return {"changes": [wire.recorded(c) for c in found]}


def number_of_changes(desk: Desk, wanted: Wanted) -> int:
    """Return how many changes `changes` would return without a limit."""
    with desk.storage.begin(read_only=True) as tx:
        return tx.number_of_changes(
            treaty=wanted.treaty.reference if wanted.treaty else None,
            participant=wanted.participants,
            kinds=wanted.kinds,
            since=wanted.since,
        )


def upcoming(desk: Desk, now: datetime) -> dict[str, Any]:
    """Return what will take effect, soonest first."""
    with desk.storage.begin(read_only=True) as tx:
        items = list(every_coming(desk, tx, desk.treaties, now))
    items.sort(key=lambda i: (i.day or date.max, i.treaty.reference, alphabetical(i.participant.name)))
    return {"upcoming": [i.shape() for i in items]}


def claims(desk: Desk, now: datetime) -> dict[str, Any]:
    """Return each claim of the seeds with its verdict and evidence."""
    verdicts = []
    for seed in desk.seeds:
        with desk.storage.begin(read_only=True) as tx:
            readings = tx.known(seed.reference, now)
        official = None
        if readings:
            best = readings[0]
            official = Official(best.snapshot, desk.rules(seed.reference), best.document, now.date())
        verdicts += [wire.verdict(judge(claim, official)) for claim in seed.claims]
    return {"claims": verdicts}

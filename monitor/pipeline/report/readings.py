"""Finds what was known of treaties at an instant, on which every answer about them rests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from monitor.domain.treaty import Treaty
from monitor.pipeline.baseline import as_known
from monitor.pipeline.desk import Desk
from monitor.storage.interface import Known, Transaction


def end_of(day: date) -> datetime:
    """Return the last instant of a day, in UTC."""
    return datetime.combine(day, time.max, UTC)


def known_of(desk: Desk, tx: Transaction, treaty: Treaty, at: datetime) -> tuple[Known, ...]:
    """Return what was known of a treaty at an instant: the official readings, else the seed, else nothing."""
    return tx.known(treaty.reference, at) or of_seed(desk, treaty, at)


def excerpts_of(
    desk: Desk,
    tx: Transaction,
    treaties: Iterable[Treaty],
    at: datetime,
    participants: Iterable[str] | None = None,
) -> dict[str, tuple[Known, ...]]:
    """Return, by number, what was known of treaties as `known_of` does, without statements, at one go.

    With `participants` (keys), no rows of others need be there.
    """
    asked = tuple(treaties)
    found = tx.excerpts([treaty.reference for treaty in asked], at, participants)
    return {t.reference: judged(tx, found.get(t.reference, ()), at) or of_seed(desk, t, at) for t in asked}


def judged(tx: Transaction, found: tuple[Known, ...], at: datetime) -> tuple[Known, ...]:
    """Return the excerpts of a treaty, or all rows where one has no stamp: its own day is that of its latest act."""
    return found if all(known.snapshot.header.stamp for known in found) else tx.known(found[0].treaty, at)


def of_seed(desk: Desk, treaty: Treaty, at: datetime) -> tuple[Known, ...]:
    """Return what the treaty's seed makes known at an instant, nothing where there is none or not yet."""
    seed = desk.seed(treaty.reference)
    if seed is None:
        return ()
    baseline = as_known(seed, desk.names)
    return (baseline,) if baseline.fetched_at <= at else ()

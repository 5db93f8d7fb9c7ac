"""When there was news of a treaty, and when there will be: what tells how often its pages are worth asking for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

from monitor.domain.treaty import Treaty
from monitor.pipeline.desk import Desk
from monitor.pipeline.lookahead import ahead
from monitor.pipeline.upcoming import coming_of
from monitor.storage.interface import Transaction


def news_of(desk: Desk, tx: Transaction, treaty: Treaty, now: datetime) -> tuple[datetime, ...]:
    """Return when the last news of a treaty was (its first reading, where there was none since) and when more may come.

    That is on every day that may change where somebody stands; and `now`, while a notice of leaving runs, for it may be
    retracted on any day.
    """
    changes = tx.changes(treaty=treaty.reference, limit=1)
    last = changes[0].first_seen if changes else tx.known_since(treaty.reference)
    return (last or now, *_to_come(desk, tx, treaty, now))


def _to_come(desk: Desk, tx: Transaction, treaty: Treaty, now: datetime) -> Iterator[datetime]:
    outlooks = ahead(desk, tx, (treaty,), now.date())[treaty.reference]
    for day in {day for outlook in outlooks for day in outlook.turns if day > now.date()}:
        yield datetime.combine(day, time.min, UTC)
    if any(item.leaving for item in coming_of(treaty, outlooks, now.date())):
        yield now

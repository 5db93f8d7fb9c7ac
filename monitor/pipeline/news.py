"""When there was news of a treaty, and when there will be: what tells how often its pages are worth asking for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time

from monitor.domain.outlook import Outlook
from monitor.domain.schedule import interval
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.pipeline.desk import Desk
from monitor.pipeline.lookahead import ahead
from monitor.pipeline.upcoming import coming_of
from monitor.storage.interface import Transaction

Reading = tuple[Treaty, WatchedSource, datetime]
"""A source and when it was read well."""


def rests(desk: Desk, tx: Transaction, readings: Sequence[Reading]) -> list[float]:
    """Return for how many seconds each source may be left alone; of those that may rest the record is asked at once."""
    resting = {treaty.reference: treaty for treaty, source, _ in readings if source.longest > source.every}
    if not resting:
        return [source.every for _, source, _ in readings]
    last = tx.last_news(resting)
    outlooks = ahead(desk, tx, resting.values(), min(now.date() for *_, now in readings))
    return [
        interval(source, now, _news(treaty, last.get(treaty.reference), outlooks[treaty.reference], now))
        if treaty.reference in resting
        else source.every
        for treaty, source, now in readings
    ]


def _news(treaty: Treaty, last: datetime | None, outlooks: Iterable[Outlook], now: datetime) -> Iterator[datetime]:
    """Yield when the last news of a treaty was and when more may come.

    That is on every day that may change where somebody stands; and `now`, while a notice of leaving runs, for it may be
    retracted on any day.
    """
    yield last or now
    today = now.date()
    for day in {day for outlook in outlooks for day in outlook.turns if day > today}:
        yield datetime.combine(day, time.min, UTC)
    if any(item.leaving for item in coming_of(treaty, outlooks, today)):
        yield now

"""What is left to the calendar, from what the record keeps of it, or from the page itself where that will not do.

What is kept was worked out from the stored page under the final clauses of that day. Where they have changed since,
where a record of an earlier version has none, or where an earlier day is asked for, the page is read: the answer is
the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from monitor.domain.outlook import Outlook, outlook
from monitor.domain.snapshot import Snapshot
from monitor.domain.treaty import Treaty
from monitor.pipeline.desk import Desk
from monitor.storage.interface import Daybook, Transaction

BEHIND = timedelta(days=3)
"""How long what has come stays: reminders ask for what is to come after yesterday, in time zones behind UTC."""

Page = tuple[str, str]
"""A treaty's number and a source's key."""


def look_ahead(
    desk: Desk,
    tx: Transaction,
    page: Page,
    snapshot: Snapshot,
    today: date,
    seen_at: datetime | None = None,
) -> None:
    """Keep what a stored page leaves to the calendar; `seen_at` if it is the page that was fetched then."""
    tx.keep_outlook(*page, outlook(snapshot, desk.rules(page[0]), today - BEHIND), seen_at)


def is_quiet(desk: Desk, page: Page, kept: Outlook | None, since: date, until: date) -> bool:
    """Whether what is kept of a page says that the days after `since`, up to `until`, bring nothing."""
    return kept is not None and kept.answers(desk.rules(page[0]), since) and kept.quiet(since, until)


def ahead(desk: Desk, tx: Daybook, treaties: Iterable[Treaty], day: date) -> dict[str, tuple[Outlook, ...]]:
    """Return, by number, what a treaty's pages leave to the calendar after a day: of each source that was read."""
    asked = tuple(treaties)
    kept = tx.outlooks(treaty.reference for treaty in asked)
    return {treaty.reference: tuple(_of_treaty(desk, tx, treaty, kept, day)) for treaty in asked}


def _of_treaty(desk: Desk, tx: Daybook, treaty: Treaty, kept: Mapping[Page, Outlook], day: date) -> Iterator[Outlook]:
    rules = desk.rules(treaty.reference)
    for source in treaty.sources:
        found = kept.get((treaty.reference, source.key))
        if found is not None and found.answers(rules, day):
            yield found
        elif known := tx.latest(treaty.reference, source.key):
            yield outlook(known.snapshot, rules, day)

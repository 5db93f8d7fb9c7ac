"""What one check came to, and the outcomes for which nothing has to be compared: a failure, and an unchanged page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.domain import wire
from monitor.domain.change import RecordedChange
from monitor.domain.document import Document
from monitor.domain.snapshot import Finding, Level
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.fetching.interface import NotModified
from monitor.pipeline.books import of_address
from monitor.pipeline.desk import Desk
from monitor.pipeline.introduce import meet
from monitor.pipeline.ledger import Entry, advance_calendar, keep_books
from monitor.storage.interface import Condition, SourceState, Transaction


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check came to. `outcome` is a word of the outer contract."""

    treaty: Treaty
    source: WatchedSource
    outcome: str
    findings: tuple[Finding, ...] = ()
    changes: tuple[RecordedChange, ...] = ()

    def shape(self) -> dict[str, Any]:
        """Return the item that `check` prints."""
        return {
            "treaty": self.treaty.reference,
            "slug": self.treaty.slug,
            "source": self.source.key,
            "outcome": self.outcome,
            "findings": [wire.finding(f) for f in self.findings],
        }


def state_of(tx: Transaction, treaty: Treaty, source: WatchedSource) -> SourceState:
    """Return the bookkeeping of a source; a changed address forgets what was said of the old one."""
    return of_address(tx.source(treaty.reference, source.key), treaty, source)


def validators(document: Document) -> dict[str, str]:
    """Return what a conditional request repeats, unchanged."""
    return {k: v for k, v in document.headers.items() if k in {"etag", "last-modified"}}


def failed(
    desk: Desk, treaty: Treaty, source: WatchedSource, now: datetime, condition: Condition, problem: str
) -> Checked:
    """Enter a failure; the calendar moves on all the same, for a day may bring an effect while a site is down."""
    rules = {Condition.DISALLOWED: "disallowed", Condition.UNREACHABLE: "unreachable", Condition.REFUSED: "refused"}
    with desk.storage.begin() as tx:
        state = state_of(tx, treaty, source)
        entry = Entry(treaty, source, now)
        changes, state = advance_calendar(desk, tx, entry, state)
        keep_books(desk, tx, entry, replace(state, failures=state.failures + 1), condition, problem)
        desk.step("stored")
    desk.step("committed")
    level = Level.REFUSE if condition is Condition.REFUSED else Level.NOTE
    finding = Finding(level, rules[condition], problem)
    return Checked(treaty, source, condition.value, (finding,), changes)


def unchanged(
    desk: Desk, treaty: Treaty, source: WatchedSource, answer: Document | NotModified, now: datetime
) -> Checked:
    """Enter an unchanged page: bookkeeping, and what the calendar has brought."""
    with desk.storage.begin() as tx:
        entry = Entry(treaty, source, now)
        changes, state = advance_calendar(desk, tx, entry, state_of(tx, treaty, source))
        if isinstance(answer, Document):
            state = replace(state, validators=validators(answer))
        meet(desk, tx, treaty, now)
        keep_books(desk, tx, entry, replace(state, failures=0, last_good=now), Condition.OK, None)
        desk.step("stored")
    desk.step("committed")
    return Checked(treaty, source, "changed" if changes else "unchanged", (), changes)

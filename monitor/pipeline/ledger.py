"""What every check writes: changes with evidence, deliveries, the calendar's effects, the source's bookkeeping."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from monitor.domain.change import Change, ChangeKind, Proof, RecordedChange
from monitor.domain.compare import compare
from monitor.domain.schedule import next_check, next_try
from monitor.domain.snapshot import Snapshot
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.domain.wording import excerpt
from monitor.pipeline.desk import Desk
from monitor.pipeline.holds import halted, waiting
from monitor.pipeline.lastword import contradicted
from monitor.pipeline.lookahead import is_quiet, look_ahead
from monitor.pipeline.news import rests
from monitor.pipeline.notify import deliveries
from monitor.pipeline.timetable import post
from monitor.pipeline.trouble import report_condition
from monitor.storage.interface import Condition, Held, Known, SourceState, Transaction


@dataclass(frozen=True, slots=True)
class Entry:
    """Which source is checked, and when. Legal dates are days of UTC: a depositary's own day may differ by one."""

    treaty: Treaty
    source: WatchedSource
    now: datetime

    @property
    def reference(self) -> str:
        """The depositary's number."""
        return self.treaty.reference

    @property
    def page(self) -> tuple[str, str]:
        """The depositary's number and the source's key."""
        return self.treaty.reference, self.source.key

    @property
    def today(self) -> date:
        """The day of the check."""
        return self.now.date()


def publish(
    desk: Desk,
    tx: Transaction,
    entry: Entry,
    changes: tuple[Change, ...],
    sides: tuple[Snapshot, Snapshot],
    shown: tuple[Known | None, str | None],
) -> tuple[RecordedChange, ...]:
    """Record changes and enter their deliveries; return those that the record did not have before.

    Left out are effects that another source contradicts, which had the last word on their acts.

    `sides` are the snapshots before and after, `shown` what was known before and the document of the later one.
    """
    known, sha = shown
    records = []
    for change in (c for c in changes if not contradicted(desk, tx, c, entry.source.key)):
        before = _proof(sides[0], change, known.document if known else None, known.fetched_at if known else None)
        after = _proof(sides[1], change, sha, entry.now)
        records.append(_record(desk, tx, entry, change, (before, after)))
    new = tx.record(records)
    desk.step("recorded")
    if new:
        post(desk, tx, deliveries(desk, new, entry.now), entry.now)
    desk.step("routed")
    return new


def _record(desk: Desk, tx: Transaction, entry: Entry, change: Change, shown: tuple[Proof, Proof]) -> RecordedChange:
    number = change.action.notification if change.action else None
    return RecordedChange(
        change=change,
        first_seen=entry.now,
        treaty_slug=entry.treaty.slug,
        treaty_title=entry.treaty.title,
        source=entry.source.key,
        url=entry.source.url,
        before=shown[0],
        after=shown[1],
        notification_url=desk.readers[entry.source.key].notification_url(number) if number else None,
        corrects=_original(tx, change),
    )


def _proof(side: Snapshot, change: Change, document: str | None, fetched: datetime | None) -> Proof:
    row = side.find(change.key) if change.key else None
    return Proof(document, fetched, excerpt(row) if change.key else side.header.title)


TAKES_BACK = {ChangeKind.CORRECTED, ChangeKind.WITHDRAWAL_RETRACTED, ChangeKind.CONSENT_REVOKED}


def _original(tx: Transaction, change: Change) -> str | None:
    """Return the id of the change that this one corrects or takes back: the record of the act it replaces."""
    act = change.action_before or change.action
    if change.kind not in TAKES_BACK or act is None:
        return None
    for told in tx.changes(treaty=change.treaty, participant=change.key):
        same = told.change.action and told.change.action.date == act.date
        if same and told.id != change.id and told.change.kind not in TAKES_BACK:
            return told.id
    return None


def advance_calendar(
    desk: Desk, tx: Transaction, entry: Entry, state: SourceState
) -> tuple[tuple[RecordedChange, ...], SourceState]:
    """Record the effects that days alone have brought since the calendar was last applied: once each.

    Rows that are held back wait with theirs: what is held of them may be that the effect has not come.
    """
    since = state.calendar_until
    if since is None or since >= entry.today:
        return (), state
    if is_quiet(desk, entry.page, tx.outlooks((entry.reference,)).get(entry.page), since, entry.today):
        return (), replace(state, calendar_until=entry.today)
    known = tx.latest(entry.reference, entry.source.key)
    if known is None:
        return (), state
    holds = tx.held(page=entry.page)
    due = [c for c in by_days(desk, entry, known.snapshot, since, holds) if c.key not in waiting(holds)]
    new = publish(desk, tx, entry, tuple(due), (known.snapshot, known.snapshot), (known, known.document))
    look_ahead(desk, tx, entry.page, known.snapshot, entry.today, known.fetched_at)
    return new, replace(state, calendar_until=entry.today)


def by_days(desk: Desk, entry: Entry, known: Snapshot, since: date, holds: Iterable[Held]) -> tuple[Change, ...]:
    """Return what days alone have brought to what is known, for rows that were held back since they stood still."""
    rules = desk.rules(entry.reference)
    return compare(known, known, rules, since=since, until=entry.today, halted=halted(holds)).changes


def keep_books(
    desk: Desk, tx: Transaction, entry: Entry, state: SourceState, condition: Condition, problem: str | None
) -> None:
    """Write the source's one row, with when it is due again, and tell the operator of a condition once."""
    due = _due(desk, tx, entry, state, condition)
    state = replace(state, condition=condition, problem=problem, last_checked=entry.now, next_due=due)
    tx.save_source(report_condition(desk, tx, entry.treaty, state, entry.now))


def _due(desk: Desk, tx: Transaction, entry: Entry, state: SourceState, condition: Condition) -> datetime:
    """Return when the source is due again; `state` has its failures with this check, but its condition before it."""
    source = entry.source
    if state.failures:
        return next_try(entry.now, source.every, state.failures, desk.chance())
    quiet = condition is Condition.OK
    alone = rests(desk, tx, [(entry.treaty, source, entry.now)])[0] if quiet else source.every
    return next_check(entry.now, state.next_due if state.condition.well else None, alone, desk.chance())

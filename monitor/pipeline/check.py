"""Checks one source: fetch, read, examine, compare, and commit snapshot, changes and deliveries in one transaction.

fetch ──> same as before? ──> read ──> believable? ──> compare ──> hold back? ──> commit
|             |               |           |
v             v               v           v
unreachable    unchanged        refused     refused        (each a value, never the end of the round)
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from monitor.domain import wire
from monitor.domain.change import Comparison, RecordedChange
from monitor.domain.compare import compare, rewind
from monitor.domain.document import Document
from monitor.domain.errors import DisallowedError, SourceError
from monitor.domain.plausibility import already_accepted, examine, settle, stale, weigh
from monitor.domain.snapshot import Finding, Level, Reading, Snapshot
from monitor.domain.standing import complete
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.fetching.interface import NotModified, Request
from monitor.pipeline.books import Books, of_address
from monitor.pipeline.desk import Desk
from monitor.pipeline.gatekeeper import Ruling, rule
from monitor.pipeline.introduce import meet
from monitor.pipeline.ledger import Entry, advance_calendar, keep_books, publish
from monitor.pipeline.lookahead import look_ahead
from monitor.pipeline.trouble import report_holds, report_names
from monitor.storage.interface import Condition, Kept, Known, SourceState, Transaction


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


async def check(
    desk: Desk, treaty: Treaty, source: WatchedSource, now: datetime, books: Books | None = None
) -> Checked:
    """Check one source once. Never raises for what the network or the page may bring; storage errors rise.

    With the books of a round, a check that finds nothing new is noted there, and entered by whoever keeps them.
    """
    state = books.state(treaty, source) if books else await asyncio.to_thread(_state, desk, treaty, source)
    try:
        answer = await desk.fetcher.fetch(Request(source.url, _validators_of(desk, state), source.obey_robots))
    except DisallowedError as error:
        return await asyncio.to_thread(_failed, desk, treaty, source, now, Condition.DISALLOWED, str(error))
    except SourceError as error:
        return await asyncio.to_thread(_failed, desk, treaty, source, now, Condition.UNREACHABLE, str(error))
    desk.step("fetched")
    if books and books.at_rest(source, state, now.date()) and _same(desk, state, answer):
        books.enter(state, source.every, _given(answer), now)
        return Checked(treaty, source, "unchanged")
    return await asyncio.to_thread(examined, desk, treaty, source, answer, now)


def _state(desk: Desk, treaty: Treaty, source: WatchedSource) -> SourceState:
    with desk.storage.begin(read_only=True) as tx:
        return state_of(tx, treaty, source)


def state_of(tx: Transaction, treaty: Treaty, source: WatchedSource) -> SourceState:
    """Return the bookkeeping of a source; a changed address forgets what was said of the old one."""
    return of_address(tx.source(treaty.reference, source.key), treaty, source)


def _same(desk: Desk, state: SourceState, answer: Document | NotModified) -> bool:
    """Whether the page's meaningful regions are those of the last reading."""
    return isinstance(answer, NotModified) or desk.readers[state.source].fingerprint(answer.body) == state.fingerprint


def _given(answer: Document | NotModified) -> dict[str, str] | None:
    return validators(answer) if isinstance(answer, Document) else None


def _validators_of(desk: Desk, state: SourceState) -> dict[str, str]:
    """Return what the request repeats: nothing when the reader has changed, so that the page is read again."""
    return state.validators if state.reader == desk.reader_version else {}


def _failed(
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


def examined(
    desk: Desk, treaty: Treaty, source: WatchedSource, answer: Document | NotModified, now: datetime
) -> Checked:
    """Read, examine, compare and commit what was fetched (also what `held accept` reads again from the archive)."""
    reader = desk.readers[source.key]
    state, kept = _before(desk, treaty, source)
    mark = state.fingerprint if isinstance(answer, NotModified) else reader.fingerprint(answer.body)
    if isinstance(answer, NotModified) or (mark and mark == state.fingerprint and state.reader == desk.reader_version):
        return _unchanged(desk, treaty, source, answer, now)
    reading = reader.read(answer.body, treaty.reference)
    desk.step("read")
    if reading.refused or reading.snapshot is None:
        problem = "; ".join(f.text for f in reading.findings if f.level is Level.REFUSE) or "unreadable"
        failed = _failed(desk, treaty, source, now, Condition.REFUSED, problem)
        return replace(failed, findings=reading.findings)
    snapshot = complete(reading.snapshot, desk.rules(treaty.reference))
    seen = _Seen(answer, mark, kept)
    return _read(desk, Entry(treaty, source, now), seen, replace(reading, snapshot=snapshot))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A fetched page, the digest of its meaningful regions, and what is noted of the last page kept."""

    document: Document
    mark: str | None
    kept: str | None


def _before(desk: Desk, treaty: Treaty, source: WatchedSource) -> tuple[SourceState, str | None]:
    with desk.storage.begin(read_only=True) as tx:
        return state_of(tx, treaty, source), tx.setting(_kept(treaty, source))


def _unchanged(
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


def validators(document: Document) -> dict[str, str]:
    """Return what a conditional request repeats, unchanged."""
    return {k: v for k, v in document.headers.items() if k in {"etag", "last-modified"}}


def _read(desk: Desk, entry: Entry, seen: _Seen, reading: Reading) -> Checked:
    """Weigh a believable reading against what is known, and commit what may go out."""
    after = reading.snapshot
    if after is None:
        raise ValueError("a refused reading is not weighed")
    kept = _keep(desk, seen)
    sha = kept.sha256
    desk.step("kept")
    with desk.storage.begin() as tx:
        _enter_kept(desk, tx, entry, seen, kept)
        state = state_of(tx, entry.treaty, entry.source)
        known = tx.latest(entry.treaty.reference, entry.source.key)
        base, reread = _base(desk, entry, known, after, state)
        findings = _findings(desk, entry, base.snapshot if known else None, after, reading)
        weighed = weigh(_compared(desk, entry, base, after), findings, desk.limits)
        ruling = rule(desk, tx, entry.reference, entry.source.key, weighed, sha, entry.now)
        if ruling.whole:
            changes, state = advance_calendar(desk, tx, entry, state)
        else:
            changes = publish(desk, tx, entry, ruling.out, (base.snapshot, after), (known, sha))
            stored = settle(base.snapshot if known else None, after, ruling.held_rows)
            tx.store_snapshot(entry.reference, entry.source.key, stored, entry.now, sha)
            look_ahead(desk, tx, entry.page, stored, entry.today)
            meet(desk, tx, entry.treaty, entry.now)
        report_holds(desk, tx, entry.treaty, ruling.opened, ruling.cleared, entry.now)
        report_names(desk, tx, entry.treaty, after, entry.now)
        _books(desk, tx, entry, state, seen, ruling)
        desk.step("stored")
    desk.step("committed")
    outcome = _outcome(ruling, changes, first=known is None)
    return Checked(entry.treaty, entry.source, outcome, (*weighed.findings, *reread), changes)


def _keep(desk: Desk, seen: _Seen) -> Kept:
    """Keep the page if its meaningful regions differ from the last one kept; return the page that shows them."""
    mark, sha = (seen.kept or " ").split(" ")
    return Kept(sha) if seen.mark and mark == seen.mark else desk.archive.keep(seen.document, sha or None)


def _enter_kept(desk: Desk, tx: Transaction, entry: Entry, seen: _Seen, kept: Kept) -> None:
    """Enter a page that was kept just now, with what rests on it: what is in the record is in the archive.

    A page that was given up once, and is shown again, may have been removed at this very moment: no more of that now.
    """
    noted = f"{seen.mark} {kept.sha256}" if seen.mark else None
    if noted is None or noted != seen.kept:
        if tx.doubtful((kept.sha256, kept.base)):
            kept = desk.archive.keep(seen.document)
        tx.store_document(entry.reference, entry.source.key, seen.document, kept.base)
        tx.save_setting(_kept(entry.treaty, entry.source), noted)


def _kept(treaty: Treaty, source: WatchedSource) -> str:
    return f"kept {treaty.reference} {source.key}"


@dataclass(frozen=True, slots=True)
class _Base:
    """What a reading is compared with, and the day from which effects are news."""

    snapshot: Snapshot
    day: date


def _base(
    desk: Desk, entry: Entry, known: Known | None, after: Snapshot, state: SourceState
) -> tuple[_Base, tuple[Finding, ...]]:
    """Return the last accepted snapshot; at first sight the page itself, rewound to the day of a seed."""
    if known is None:
        seed = desk.seed(entry.reference)
        day = seed.dated if seed else entry.today
        return _Base(rewind(after, day) if seed else after, day), ()
    day = state.calendar_until or known.fetched_at.date()
    if state.reader in {None, desk.reader_version} or known.document is None:
        return _Base(known.snapshot, day), ()
    return _reread(desk, entry, known, day)


def _compared(desk: Desk, entry: Entry, base: _Base, after: Snapshot) -> Comparison:
    """Compare; a page that is its own base, at first sight, has nothing to compare."""
    if base.snapshot is after and base.day == entry.today:
        return Comparison(())
    return compare(base.snapshot, after, desk.rules(entry.reference), since=base.day, until=entry.today)


def _reread(desk: Desk, entry: Entry, known: Known, day: date) -> tuple[_Base, tuple[Finding, ...]]:
    """Read the kept page with the reader of today: what only the reader sees differently is a finding, not news."""
    body = desk.archive.read(known.document or "")
    again = desk.readers[entry.source.key].read(body, entry.reference).snapshot
    if again is None:
        return _Base(known.snapshot, day), ()
    rules = desk.rules(entry.reference)
    now = complete(again, rules)
    differing = compare(known.snapshot, now, rules, since=day, until=day)
    findings = tuple(
        Finding(Level.NOTE, "reader-changed", f"the reader now sees {c.kind.value} of {c.act_date or c.text}", c.key)
        for c in (*differing.changes, *differing.held)
    )
    return _Base(now, day), findings


def _findings(
    desk: Desk, entry: Entry, before: Snapshot | None, after: Snapshot, reading: Reading
) -> tuple[Finding, ...]:
    """Return all findings on a page; a hold that concerns only what was accepted before is no longer one."""
    found = (*reading.findings, *examine(after, desk.rules(entry.reference), entry.today, desk.limits))
    if before is None:
        return found
    older = stale(before, after)
    kept = [f for f in found if f.level is not Level.HOLD or not already_accepted(f, before, after)]
    return (*kept, older) if older else tuple(kept)


def _books(
    desk: Desk,
    tx: Transaction,
    entry: Entry,
    state: SourceState,
    seen: _Seen,
    ruling: Ruling,
) -> None:
    """Enter a good reading. While something is held, the next fetch must be read again: no validators, no mark."""
    state = replace(state, failures=0, last_good=entry.now)
    if ruling.waiting:
        state = replace(state, validators={}, fingerprint=None)
    else:
        state = replace(state, validators=validators(seen.document), fingerprint=seen.mark)
    if not ruling.whole:
        state = replace(state, calendar_until=entry.today, reader=desk.reader_version)
    condition = Condition.HELD if ruling.waiting else Condition.OK
    keep_books(desk, tx, entry, state, condition, "a reading is held back" if ruling.waiting else None)


def _outcome(ruling: Ruling, changes: tuple[RecordedChange, ...], *, first: bool) -> str:
    if changes:
        return "changed"
    if ruling.waiting:
        return "held"
    return "baseline" if first else "unchanged"

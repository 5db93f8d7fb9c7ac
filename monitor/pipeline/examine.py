"""What a page comes to that is not the one before: read, believable or not, compared, and committed as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.domain.change import Change, Comparison, RecordedChange
from monitor.domain.compare import compare
from monitor.domain.document import Document
from monitor.domain.plausibility import already_accepted, examine, not_older, settle, stale, weigh
from monitor.domain.snapshot import Finding, Level, Reading, Snapshot
from monitor.domain.standing import complete
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.fetching.interface import NotModified
from monitor.pipeline.basis import Basis, basis, shows_less
from monitor.pipeline.desk import Desk
from monitor.pipeline.gatekeeper import Ruling, rule
from monitor.pipeline.holds import Weighing, halted
from monitor.pipeline.introduce import meet
from monitor.pipeline.ledger import Entry, advance_calendar, by_days, keep_books, publish
from monitor.pipeline.lookahead import look_ahead
from monitor.pipeline.outcome import Checked, failed, state_of, unchanged, validators
from monitor.pipeline.trouble import report_holds, report_names
from monitor.storage.interface import Condition, Held, Kept, SourceState, Transaction


def examined(
    desk: Desk,
    treaty: Treaty,
    source: WatchedSource,
    answer: Document | NotModified,
    now: datetime,
    known: SourceState | None = None,
) -> Checked:
    """Read, examine, compare and commit what was fetched (also what `held accept` reads again from the archive).

    `known` is how the source was a moment ago, where the caller knows: of one never checked nothing else is asked.
    """
    reader = desk.readers[source.key]
    state, kept = (known, None) if known and known.last_checked is None else _before(desk, treaty, source)
    mark = state.fingerprint if isinstance(answer, NotModified) else reader.fingerprint(answer.body)
    same = bool(mark) and mark == state.fingerprint and state.reader == desk.reads(treaty.reference)
    if same or isinstance(answer, NotModified):
        return unchanged(desk, treaty, source, answer, now)
    reading = reader.read(answer.body, treaty.reference)
    desk.step("read")
    if reading.refused or reading.snapshot is None:
        problem = "; ".join(f.text for f in reading.findings if f.level is Level.REFUSE) or "unreadable"
        refused = failed(desk, treaty, source, now, Condition.REFUSED, problem)
        return replace(refused, findings=reading.findings)
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


def _read(desk: Desk, entry: Entry, seen: _Seen, reading: Reading) -> Checked:
    """Weigh a believable reading against what is known, and commit what may go out."""
    after = reading.snapshot
    if after is None:
        raise ValueError("a refused reading is not weighed")
    kept = _keep(desk, seen)
    desk.step("kept")
    with desk.storage.begin() as tx:
        _enter_kept(desk, tx, entry, seen, kept)
        state = state_of(tx, entry.treaty, entry.source)
        holds = tx.held(page=entry.page)
        base = basis(desk, tx, entry, after, state, holds)
        if base.known and base.known.document == kept.sha256:
            after = not_older(after, base.snapshot)
        weighing = _weighing(desk, entry, (base, after), reading, kept, holds)
        ruling = rule(desk, tx, weighing, holds)
        if ruling.whole:
            changes, state = advance_calendar(desk, tx, entry, state)
        else:
            changes = _accept(desk, tx, entry, (base, after), ruling, kept.sha256)
        report_holds(desk, tx, entry.treaty, ruling.opened, ruling.cleared, entry.now)
        report_names(desk, tx, entry.treaty, after, entry.now)
        _books(desk, tx, entry, state, seen, ruling)
        desk.step("stored")
    desk.step("committed")
    outcome = _outcome(ruling, changes, first=base.known is None)
    return Checked(entry.treaty, entry.source, outcome, (*weighing.weighed.findings, *base.findings), changes)


def _weighing(
    desk: Desk, entry: Entry, sides: tuple[Basis, Snapshot], reading: Reading, kept: Kept, holds: tuple[Held, ...]
) -> Weighing:
    """Compare a reading with what it is based on, and weigh what has changed by all that was found on the page."""
    base, after = sides
    compared = _compared(desk, entry, base, after, base.stands or holds)
    doubts = shows_less(compared) if base.known and base.known.source != entry.source.key else ()
    doubts += base.doubts if compared.changes or compared.held else ()
    weighed = weigh(compared, (*_findings(desk, entry, base, after, reading), *doubts), desk.limits)
    return Weighing(entry.page, weighed, kept.sha256, entry.now, base.day, _of_days(desk, entry, base, weighed, holds))


def _accept(
    desk: Desk, tx: Transaction, entry: Entry, sides: tuple[Basis, Snapshot], ruling: Ruling, document: str
) -> tuple[RecordedChange, ...]:
    """Record what goes out, and store the reading, in which held rows stay as they were known.

    At first sight they stay as the seed knew them, or as they are shown: an absent row would be news when it came.
    """
    base, after = sides
    changes = publish(desk, tx, entry, ruling.out, (base.snapshot, after), (base.known, document))
    stored = settle(base.snapshot, after, ruling.held_rows)
    tx.store_snapshot(*entry.page, stored, entry.now, document)
    look_ahead(desk, tx, entry.page, stored, entry.today)
    meet(desk, tx, entry.treaty, entry.now)
    return changes


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
        tx.store_document(*entry.page, seen.document, kept.base)
        tx.save_setting(_kept(entry.treaty, entry.source), noted)


def _kept(treaty: Treaty, source: WatchedSource) -> str:
    return f"kept {treaty.reference} {source.key}"


def _compared(desk: Desk, entry: Entry, base: Basis, after: Snapshot, holds: tuple[Held, ...]) -> Comparison:
    """Compare; a page that is its own base, at first sight, has nothing to compare."""
    if base.snapshot is after and base.day == entry.today:
        return Comparison(())
    rules = desk.rules(entry.reference)
    stands = {**base.late, **halted(holds)}
    return compare(base.snapshot, after, rules, since=base.day, until=entry.today, halted=stands)


def _of_days(desk: Desk, entry: Entry, base: Basis, weighed: Comparison, holds: tuple[Held, ...]) -> tuple[Change, ...]:
    """Return what days have brought to what is known: whatever is held of the page, it goes on in all other rows."""
    odd = any(f.level is Level.HOLD for f in weighed.findings)
    return by_days(desk, entry, base.snapshot, base.day, holds) if odd else ()


def _findings(desk: Desk, entry: Entry, base: Basis, after: Snapshot, reading: Reading) -> tuple[Finding, ...]:
    """Return all findings on a page; a hold that concerns only what was accepted before is no longer one."""
    found = (*reading.findings, *examine(after, desk.rules(entry.reference), entry.today, desk.limits))
    if base.known is None:
        return found
    older = stale(base.snapshot, after)
    kept = [f for f in found if f.level is not Level.HOLD or not already_accepted(f, base.snapshot, after)]
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
        state = replace(state, calendar_until=entry.today, reader=desk.reads(entry.reference))
    condition = Condition.HELD if ruling.waiting else Condition.OK
    keep_books(desk, tx, entry, state, condition, "a reading is held back" if ruling.waiting else None)


def _outcome(ruling: Ruling, changes: tuple[RecordedChange, ...], *, first: bool) -> str:
    if changes:
        return "changed"
    if ruling.waiting:
        return "held"
    return "baseline" if first else "unchanged"

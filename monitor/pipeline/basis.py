"""What a reading is compared with: its source's last one, that of the source it replaces, or at first sight itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from monitor.domain.change import EFFECTS, Change, ChangeKind, Comparison
from monitor.domain.compare import compare, rewind
from monitor.domain.errors import StorageError
from monitor.domain.plausibility import settle
from monitor.domain.snapshot import Finding, Level, Snapshot
from monitor.domain.standing import complete
from monitor.pipeline.desk import Desk
from monitor.pipeline.holds import held_back
from monitor.pipeline.lastword import is_over, last_told
from monitor.pipeline.ledger import Entry
from monitor.storage.interface import Held, Known, SourceState, Transaction


@dataclass(frozen=True, slots=True)
class Basis:
    """What a reading is compared with, and the day from which effects are news.

    `known` is what the record has, None at first sight; `findings` tell what only the reader of today sees in it.
    `stands` is what was held at the source that this one replaces. `late` are rows, by participant's key, whose effect
    has come by today's reading alone, with the day before it. `doubts` hold the page if it differs from this at all.
    """

    snapshot: Snapshot
    day: date
    known: Known | None = None
    findings: tuple[Finding, ...] = ()
    stands: tuple[Held, ...] = ()
    late: Mapping[str, date] = field(default_factory=dict)
    doubts: tuple[Finding, ...] = ()


def basis(
    desk: Desk, tx: Transaction, entry: Entry, after: Snapshot, state: SourceState, holds: tuple[Held, ...]
) -> Basis:
    """Return the last accepted snapshot; at first sight the page itself, rewound to the day of a seed."""
    stands: tuple[Held, ...] = ()
    known = tx.latest(*entry.page)
    if known is None and (replaced := _replaced(tx, entry)):
        known, state = replaced
        stands = holds = tx.held(page=(known.treaty, known.source))
    if known is None:
        seed = desk.seed(entry.reference)
        return Basis(rewind(after, seed.dated), seed.dated) if seed else Basis(after, entry.today)
    base = Basis(known.snapshot, state.calendar_until or known.fetched_at.date(), known, stands=stands)
    of_today = state.reader in {None, desk.reads(entry.reference)} or known.document is None
    return base if of_today else _reread(desk, tx, entry, base, holds)


def _replaced(tx: Transaction, entry: Entry) -> tuple[Known, SourceState] | None:
    """Return what was last read of the treaty at a source that is watched no more, where no other is left to tell.

    Once an official reading exists, what is first seen later is news, whichever source shows it.
    """
    watched = {source.key for source in entry.treaty.sources}
    states = tx.sources_of({entry.reference})
    read = [(known, s) for s in states if (known := tx.latest(s.treaty, s.source))]
    if any(state.source in watched for _, state in read):
        return None
    return max(read, key=lambda one: one[0].fetched_at, default=None)


def _reread(desk: Desk, tx: Transaction, entry: Entry, base: Basis, holds: tuple[Held, ...]) -> Basis:
    """Read the kept page as it is read today: what only that makes different is a finding, not news.

    What the page shows of rows that are held back was never known. Where it is lost, nobody can tell the two apart.
    """
    known = base.known
    if known is None:
        return base
    try:
        reader, kept = desk.readers.get(known.source), desk.archive.read(known.document or "")
    except StorageError as error:
        text = f"{error}; what differs from it may be news, or only be read otherwise than before"
        return replace(base, doubts=(Finding(Level.HOLD, "page-lost", text),))
    again = reader.read(kept, entry.reference).snapshot if reader else None
    if again is None:
        return base
    rules = desk.rules(entry.reference)
    now = settle(known.snapshot, complete(again, rules), held_back(holds))
    differing = compare(known.snapshot, now, rules, since=base.day, until=base.day)
    findings = tuple(
        Finding(Level.NOTE, "reader-changed", f"the reader now sees {c.kind.value} of {c.act_date or c.text}", c.key)
        for c in (*differing.changes, *differing.held)
    )
    return replace(base, snapshot=now, findings=findings, late=dict(_late(tx, differing.changes)))


def _late(tx: Transaction, differing: Iterable[Change]) -> Iterator[tuple[str, date]]:
    """Yield the rows of which an act was told, and whose effect by today's reading was due on an earlier day."""
    for change in differing:
        act, key = change.action, change.key
        if change.kind in EFFECTS and key and act and act.effective:
            said = last_told(tx, change.treaty, key, act)
            if said and not is_over(said):
                yield key, act.effective - timedelta(days=1)


_LACKING = {ChangeKind.CONSENT_REVOKED, ChangeKind.SIGNATURE_DISAVOWED, ChangeKind.RECORD_VANISHED}


def shows_less(compared: Comparison) -> tuple[Finding, ...]:
    """Return a hold if a source lacks what the one that it replaces has shown: it may well be the older of the two."""
    less = [c for c in (*compared.changes, *compared.held) if c.kind in _LACKING]
    text = f"it lacks {len(less)} acts or rows that the source it replaces has shown"
    return (Finding(Level.HOLD, "older-page", text),) if less else ()

"""Decides what of a weighed comparison goes out now. Holds wait for a second fetch or a person.

Each is told once, and again where more comes to its row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from monitor.domain.change import EFFECTS, Change, ChangeKind, Comparison
from monitor.domain.plausibility import ILLEGIBLE, needs_a_person
from monitor.domain.snapshot import Finding, Level
from monitor.pipeline.desk import Desk
from monitor.pipeline.ledger import TAKES_BACK
from monitor.storage.interface import Held, HeldState, Transaction

WHOLE = None
"""The row under which a hold of the whole reading is kept."""

_UNDOING = TAKES_BACK | {ChangeKind.RECORD_VANISHED}
_PASSED = frozenset({HeldState.CLEARED, HeldState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the gate decided: changes that go out, rows that stay as they were known, holds that are new or cleared."""

    out: tuple[Change, ...]
    held_rows: frozenset[str]
    whole: bool
    waiting: bool = False
    """Whether anything still waits for a second fetch or a person (what was rejected waits no more)."""
    opened: tuple[Held, ...] = ()
    cleared: tuple[Held, ...] = ()


def rule(
    desk: Desk, tx: Transaction, treaty: str, source: str, weighed: Comparison, document: str | None, now: datetime
) -> Ruling:
    """Return the ruling on a weighed comparison, and write the holds it opens, changes and clears."""
    earlier = tx.held(page=(treaty, source))
    fresh = _holds(treaty, source, weighed, document, now)
    judged = [_judged(desk, h, earlier, now) for h in fresh]
    opened = tuple(h for h in judged if h.state is HeldState.OPEN and h.since == now)
    for held in judged:
        tx.hold(held)
    current = {h.id for h in judged}
    gone = [replace(h, state=HeldState.CLEARED) for h in earlier if h.state is HeldState.OPEN and h.id not in current]
    for held in gone:
        tx.hold(held)
    confirmed = [h for h in judged if h.state is HeldState.CLEARED]
    passed = [h for h in judged if h.state in _PASSED]
    back = [h for h in judged if h not in passed]
    return Ruling(
        out=(*weighed.changes, *(c for h in passed for c in h.changes)) if not _blocks(back) else (),
        held_rows=frozenset(h.row for h in back if h.row is not None),
        whole=_blocks(back),
        waiting=any(h.state is HeldState.OPEN for h in back),
        opened=opened,
        cleared=tuple(h for h in (*gone, *confirmed) if _was_open(h, earlier)),
    )


def _blocks(back: Iterable[Held]) -> bool:
    return any(h.row is WHOLE for h in back)


def _was_open(held: Held, earlier: Iterable[Held]) -> bool:
    return any(h.id == held.id and h.state is HeldState.OPEN for h in earlier)


def _holds(treaty: str, source: str, weighed: Comparison, document: str | None, now: datetime) -> tuple[Held, ...]:
    """Return what this comparison holds back: one hold of the whole reading, or one for each row concerned."""
    holds = [f for f in weighed.findings if f.level is Level.HOLD]
    if any(f.row is None for f in holds):
        return (_hold(treaty, source, WHOLE, holds, weighed.held, document, now),)
    rows = dict.fromkeys(f.row for f in holds)
    return tuple(
        _hold(
            treaty,
            source,
            row,
            [f for f in holds if f.row == row],
            tuple(c for c in weighed.held if c.key == row),
            document,
            now,
        )
        for row in rows
    )


def _hold(
    treaty: str,
    source: str,
    row: str | None,
    findings: list[Finding],
    changes: tuple[Change, ...],
    document: str | None,
    now: datetime,
) -> Held:
    # A row's findings name its acts; a whole reading's may count the days, so its changes tell it apart.
    facts = [f.rule for f in findings] + [c.id for c in changes]
    facts = facts if row is WHOLE else [f"{f.rule} {f.text}" for f in findings]
    digest = sha256("\x1f".join((treaty, source, row or "", *sorted(facts))).encode()).hexdigest()
    return Held(
        id=f"hld_{digest[:12]}",
        treaty=treaty,
        source=source,
        row=row,
        since=now,
        digest=digest,
        document=document,
        findings=tuple(findings),
        changes=changes,
    )


def _judged(desk: Desk, held: Held, earlier: Iterable[Held], now: datetime) -> Held:
    """Return the hold with what was decided of it: by a person, or by a second fetch that agrees after the set time.

    A decision covers the changes that it saw: what has come to them in the same row since is held anew.
    """
    before = next((h for h in earlier if h.digest == held.digest), None)
    if before is None:
        return held
    more = _says_more(held, before)
    if before.state in {HeldState.OPEN, HeldState.ACCEPTED}:  # of what was cleared the effects have been told
        held = replace(held, changes=(*held.changes, *_of_days(held, before)))
    same = replace(before, changes=held.changes, document=held.document)
    by_itself = not needs_a_person(held.findings, held.changes)
    if by_itself and before.state in _PASSED and all(f.rule in ILLEGIBLE for f in held.findings):
        return same  # words that stay illegible were told once; no later reading can tell that they are the same
    if before.state is HeldState.CLEARED or more:
        return held
    if before.state is HeldState.OPEN and by_itself and now - before.since >= desk.patience.confirm_after:
        return replace(same, state=HeldState.CLEARED)
    return same


def _says_more(held: Held, before: Held) -> bool:
    return not {c.id for c in held.changes} <= {c.id for c in before.changes}


def _of_days(held: Held, before: Held) -> tuple[Change, ...]:
    """Return the effects that a day brought while the row was held: no later comparison shows them any more.

    What the row shows now may have taken their act back, or replaced it.
    """
    shown = {c.id for c in held.changes}
    undone = {act.date for c in held.changes if c.kind in _UNDOING and (act := c.action_before or c.action)}
    effects = (c for c in before.changes if c.kind in EFFECTS and c.action and c.action.date not in undone)
    return tuple(c for c in effects if c.id not in shown)

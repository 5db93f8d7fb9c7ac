"""Decides what of a weighed comparison goes out now. Holds wait for a second fetch or a person.

Each is told once, and again where more comes to its row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from monitor.domain.change import Change
from monitor.pipeline.desk import Desk
from monitor.pipeline.holds import WHOLE, Weighing, halted, holds_of, judged
from monitor.storage.interface import Held, HeldState, Transaction

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


def rule(desk: Desk, tx: Transaction, weighing: Weighing, earlier: tuple[Held, ...]) -> Ruling:
    """Return the ruling on a weighed comparison, and write the holds it opens, changes and clears.

    `earlier` is all that was ever held of the page.
    """
    found = [judged(desk, h, earlier, weighing) for h in holds_of(weighing)]
    passed = [h for h in found if h.state in _PASSED]
    back = [h for h in found if h not in passed]
    gone = _gone(found, earlier, rows=not _blocks(back))
    stands = halted(earlier)
    found = [_halting(h, stands, weighing) for h in found]
    for held in (*found, *gone):
        tx.hold(held)
    rejected = {h.row for h in back if h.state is HeldState.REJECTED}
    out = (*weighing.weighed.changes, *(c for h in passed for c in h.changes))
    return Ruling(
        out=(*out, *(c for c in weighing.of_days if c.key in rejected)) if not _blocks(back) else (),
        held_rows=frozenset(h.row for h in back if h.row is not None),
        whole=_blocks(back),
        waiting=any(h.state is HeldState.OPEN for h in back),
        opened=tuple(h for h in found if h.state is HeldState.OPEN and h.since == weighing.now),
        cleared=tuple(h for h in (*gone, *passed) if _was_open(h, earlier)),
    )


def _blocks(back: Iterable[Held]) -> bool:
    return any(h.row is WHOLE for h in back)


def _gone(found: Iterable[Held], earlier: Iterable[Held], *, rows: bool) -> list[Held]:
    """Return what the page no longer shows, cleared; of a page that is held as a whole the rows tell nothing."""
    current = {h.id for h in found}
    left = (h for h in earlier if h.id not in current and (rows or h.row is WHOLE))
    return [
        replace(h, state=HeldState.CLEARED if h.state is HeldState.OPEN else h.state, halted=None)
        for h in left
        if h.state is HeldState.OPEN or h.halted
    ]


def _was_open(held: Held, earlier: Iterable[Held]) -> bool:
    return any(h.id == held.id and h.state is HeldState.OPEN for h in earlier)


def _halting(held: Held, stands: dict[str, date], weighing: Weighing) -> Held:
    """Return the hold with the day up to which the calendar was told of its row, while it is held back."""
    since = {HeldState.OPEN: stands.get(held.row or "", weighing.since), HeldState.REJECTED: weighing.now.date()}
    return replace(held, halted=None if held.row is WHOLE else since.get(held.state))

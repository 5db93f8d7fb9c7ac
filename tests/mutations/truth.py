"""What a mutation is known to mean, and whether what the program says of it is that, no more and no less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum

from monitor.domain.change import Change, Comparison
from monitor.domain.snapshot import Level

Anything = type("Anything", (), {"__repr__": lambda _: "*"})
ANY = Anything()


class Verdict(Enum):
    """How a comparison may end that gives no change."""

    SILENT = "silent"
    STOPPED = "refused or held"


@dataclass(frozen=True)
class Truth:
    """One change that must be reported; what is ANY is not judged."""

    kind: str
    who: str | None
    act: object = ANY
    day: object = ANY
    effective: object = ANY
    conditional: object = ANY
    notification: object = ANY
    before: object = ANY
    after: object = ANY

    def meets(self, change: Change) -> bool:
        shown = shape(change)
        mine = ((f.name, getattr(self, f.name)) for f in fields(self))
        return all(value is ANY or value == getattr(shown, name) for name, value in mine)


def shape(change: Change) -> Truth:
    """Return a reported change in the form of a truth."""
    act = change.action
    return Truth(
        kind=change.kind.value,
        who=change.participant.as_written if change.participant else None,
        act=act.kind.value if act else None,
        day=act.date if act else None,
        effective=act.effective if act else None,
        conditional=change.conditional,
        notification=act.notification if act else None,
        before=change.status_before.value if change.status_before else None,
        after=change.status_after.value if change.status_after else None,
    )


Expected = tuple[Truth, ...] | Verdict


def faults(expected: Expected, got: Comparison) -> list[str]:
    """Return what is wrong with a comparison, in words; nothing if it says exactly the truth."""
    stops = [f for f in got.findings if f.level is not Level.NOTE]
    if expected is Verdict.STOPPED:
        wrong = [f"reported of a damaged page: {shape(c)}" for c in got.changes]
        return wrong or ([] if stops else ["a damaged page was believed"])
    wrong = [f"stopped: {f.level} {f.rule}: {f.text}" for f in stops]
    wrong += [f"held: {shape(c)}" for c in got.held]
    return wrong + _mismatch(() if expected is Verdict.SILENT else expected, got.changes)


def _mismatch(truths: Iterable[Truth], changes: Iterable[Change]) -> list[str]:
    left, wrong = list(changes), []
    for truth in truths:
        found = next((c for c in left if truth.meets(c)), None)
        if found:
            left.remove(found)
        else:
            wrong.append(f"missed: {truth}")
    return wrong + [f"false alarm: {shape(c)}" for c in left]


def day(text: str) -> date:
    """Return a date from YYYY-MM-DD."""
    return date.fromisoformat(text)

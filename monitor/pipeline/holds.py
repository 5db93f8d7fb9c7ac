"""What one comparison holds back: row by row, or as a whole, and what was decided of it before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from monitor.domain.change import EFFECTS, Change, Comparison
from monitor.domain.plausibility import BEYOND, ILLEGIBLE, beyond_rejected, needs_a_person
from monitor.domain.snapshot import Finding, Level
from monitor.pipeline.desk import Desk
from monitor.storage.interface import Held, HeldState

WHOLE = None
"""The row under which a hold of the whole reading is kept."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """A weighed comparison of one page (treaty and source) with what was known up to the day `since`.

    `of_days` is what days alone have brought to what is known, where anything is held.
    """

    page: tuple[str, str]
    weighed: Comparison
    document: str | None
    now: datetime
    since: date
    of_days: tuple[Change, ...] = ()


def halted(holds: Iterable[Held]) -> dict[str, date]:
    """Return the rows that stand still, each with the day up to which the calendar was told of it."""
    return {h.row: day for h in holds if h.row and (day := stood_still(h))}


def stood_still(held: Held) -> date | None:
    """Return the day since which a row stands still; records of before revision 0007 kept what days brought instead."""
    if held.halted or held.state is not HeldState.OPEN:
        return held.halted
    days = [c.action.effective for c in held.changes if c.kind in EFFECTS and c.action and c.action.effective]
    return min(days) - timedelta(days=1) if days else None


def waiting(holds: Iterable[Held]) -> frozenset[str]:
    """Return the rows that stand still until something is decided: what was rejected goes on as it was known."""
    return held_back(h for h in holds if h.state is not HeldState.REJECTED)


def held_back(holds: Iterable[Held]) -> frozenset[str]:
    """Return the rows that are known otherwise than the page shows them; in older records no day says since when."""
    return frozenset(h.row for h in holds if h.row and (h.halted or h.state is HeldState.OPEN))


def holds_of(weighing: Weighing) -> tuple[Held, ...]:
    """Return what this comparison holds back: one hold of the whole reading, or one for each row concerned."""
    holds, changes = [f for f in weighing.weighed.findings if f.level is Level.HOLD], weighing.weighed.held
    if any(f.row is None for f in holds):
        return (_hold(weighing, WHOLE, holds, changes),)
    rows = dict.fromkeys(f.row for f in holds)
    return tuple(
        _hold(weighing, row, [f for f in holds if f.row == row], tuple(c for c in changes if c.key == row))
        for row in rows
    )


def _hold(weighing: Weighing, row: str | None, findings: list[Finding], changes: tuple[Change, ...]) -> Held:
    of_days = {c.id for c in weighing.of_days}
    # A row's findings name its acts; a whole reading's may count the days, so what the page changes tells it apart.
    facts = [f.rule for f in findings] + [c.id for c in changes if c.id not in of_days]
    facts = facts if row is WHOLE else [f"{f.rule} {f.text}" for f in findings]
    treaty, source = weighing.page
    digest = sha256("\x1f".join((treaty, source, row or "", *sorted(facts))).encode()).hexdigest()
    return Held(
        id=f"hld_{digest[:12]}",
        treaty=treaty,
        source=source,
        row=row,
        since=weighing.now,
        digest=digest,
        document=weighing.document,
        findings=tuple(findings),
        changes=changes,
    )


def judged(desk: Desk, held: Held, earlier: tuple[Held, ...], weighing: Weighing) -> Held:
    """Return the hold with what was decided of it: by a person, or by a second fetch that agrees after the set time.

    A decision covers the changes that it saw: what has come to them since is held anew, and waits for a person where
    one has rejected the rest, by whatever hold of the page.
    """
    before = next((h for h in earlier if h.digest == held.digest), None)
    held = _to_decide(held, before, earlier, weighing.of_days)
    if before is None:
        return held
    by_itself = not needs_a_person(held.findings, held.changes)
    # Words that stay illegible were told once; no later reading can tell that they are the same.
    lasting = by_itself and all(f.rule in ILLEGIBLE for f in held.findings)
    agreed = by_itself and weighing.now - before.since >= desk.patience.confirm_after
    same = replace(held, since=before.since, state=before.state)
    # What days bring goes out by the calendar while a whole reading is held: it is nothing new of the page.
    shown = held if held.row else _without(held, weighing.of_days)
    match before.state, _says_more(shown, before):
        case ((HeldState.CLEARED | HeldState.ACCEPTED), _) if lasting:
            return same
        case (HeldState.CLEARED, _) | (_, True):
            return held
        case HeldState.OPEN, False if agreed:
            return replace(same, state=HeldState.CLEARED)
        case _:
            return same


def _to_decide(held: Held, before: Held | None, earlier: Iterable[Held], of_days: Iterable[Change]) -> Held:
    """Return the hold without what goes out by the calendar, and warning of what a person has rejected."""
    if before and before.state is HeldState.REJECTED:
        held = _without(held, of_days)
        if not _says_more(held, before):
            return held
    refused = {c.id for h in earlier if _was_refused(h) for c in h.changes}
    beyond = any(c.id in refused for c in held.changes)
    return replace(held, findings=(*held.findings, beyond_rejected(held.row))) if beyond else held


def _without(held: Held, changes: Iterable[Change]) -> Held:
    left_out = {c.id for c in changes}
    return replace(held, changes=tuple(c for c in held.changes if c.id not in left_out))


def _was_refused(held: Held) -> bool:
    """Whether a person has rejected what is held, or a part of it to which more has come."""
    more = held.state is HeldState.OPEN and any(f.rule == BEYOND for f in held.findings)
    return more or held.state is HeldState.REJECTED


def _says_more(held: Held, before: Held) -> bool:
    return not {c.id for c in held.changes} <= {c.id for c in before.changes}

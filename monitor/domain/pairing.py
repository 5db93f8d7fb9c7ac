"""Which acts of two readings of one row are the same, which were corrected, which are new, which are gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.domain.action import CONSENT, SIGNING, ActionKind, TreatyAction
from monitor.domain.participation import Participation

LEAVING = frozenset(
    {
        ActionKind.WITHDRAWAL,
        ActionKind.PARTIAL_WITHDRAWAL,
        ActionKind.WITHDRAWAL_RETRACTED,
        ActionKind.SUSPENSION,
        ActionKind.INTENTION_NOT_TO_BECOME_PARTY,
    }
)


@dataclass(frozen=True, slots=True)
class ActDiff:
    """The acts of one row that are not the same before and after; `corrected` are pairs of (before, after)."""

    corrected: tuple[tuple[TreatyAction, TreatyAction], ...] = ()
    new: tuple[TreatyAction, ...] = ()
    gone: tuple[TreatyAction, ...] = ()


_UNCHANGED = ActDiff()


def family(action: TreatyAction) -> str:
    """Return the word under which an act may replace another: a correction stays within its family."""
    if action.kind in SIGNING:
        return "signing"
    if action.kind in CONSENT:
        return "consent"
    return f"{action.kind.value} {action.heading or ''}"


def told_apart(participation: Participation | None) -> tuple[TreatyAction, ...]:
    """Return a row's acts without the doubles that a note's history makes of the grid."""
    seen: dict[tuple[str, object], TreatyAction] = {}
    for act in participation.actions if participation else ():
        seen.setdefault((family(act), act.date), act)
    return tuple(seen.values())


def pair(before: Participation | None, after: Participation | None) -> ActDiff:
    """Return what became of each act between two readings of one participant's row."""
    if before == after:
        return _UNCHANGED
    old, new = list(told_apart(before)), list(told_apart(after))
    kept = []
    for same in (_same_act, _same_family_and_day, _same_day_under_another_heading):
        for act in tuple(old):
            match = next((n for n in new if same(act, n)), None)
            if match:
                old.remove(act)
                new.remove(match)
                kept.append((act, match))
    everything = told_apart(before) + told_apart(after)
    corrected = list(_corrections(old, new, everything))
    for act, act_now in corrected:
        old.remove(act)
        new.remove(act_now)
    corrected += [(a, b) for a, b in kept if _says_otherwise(a, b)]
    overwritten = [a for a in old for n in new if family(a) == family(n) and _consented_anew(a, n, everything)]
    if any(a.from_grid for a in overwritten):
        overwritten += [a for a in old if a.from_grid]  # coming back overwrites the whole row, its signature too
    gone = tuple(a for a in old if _is_evidence(a) and a not in overwritten)
    return ActDiff(tuple(corrected), tuple(a for a in new if _is_evidence(a)), gone)


def _same_act(a: TreatyAction, b: TreatyAction) -> bool:
    return a.kind is b.kind and a.date == b.date and a.heading == b.heading


def _same_family_and_day(a: TreatyAction, b: TreatyAction) -> bool:
    return family(a) == family(b) and a.date == b.date


def _same_day_under_another_heading(a: TreatyAction, b: TreatyAction) -> bool:
    return a.kind is b.kind is ActionKind.OTHER and a.date == b.date


def _is_evidence(act: TreatyAction) -> bool:
    """Whether an act can be news: one of the grid, or a departure; earlier acts that a note recounts are history."""
    return act.from_grid or act.kind in LEAVING


def _says_otherwise(a: TreatyAction, b: TreatyAction) -> bool:
    """Whether the page now gives another kind, date or effect for the same act; wording and brackets do not count."""
    if a.from_grid and b.from_grid and a.kind is not b.kind:
        return True
    if a.column != b.column:
        return True
    if a.kind in LEAVING and ((b.effective and a.effective != b.effective) or a.without_effect != b.without_effect):
        return True
    return a.kind in LEAVING and a.conditional != b.conditional and not b.took_effect and not a.took_effect


def _corrections(
    old: list[TreatyAction], new: list[TreatyAction], everything: tuple[TreatyAction, ...]
) -> Iterable[tuple[TreatyAction, TreatyAction]]:
    """Pair what is left over: one act of a family gone and one come is a correction, unless it is a new consent."""
    free = [n for n in new if _is_evidence(n)]
    for act in old:
        if not _is_evidence(act):
            continue
        match = next((n for n in free if family(n) == family(act) and not _consented_anew(act, n, everything)), None)
        if match:
            free.remove(match)
            yield act, match


def _consented_anew(act: TreatyAction, act_now: TreatyAction, everything: tuple[TreatyAction, ...]) -> bool:
    """Whether the later act is one of its own and corrects nothing.

    A signature or consent is, where a departure lies between the two, by brackets or (of a consent) by a notice: a
    return has overwritten the row. A notice is, where a consent lies between: the State had come back and leaves again.
    """
    if act.kind in CONSENT | SIGNING and act.bracketed and act_now.bracketed is False:
        return act.date is not None and act_now.date is not None and act.date < act_now.date
    between = {"consent": ActionKind.WITHDRAWAL}.get(family(act))
    return any(
        (n.kind is between if between else n.kind in CONSENT and act.kind in LEAVING)
        and n.date
        and act.date
        and act_now.date
        and act.date <= n.date <= act_now.date
        for n in everything
    )

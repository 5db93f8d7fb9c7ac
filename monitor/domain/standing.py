"""Where a participant stands towards a treaty on a day: brackets, notes, the calendar, in that order of weight.

The depositary shows a departure by bracketing the row's dates, and its note by words. On and after the page's day
the brackets decide; before it, and after it where the page cannot know yet, the acts are replayed by their dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from monitor.domain.action import CONSENT, SIGNING, ActionKind, Basis, TreatyAction
from monitor.domain.calendar import add_months, reckon
from monitor.domain.participation import Participation, Pending, Standing, Status
from monitor.domain.snapshot import Snapshot
from monitor.domain.treaty import Rules

MONTHS_OF_GRACE = 12
"""How long brackets may lag behind an effect before their absence counts: STRUCTURE notes lags of weeks, not years."""


@dataclass(frozen=True, slots=True)
class Law:
    """What decides a standing beside the row itself: the treaty's entry into force, its rules, the page's day."""

    in_force: date | None
    rules: Rules
    page_day: date


class _Event(NamedTuple):
    """One step of the replay. `rank` puts a departure before a consent of the same day (a re-accession)."""

    day: date
    rank: int
    kind: str
    action: TreatyAction


def judging_day(snapshot: Snapshot) -> date:
    """Return the day on which a page's statuses are judged: its stamp, or an export's latest act."""
    if snapshot.header.as_at:
        return snapshot.header.as_at
    days = [a.date for p in snapshot.participations for a in p.actions if a.date]
    return max(days, default=snapshot.header.concluded or date.min)


def law_of(snapshot: Snapshot, rules: Rules) -> Law:
    """Return the law under which the rows of this snapshot stand."""
    return Law(snapshot.header.entry_into_force, rules, judging_day(snapshot))


def complete(snapshot: Snapshot, rules: Rules) -> Snapshot:
    """Return the snapshot with the effects that the treaty's clause gives where the depositary states none."""
    if rules.withdrawal is None or rules.withdrawal.period is None:
        return snapshot
    return replace(snapshot, participations=tuple(_completed(row, rules) for row in snapshot.participations))


def _completed(row: Participation, rules: Rules) -> Participation:
    actions = tuple(_with_effect(act, rules) for act in row.actions)
    return row if actions == row.actions else replace(row, actions=actions)


def _with_effect(action: TreatyAction, rules: Rules) -> TreatyAction:
    clause = rules.withdrawal
    if action.kind is not ActionKind.WITHDRAWAL or action.effective or not action.date:
        return action
    if clause is None or clause.period is None:
        return action
    return replace(
        action,
        effective=reckon(action.date, clause.period),
        basis=Basis.COMPUTED,
        conditional=action.conditional or clause.conditional,
        article=action.article or clause.article,
    )


def entry_day(consent: TreatyAction, law: Law) -> date | None:
    """Return when the treaty enters into force for a State by this consent; None while the treaty is not in force.

    A succession takes effect from its own date; where no rule is known, a consent binds from its date.
    """
    if law.in_force is None or consent.date is None:
        return None
    rule = law.rules.entry
    if rule is None or consent.kind is ActionKind.SUCCESSION:
        return max(law.in_force, consent.date)
    return max(law.in_force, reckon(consent.date, rule.period))


def consents(participation: Participation) -> tuple[TreatyAction, ...]:
    """Return the participant's dated acts of consent, grid and notes."""
    return tuple(a for a in participation.actions if a.kind in CONSENT and a.date)


def withdrawals(participation: Participation) -> tuple[TreatyAction, ...]:
    """Return the participant's notices of withdrawal from the whole treaty."""
    return tuple(a for a in participation.actions if a.kind is ActionKind.WITHDRAWAL)


def is_bracketed(participation: Participation) -> bool:
    """Whether the grid shows consent only in brackets (depositary practice for a departure).

    Brackets that follow a notice for part of a territory are none: the State stays (VIII-1, the Netherlands).
    """
    shown = [a.bracketed for a in participation.actions if a.bracketed is not None and a.kind in CONSENT]
    if not shown or not all(shown):
        return False  # so it is with nearly every row
    partial = any(a.kind is ActionKind.PARTIAL_WITHDRAWAL for a in participation.actions)
    return not partial or bool(withdrawals(participation))


def retracted_on(participation: Participation, notice: TreatyAction) -> date | None:
    """Return the day on which this notice was taken back (VCLT 68), or None."""
    if notice.date is None:
        return None
    later = [
        a.date
        for a in participation.actions
        if a.kind is ActionKind.WITHDRAWAL_RETRACTED and a.date and a.date >= notice.date
    ]
    return min(later, default=None)


def renewed(participation: Participation, notice: TreatyAction) -> bool:
    """Whether the State consented anew, un-bracketed, on or after its notice and not after its effect."""
    return any(
        not c.bracketed
        for c in consents(participation)
        if notice.date and c.date and notice.date <= c.date and (not notice.effective or c.date <= notice.effective)
    )


def overlooked(participation: Participation, notice: TreatyAction, law: Law) -> bool:
    """Whether the page, a year after the effect, still shows the old consent un-bracketed: then the row wins.

    A notice that was taken back explains the missing brackets by itself.
    """
    due = notice.effective or notice.date
    if due is None or law.page_day < add_months(due, MONTHS_OF_GRACE) or retracted_on(participation, notice):
        return False
    return any(
        a.bracketed is False and a.date and notice.date and a.date < notice.date for a in consents(participation)
    )


def takes_effect(participation: Participation, notice: TreatyAction, law: Law) -> date | None:
    """Return when this notice ends (or will end) the participation, or None if it does not."""
    retraction = retracted_on(participation, notice)
    effective = notice.effective or (notice.date if not participation.in_grid else None)
    if effective is None or notice.without_effect or (retraction and retraction <= effective):
        return None
    if renewed(participation, notice) or overlooked(participation, notice, law):
        return None
    return effective


def standing(participation: Participation, day: date, law: Law) -> Standing:
    """Return where the participant stands on a day, and on what that rests."""
    if participation.claimed:
        return _as_claimed(participation, day)
    status, basis, conditional = _replayed(participation, day, law)
    if day >= law.page_day:
        status, basis, conditional = _bracketed(participation, law, day, (status, basis, conditional))
    pending = _pending(participation, day, law) if status is not Status.FORMER_PARTY else None
    return Standing(status, basis, conditional, pending, _remark(participation, law))


def _as_claimed(participation: Participation, day: date) -> Standing:
    claimed = participation.claimed
    holds = claimed is not None and (claimed.since is None or day >= claimed.since)
    return Standing(claimed.status if claimed and holds else Status.NONE, Basis.STATED)


def _bracketed(
    participation: Participation, law: Law, day: date, replayed: tuple[Status, Basis, bool]
) -> tuple[Status, Basis, bool]:
    """Let the brackets decide over the replay, on and after the page's day."""
    if is_bracketed(participation) and not _came_back(participation, day, law):
        return Status.FORMER_PARTY, Basis.STATED, False
    signed = [a for a in participation.actions if a.kind in SIGNING and a.from_grid]
    if replayed[0] is Status.SIGNATORY and signed and all(a.bracketed for a in signed):
        return Status.NONE, Basis.STATED, False
    return replayed


def _came_back(participation: Participation, day: date, law: Law) -> bool:
    """Whether a note tells of a consent after the departure, though the row keeps its brackets."""
    ends = [e for n in withdrawals(participation) if (e := takes_effect(participation, n, law))]
    return any(not c.from_grid and c.date and ends and max(ends) <= c.date <= day for c in consents(participation))


def _events(participation: Participation, law: Law) -> Iterator[_Event]:
    for act in participation.actions:
        if act.date is None:
            continue
        if act.kind in SIGNING:
            yield _Event(act.date, 1, "signed", act)
        elif act.kind is ActionKind.PROVISIONAL_APPLICATION:
            yield _Event(act.date, 1, "provisional", act)
        elif act.kind in CONSENT:
            yield _Event(act.date, 1, "consented", act)
            entry = entry_day(act, law)
            if entry:
                yield _Event(entry, 2, "entered", act)
        elif act.kind is ActionKind.SUSPENSION:
            yield _Event(act.effective or act.date, 3, "suspended", act)
        elif act.kind is ActionKind.WITHDRAWAL:
            effect = takes_effect(participation, act, law)
            if effect:
                yield _Event(effect, 0, "left", act)


def _replayed(participation: Participation, day: date, law: Law) -> tuple[Status, Basis, bool]:
    """Replay the acts in the order of their effects, up to and including the day."""
    status, basis, conditional = Status.NONE, Basis.STATED, False
    left_on = date.min
    for event in sorted(_events(participation, law), key=lambda e: (e.day, e.rank)):
        if event.day > day:
            break
        if event.kind == "entered" and (event.action.date or date.min) < left_on:
            continue  # its consent ended before the treaty entered into force for the State
        status, basis, conditional = _step(status, event, law)
        left_on = event.day if event.kind == "left" else left_on
    return status, basis, conditional


def _step(status: Status, event: _Event, law: Law) -> tuple[Status, Basis, bool]:
    if event.kind == "left":
        return Status.FORMER_PARTY, _basis_of_effect(event.action, event.day, law), _open(event.action)
    if event.kind == "entered":
        # The depositary lists the State among its parties; a day after its page is our own reckoning.
        return Status.PARTY, Basis.STATED if event.day <= law.page_day else Basis.COMPUTED, False
    return _by_act(status, event.kind), Basis.STATED, False


def _by_act(status: Status, kind: str) -> Status:
    """Return the status to which an act leads that needs no effect of its own."""
    if kind == "suspended":
        return Status.SUSPENDED
    if kind == "consented" and status is not Status.PARTY:
        return Status.CONTRACTING
    if kind == "provisional" and status in {Status.NONE, Status.SIGNATORY, Status.FORMER_PARTY}:
        return Status.PROVISIONAL
    if kind == "signed" and status is Status.NONE:
        return Status.SIGNATORY
    return status


def _open(notice: TreatyAction) -> bool:
    """Whether a condition may still have kept the effect back: the page has not said that it took place."""
    return notice.conditional and not notice.took_effect


def _basis_of_effect(notice: TreatyAction, effect: date, law: Law) -> Basis:
    if notice.took_effect and effect <= law.page_day:
        return Basis.STATED
    return Basis.COMPUTED if notice.basis is Basis.COMPUTED else Basis.CALENDAR


def _pending(participation: Participation, day: date, law: Law) -> Pending | None:
    """Return the earliest effect that is notified on the day and still to come."""
    waiting = [a for a in participation.actions if _is_waiting(participation, a, day, law)]
    if not waiting:
        return None
    act = min(waiting, key=lambda a: a.effective or date.max)
    return Pending(act.kind, act.effective, act.conditional, act.basis or Basis.STATED, act)


def _is_waiting(participation: Participation, act: TreatyAction, day: date, law: Law) -> bool:
    if act.kind not in {ActionKind.WITHDRAWAL, ActionKind.SUSPENSION} or not act.date or act.date > day:
        return False
    if act.without_effect or (act.effective and act.effective <= day):
        return False
    if act.kind is ActionKind.SUSPENSION:
        return act.effective is not None
    retraction = retracted_on(participation, act)
    if retraction and retraction <= day:
        return False
    return not renewed(participation, act) and not overlooked(participation, act, law)


def _remark(participation: Participation, law: Law) -> str | None:
    """Say on which evidence a status rests where brackets and notes do not tell the same."""
    name = participation.participant.name
    for notice in withdrawals(participation):
        if renewed(participation, notice):
            continue
        if overlooked(participation, notice, law):
            return (
                f"{name}: a note tells of a notice of withdrawal of {notice.date}, but more than a year after its "
                "effect the row has no brackets; the row decides"
            )
        effect = takes_effect(participation, notice, law)
        if effect and effect <= law.page_day and participation.in_grid and _unbracketed(participation):
            return f"{name}: its withdrawal took effect on {effect} by the note; the row has no brackets yet"
    if any(a.kind is ActionKind.PARTIAL_WITHDRAWAL for a in participation.actions):
        return f"{name}: a notice concerns part of its territory only; it stays a party"
    if is_bracketed(participation) and not withdrawals(participation):
        return f"{name}: its dates stand in brackets, and no note says why"
    return None


def _unbracketed(participation: Participation) -> bool:
    """Whether the row still shows a consent without brackets."""
    return any(a.bracketed is False for a in consents(participation))

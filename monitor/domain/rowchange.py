"""The typed changes of one participant's row between two readings, and by the calendar alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from monitor.domain.action import CONSENT, SIGNING, ActionKind, Basis, TreatyAction
from monitor.domain.change import EFFECTS, Change, ChangeKind
from monitor.domain.pairing import ActDiff, pair
from monitor.domain.participant import Participant
from monitor.domain.participation import Participation, Status
from monitor.domain.standing import (
    Law,
    consents,
    entry_day,
    is_bracketed,
    overlooked,
    renewed,
    retracted_on,
    standing,
    takes_effect,
    withdrawals,
)


@dataclass(frozen=True, slots=True)
class Side:
    """One reading of one row (None: the row is not there), the law it stands under, and the day it is judged on."""

    row: Participation | None
    law: Law
    day: date

    def status(self, day: date | None = None) -> Status:
        """Return the status on the side's day, or another."""
        return standing(self.row, day or self.day, self.law).status if self.row else Status.NONE


NEW_ACT = {
    ActionKind.PROVISIONAL_APPLICATION: ChangeKind.PROVISIONALLY_APPLIED,
    ActionKind.WITHDRAWAL: ChangeKind.WITHDRAWAL_NOTIFIED,
    ActionKind.PARTIAL_WITHDRAWAL: ChangeKind.WITHDRAWAL_NOTIFIED,
    ActionKind.WITHDRAWAL_RETRACTED: ChangeKind.WITHDRAWAL_RETRACTED,
    ActionKind.SUSPENSION: ChangeKind.SUSPENSION_NOTIFIED,
    ActionKind.INTENTION_NOT_TO_BECOME_PARTY: ChangeKind.SIGNATURE_DISAVOWED,
    ActionKind.OTHER: ChangeKind.ACT_RECORDED,
} | dict.fromkeys(SIGNING, ChangeKind.SIGNED)
NEW_ACT |= dict.fromkeys(CONSENT, ChangeKind.CONSENTED)


def row_changes(treaty: str, before: Side, after: Side) -> tuple[Change, ...]:
    """Return the changes of one row, in the order of their acts, each with the status before and after it."""
    row = after.row or before.row
    if row is None or before == after:  # the same acts under the same law on the same day bring nothing
        return ()
    diff = pair(before.row, after.row)
    drafts = [*_acts(diff, after), *_effects(diff, before, after)]
    drafts = _explained(drafts, before, after)
    return _chained([_dressed(d, treaty, row.participant) for d in drafts], before, after)


@dataclass(frozen=True, slots=True)
class _Draft:
    kind: ChangeKind
    action: TreatyAction | None
    basis: Basis | None = None
    conditional: bool = False
    action_before: TreatyAction | None = None


def _dressed(draft: _Draft, treaty: str, who: Participant) -> Change:
    return Change(
        kind=draft.kind,
        treaty=treaty,
        participant=who,
        action=draft.action,
        basis=draft.basis,
        conditional=draft.conditional,
        action_before=draft.action_before,
    )


def _acts(diff: ActDiff, after: Side) -> Iterator[_Draft]:
    """Yield what the page newly says, corrects, and silently takes out of a cell."""
    for act in diff.new:
        yield _newly(act, after)
    for old, new in diff.corrected:
        yield _Draft(ChangeKind.CORRECTED, new, conditional=new.conditional, action_before=old)
    for act in diff.gone:
        if act.bracketed:
            continue  # it had ended before: what vanishes is only its record
        if act.kind in CONSENT:
            yield _Draft(ChangeKind.CONSENT_REVOKED, act)
        elif act.kind in SIGNING and not _consented(after):
            yield _Draft(ChangeKind.SIGNATURE_DISAVOWED, act)
        elif act.from_grid:
            yield _Draft(ChangeKind.CORRECTED, None, action_before=act)


def _consented(side: Side) -> bool:
    """Whether the row shows a consent: it has taken the signature's place (VCLT 18), which nobody disavows any more."""
    return side.row is not None and any(a.from_grid and not a.bracketed for a in consents(side.row))


def _newly(act: TreatyAction, after: Side) -> _Draft:
    subject = act
    if act.kind is ActionKind.WITHDRAWAL_RETRACTED and after.row:
        taken_back = [n for n in withdrawals(after.row) if retracted_on(after.row, n) == act.date]
        subject = taken_back[-1] if taken_back else act
    return _Draft(NEW_ACT[act.kind], subject, conditional=subject.conditional)


def _effects(diff: ActDiff, before: Side, after: Side) -> Iterator[_Draft]:
    """Yield the effects that came about between the two days: of new acts, and of old ones by the calendar."""
    if after.row is None:
        return
    new = {id(a) for a in diff.new}
    for notice in withdrawals(after.row):
        effect = takes_effect(after.row, notice, after.law)
        happened = effect is not None and effect <= after.day
        if (
            happened
            and effect
            and (id(notice) in new or before.day < effect)
            and before.status() is not Status.FORMER_PARTY
        ):
            yield _departure(notice, effect, after)
    for consent in consents(after.row):
        if consent.from_grid and (day := _enters(consent, before, after)):
            basis = Basis.COMPUTED if after.law.rules.entry else Basis.STATED
            yield _Draft(ChangeKind.ENTERED_INTO_FORCE, replace(consent, effective=day, basis=basis), basis)


def _departure(notice: TreatyAction, effect: date, after: Side) -> _Draft:
    confirmed = after.row is not None and is_bracketed(after.row) and effect <= after.law.page_day
    if confirmed or (notice.took_effect and effect <= after.law.page_day):
        return _Draft(ChangeKind.WITHDRAWAL_EFFECTIVE, notice, Basis.STATED)
    basis = Basis.COMPUTED if notice.basis is Basis.COMPUTED else Basis.CALENDAR
    return _Draft(ChangeKind.WITHDRAWAL_EFFECTIVE, notice, basis, notice.conditional)


def _enters(consent: TreatyAction, before: Side, after: Side) -> date | None:
    """Return the day on which the treaty entered into force for the State, if it lies between the two days.

    Where no rule is known, or it binds from the day of deposit (XXVI-1), the consent itself is the news; and the
    treaty's own entry into force is one change of the treaty, not one for each State, also where it was announced.
    """
    day = entry_day(consent, after.law)
    if day is None or after.law.rules.entry is None or consent.kind is ActionKind.SUCCESSION or day == consent.date:
        return None
    if before.law.in_force is None or day == after.law.in_force or not before.day < day <= after.day:
        return None
    return day if after.status(day) is Status.PARTY else None


def _explained(drafts: list[_Draft], before: Side, after: Side) -> list[_Draft]:
    """Add the change that brackets, or their disappearance, tell without any act that explains them."""
    old, new = before.status(), after.status()
    told = {d.kind for d in drafts}
    if new is Status.FORMER_PARTY and old is not new and ChangeKind.WITHDRAWAL_EFFECTIVE not in told:
        drafts.append(_unexplained_departure(before, after))
    elif old is not new and not any(_moves(d) for d in drafts):
        drafts += [*_by_brackets(before, after), *_by_lapse(after)]
    return drafts


def _moves(draft: _Draft) -> bool:
    quiet = {ChangeKind.ACT_RECORDED, ChangeKind.WITHDRAWAL_NOTIFIED, ChangeKind.SUSPENSION_NOTIFIED}
    return draft.kind not in quiet


def _unexplained_departure(before: Side, after: Side) -> _Draft:
    """Return the departure that brackets show: with its notice where a note gives or gave one, else with no date."""
    given = withdrawals(after.row) if after.row else ()
    gave = withdrawals(before.row) if before.row else ()
    notices = given or [n for n in gave if before.row and takes_effect(before.row, n, before.law)]
    notice = notices[-1] if notices else TreatyAction(kind=ActionKind.WITHDRAWAL, date=None)
    return _Draft(ChangeKind.WITHDRAWAL_EFFECTIVE, notice, Basis.STATED)


def _by_brackets(before: Side, after: Side) -> Iterator[_Draft]:
    """Yield what a mere change of brackets means: a signature struck out, or a correction."""
    acts = {(a.kind, a.date): a for a in (before.row.actions if before.row else ())}
    for act in after.row.actions if after.row else ():
        old = acts.get((act.kind, act.date))
        if old is None or old.bracketed == act.bracketed:
            continue
        if act.bracketed and act.kind in SIGNING:
            yield _Draft(ChangeKind.SIGNATURE_DISAVOWED, act)
        elif act.kind in CONSENT:
            yield _Draft(ChangeKind.CORRECTED, act, action_before=old)


def _by_lapse(after: Side) -> Iterator[_Draft]:
    """Yield the correction that follows when brackets fail to come for a year after an effect that we announced."""
    for notice in withdrawals(after.row) if after.row else ():
        if after.row and not renewed(after.row, notice) and overlooked(after.row, notice, after.law):
            yield _Draft(ChangeKind.CORRECTED, consents(after.row)[-1], action_before=notice)


REACHES = {
    ChangeKind.CONSENTED: Status.CONTRACTING,
    ChangeKind.ENTERED_INTO_FORCE: Status.PARTY,
    ChangeKind.WITHDRAWAL_EFFECTIVE: Status.FORMER_PARTY,
    ChangeKind.PROVISIONALLY_APPLIED: Status.PROVISIONAL,
}


def _day_of(change: Change) -> tuple[date, int]:
    effect = change.kind in EFFECTS
    act = change.action or change.action_before
    day = (act.effective if effect and act else None) or (act.date if act else None) or date.max
    return day, int(effect)


def _chained(changes: list[Change], before: Side, after: Side) -> tuple[Change, ...]:
    """Give each change the status before and after it, from where the row stood to where it stands."""
    ordered = sorted(changes, key=_day_of)
    status, chained = before.status(), []
    for index, change in enumerate(ordered):
        last = index == len(ordered) - 1
        reached = after.status() if last else _reached(change, status, ordered[index + 1 :], after)
        chained.append(replace(change, status_before=status, status_after=reached))
        status = reached
    return tuple(chained)


def _reached(change: Change, status: Status, later: list[Change], after: Side) -> Status:
    if change.kind is ChangeKind.SIGNED and status is Status.NONE:
        return Status.SIGNATORY
    if change.kind is ChangeKind.CONSENTED and not any(c.kind is ChangeKind.ENTERED_INTO_FORCE for c in later):
        in_force = after.law.in_force is not None
        return Status.PARTY if in_force else Status.CONTRACTING
    if change.kind is ChangeKind.CONSENT_REVOKED:
        return Status.SIGNATORY
    return REACHES.get(change.kind, status)

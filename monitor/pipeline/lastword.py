"""The last word on an act: of a treaty's sources one may lag by months, and show what has been taken back since."""

from __future__ import annotations

from monitor.domain.action import Basis, TreatyAction
from monitor.domain.change import EFFECTS, Change, ChangeKind, RecordedChange
from monitor.domain.standing import law_of, standing
from monitor.pipeline.desk import Desk
from monitor.pipeline.holds import waiting
from monitor.storage.interface import Daybook, Known, Transaction

OVER = EFFECTS | {ChangeKind.WITHDRAWAL_RETRACTED, ChangeKind.CONSENT_REVOKED}
"""Changes after which the act has no effect to come."""


def last_told(tx: Daybook, treaty: str, who: str, act: TreatyAction) -> RecordedChange | None:
    """Return the latest change in the record on an act, whichever source told it, or None."""
    told = tx.changes(treaty=treaty, participant=who)
    return next((c for c in told if _concerns(c.change, act)), None)


def _concerns(change: Change, act: TreatyAction) -> bool:
    return any(each and each.date == act.date for each in (change.action, change.action_before))


def is_over(said: RecordedChange) -> bool:
    """Whether the act has no effect to come any more, by the latest change on it."""
    return said.change.kind in OVER or bool(said.change.action and said.change.action.without_effect)


def contradicted(desk: Desk, tx: Transaction, change: Change, source: str) -> bool:
    """Whether an effect that days alone bring at a source is none at the one that had the last word on its act.

    That one brings it when it is one, also where its row is held back now. A source that is watched no more still
    knew better than one that has not shown as much yet.
    """
    act, key = change.action, change.key
    if change.kind not in EFFECTS or change.basis is Basis.STATED or act is None or key is None:
        return False
    said = last_told(tx, change.treaty, key, act)
    known = tx.latest(change.treaty, said.source) if said and said.source != source else None
    return known is not None and not _agrees(desk, tx, known, change, act)


def _agrees(desk: Desk, tx: Transaction, known: Known, change: Change, act: TreatyAction) -> bool:
    row = known.snapshot.find(change.key or "")
    if row is None or act.effective is None:
        return True
    if _is_watched(desk, known) and change.key in waiting(tx.held(page=(known.treaty, known.source))):
        return False
    law = law_of(known.snapshot, desk.rules(known.treaty))
    return standing(row, act.effective, law).status is change.status_after


def _is_watched(desk: Desk, known: Known) -> bool:
    return any((treaty.reference, source.key) == (known.treaty, known.source) for treaty, source in desk.watched())

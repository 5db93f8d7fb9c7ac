"""What a calendar shows: effects to come, those that came, and those that will not come, each under its own id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import itemgetter
from typing import Any

from monitor.domain import wire
from monitor.domain.change import ChangeKind, RecordedChange
from monitor.faces.ics import uid

Shape = dict[str, Any]

_CAME = {ChangeKind.WITHDRAWAL_EFFECTIVE: "withdrawal_effective", ChangeKind.ENTERED_INTO_FORCE: "entered_into_force"}
_TAKEN_BACK = {
    ChangeKind.WITHDRAWAL_RETRACTED: "withdrawal_effective",
    ChangeKind.CONSENT_REVOKED: "entered_into_force",
}
KINDS = frozenset({*_CAME, *_TAKEN_BACK, ChangeKind.CORRECTED, ChangeKind.WITHDRAWAL_NOTIFIED})
"""Kinds of changes on which a calendar rests beside what is to come."""

_EFFECT_OF = {"withdrawal": "withdrawal_effective"}


def agenda(coming: Iterable[Shape], changes: Iterable[RecordedChange], since: date = date.min) -> list[Shape]:
    """Return the calendar's items, soonest first: `upcoming`'s shapes with `cancelled`, `sequence` and `stamp`.

    `changes` come oldest first; items of days before `since` are left out. An item's sequence number counts the
    changes that have touched it, so that a reader's calendar takes over a moved or cancelled date; its stamp is when
    the last of them was learned.
    """
    found: dict[str, Shape] = {}
    for change in changes:
        for item in _touched(change):
            before = found.get(key := uid(item))
            found[key] = item | {"sequence": before["sequence"] + 1 if before else 0, "stamp": change.first_seen}
    for item in coming:
        before = found.get(key := uid(item))
        told = {"sequence": before["sequence"], "stamp": before["stamp"]} if before else {"sequence": 0, "stamp": None}
        found[key] = item | told | {"cancelled": False}
    shown = ((i["date"], key, i) for key, i in found.items() if i["date"] and i["date"] >= since.isoformat())
    return [item for *_, item in sorted(shown, key=itemgetter(0, 1))]


def _touched(recorded: RecordedChange) -> list[Shape]:
    """Return the items that a change makes, moves or cancels."""
    change, act = recorded.change, recorded.change.action
    if act is None or change.participant is None:
        return []
    if change.kind is ChangeKind.WITHDRAWAL_NOTIFIED:
        return [_item(recorded, "withdrawal_effective", cancelled=False)]
    if change.kind in _CAME:
        return [_item(recorded, _CAME[change.kind], cancelled=False)]
    if change.kind in _TAKEN_BACK:
        return [_item(recorded, _TAKEN_BACK[change.kind], cancelled=True)]
    return _corrected(recorded)


def _corrected(recorded: RecordedChange) -> list[Shape]:
    """Return the item of a corrected notice, and the item of its old date as cancelled where that was another."""
    old, new = recorded.change.action_before, recorded.change.action
    items = []
    if old and old.kind.value in _EFFECT_OF and (new is None or (old.kind, old.date) != (new.kind, new.date)):
        items.append(_item(recorded, _EFFECT_OF[old.kind.value], cancelled=True) | _of(wire.action(old)))
    if new and new.kind.value in _EFFECT_OF:
        items.append(_item(recorded, _EFFECT_OF[new.kind.value], cancelled=False))
    return items


def _item(recorded: RecordedChange, kind: str, *, cancelled: bool) -> Shape:
    change = recorded.change
    act = wire.action(change.action)
    return {
        "kind": kind,
        "treaty": change.treaty,
        "treaty_slug": recorded.treaty_slug,
        "participant": wire.participant(change.participant) if change.participant else None,
        "clause": act.get("article") if act else None,
        "basis": (change.basis.value if change.basis else None) or (act or {}).get("basis") or "stated",
        "conditional": change.conditional,
        "cancelled": cancelled,
    } | _of(act)


def _of(act: Shape | None) -> Shape:
    """Return an act with the day of its effect; for one without, its own day."""
    return {"action": act, "date": (act.get("effective") or act["date"]) if act else None}

"""What is to come: notified effects and computed entries into force, in the order of their days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from monitor.domain import wire
from monitor.domain.action import CONSENT, ActionKind, Basis, TreatyAction
from monitor.domain.names import alphabetical
from monitor.domain.outlook import LEAVING, Outlook
from monitor.domain.participant import Participant
from monitor.domain.participation import Participation, Status
from monitor.domain.standing import Law, entry_day, standing
from monitor.domain.treaty import Treaty
from monitor.pipeline.desk import Desk
from monitor.pipeline.lastword import is_over, last_told
from monitor.pipeline.lookahead import ahead
from monitor.storage.interface import Daybook


@dataclass(frozen=True, slots=True)
class Coming:
    """One effect to come. `day` is None where nothing tells it; `clause` is the article that it rests on."""

    treaty: Treaty
    participant: Participant
    kind: str
    day: date | None
    action: TreatyAction
    clause: str | None
    basis: Basis
    conditional: bool

    @property
    def leaving(self) -> bool:
        """Whether the effect ends or pauses a participation."""
        return self.action.kind in LEAVING

    def shape(self) -> dict[str, Any]:
        """Return the item that `upcoming` prints."""
        return {
            "date": wire.day(self.day),
            "kind": self.kind,
            "treaty": self.treaty.reference,
            "treaty_slug": self.treaty.slug,
            "participant": wire.participant(self.participant),
            "action": wire.action(self.action),
            "clause": self.clause,
            "basis": self.basis.value,
            "conditional": self.conditional,
        }


def coming(desk: Desk, tx: Daybook, treaty: Treaty, now: datetime) -> tuple[Coming, ...]:
    """Return what is to come for one treaty after the day of `now`, soonest first."""
    return tuple(every_coming(desk, tx, (treaty,), now))


def every_coming(desk: Desk, tx: Daybook, treaties: Iterable[Treaty], now: datetime) -> Iterator[Coming]:
    """Yield what is to come for treaties after the day of `now`, treaty by treaty."""
    asked = tuple(treaties)
    found = ahead(desk, tx, asked, now.date())
    for treaty in asked:
        yield from still_coming(tx, treaty, coming_of(treaty, found[treaty.reference], now.date()))


def still_coming(tx: Daybook, treaty: Treaty, items: Iterable[Coming]) -> tuple[Coming, ...]:
    """Leave out what one source shows as to come, and the last word on its act, another's, does not."""
    if len(treaty.sources) == 1:
        return tuple(items)
    told = ((item, last_told(tx, treaty.reference, item.participant.key, item.action)) for item in items)
    return tuple(item for item, said in told if said is None or not is_over(said))


def coming_of(treaty: Treaty, outlooks: Iterable[Outlook], today: date) -> tuple[Coming, ...]:
    """Return what is to come of a treaty by what its pages leave to the calendar, in the order of its sources."""
    items: dict[tuple[str, str], Coming] = {}
    for outlook in outlooks:
        for row in outlook.rows:
            for item in _of_row(treaty, row, outlook.law, today):
                items.setdefault((item.participant.key, item.kind), item)
    return tuple(sorted(items.values(), key=lambda i: (i.day or date.max, alphabetical(i.participant.name))))


def _of_row(treaty: Treaty, row: Participation, law: Law, today: date) -> list[Coming]:
    if not any(_may_come(act, law, today) for act in row.actions):
        return []  # so it is with nearly every row, and a standing takes long to work out
    where = standing(row, today, law)
    found = []
    if where.pending:
        p = where.pending
        clause = p.action.article or (treaty.rules.withdrawal.article if treaty.rules.withdrawal else None)
        kind = f"{p.kind.value}_effective" if p.kind is ActionKind.WITHDRAWAL else p.kind.value
        found.append(Coming(treaty, row.participant, kind, p.effective, p.action, clause, p.basis, p.conditional))
    if where.status in {Status.CONTRACTING, Status.PROVISIONAL}:
        found += _entries(treaty, row, law, today)
    return found


def _may_come(act: TreatyAction, law: Law, today: date) -> bool:
    """Whether an act can have an effect after today: what leaves or pauses, and a consent that is not yet in force."""
    if act.kind in CONSENT:
        return (entry_day(act, law) or today) > today
    return act.kind in LEAVING


def _entries(treaty: Treaty, row: Participation, law: Law, today: date) -> list[Coming]:
    rule = treaty.rules.entry
    if rule is None:
        return []
    days = ((entry_day(a, law), a) for a in row.actions if a.kind in CONSENT)
    return [
        Coming(treaty, row.participant, "entered_into_force", day, act, rule.article, Basis.COMPUTED, conditional=False)
        for day, act in days
        if day and day > today
    ]

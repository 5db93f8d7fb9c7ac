"""What a note tells of acts: each is kept as its clause tells it, with whatever later clauses add to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.snapshot import Level
from monitor.sources.untc.notes import cues
from monitor.sources.untc.notes.clauses import Clause, Role
from monitor.sources.untc.notes.consents import Consents
from monitor.sources.untc.notes.dates import Mention
from monitor.sources.untc.notes.effects import article_of, effect_days, effect_of, shared, speaks_of_effect
from monitor.sources.untc.notes.record import LEAVING, Record, Told, incomplete, short, with_effect
from monitor.sources.untc.notes.territory import partial

_CONCERNING = LEAVING | {
    ActionKind.WITHDRAWAL_RETRACTED,
    ActionKind.SUSPENSION,
    ActionKind.INTENTION_NOT_TO_BECOME_PARTY,
}


@dataclass(slots=True)
class Deeds(Record):
    """Tells acts and adds to them; which clause tells what is decided by whoever follows the note."""

    of_statement: bool = False  # whether the last withdrawal told was one of a statement
    consented: list[tuple[Participant | None, ActionKind, dt.date]] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    announced: list[tuple[Told, str]] = field(default_factory=list)  # intentions to leave, with their sentence

    def tell_leaving(self, clause: Clause, days: list[dt.date | None]) -> None:
        """Tell a leaving of each who acts in the clause, notified on these days (none: that of what was told last)."""
        self.of_statement, self.again = False, False
        kind = self._extent(clause)
        self.group = []
        if self._dated_back(clause, days):
            return
        if not self.actors and len(self.cast.bearers) > 1 and len({*days}) > 1:
            self.unclear(clause)
            return
        carried = None if clause.of(Role.EFFECT) or days else self.day
        told = self._each(days or [carried])
        if not told and any(actor.kind is ParticipantKind.TERRITORY for actor in self.actors):
            self.actors = ()
            self.unclear(clause)
        for (who, day), own in zip(told, shared(clause, effect_days(clause, alone=False), len(told)), strict=True):
            effect = effect_of(own, day, alone=False)
            if effect.damaged:
                self.damaged(clause)
            self.told_act(who, with_effect(TreatyAction(kind=kind, date=day, note=self.number), effect))

    def _dated_back(self, clause: Clause, days: list[dt.date | None]) -> bool:
        """Take "left on D. It had notified this on E" for one act, and return whether it was told so."""
        last = next((t for t in reversed(self.told) if t.act.kind in LEAVING), None)
        if last and days and days[0] and not last.act.date and days[0] <= (last.act.effective or dt.date.min):
            last.act = replace(last.act, date=days[0])
            self.group = [last]
            return True
        if not (last and days and days[0] and cues.HAD_NOTIFIED.search(clause.text)) or last.act.effective:
            return False
        if not last.act.date or days[0] >= last.act.date:
            return False
        last.act = replace(last.act, date=days[0], effective=last.act.date, basis=Basis.STATED)
        self.group = [last]
        return True

    def days_of(self, clause: Clause) -> list[dt.date | None]:
        """The days of notifying a leaving: those that the clause tells, or that of the notice it begins with."""
        named = clause.of(Role.ACT)
        own = [m for m in named if not cues.OF_ANOTHER_ACT.search(clause.text[: m.start])]
        return [m.day for m in own or named or clause.of(Role.EARLIER)]

    def _each(self, days: list[dt.date | None]) -> list[tuple[Participant | None, dt.date | None]]:
        """Pair the actors with the days: one to one where they are as many, else all on the first."""
        for actor in self.actors:
            if actor.kind is ParticipantKind.UNKNOWN:
                self.find(
                    Level.NOTE, "unknown-name", f"an act is told of “{actor.as_written}”, a name that is not known"
                )
        actors: tuple[Participant | None, ...] = self.actors or (None,)
        paired = days if len(days) == len(actors) else [days[0]] * len(actors)
        return [(row, day) for actor, day in zip(actors, paired, strict=True) for row in self.cast.rows(actor)]

    def add(self, clause: Clause) -> None:
        """Add to the acts last told what a further clause says of them: effect, condition, article, territory."""
        alone = not cues.TELLS.search(clause.text)  # "on 5 May it informed" is no day of effect
        days = effect_days(clause, alone=alone) if speaks_of_effect(clause.text) else []
        named = {who for actor in self.cast.acting(clause.text) for who in self.cast.rows(actor)}
        each = len(days) == len(self.group) or all(self.cast.named_at(t.who, clause.text) >= 0 for t in self.group)
        concerned = self.group if each else [t for t in self.group if t.who in named] or self.group
        if len(days) > 1 and len(concerned) > 1 and not each:
            self.damaged(clause)
        for told, own in zip(self._as_named(concerned, clause), shared(clause, days, len(concerned)), strict=True):
            if told.act.kind not in _CONCERNING or told.act.kind is ActionKind.WITHDRAWAL_RETRACTED:
                continue
            told.act = self._limited(told.act, clause)
            if speaks_of_effect(clause.text):
                effect = effect_of(own, told.act.date, alone=alone)
                if effect.damaged or (not effect.day and incomplete(clause)):
                    self.damaged(clause)
                told.act = with_effect(told.act, effect)
                self._notified(told)

    def _as_named(self, told: list[Told], clause: Clause) -> list[Told]:
        """The acts in the order in which the clause names their States; as they are, where it does not name all."""
        places = {id(t): self.cast.named_at(t.who, clause.text) for t in told}
        return told if min(places.values(), default=0) < 0 else sorted(told, key=lambda t: places[id(t)])

    def _limited(self, act: TreatyAction, clause: Clause) -> TreatyAction:
        return replace(act, kind=self._extent(clause)) if act.kind is ActionKind.WITHDRAWAL else act

    def _extent(self, clause: Clause) -> ActionKind:
        """The kind of a leaving: of the State, or for a part of its territory."""
        known = (*self.actors, *self.cast.bearers, *(told.who for told in self.told if told.who))
        limited = partial(clause.text, known, self.cast.names)
        return ActionKind.PARTIAL_WITHDRAWAL if limited else ActionKind.WITHDRAWAL

    def _notified(self, told: Told) -> None:
        """Count an intention as a notice once its day of effect is told."""
        kept = [pair for pair in self.announced if pair[0] is not told]
        if told.act.effective and told.act.date and len(kept) < len(self.announced):
            self.announced = kept
            self.told.append(told)

    def announce(self, clause: Clause) -> None:
        """Keep an intention to leave apart: it is a notice only if a day of effect is told of it, here or next."""
        if clause.of(Role.EFFECT) and clause.of(Role.ACT):
            self.tell_leaving(clause, self.days_of(clause))
        elif not self.group:
            day = next(iter(self.days_of(clause)), None)
            rows = [row for actor in (self.actors or (None,)) for row in self.cast.rows(actor)]
            act = TreatyAction(kind=ActionKind.WITHDRAWAL, date=day, article=article_of(clause.raw), note=self.number)
            self.group = [Told(row, act) for row in rows]
            self.announced = [(told, short(clause.raw)) for told in self.group]

    def tell(self, clause: Clause, kind: ActionKind) -> None:
        """Tell an act that has a day of its own and, for a suspension, an effect."""
        days = self._days_told(clause, kind)
        if None in days:
            self.puzzled(clause)
            return
        self.group, self.of_statement = [], False
        for who, day in self._each(days):
            act = TreatyAction(kind=kind, date=day, note=self.number)
            paused = kind is ActionKind.SUSPENSION
            self.told_act(who, with_effect(act, effect_of(clause, day, alone=False)) if paused else act)

    def _days_told(self, clause: Clause, kind: ActionKind) -> list[dt.date | None]:
        """The days of such an act in a clause: not those of what it undoes, nor of that one's receipt."""
        at = clause.text.find("withdraw") if kind is ActionKind.WITHDRAWAL_RETRACTED else -1
        joined = kind is ActionKind.INTENTION_NOT_TO_BECOME_PARTY  # "its signature on 5 May" is what it is free of
        named = [
            m
            for m in clause.of(Role.ACT)
            if not (m.start > at >= 0 and cues.RECEIVED_ON.search(clause.text[: m.start]))
            and not (joined and cues.OF_SIGNATURE.search(clause.text[: m.start]))
        ]
        own = [m for m in named if not cues.OF_EARLIER_NOTICE.search(clause.text[: m.start])] or named
        dated = [m for m in clause.of(Role.EARLIER) if cues.DOCUMENT_DATED.search(clause.text[: m.start])]
        return [m.day for m in own or self._of_effect(clause, kind) or dated] or [self._same_or_last(clause)]

    def _of_effect(self, clause: Clause, kind: ActionKind) -> list[Mention]:
        """The day from which a notice is taken back, where no other is told of it."""
        return clause.of(Role.EFFECT) if kind is ActionKind.WITHDRAWAL_RETRACTED else []

    def _same_or_last(self, clause: Clause) -> dt.date | None:
        return self.day if not clause.of(Role.EARLIER) else None

    def retract(self, clause: Clause) -> None:
        """Tell that a notice is taken back, and the notice itself where only this clause tells of it."""
        earlier = [m for m in clause.of(Role.EARLIER) if m.day and cues.NOTICE_DATED.search(clause.text[: m.start])]
        for row, day in self._each([m.day for m in earlier][:1]) if earlier and not self.left() else ():
            self.told_act(row, TreatyAction(kind=ActionKind.WITHDRAWAL, date=day, note=self.number))
        self.tell(clause, ActionKind.WITHDRAWAL_RETRACTED)

    def refusable(self, clause: Clause) -> list[Told]:
        """The notices that the depositary's refusal concerns; none where it is another State that refuses."""
        leaving = [t for t in self.told if t.act.kind in LEAVING]
        named = {row for actor in self.cast.acting(clause.text) for row in self.cast.rows(actor)}
        return (
            [t for t in leaving if t.who in named] if named else [t for t in leaving if t in self.group] or leaving[-1:]
        )

    def deny(self, clause: Clause) -> None:
        """Take the effect from the notices of which the clause says that it did not come about, and hold the row."""
        for told in self.refusable(clause) if cues.DENIED.search(clause.text) else ():
            told.act = replace(told.act, without_effect=True)
        self.unclear(clause)

    def withdraw_statement(self, clause: Clause) -> None:
        """Tell that a statement is withdrawn by each who acts in the clause."""
        if self.of_statement and self.statements and not self.cast.acting(clause.text):
            return  # it only says more of the statement told before
        self.group, self.of_statement = [], True
        actors: tuple[Participant | None, ...] = self.actors or (None,)
        for actor in actors:
            rows = self.cast.rows(actor) or (actor,)
            self.statements += [(row, clause.raw.strip()) for row in rows]

    def consent(self, clause: Clause, consented: Consents) -> None:
        """Keep the signatures and consents that a clause tells: beside a leaving they are its history, or a return."""
        found = consented.told
        rows = [row for actor in (self.actors or (None,)) for row in self.cast.rows(actor)]
        if self.again:
            found = tuple((kind, day) for kind, day in found if not any(kind is told for _, told, _ in self.consented))
        self.consented += [(row, kind, day) for row in rows for kind, day in found]
        if consented.undated and not self.again:
            self.undated.append(clause.raw)
            self.group = []
        elif consented.told and not consented.used:
            self.group = []

    def refer(self, clause: Clause) -> None:
        """Give the acts last told the number of the depositary notification that a clause names."""
        for told in self.group if clause.reference else ():
            told.act = replace(told.act, notification=told.act.notification or clause.reference)

    def left(self) -> bool:
        """Whether a leaving has been told."""
        return any(t.act.kind in LEAVING for t in self.told)

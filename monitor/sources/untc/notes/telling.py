"""Follows a note clause by clause and keeps what it tells: acts, with whatever later sentences add to them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.snapshot import Finding, Level
from monitor.sources.untc.notes import cues
from monitor.sources.untc.notes.clauses import Clause, Role, clauses
from monitor.sources.untc.notes.consents import Consents, consents
from monitor.sources.untc.notes.effects import article_of, effect_days, effect_of, shared, speaks_of_effect
from monitor.sources.untc.notes.objects import OCCURRENCE
from monitor.sources.untc.notes.record import LEAVING, Record, Told, incomplete, short, with_effect
from monitor.sources.untc.notes.sense import Sense
from monitor.sources.untc.notes.senses import senses
from monitor.sources.untc.notes.territory import partial
from monitor.sources.untc.notes.words import may_mean

_CONCERNING = LEAVING | {
    ActionKind.WITHDRAWAL_RETRACTED,
    ActionKind.SUSPENSION,
    ActionKind.INTENTION_NOT_TO_BECOME_PARTY,
}
_LEAVING_SENSES = frozenset({Sense.LEAVES, Sense.LEAVES_BARE})
_OWN_ACTS = _LEAVING_SENSES | {
    Sense.RETRACTS,
    Sense.TAKES_BACK,
    Sense.STAYS,
    Sense.DISAVOWS,
    Sense.UNSIGNS,
    Sense.SUSPENDS,
    Sense.ANNOUNCES,
}
"""What a State says of its own standing."""
_DATED = frozenset({Sense.LEAVES, Sense.LEAVES_BARE, Sense.RETRACTS})
_SETTLING = _LEAVING_SENSES | {Sense.STATEMENT, Sense.TAKES_BACK, Sense.ANNOUNCES, Sense.UNCLEAR, Sense.ELSEWHERE}


@dataclass(slots=True)
class Telling(Record):
    """Follows the clauses of one note. `tabled`: whether a table or list in the note gives the days."""

    tabled: bool = False
    of_statement: bool = False  # whether the last withdrawal told was one of a statement
    consented: list[tuple[Participant | None, ActionKind, dt.date]] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    announced: list[tuple[Told, str]] = field(default_factory=list)  # intentions to leave, with their sentence
    named: list[Told] = field(default_factory=list)  # of "the withdrawal": the next sentence may say what of
    heading: Clause | None = None  # the clause that introduces a table or list of notices
    appeared: set[str] = field(default_factory=set)  # who has acted in the note, whatever it did
    pointed: Clause | None = None  # where a notification of a bearer's leaving is only pointed at
    unheard: list[str] = field(default_factory=list)  # sentences that count only beside a leaving, while none is told

    def listen(self, sentence: str) -> None:
        """Take in one sentence of the depositary's own, or put it by until there is a leaving to which it may add."""
        if not self.told and not self.group and not may_mean(sentence):
            self.unheard.append(sentence)
            return
        self.catch_up()
        for clause in clauses(sentence):
            self.hear(clause)

    def catch_up(self) -> None:
        """Take in the sentences that were put by: what they say of States, days and consents is needed now."""
        put_by, self.unheard = self.unheard, []
        for clause in (clause for sentence in put_by for clause in clauses(sentence)):
            self.hear(clause)

    def hear(self, clause: Clause) -> None:
        """Take in one clause of the depositary's own."""
        if cues.POINTER.match(clause.text.strip(" .,;()") or clause.raw):
            self._refer(clause)
            self.pointed = clause if clause.reference and self._points_at_leaving(clause) else self.pointed
            return
        acting = self.cast.acting(clause.text)
        self.actors = acting or (self.actors if not self._others() else ())
        self.appeared |= {row.key for actor in acting for row in self.cast.rows(actor) if row}
        meant = senses(clause.text)
        self._retell(clause, meant)
        consented = consents(clause, lambda: self.day, leaving=bool(meant & _DATED))
        rest = clause.without(consented.used)
        if not self._told_by(rest, meant):
            self._pass(rest, meant)
        self._consent(clause, consented)
        self._refer(clause)
        self.passed.append(clause)

    def _points_at_leaving(self, clause: Clause) -> bool:
        """Whether a reference ("see C.N.… (Poland: withdrawal)") is to the leaving of whoever bears the note."""
        pointed = cues.POINTED_AT.search(clause.raw)
        return pointed is not None and self.cast.spoken_of(pointed.group())

    def _told_by(self, clause: Clause, meant: frozenset[Sense]) -> bool:
        """Act on the first of the senses that settles the clause; return whether one did."""
        if self._left() and cues.NOT_EFFECTIVE.search(clause.text):
            self.unclear(clause)
        elif meant & _OWN_ACTS and self._others():
            self._overhear(clause)
        elif Sense.RETRACTS in meant or (meant & {Sense.TAKES_BACK, Sense.STAYS} and self._notice_meant(clause)):
            self._retract(clause)
        elif meant & {Sense.DISAVOWS, Sense.UNSIGNS}:
            self._simply(clause, ActionKind.INTENTION_NOT_TO_BECOME_PARTY)
        elif meant & {Sense.REFUSED, Sense.NOT_PARTY} and (refused := self._refusable(clause)):
            self.refuse(refused, "withdrawal-not-accepted" if Sense.REFUSED in meant else "withdrawal-by-non-party")
        elif Sense.REFUSED in meant and meant & _LEAVING_SENSES and cues.NOT_TAKEN.search(clause.text):
            self.refused("withdrawal-not-accepted", None)
        elif Sense.RESUMES in meant:
            self.find(Level.NOTE, "suspension-ended", f"the suspension seems to have ended: “{short(clause.raw)}”")
        elif Sense.SUSPENDS in meant:
            self._simply(clause, ActionKind.SUSPENSION)
        else:
            return self._leaving(clause, meant)
        return True

    def _others(self) -> bool:
        """Whether it is a State without this note that acts: what it does itself is told on its own row."""
        return bool(self.actors) and not self.cast.bearing(self.actors) and self._present()

    def _overhear(self, clause: Clause) -> None:
        """Take another State's words for what they are where they name a bearer: a view of that one's leaving."""
        of_the_one_told = self._left() and cues.THE_ONE_TOLD.search(clause.text)
        if not (of_the_one_told or self.cast.spoken_of(clause.text)):
            self.group = []
            self.unclear(clause)

    def _notice_meant(self, clause: Clause) -> bool:
        """Whether a notice that is taken back can be one told before: no other day is named for it."""
        named = {m.day for m in clause.of(Role.EARLIER)}
        return self._left() and (not named or bool(named & {told.act.date for told in self.told}))

    def _leaving(self, clause: Clause, meant: frozenset[Sense]) -> bool:
        if meant & {Sense.STATEMENT, Sense.TAKES_BACK}:
            self._withdraw_statement(clause)
        still_statement = (
            self.of_statement and not self.cast.acting(clause.text) and not cues.DENOUNCING.search(clause.text)
        )
        still_statement = still_statement or bool(cues.MADE_UPON.search(clause.text))  # as only reservations are
        if Sense.LEAVES in meant or (Sense.LEAVES_BARE in meant and not still_statement):
            self._leave(clause, meant)
        elif Sense.ANNOUNCES in meant:
            self._announce(clause)
        elif Sense.UNCLEAR in meant:
            self.unclear(clause)
        elif Sense.ELSEWHERE in meant:
            self.find(Level.NOTE, "other-treaty", f"another treaty seems to be left: “{short(clause.raw)}”")
        return bool(meant & _SETTLING)

    def _pass(self, clause: Clause, meant: frozenset[Sense]) -> None:
        """Take in a clause that tells no leaving of its own: it may add to the last one told."""
        bare = clause.of(Role.EFFECT) and not cues.TELLS.search(clause.text)
        adds = (
            self.group
            and not self.of_statement
            and (Sense.MENTIONS in meant or bare or cues.AFTERTHOUGHT.search(clause.text))
        )
        if adds and not (cues.OTHER_ACT.search(clause.text) and not meant):
            self._add(clause)
        elif Sense.ODD in meant:
            self.unclear(clause) if self._notifies_oddly(clause) else self.unread(clause)
        elif cues.TELLS.search(clause.text):
            self.group, self.of_statement = [], bool(cues.STATEMENT.search(clause.text))

    def _notifies_oddly(self, clause: Clause) -> bool:
        """Whether a notice is told in words that may be those of a leaving, though not the depositary's usual ones."""
        told = cues.NOTIFIED.search(clause.text) and clause.of(Role.ACT) and not self.of_statement
        return bool(told) and not OCCURRENCE.search(clause.text)

    def _leave(self, clause: Clause, meant: frozenset[Sense]) -> None:
        days = self._days(clause)
        if not self.group and not days and cues.OF_ITS_EFFECT.search(clause.text):
            self.group = [t for t in self.told if t.act.kind in LEAVING][-1:]  # others have spoken in between
        if any(m is None for m in days):
            self.damaged(clause)
        elif (self.group and not (days and self._asserted(clause, meant))) or (
            self.told
            and (
                cues.CIRCULATING.search(clause.text)
                or cues.REPEATING.search(clause.text)
                or (self.group and cues.OF_ITS_EFFECT.search(clause.text))
            )
        ):
            self._add(clause)
        elif days or self._undated(clause):
            self._new(clause, days) if self._asserted(clause, meant) or not self.told else self.unread(clause)
            vague = (
                Sense.LEAVES not in meant
                and cues.ONLY_NAMED.search(clause.text)
                and not cues.NOTICE_OF.search(clause.text)
            )
            self.named = list(self.group) if vague else []

    @staticmethod
    def _asserted(clause: Clause, meant: frozenset[Sense]) -> bool:
        return Sense.LEAVES in meant or bool(cues.ASSERTS.search(clause.text))

    def _undated(self, clause: Clause) -> bool:
        """Whether a leaving told without a day of notification is an act all the same; says why where it is none."""
        if self.tabled:
            self.heading = clause
        elif not incomplete(clause) and (clause.of(Role.EFFECT) or (self.day and cues.ASSERTS.search(clause.text))):
            return True
        else:
            self.puzzled(clause)
        return False

    def _days(self, clause: Clause) -> list[dt.date | None]:
        """The days of notifying a leaving: those that the clause tells, or that of the notice it begins with."""
        named = clause.of(Role.ACT)
        own = [m for m in named if not cues.OF_ANOTHER_ACT.search(clause.text[: m.start])]
        return [m.day for m in own or named or clause.of(Role.EARLIER)]

    def _new(self, clause: Clause, days: list[dt.date | None]) -> None:
        self.of_statement, self.again = False, False
        kind = (
            ActionKind.PARTIAL_WITHDRAWAL
            if partial(clause.text, (*self.actors, *self.cast.bearers))
            else ActionKind.WITHDRAWAL
        )
        self.group = []
        if self._dated_back(clause, days):
            return
        carried = None if clause.of(Role.EFFECT) or days else self.day
        told = self._each(days or [carried])
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

    def _present(self) -> bool:
        return any(actor.kind is ParticipantKind.STATE for actor in self.actors)

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

    def _add(self, clause: Clause) -> None:
        """Add to the acts last told what a further clause says of them: effect, condition, article, territory."""
        alone = not cues.TELLS.search(clause.text)  # "on 5 May it informed" is no day of effect
        days = effect_days(clause, alone=alone) if speaks_of_effect(clause.text) else []
        named = {who for actor in self.cast.acting(clause.text) for who in self.cast.rows(actor)}
        each = len(days) == len(self.group)
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
        limited = act.kind is ActionKind.WITHDRAWAL and partial(clause.text, (*self.actors, *self.cast.bearers))
        return replace(act, kind=ActionKind.PARTIAL_WITHDRAWAL) if limited else act

    def _simply(self, clause: Clause, kind: ActionKind) -> None:
        """Tell an act that has a day of its own and, for a suspension, an effect."""
        at = clause.text.find("withdraw") if kind is ActionKind.WITHDRAWAL_RETRACTED else -1
        joined = kind is ActionKind.INTENTION_NOT_TO_BECOME_PARTY  # "its signature on 5 May" is what it is free of
        named = [
            m
            for m in clause.of(Role.ACT)
            if not (m.start > at >= 0 and cues.RECEIVED_ON.search(clause.text[: m.start]))
            and not (joined and cues.OF_SIGNATURE.search(clause.text[: m.start]))
        ]
        own = [m for m in named if not cues.OF_EARLIER_NOTICE.search(clause.text[: m.start])] or named
        days = [m.day for m in own] or [self._same_or_last(clause)]
        if any(m.day is None for m in own) or days == [None]:
            self.puzzled(clause)
            return
        self.group, self.of_statement = [], False
        for who, day in self._each(days):
            act = TreatyAction(kind=kind, date=day, note=self.number)
            paused = kind is ActionKind.SUSPENSION
            self.told_act(who, with_effect(act, effect_of(clause, day, alone=False)) if paused else act)

    def _retract(self, clause: Clause) -> None:
        """Tell that a notice is taken back, and the notice itself where only this clause tells of it."""
        earlier = [m for m in clause.of(Role.EARLIER) if m.day and cues.NOTICE_DATED.search(clause.text[: m.start])]
        for row, day in self._each([m.day for m in earlier][:1]) if earlier and not self._left() else ():
            self.told_act(row, TreatyAction(kind=ActionKind.WITHDRAWAL, date=day, note=self.number))
        self._simply(clause, ActionKind.WITHDRAWAL_RETRACTED)

    def _retell(self, clause: Clause, meant: frozenset[Sense]) -> None:
        """Take "the withdrawal" told before for that of a statement, if this sentence says so."""
        if self.named and cues.OF_STATEMENT.match(clause.raw) and not clause.of(Role.ACT):
            self.told = [told for told in self.told if told not in self.named]
            self.group, self.of_statement = [], Sense.STATEMENT not in meant
        self.named = []

    def _same_or_last(self, clause: Clause) -> dt.date | None:
        return self.day if not clause.of(Role.EARLIER) else None

    def _refusable(self, clause: Clause) -> list[Told]:
        """The notices that the depositary's refusal concerns; none where it is another State that refuses."""
        leaving = [t for t in self.told if t.act.kind in LEAVING]
        named = {row for actor in self.cast.acting(clause.text) for row in self.cast.rows(actor)}
        return (
            [t for t in leaving if t.who in named] if named else [t for t in leaving if t in self.group] or leaving[-1:]
        )

    def _withdraw_statement(self, clause: Clause) -> None:
        if self.of_statement and not self.cast.acting(clause.text):
            return  # it only says more of the statement told before
        self.group, self.of_statement = [], True
        actors: tuple[Participant | None, ...] = self.actors or (None,)
        for actor in actors:
            rows = self.cast.rows(actor) or (actor,)
            self.statements += [(row, clause.raw.strip()) for row in rows]

    def _announce(self, clause: Clause) -> None:
        """Keep an intention to leave apart: it is a notice only if a day of effect is told of it, here or next."""
        if clause.of(Role.EFFECT) and clause.of(Role.ACT):
            self._new(clause, self._days(clause))
        elif not self.group:
            day = next(iter(self._days(clause)), None)
            rows = [row for actor in (self.actors or (None,)) for row in self.cast.rows(actor)]
            act = TreatyAction(kind=ActionKind.WITHDRAWAL, date=day, article=article_of(clause.raw), note=self.number)
            self.group = [Told(row, act) for row in rows]
            self.announced = [(told, short(clause.raw)) for told in self.group]

    def close(self) -> None:
        """Report the intentions to leave of which no day of effect was told, and what else was left open."""
        self._ask_of_silent_bearers()
        if self.pointed and not self.told and not self.findings and not self.statements:
            self.actors = self.cast.bearers
            self.unclear(self.pointed)
        for _, sentence in self.announced:
            self.find(Level.NOTE, "withdrawal-announced", f"an intention to leave, not yet a notice: “{sentence}”")

    def _ask_of_silent_bearers(self) -> None:
        """Hold the rows of a shared note that tells others' leaving and says nothing at all of theirs."""
        left = {told.who.key for told in self.told if told.who and told.act.kind is ActionKind.WITHDRAWAL}
        for bearer in self.cast.bearers if left else ():
            if bearer.key not in left | self.appeared:
                text = f"note {self.number}: a leaving is told, and not whether {bearer.name}, which bears the note, left too"
                self.findings.append(Finding(Level.HOLD, "unclear-leaving", text, bearer.key))

    def _notified(self, told: Told) -> None:
        """Count an intention as a notice once its day of effect is told."""
        kept = [pair for pair in self.announced if pair[0] is not told]
        if told.act.effective and told.act.date and len(kept) < len(self.announced):
            self.announced = kept
            self.told.append(told)

    def _left(self) -> bool:
        return any(t.act.kind in LEAVING for t in self.told)

    def _consent(self, clause: Clause, consented: Consents) -> None:
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

    def _refer(self, clause: Clause) -> None:
        for told in self.group if clause.reference else ():
            told.act = replace(told.act, notification=told.act.notification or clause.reference)

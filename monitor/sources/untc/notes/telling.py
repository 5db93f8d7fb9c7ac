"""Follows a note clause by clause: which of its senses settles a clause, and what it then tells or adds to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from monitor.domain.action import ActionKind
from monitor.domain.participant import ParticipantKind
from monitor.domain.snapshot import Finding, Level
from monitor.sources.untc.notes import cues
from monitor.sources.untc.notes.clauses import Clause, Role, clause, clauses
from monitor.sources.untc.notes.consents import consents
from monitor.sources.untc.notes.deeds import Deeds
from monitor.sources.untc.notes.hints import may_mean
from monitor.sources.untc.notes.objects import OCCURRENCE
from monitor.sources.untc.notes.own import UNNAMED, Treaty
from monitor.sources.untc.notes.record import LEAVING, Told, incomplete, short
from monitor.sources.untc.notes.sense import Sense
from monitor.sources.untc.notes.senses import senses

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
class Telling(Deeds):
    """Follows the clauses of one note. `tabled`: whether a table or list in the note gives the days."""

    treaty: Treaty = UNNAMED
    tabled: bool = False
    named: list[Told] = field(default_factory=list)  # of "the withdrawal": the next sentence may say what of
    heading: Clause | None = None  # the clause that introduces a table or list of notices
    appeared: set[str] = field(default_factory=set)  # who has acted in the note, whatever it did
    overheard: bool = False  # of another State's leaving: what follows without a name is of that one still
    pointed: Clause | None = None  # where a notification of a bearer's leaving is only pointed at
    unheard: list[str] = field(default_factory=list)  # sentences that count only beside a leaving, while none is told

    def listen(self, sentence: str) -> None:
        """Take in one sentence of the depositary's own, or put it by until there is a leaving to which it may add."""
        if not self.told and not self.group and not may_mean(sentence):
            self.unheard.append(sentence)
            return
        self.catch_up()
        if not self._listed(sentence):
            for each in clauses(sentence, self.treaty):
                self.hear(each)

    def _listed(self, sentence: str) -> bool:
        """Hold all that a sentence names with a day each as leaving: none of the days may become another's."""
        if not (listed := self.cast.apiece(sentence)):
            return False
        whole = clause(sentence, self.treaty)
        of_effects = self.group and whole.days and whole.days[0][1] is Role.EFFECT  # which add to what was told
        if of_effects or not senses(self.cast.by_sender(whole.text)) & _LEAVING_SENSES:
            return False
        self.actors = listed
        self.unclear(whole)
        self.appeared |= {row.key for actor in listed for row in self.cast.rows(actor) if row}
        return True

    def catch_up(self) -> None:
        """Take in the sentences that were put by: what they say of States, days and consents is needed now."""
        put_by, self.unheard = self.unheard, []
        for each in (each for sentence in put_by for each in clauses(sentence, self.treaty)):
            self.hear(each)

    def hear(self, clause: Clause) -> None:
        """Take in one clause of the depositary's own."""
        by_sender = self.cast.by_sender(clause.text)
        clause = clause if by_sender == clause.text else replace(clause, text=by_sender)
        if cues.POINTER.match(clause.text.strip(" .,;()") or clause.raw):
            self.refer(clause)
            self.pointed = clause if clause.reference and self._points_at_leaving(clause) else self.pointed
            return
        acting = self.cast.acting(clause.text)
        self.overheard = self.overheard and not acting and not self.cast.spoken_of(clause.text)
        self.actors = acting or (self.actors if self.overheard or not self._others() else ())
        self.appeared |= {row.key for actor in acting for row in self.cast.rows(actor) if row}
        meant = senses(clause.text)
        if meant & _LEAVING_SENSES and (own := self.cast.without_others(clause.text, acting)) != clause.text:
            meant = senses(own)
        self._retell(clause, meant)
        consented = consents(clause, lambda: self.day, leaving=bool(meant & _DATED))
        rest = clause.without(consented.used)
        if not self._told_by(rest, meant):
            self._pass(rest, meant)
        self.consent(clause, consented)
        self.refer(clause)
        self.passed.append(clause)

    def _points_at_leaving(self, clause: Clause) -> bool:
        """Whether a reference ("see C.N.… (Poland: withdrawal)") is to the leaving of whoever bears the note."""
        pointed = cues.POINTED_AT.search(clause.raw)
        return pointed is not None and self.cast.spoken_of(pointed.group())

    def _told_by(self, clause: Clause, meant: frozenset[Sense]) -> bool:
        """Act on the first of the senses that settles the clause; return whether one did."""
        if self.left() and cues.NOT_EFFECTIVE.search(clause.text):
            self.deny(clause)
        elif meant & _OWN_ACTS and self._others():
            self._overhear(clause)
        elif Sense.RETRACTS in meant or (meant & {Sense.TAKES_BACK, Sense.STAYS} and self._notice_meant(clause)):
            self.retract(clause)
        elif (self.left() or meant & _LEAVING_SENSES) and cues.IN_ERROR.search(clause.text):
            self.unclear(clause)
        elif meant & {Sense.DISAVOWS, Sense.UNSIGNS}:
            self.tell(clause, ActionKind.INTENTION_NOT_TO_BECOME_PARTY)
        elif meant & {Sense.REFUSED, Sense.NOT_PARTY} and (refused := self.refusable(clause)):
            self.refuse(refused, "withdrawal-not-accepted" if Sense.REFUSED in meant else "withdrawal-by-non-party")
        elif Sense.REFUSED in meant and meant & _LEAVING_SENSES and cues.NOT_TAKEN.search(clause.text):
            self.refused("withdrawal-not-accepted", None)
        elif Sense.RESUMES in meant:
            self.find(Level.NOTE, "suspension-ended", f"the suspension seems to have ended: “{short(clause.raw)}”")
        elif Sense.SUSPENDS in meant:
            self.tell(clause, ActionKind.SUSPENSION)
        else:
            return self._leaving(clause, meant)
        return True

    def _others(self) -> bool:
        """Whether it is a State without this note that acts: what it does itself is told on its own row."""
        return bool(self.actors) and not self.cast.bearing(self.actors) and self._present()

    def _overhear(self, clause: Clause) -> None:
        """Take another State's words for what they are where they name a bearer: a view of that one's leaving."""
        of_the_one_told = self.left() and cues.THE_ONE_TOLD.search(clause.text)
        self.overheard = not (of_the_one_told or self.cast.spoken_of(clause.text))
        if self.overheard:
            self.group = []
            self.unclear(clause)

    def _notice_meant(self, clause: Clause) -> bool:
        """Whether a notice that is taken back can be one told before: no other day is named for it."""
        named = {m.day for m in clause.of(Role.EARLIER)}
        return self.left() and (not named or bool(named & {told.act.date for told in self.told}))

    def _leaving(self, clause: Clause, meant: frozenset[Sense]) -> bool:
        if meant & {Sense.STATEMENT, Sense.TAKES_BACK}:
            self.withdraw_statement(clause)
        still_statement = (
            self.of_statement and not self.cast.acting(clause.text) and not cues.DENOUNCING.search(clause.text)
        )
        still_statement = still_statement or bool(cues.MADE_UPON.search(clause.text))  # as only reservations are
        if Sense.LEAVES in meant or (Sense.LEAVES_BARE in meant and not still_statement):
            self._leave(clause, meant)
        elif Sense.ANNOUNCES in meant:
            self.announce(clause)
        elif Sense.UNCLEAR in meant:
            self._doubt(clause)
        elif Sense.ELSEWHERE in meant:
            self.find(Level.NOTE, "other-treaty", f"another treaty seems to be left: “{short(clause.raw)}”")
        return bool(meant & _SETTLING)

    def _doubt(self, clause: Clause) -> None:
        """Hold what may be a leaving: not the effect of one told before, nor what only a State of the past did."""
        if self.group and cues.ENDS_FOR.search(clause.text) and not clause.of(Role.ACT):
            self.add(clause)
        elif not self.actors or any(self.cast.rows(actor) for actor in self.actors):
            self.unclear(clause)

    def _pass(self, clause: Clause, meant: frozenset[Sense]) -> None:
        """Take in a clause that tells no leaving of its own: it may add to the last one told."""
        bare = clause.of(Role.EFFECT) and not cues.TELLS.search(clause.text)
        adds = (
            self.group
            and not self.of_statement
            and (Sense.MENTIONS in meant or bare or cues.AFTERTHOUGHT.search(clause.text))
        )
        if adds and not (cues.OTHER_ACT.search(clause.text) and not meant):
            self.add(clause)
        elif Sense.ODD in meant:
            self.unclear(clause) if self._notifies_oddly(clause) else self.unread(clause)
        elif cues.TELLS.search(clause.text):
            self.group, self.of_statement = [], bool(cues.STATEMENT.search(clause.text))

    def _notifies_oddly(self, clause: Clause) -> bool:
        """Whether a notice is told in words that may be those of a leaving, though not the depositary's usual ones."""
        told = cues.NOTIFIED.search(clause.text) and clause.of(Role.ACT) and not self.of_statement
        return bool(told) and not OCCURRENCE.search(clause.text)

    def _leave(self, clause: Clause, meant: frozenset[Sense]) -> None:
        days = self.days_of(clause)
        if not self.group and not days and cues.OF_ITS_EFFECT.search(clause.text):
            self.group = [t for t in self.told if t.act.kind in LEAVING][-1:]  # others have spoken in between
        if any(m is None for m in days):
            self.damaged(clause)
        elif self._told_before(clause, meant, days):
            self.add(clause)
        elif days or self._undated(clause):
            self.tell_leaving(clause, days) if self._asserted(clause, meant) or not self.told else self.unread(clause)
            self.named = list(self.group) if Sense.LEAVES not in meant and self._only_named(clause) else []

    def _told_before(self, clause: Clause, meant: frozenset[Sense], days: list[dt.date | None]) -> bool:
        """Whether a clause speaks again of a leaving that the note has told."""
        if self.group and not (days and self._asserted(clause, meant)):
            return True
        of_effect = self.group and cues.OF_ITS_EFFECT.search(clause.text)
        again = of_effect or cues.CIRCULATING.search(clause.text) or cues.REPEATING.search(clause.text)
        return bool(self.told and again)

    @staticmethod
    def _only_named(clause: Clause) -> bool:
        """Whether a clause speaks of "the withdrawal" and does not say whose or of what."""
        return bool(cues.ONLY_NAMED.search(clause.text) and not cues.NOTICE_OF.search(clause.text))

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

    def _present(self) -> bool:
        return any(actor.kind is ParticipantKind.STATE for actor in self.actors)

    def _retell(self, clause: Clause, meant: frozenset[Sense]) -> None:
        """Take "the withdrawal" told before for that of a statement, if this sentence says so."""
        if self.named and cues.OF_STATEMENT.match(clause.raw) and not clause.of(Role.ACT):
            self.told = [told for told in self.told if told not in self.named]
            self.group, self.of_statement = [], Sense.STATEMENT not in meant
        self.named = []

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
                text = f"a leaving is told, and not whether {bearer.name}, which bears the note, left too"
                self.findings.append(Finding(Level.HOLD, "unclear-leaving", f"note {self.number}: {text}", bearer.key))

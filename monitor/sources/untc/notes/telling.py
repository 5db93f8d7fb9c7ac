"""Follows a note clause by clause and keeps what it tells: acts, with whatever later sentences add to them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace

from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.snapshot import Level
from monitor.sources.untc.notes.clauses import Clause, Role, clauses
from monitor.sources.untc.notes.consents import Consents, consents
from monitor.sources.untc.notes.effects import article_of, effect_of, speaks_of_effect
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
_DATED = frozenset({Sense.LEAVES, Sense.LEAVES_BARE, Sense.RETRACTS})
_NOT_TAKEN = re.compile(
    r"\b(?:was|were|could|cannot|can|is|has|had)\b(?: not)?(?: be(?:en)?)? (?:accepted|received in deposit)|\bdeclined\b"
)
_POINTER = re.compile(
    r"^\W*(?:(?:See|see|Refer|For (?:the|a) text|For the full|The text (?:of|can)|Cf)\b|For\b.*\bsee\b)"
)
_AFTERTHOUGHT = re.compile(
    r"\b(?:[Tt]he|[Tt]his|[Tt]hat|[Ss]uch|[Ss]aid|[Ii]ts|[Ww]hich)\s+(?:said\s+)?(?:withdrawal|denunciation|action"
    r"|decision|notification|notice|suspension"
    r"|termination|measure)s?\b|\b[Ii]t\b"
)
_SETTLING = _LEAVING_SENSES | {Sense.STATEMENT, Sense.TAKES_BACK, Sense.ANNOUNCES, Sense.UNCLEAR, Sense.ELSEWHERE}
_STATEMENT = re.compile(r"\b(?:reservation|declaration|objection|understanding|derogation)s?\b")
_NOTICE_DATED = re.compile(
    r"\b(?:notification|notice|instrument)s? of (?:withdrawal|denunciation)(?: from [^,;]{0,60}| of [^,;]{0,60})?"
    r"(?:,? (?:of|dated|deposited on|received on))\s*$"
)
_OTHER_ACT = re.compile(
    r"\b(?:reservations?|declarations?|objections?|accessions?|ratifications?|territorial"
    r"|extension|application)\b"
)
_TELLS = re.compile(
    r"\b(?:notified|informed|received|communicated|deposited|declared|made|stated|withdrew|denounced"
    r"|transmitted|submitted)\b"
)
_ASSERTS = re.compile(
    r"\b(?:notif\w+|inform(?:ed|s)|received|deposited|communicated|gave|gives|submitted|lodged|transmitted|addressed"
    r"|announced|declared|decided|decision|denounced"
    r"|withdrew|withdrawn|indicated|advised|effected|ceased|deemed|forwarded|made|circulated|given|rescinded|revoked"
    r"|terminated|left)\b"
    r"|^\W*(?:(?:[Nn]otification|[Nn]otice|[Dd]ate|[Ii]nstrument) of )?(?:[Dd]enunciation|[Ww]ithdrawal|[Dd]enounced"
    r"|[Ww]ithdrawn)\b"
)
_MADE_UPON = re.compile(
    r"\b(?:made|confirmed|formulated) (?:up)?on (?:its |the )?(?:signature|ratification|accession)\b"
)
_DENOUNCING = re.compile(r"denounc|denunci", re.IGNORECASE)
"""A statement is withdrawn, never denounced."""
_OF_ANOTHER_ACT = re.compile(
    r"\b(?:[Aa]ccession|[Rr]atification|[Ss]ignature|[Aa]cceptance|[Aa]pproval"
    r"|[Ss]uccession)\b[^,;]{0,60} on\s*$"
)
_CIRCULATING = re.compile(
    r"\bSecretary-General (?:has |had )?(?:circulated|forwarded|transmitted|announced|recalled|reminded|informed|notified"
    r"|stated|noted)\b"
)
_HAD_NOTIFIED = re.compile(r"\bhad (?:\w+ly )?(?:notified|deposited|given|communicated|lodged|submitted|informed)\b")
_ONLY_NAMED = re.compile(r"\bthe (?:complete |full )?withdrawal\b")
_NOTICE_OF = re.compile(r"\b(?:notification|notice|instrument)s? of\b|\bits\b|\bfrom\b", re.IGNORECASE)
_OF_STATEMENT = re.compile(
    r"^\W*The (?:text of the )?(?:said |\w+ed |interpretative )?(?:reservation|declaration|objection)s?\b"
)
_OF_EARLIER_NOTICE = re.compile(r"\b(?:withdrawal|denunciation)\b[^,;]{0,60} on\s*$")
_RECEIVED_ON = re.compile(
    r"(?:deposited|received|notified|made|circulated|communicated|submitted)(?: by it"
    r"| to the Secretary-General| with the Secretary-General)? on\s*$"
)


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
        if _POINTER.match(clause.raw):
            self._refer(clause)
            return
        self.actors = self.cast.acting(clause.text) or self.actors
        meant = senses(clause.text)
        self._retell(clause, meant)
        consented = consents(clause, lambda: self.day, leaving=bool(meant & _DATED))
        rest = clause.without(consented.used)
        if not self._told_by(rest, meant):
            self._pass(rest, meant)
        self._consent(clause, consented)
        self._refer(clause)
        self.passed.append(clause)

    def _told_by(self, clause: Clause, meant: frozenset[Sense]) -> bool:
        """Act on the first of the senses that settles the clause; return whether one did."""
        if Sense.RETRACTS in meant or (meant & {Sense.TAKES_BACK, Sense.STAYS} and self._left()):
            self._retract(clause)
        elif meant & {Sense.DISAVOWS, Sense.UNSIGNS}:
            self._simply(clause, ActionKind.INTENTION_NOT_TO_BECOME_PARTY)
        elif meant & {Sense.REFUSED, Sense.NOT_PARTY} and (refused := self._refusable(clause)):
            self.refuse(refused, "withdrawal-not-accepted" if Sense.REFUSED in meant else "withdrawal-by-non-party")
        elif Sense.REFUSED in meant and meant & _LEAVING_SENSES and _NOT_TAKEN.search(clause.text):
            self.refused("withdrawal-not-accepted", None)
        elif Sense.RESUMES in meant:
            self.find(Level.NOTE, "suspension-ended", f"the suspension seems to have ended: “{short(clause.raw)}”")
        elif Sense.SUSPENDS in meant:
            self._simply(clause, ActionKind.SUSPENSION)
        else:
            return self._leaving(clause, meant)
        return True

    def _leaving(self, clause: Clause, meant: frozenset[Sense]) -> bool:
        if meant & {Sense.STATEMENT, Sense.TAKES_BACK}:
            self._withdraw_statement(clause)
        still_statement = (
            self.of_statement and not self.cast.acting(clause.text) and not _DENOUNCING.search(clause.text)
        )
        still_statement = still_statement or bool(_MADE_UPON.search(clause.text))  # as only reservations are
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
        bare = clause.of(Role.EFFECT) and not _TELLS.search(clause.text)
        adds = (
            self.group
            and not self.of_statement
            and (Sense.MENTIONS in meant or bare or _AFTERTHOUGHT.search(clause.text))
        )
        if adds and not (_OTHER_ACT.search(clause.text) and not meant):
            self._add(clause)
        elif Sense.ODD in meant:
            self.unread(clause)
        elif _TELLS.search(clause.text):
            self.group, self.of_statement = [], bool(_STATEMENT.search(clause.text))

    def _leave(self, clause: Clause, meant: frozenset[Sense]) -> None:
        days = self._days(clause)
        if any(m is None for m in days):
            self.damaged(clause)
        elif (self.group and not (days and self._asserted(clause, meant))) or (
            self.told and _CIRCULATING.search(clause.text)
        ):
            self._add(clause)
        elif days or self._undated(clause):
            self._new(clause, days) if self._asserted(clause, meant) or not self.told else self.unread(clause)
            vague = Sense.LEAVES not in meant and _ONLY_NAMED.search(clause.text) and not _NOTICE_OF.search(clause.text)
            self.named = list(self.group) if vague else []

    @staticmethod
    def _asserted(clause: Clause, meant: frozenset[Sense]) -> bool:
        return Sense.LEAVES in meant or bool(_ASSERTS.search(clause.text))

    def _undated(self, clause: Clause) -> bool:
        """Whether a leaving told without a day of notification is an act all the same; says why where it is none."""
        if self.tabled:
            self.heading = clause
        elif not incomplete(clause) and (clause.of(Role.EFFECT) or (self.day and _ASSERTS.search(clause.text))):
            return True
        else:
            self.puzzled(clause)
        return False

    def _days(self, clause: Clause) -> list[dt.date | None]:
        """The days of notifying a leaving: those that the clause tells, or that of the notice it begins with."""
        named = clause.of(Role.ACT)
        own = [m for m in named if not _OF_ANOTHER_ACT.search(clause.text[: m.start])]
        return [m.day for m in own or named or clause.of(Role.EARLIER)]

    def _new(self, clause: Clause, days: list[dt.date | None]) -> None:
        self.of_statement, self.again = False, False
        kind = ActionKind.PARTIAL_WITHDRAWAL if partial(clause.text, self.actors) else ActionKind.WITHDRAWAL
        self.group = []
        if self.actors and not self.cast.bearing(self.actors) and self._present():
            self.unclear(clause)  # another State's leaving is told on its own row
            return
        if self._dated_back(clause, days):
            return
        carried = None if clause.of(Role.EFFECT) or days else self.day
        for who, day in self._each(days or [carried]):
            effect = effect_of(clause, day, alone=False)
            if effect.damaged:
                self.damaged(clause)
            self.told_act(who, with_effect(TreatyAction(kind=kind, date=day, note=self.number), effect))

    def _dated_back(self, clause: Clause, days: list[dt.date | None]) -> bool:
        """Take "left on D. It had notified this on E" for one act, and return whether it was told so."""
        last = next((t for t in reversed(self.told) if t.act.kind in LEAVING), None)
        if not (last and days and days[0] and _HAD_NOTIFIED.search(clause.text)) or last.act.effective:
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
        named = {who for actor in self.cast.acting(clause.text) for who in self.cast.rows(actor)}
        concerned = [t for t in self.group if t.who in named] or self.group
        for told in concerned:
            if told.act.kind not in _CONCERNING or told.act.kind is ActionKind.WITHDRAWAL_RETRACTED:
                continue
            told.act = self._limited(told.act, clause)
            if speaks_of_effect(clause.text):
                effect = effect_of(clause, told.act.date, alone=True)
                if effect.damaged or (not effect.day and incomplete(clause)):
                    self.damaged(clause)
                told.act = with_effect(told.act, effect)
                self._notified(told)

    def _limited(self, act: TreatyAction, clause: Clause) -> TreatyAction:
        limited = act.kind is ActionKind.WITHDRAWAL and partial(clause.text, self.actors)
        return replace(act, kind=ActionKind.PARTIAL_WITHDRAWAL) if limited else act

    def _simply(self, clause: Clause, kind: ActionKind) -> None:
        """Tell an act that has a day of its own and, for a suspension, an effect."""
        at = clause.text.find("withdraw") if kind is ActionKind.WITHDRAWAL_RETRACTED else -1
        named = [
            m for m in clause.of(Role.ACT) if not (m.start > at >= 0 and _RECEIVED_ON.search(clause.text[: m.start]))
        ]
        own = [m for m in named if not _OF_EARLIER_NOTICE.search(clause.text[: m.start])] or named
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
        earlier = [m for m in clause.of(Role.EARLIER) if m.day and _NOTICE_DATED.search(clause.text[: m.start])]
        for row, day in self._each([m.day for m in earlier][:1]) if earlier and not self._left() else ():
            self.told_act(row, TreatyAction(kind=ActionKind.WITHDRAWAL, date=day, note=self.number))
        self._simply(clause, ActionKind.WITHDRAWAL_RETRACTED)

    def _retell(self, clause: Clause, meant: frozenset[Sense]) -> None:
        """Take "the withdrawal" told before for that of a statement, if this sentence says so."""
        if self.named and _OF_STATEMENT.match(clause.raw) and not clause.of(Role.ACT):
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
        """Report the intentions to leave of which no day of effect was told."""
        for _, sentence in self.announced:
            self.find(Level.NOTE, "withdrawal-announced", f"an intention to leave, not yet a notice: “{sentence}”")

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

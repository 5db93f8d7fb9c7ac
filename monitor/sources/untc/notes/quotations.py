"""Reads the few things that a State may say of itself in words that the depositary quotes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.domain.action import ActionKind, TreatyAction
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.snapshot import Finding, Level
from monitor.sources.untc.notes.clauses import Clause, Role, clause
from monitor.sources.untc.notes.hints import hinted
from monitor.sources.untc.notes.record import LEAVING
from monitor.sources.untc.notes.sense import Sense
from monitor.sources.untc.notes.senses import senses
from monitor.sources.untc.notes.telling import Telling
from monitor.sources.untc.notes.voice import Sentence

_INFORMING = re.compile(
    r"\b(?:notif\w+|inform\w*|communicat\w+|declar\w+|stat(?:ed|es)|receiv\w+|announc\w+|advised"
    r"|transmit\w+|made)\b"
)
_PERFORMING = re.compile(
    # "hereby", "Poland denounces", "gives formal notice", "has decided"
    r"\bhereby\b|\b(?:withdraws|denounces|suspends|rescinds|revokes|retracts)\b|\bgives? (?:formal )?notice\b"
    r"|\b(?:has|have|had) (?:\w+ )?decided\b"
    # "We hereby withdraw", "wishes to revoke", "our decision", "notifies"
    r"|\b(?:[Ww]e|I) (?:\w+ )?(?:withdraw|denounce|give notice)\b"
    r"|\bwish(?:es)? to (?:\w+ )?(?:withdraw|denounce|revoke|rescind|retract)\b"
    r"|\b(?:its|the|our) decision\b|\bnotif(?:y|ies)\b"
)
"""Words by which the speaker does what they say."""
_GOING = re.compile(
    r"\b(?:is|are) (?:\w+ )?withdrawing\b|\b(?:will|shall) (?:\w+ )?(?:withdraw|leave|cease)\b|\bno longer\b"
    r"|\bterminates\b|\bleaves\b|\bceases\b"
)
"""A leaving told as what happens, not as what is done with these words."""
_NOTIFYING = re.compile(r"\bnotif(?:ied|ication)\b|\b(?:notice|instrument|letter) of (?:withdrawal|denunciation)\b")
"""The depositary's own word that what it quotes is a notice."""

_Teller = Callable[[Participant | None, TreatyAction], None]


@dataclass(slots=True)
class Quotations:
    """What quoted sentences tell. A leaving told only there counts where the quoted State speaks of itself."""

    telling: Telling
    spoken: list[tuple[Participant | None, TreatyAction, Clause]] = field(default_factory=list)
    doubtful: list[Clause] = field(default_factory=list)  # what may tell of a leaving, where the note tells of none

    def hear(self, sentence: Sentence) -> None:
        """Take in one quoted sentence."""
        if sentence.speaker is None or not (self.telling.told or hinted(sentence.text)):
            return
        said = clause(sentence.text, self.telling.treaty)
        if not (meant := senses(said.text)):
            return
        introduction = clause(sentence.speaker.introduction, self.telling.treaty)
        if not _INFORMING.search(introduction.text) or not self._of_itself(said, introduction):
            return
        self.telling.catch_up()
        self._take(said, meant, introduction)

    def _take(self, said: Clause, meant: frozenset[Sense], introduction: Clause) -> None:
        """Take what a State says of itself for the act that it performs with these words, if it performs one."""
        performed = bool(_PERFORMING.search(said.text))
        if meant & {Sense.DISAVOWS, Sense.UNSIGNS}:
            self._tell(introduction, ActionKind.INTENTION_NOT_TO_BECOME_PARTY, self.telling.told_act)
        elif Sense.STATEMENT in meant and performed:
            self._withdraw_statement(said, introduction)
        elif (Sense.RETRACTS in meant and performed) or self._stays(meant, introduction):
            self._tell(introduction, ActionKind.WITHDRAWAL_RETRACTED, self._teller(introduction))
        elif Sense.SUSPENDS in meant and performed:
            self._tell(introduction, ActionKind.SUSPENSION, self._teller(introduction))
        elif Sense.LEAVES in meant and (performed or _GOING.search(said.text)):
            self._tell(introduction, ActionKind.WITHDRAWAL, self._teller(introduction))
        elif Sense.UNCLEAR in meant:
            self.doubtful.append(said)

    def _stays(self, meant: frozenset[Sense], introduction: Clause) -> bool:
        """Whether words of a later day than a notice's say that the State stays after all."""
        days = [m.day for m in introduction.of(Role.ACT) if m.day]
        notices = [t.act.date for t in self.telling.told if t.act.kind in LEAVING and t.act.date]
        return bool(meant & {Sense.STAYS, Sense.TAKES_BACK} and days and notices and days[0] > max(notices))

    def close(self) -> None:
        """Hand over what was told only in quotations: nothing of the kind that the depositary tells itself."""
        for who, act, introduction in self.spoken:
            kinds = LEAVING if act.kind in LEAVING else {act.kind}
            if any(t.who == who and t.act.kind in kinds for t in self.telling.told):
                continue
            if not _NOTIFYING.search(introduction.text):
                self.telling.unclear(introduction)
                continue
            self.telling.told_act(who, act)
            text = f"note {act.note}: the act is told only in the State's own quoted words"
            self.telling.findings.append(Finding(Level.NOTE, "read-from-quotation", text, self.telling.cast.key(who)))
        for said in self.doubtful if not self.telling.told else ():
            self.telling.unclear(said)

    def _of_itself(self, said: Clause, introduction: Clause) -> bool:
        speakers = {p.key for p in self.telling.cast.acting(introduction.text)}
        known = [p for p in self.telling.cast.acting(said.text) if p.kind is not ParticipantKind.UNKNOWN]
        bearing = self.telling.cast.bearing(self.telling.cast.acting(introduction.text))
        return bool(speakers) and bearing and all(p.key in speakers for p in known)

    def _tell(self, introduction: Clause, kind: ActionKind, tell: _Teller) -> None:
        days = [m.day for m in introduction.of(Role.ACT) or introduction.of(Role.EARLIER)]
        if not days or days[0] is None:
            self.telling.puzzled(introduction)
            return
        for actor in self.telling.cast.acting(introduction.text)[:1]:
            for row in self.telling.cast.rows(actor):
                tell(row, TreatyAction(kind=kind, date=days[0], note=self.telling.number))

    def _teller(self, introduction: Clause) -> _Teller:
        return lambda who, act: self.spoken.append((who, act, introduction))

    def _withdraw_statement(self, said: Clause, introduction: Clause) -> None:
        for actor in self.telling.cast.acting(introduction.text)[:1]:
            self.telling.statements += [(row, said.raw.strip()) for row in self.telling.cast.rows(actor)]

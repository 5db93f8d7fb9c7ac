"""Keeps what a note has told so far, and what of it could not be understood."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace

from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.participant import Participant
from monitor.domain.snapshot import Finding, Level
from monitor.sources.untc.notes.actors import Cast
from monitor.sources.untc.notes.clauses import Clause, Role
from monitor.sources.untc.notes.effects import Effect

LEAVING = frozenset({ActionKind.WITHDRAWAL, ActionKind.PARTIAL_WITHDRAWAL})
_QUOTED_LENGTH = 160
_YEAR = re.compile(r"(?<!the )\b(?:19|20)\d\d\b(?!\s+[A-Z])")
_MISSING = re.compile(r"\b[Oo]n\s*(?:,|in accordance|[.;]|$)")
_REFUSALS = {
    "withdrawal-not-accepted": "a notice of withdrawal was received but not accepted by the depositary; it is no act",
    "withdrawal-by-non-party": "a notice of withdrawal was received from a State that was not a party; it is no act",
}


@dataclass(slots=True)
class Told:
    """An act as told so far, by one participant (None: whoever's row carries the note)."""

    who: Participant | None
    act: TreatyAction


@dataclass(slots=True)
class Record:
    """What a note has told so far. `number` is the note's own, `actors` are those who acted last."""

    cast: Cast
    number: int
    told: list[Told] = field(default_factory=list)
    statements: list[tuple[Participant | None, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    group: list[Told] = field(default_factory=list)  # the acts that a next sentence may add to
    actors: tuple[Participant, ...] = ()
    told_on: dt.date | None = None  # the day of the last act or communication, as far as clauses were asked for theirs
    passed: list[Clause] = field(default_factory=list)  # the clauses since then
    again: bool = False  # whether the note tells for a second time what it told before

    def told_act(self, who: Participant | None, act: TreatyAction) -> None:
        """Record an act, or what a second telling of the same act adds to it."""
        same = next((t for t in self.told if (t.who, t.act.kind, t.act.date) == (who, act.kind, act.date)), None)
        if same:
            self.again = True
            same.act = _merged(same.act, act)
        else:
            self.told.append(Told(who, act))
        self.group.append(same or self.told[-1])
        if act.date:
            self.told_on, self.passed = act.date, []

    @property
    def day(self) -> dt.date | None:
        """The day of the last act or communication."""
        days = (m.day for clause in reversed(self.passed) for m in clause.of(Role.ACT) if m.day)
        self.told_on, self.passed = next(days, self.told_on), []
        return self.told_on

    def refuse(self, refused: list[Told], rule: str) -> None:
        """Take back notices that the depositary did not accept, with a finding of this rule."""
        for told in refused:
            self.told.remove(told)
            self.refused(rule, told.who)
        self.group = []

    def refused(self, rule: str, who: Participant | None) -> None:
        """Report a notice that is no act, under one of the rules of refusal."""
        self.findings.append(Finding(Level.NOTE, rule, f"note {self.number}: {_REFUSALS[rule]}", self.cast.key(who)))

    def puzzled(self, clause: Clause) -> None:
        """Report a sentence about leaving whose day is damaged or missing."""
        self.damaged(clause) if incomplete(clause) else self.unclear(clause)

    def damaged(self, clause: Clause) -> None:
        """Hold the row: a day in a sentence about leaving cannot be read."""
        text = f"a date cannot be read in a sentence about leaving: “{short(clause.raw)}”"
        self.find(Level.HOLD, "unreadable-note", text)

    def unclear(self, clause: Clause) -> None:
        """Hold the row: a sentence may tell of a leaving, and the operator has to say whether it does."""
        self.find(Level.HOLD, "unclear-leaving", f"may tell of a leaving, which is not clear: “{short(clause.raw)}”")

    def unread(self, clause: Clause) -> None:
        """Tell the operator of a sentence that may be about leaving and gave no sense."""
        self.find(Level.NOTE, "unread-sentence", f"may be about leaving and was not understood: “{short(clause.raw)}”")

    def find(self, level: Level, rule: str, text: str) -> None:
        """Add a finding on the rows of whoever acted last, on the page where nobody is known."""
        rows = {self.cast.key(row) for actor in (self.actors or (None,)) for row in self.cast.rows(actor)} or {None}
        for row in sorted(rows, key=str):
            finding = Finding(level, rule, f"note {self.number}: {text}", row)
            if finding not in self.findings:
                self.findings.append(finding)


def incomplete(clause: Clause) -> bool:
    """Tell whether a clause means to name a day and does not: a damaged one, a stray year, "on" without a day."""
    spans = [(m.start, m.end) for m, _ in clause.days]
    stray = any(not any(a <= y.start() < b for a, b in spans) for y in _YEAR.finditer(clause.text))
    return stray or any(m.day is None for m, _ in clause.days) or bool(_MISSING.search(clause.text))


def with_effect(act: TreatyAction, effect: Effect) -> TreatyAction:
    """Return the act with what a clause tells of its effect; a stated day outranks a counted one."""
    weaker = effect.basis is Basis.COMPUTED and act.basis is Basis.STATED
    told = effect.day and not weaker
    return replace(
        act,
        effective=effect.day if told else act.effective,
        basis=effect.basis if told else act.basis,
        conditional=act.conditional or effect.conditional,
        took_effect=act.took_effect or effect.past,
        without_effect=act.without_effect and not effect.past,
        article=act.article or effect.article,
    )


def _merged(one: TreatyAction, other: TreatyAction) -> TreatyAction:
    return replace(
        one,
        effective=other.effective or one.effective,
        basis=other.basis or one.basis,
        conditional=one.conditional or other.conditional,
        took_effect=one.took_effect or other.took_effect,
        without_effect=(one.without_effect or other.without_effect) and not other.took_effect,
        article=one.article or other.article,
        notification=one.notification or other.notification,
    )


def short(text: str) -> str:
    """Return at most 160 characters of a sentence, for a finding."""
    folded = " ".join(text.split())
    return folded if len(folded) <= _QUOTED_LENGTH else folded[: _QUOTED_LENGTH - 1] + "…"

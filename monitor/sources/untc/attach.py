"""End notes brought to the participants whom they concern: acts to rows, withdrawn statements to statements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.domain.action import CONSENT, ActionKind, TreatyAction
from monitor.domain.participant import Names, Participant, ParticipantKind
from monitor.domain.participation import Participation
from monitor.domain.snapshot import Finding, Statement, StatementKind
from monitor.sources.untc.grid import Row
from monitor.sources.untc.notes import EndNote, NoteReading, read_note
from monitor.sources.untc.refusal import hold, refuse
from monitor.sources.untc.refusal import note as told

NoteReader = Callable[[EndNote, tuple[Participant, ...], Names], NoteReading]

_LEAVING = frozenset(
    {
        ActionKind.WITHDRAWAL,
        ActionKind.PARTIAL_WITHDRAWAL,
        ActionKind.WITHDRAWAL_RETRACTED,
        ActionKind.SUSPENSION,
        ActionKind.INTENTION_NOT_TO_BECOME_PARTY,
    }
)


@dataclass(frozen=True, slots=True)
class Attached:
    """Participations with the acts of the notes behind those of the grid, and what else the notes tell."""

    participations: tuple[Participation, ...]
    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Gathered:
    """What the notes tell, by participant's key, in the order of the notes."""

    acts: dict[str, list[TreatyAction]] = field(default_factory=lambda: defaultdict(list))
    who: dict[str, Participant] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def attach(
    rows: tuple[Row, ...],
    notes: tuple[EndNote, ...],
    names: Names,
    *,
    strict: bool,
    read: NoteReader = read_note,
) -> Attached:
    """Read every note and give its acts to the participant it names, or to its bearer where it names none.

    An act that the row shows already is not doubled. A participant without a row gets a participation of its own
    only if it left or paused: notes on Czechoslovakia's signature tell of a predecessor, not of a participant.
    `strict` holds a row back whose mark leads to no note: that note may have told of a withdrawal. `read` is the
    grammar of the notes.
    """
    bearers = _bearers(rows)
    gathered = _Gathered()
    for end_note in sorted(notes, key=lambda n: n.number):
        carrying = bearers.get(end_note.number, ())
        _gather(end_note, carrying, read(end_note, carrying, names), gathered)
    findings = (*_dangling(rows, notes, strict=strict), *_doubled(notes, bearers, gathered), *gathered.findings)
    participations = [_with_acts(row, gathered.acts.pop(row.participant.key, [])) for row in rows]
    participations += [p for key, acts in gathered.acts.items() if (p := _without_row(gathered.who[key], acts))]
    return Attached(tuple(participations), tuple(gathered.statements), findings)


def _bearers(rows: tuple[Row, ...]) -> dict[int, tuple[Participant, ...]]:
    bearers: dict[int, tuple[Participant, ...]] = {}
    for row in rows:
        for number in dict.fromkeys(row.notes):
            bearers[number] = (*bearers.get(number, ()), row.participant)
    return bearers


def _gather(end_note: EndNote, bearers: tuple[Participant, ...], reading: NoteReading, gathered: _Gathered) -> None:
    gathered.findings += reading.findings
    for named, act in reading.acts:
        if not (who := _one(named, bearers)):
            text = f"note {end_note.number} tells of an act ({act.kind}) without saying of whom: {end_note.text[:200]}"
            gathered.findings.append(told("act-of-nobody", text))
            continue
        gathered.who.setdefault(who.key, who)
        gathered.acts[who.key].append(act)
    for named, text in reading.withdrawn_statements:
        if who := _one(named, bearers):
            gathered.statements.append(Statement(who, StatementKind.WITHDRAWN, text))


def _one(named: Participant | None, bearers: tuple[Participant, ...]) -> Participant | None:
    return named or (bearers[0] if len(bearers) == 1 else None)


def _with_acts(row: Row, told_acts: list[TreatyAction]) -> Participation:
    if not told_acts:
        return Participation(row.participant, row.actions)
    actions = list(row.actions)
    for act in told_acts:
        if not any(_same(act, shown) for shown in actions):
            actions.append(act)
    return Participation(row.participant, tuple(actions))


def _same(one: TreatyAction, other: TreatyAction) -> bool:
    if one.date != other.date:
        return False
    return one.kind is other.kind or (one.kind in CONSENT and other.kind in CONSENT)


def _without_row(who: Participant, acts: list[TreatyAction]) -> Participation | None:
    if who.kind is ParticipantKind.FORMER_STATE or not any(act.kind in _LEAVING for act in acts):
        return None
    return Participation(who, tuple(acts), in_grid=False)


def _doubled(
    notes: tuple[EndNote, ...], bearers: dict[int, tuple[Participant, ...]], gathered: _Gathered
) -> list[Finding]:
    """Return a hold for each row that a number concerns under which two notes stand: one of them is another's."""
    counted = Counter(n.number for n in notes)
    found = []
    for number in (n for n, count in counted.items() if count > 1):
        told_of = (key for key, acts in gathered.acts.items() if any(a.note == number for a in acts))
        rows = dict.fromkeys((*(who.key for who in bearers.get(number, ())), *told_of))
        found += [hold("note-twice", f"two end notes carry the number {number}", key) for key in rows]
    return found


def _dangling(rows: tuple[Row, ...], notes: tuple[EndNote, ...], *, strict: bool) -> list[Finding]:
    """Return what is wrong with marks whose note is not there: on no document seen is there such a mark."""
    known = {n.number for n in notes}
    marked = [(row.participant, number) for row in rows for number in row.notes if number not in known]
    if marked and not known and strict:
        return [refuse("no-notes", "rows carry note marks, but the page has no end notes at all")]
    finding = hold if strict else told
    return [
        finding("missing-note", f"{who.as_written} carries the mark of note {number}, which is not there", who.key)
        for who, number in marked
    ]

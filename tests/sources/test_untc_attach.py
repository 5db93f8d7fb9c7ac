from __future__ import annotations

from datetime import date

from monitor.domain.action import ActionKind, TreatyAction
from monitor.domain.participant import Names, Participant
from monitor.domain.participation import Participation
from monitor.domain.snapshot import Finding, Level, Statement, StatementKind
from monitor.sources.untc.attach import Attached, NoteReader, attach
from monitor.sources.untc.grid import Row
from monitor.sources.untc.notes import EndNote, NoteReading

Act = tuple[Participant | None, TreatyAction]
LEFT = TreatyAction(kind=ActionKind.WITHDRAWAL, date=date(2020, 5, 1), note=1)
SIGNED = TreatyAction(kind=ActionKind.SIGNATURE, date=date(1990, 1, 1), note=1)
RATIFIED = TreatyAction(kind=ActionKind.RATIFICATION, date=date(2001, 1, 1), bracketed=False)
NOTE = EndNote(1, "A note.")


def saying(*acts: Act, withdrawn: tuple[tuple[Participant | None, str], ...] = ()) -> NoteReader:
    """Return a grammar that finds these acts in every note."""
    return lambda _note, _bearers, _names: NoteReading(acts, withdrawn, ())


def attached(names: Names, read: NoteReader, *rows: Row, strict: bool = True) -> Attached:
    return attach(rows, (NOTE,), names, strict=strict, read=read)


def row(names: Names, who: str, *notes: int) -> Row:
    return Row(names.resolve(who), notes, (None, RATIFIED))


def test_an_act_goes_to_its_single_bearer_behind_those_of_the_grid(names: Names) -> None:
    given = attached(names, saying((None, LEFT)), row(names, "Austria", 1), row(names, "Belgium"))
    assert [p.actions for p in given.participations] == [(RATIFIED, LEFT), (RATIFIED,)]


def test_an_act_goes_to_the_participant_that_the_note_names(names: Names) -> None:
    belgium = names.resolve("Belgium")
    given = attached(names, saying((belgium, LEFT)), row(names, "Austria", 1), row(names, "Belgium"))
    assert [p.actions for p in given.participations] == [(RATIFIED,), (RATIFIED, LEFT)]


def test_an_act_of_nobody_is_told_to_the_operator(names: Names) -> None:
    given = attached(names, saying((None, LEFT)), row(names, "Austria"))
    assert [(f.level, f.rule) for f in given.findings] == [(Level.NOTE, "act-of-nobody")]


def test_one_without_a_row_that_left_is_a_participation_of_its_own(names: Names) -> None:
    jamaica = names.resolve("Jamaica")
    given = attached(names, saying((jamaica, SIGNED), (jamaica, LEFT)), row(names, "Austria"))
    assert given.participations[1] == Participation(jamaica, (SIGNED, LEFT), in_grid=False)


def test_predecessors_and_those_who_never_left_are_no_participation(names: Names) -> None:
    past, jamaica = names.resolve("Czechoslovakia"), names.resolve("Jamaica")
    given = attached(names, saying((past, LEFT), (jamaica, SIGNED)), row(names, "Austria"))
    assert [p.participant.code for p in given.participations] == ["AT"]


def test_an_act_that_the_row_shows_is_not_doubled(names: Names) -> None:
    same = TreatyAction(kind=ActionKind.RATIFICATION, date=RATIFIED.date, note=1)
    otherwise_called = TreatyAction(kind=ActionKind.ACCEPTANCE, date=RATIFIED.date, note=1)
    given = attached(names, saying((None, same), (None, otherwise_called)), row(names, "Austria", 1))
    assert given.participations[0].actions == (RATIFIED,)


def test_withdrawn_statements_are_statements_and_no_acts(names: Names) -> None:
    given = attached(names, saying(withdrawn=((None, "It withdrew its reservation."),)), row(names, "Austria", 1))
    who = names.resolve("Austria")
    assert given.statements == (Statement(who, StatementKind.WITHDRAWN, "It withdrew its reservation."),)
    assert given.participations[0].actions == (RATIFIED,)


def test_findings_of_the_grammar_are_handed_on(names: Names) -> None:
    odd = Finding(Level.NOTE, "unfamiliar-sentence", "It may be about leaving.", "AT")
    given = attached(names, lambda _n, _b, _t: NoteReading((), (), (odd,)), row(names, "Austria", 1))
    assert given.findings == (odd,)


def test_a_mark_without_its_note_holds_the_row_of_a_page_and_is_told_of_an_export(names: Names) -> None:
    for strict, level in ((True, Level.HOLD), (False, Level.NOTE)):
        given = attached(names, saying(), row(names, "Austria", 7), strict=strict)
        assert [(f.level, f.rule, f.row) for f in given.findings] == [(level, "missing-note", "AT")]


def test_two_notes_under_one_number_hold_whom_they_concern(names: Names) -> None:
    belgium = names.resolve("Belgium")
    rows = row(names, "Austria", 1), row(names, "Belgium"), row(names, "Chad")
    given = attach(rows, (NOTE, EndNote(1, "Another.")), names, strict=True, read=saying((belgium, LEFT)))
    assert {(f.level, f.rule, f.row) for f in given.findings} == {
        (Level.HOLD, "note-twice", "AT"),
        (Level.HOLD, "note-twice", "BE"),
    }

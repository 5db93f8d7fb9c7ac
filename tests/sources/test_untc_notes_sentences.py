"""Every phrasing of leaving, pausing and coming back that the grammar knows, and those that only sound so."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.participant import Names, Participant
from monitor.domain.snapshot import Level
from monitor.sources.untc.notes import EndNote, NoteReading, read_note
from monitor.sources.untc.notes.dates import mentions

WRITTEN = tomllib.loads((Path(__file__).parent / "end_notes.toml").read_text("utf-8"))
WITHDRAWAL = ActionKind.WITHDRAWAL


def shown(named: Participant | None, act: TreatyAction, bearers: tuple[Participant, ...]) -> str:
    who = named or bearers[0]
    words = [who.key, act.kind.value, str(act.date or "-")]
    words += [f"{act.effective} {act.basis}"] if act.effective else []
    words += ["past"] * act.took_effect + ["conditional"] * act.conditional
    words += ["without-effect"] * act.without_effect
    words += [f"article {act.article}"] if act.article else []
    return " ".join([*words, act.notification or ""]).strip()


def read(text: str, names: Names, *bearers: str, tables: Any = ()) -> NoteReading:
    return read_note(EndNote(7, text, tables), tuple(names.resolve(b) for b in bearers), names)


@pytest.mark.parametrize("case", WRITTEN["note"], ids=lambda case: case["text"][:60])
def test_a_note_tells_exactly_its_acts(case: dict[str, Any], names: Names) -> None:
    bearers = tuple(names.resolve(b) for b in case["bearers"])
    reading = read(case["text"], names, *case["bearers"])
    assert [shown(who, act, bearers) for who, act in reading.acts] == case["acts"]
    assert sorted({f.rule for f in reading.findings}) == case.get("findings", [])


@pytest.mark.parametrize("bearers", [(), ("Chad",)], ids=["on no row", "on the row"])
@pytest.mark.parametrize("case", WRITTEN["statement"], ids=lambda case: case["text"][:60])
def test_what_only_sounds_like_leaving_is_no_act(case: dict[str, Any], bearers: tuple[str, ...], names: Names) -> None:
    reading = read(case["text"], names, *bearers)
    assert not reading.acts
    assert not [f for f in reading.findings if f.level is Level.HOLD]


def test_a_withdrawn_statement_is_told_with_its_sentence_and_its_state(names: Names) -> None:
    text = "On 5 May 1999, the Government of Chad withdrew its reservation. The text read as follows: it was long."
    assert read(text, names).withdrawn_statements == (
        (names.resolve("Chad"), "On 5 May 1999, the Government of Chad withdrew its reservation."),
    )
    assert read(text, names, "Chad").withdrawn_statements[0][0] is None


def test_an_objection_told_and_withdrawn_later_in_the_note_is_withdrawn(names: Names) -> None:
    text = (
        "On 5 May 1993, the Government of Chad objected to the reservation. The objection was withdrawn on 6 May 1999."
    )
    (withdrawn,) = read(text, names, "Chad").withdrawn_statements
    assert withdrawn == (None, "The objection was withdrawn on 6 May 1999.")


def test_an_intention_to_withdraw_a_statement_withdraws_none(names: Names) -> None:
    text = "On 5 May 1999, the Government of Chad informed the depositary of its intention to withdraw its reservation."
    assert not read(text, names, "Chad").withdrawn_statements


def test_a_note_can_tell_of_a_statement_and_of_a_leaving(names: Names) -> None:
    text = (
        "On 5 May 1999, Chad withdrew its reservation. On 6 June 2001, the Government of Chad denounced the Convention."
    )
    reading = read(text, names, "Chad")
    assert [(act.kind, act.date) for _, act in reading.acts] == [(WITHDRAWAL, dt.date(2001, 6, 6))]
    assert len(reading.withdrawn_statements) == 1


def test_a_note_on_several_rows_that_names_nobody_is_about_each(names: Names) -> None:
    reading = read("Denounced on 5 May 1999.", names, "Chad", "Mali")
    assert [who and who.code for who, _ in reading.acts] == ["TD", "ML"]


def test_a_state_that_bears_no_row_is_named(names: Names) -> None:
    reading = read("On 5 May 1999, the Government of Chad denounced the Protocol.", names)
    assert reading.acts[0][0] == names.resolve("Chad")


def test_every_act_carries_the_note_and_no_brackets(names: Names) -> None:
    _, act = read("On 5 May 1999, the Government of Chad denounced the Protocol.", names, "Chad").acts[0]
    assert (act.note, act.bracketed) == (7, None)


TABLE = (("States:", "Notification received on :", "Effective date:"), ("Chad", "5 May\t 1999", "5 May 2000"))


def test_a_table_tells_one_withdrawal_for_each_row(names: Names) -> None:
    table = (*TABLE, ("Mali", "6 Jun 1999", "6 Jun 2000"))
    text = "In accordance with article 27 (2), the following States notified their decision to withdraw:"
    reading = read(text, names, "Chad", tables=(table,))
    assert [(who and who.code, act.date, act.effective, act.article, act.basis) for who, act in reading.acts] == [
        (None, dt.date(1999, 5, 5), dt.date(2000, 5, 5), "27 (2)", Basis.STATED),
        ("ML", dt.date(1999, 6, 6), dt.date(2000, 6, 6), "27 (2)", Basis.STATED),
    ]


def test_a_table_may_give_both_days_in_one_cell_and_a_column_of_references(names: Names) -> None:
    text = "The following States have notified their withdrawal from the Agreement:"
    both = (("Participant", "Notification (effect)"), ("Mali", "5 May 1999 (5 May 2000)"))
    cited = (
        ("Participant", "Depositary notification", "Date of receipt", "Date of effect"),
        ("Mali", "C.N.5.1999", "5 May 1999", "5 May 2000"),
    )
    for table in (both, cited):
        reading = read(text, names, "Mali", tables=(table,))
        assert [(a.date, a.effective) for _, a in reading.acts] == [(dt.date(1999, 5, 5), dt.date(2000, 5, 5))]
        assert not reading.findings


def test_a_table_of_something_else_tells_no_withdrawal(names: Names) -> None:
    for text in ("The following States withdrew their reservations:", "The Agreement was extended by these States:"):
        assert not read(text, names, "Chad", tables=(TABLE,)).acts


def test_a_damaged_cell_of_a_table_holds_its_row_and_no_other(names: Names) -> None:
    table = (*TABLE, ("Mali", "31 Jun 1999", "6 Jun 2000"))
    reading = read("The following States have denounced the Agreement:", names, tables=(table,))
    assert [who and who.code for who, _ in reading.acts] == ["TD"]
    assert [(f.level, f.rule, f.row) for f in reading.findings] == [(Level.HOLD, "unreadable-note", "ML")]


def test_a_table_of_territories_holds_the_row_of_the_state_that_bears_it(names: Names) -> None:
    table = (TABLE[0], ("Bermuda", "5 May 1999", "5 May 2000"))
    text = "The Government of the United Kingdom denounced the Convention in respect of the following territories:"
    reading = read(text, names, "United Kingdom", tables=(table,))
    assert not reading.acts
    assert [(f.level, f.rule, f.row) for f in reading.findings] == [(Level.HOLD, "unclear-leaving", "GB")]


def test_a_table_without_a_usable_heading_tells_nothing(names: Names) -> None:
    reading = read(
        "The following States have denounced the Agreement:", names, tables=((("a", "b"), ("Chad", "x")), ())
    )
    assert not reading.acts
    assert [f.rule for f in reading.findings] == ["unclear-leaving"]


def test_a_damaged_date_names_the_row_that_it_holds(names: Names) -> None:
    (finding,) = read("On 31 February 2026, the Government of Chad denounced the Convention.", names, "Chad").findings
    assert (finding.level, finding.rule, finding.row) == (Level.HOLD, "unreadable-note", "TD")


def test_a_row_that_bears_a_note_on_others_leaving_alone_is_held(names: Names) -> None:
    text = "On 5 May 2026, Mali and, on 6 May 2026, Chad notified the Secretary-General of their withdrawal."
    reading = read(text, names, "Mali", "Chad")
    assert [who and who.code for who, _ in reading.acts] == ["TD"]
    assert [(f.level, f.rule, f.row) for f in reading.findings] == [(Level.HOLD, "unclear-leaving", "ML")]


def test_what_another_state_says_of_a_notice_changes_no_row(names: Names) -> None:
    notice = "On 5 May 2026, the Government of Chad deposited a notification of withdrawal."
    for said in ("urged Chad to revoke its notification of withdrawal", "regards the withdrawal as null and void"):
        reading = read(f"{notice} On 6 May 2026, the Government of Mali {said}.", names, "Chad")
        assert [(who, act.kind) for who, act in reading.acts] == [(None, WITHDRAWAL)]
        assert not reading.findings


def test_a_finding_quotes_no_more_than_160_characters(names: Names) -> None:
    text = "The Government of Chad has the honour to denounce " + "everything " * 40 + "."
    (finding,) = read(text, names, "Chad").findings
    quoted = finding.text.partition("“")[2].rstrip("”")
    assert finding.rule == "unread-sentence"
    assert len(quoted) == 160


@pytest.mark.parametrize("text", ["on 10 Mai 2017,", "on 27 Juni 2025,", "on 32 March 2017,"])
def test_a_month_of_another_language_or_an_impossible_day_is_a_damaged_date(text: str) -> None:
    assert [mention.day for mention in mentions(text)] == [None]

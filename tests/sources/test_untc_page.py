from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources.untc_forms import HEADINGS, ROWS, grid, mark, page, section, territories

from monitor.domain.action import ActionKind, TreatyAction
from monitor.domain.participant import Names, ParticipantKind
from monitor.domain.snapshot import Finding, Level, Snapshot, Statement, StatementKind, Totals
from monitor.sources.untc.page import UntcPage


def read(names: Names, body: bytes) -> tuple[Snapshot, tuple[Finding, ...]]:
    reading = UntcPage(names).read(body)
    assert reading.snapshot, reading.findings
    return reading.snapshot, reading.findings


def refusal(names: Names, body: bytes, expected: str | None = None) -> str:
    """Return the rule of the first refusal; a refused page gives no snapshot."""
    reading = UntcPage(names).read(body, expected)
    assert reading.snapshot is None
    assert reading.findings[0].level is Level.REFUSE
    assert reading.findings[0].text
    return reading.findings[0].rule


def test_a_page_gives_every_row_with_every_date(names: Names) -> None:
    snapshot, findings = read(names, page())
    assert findings == ()
    assert [p.participant.code for p in snapshot.participations] == ["AT", "BE", "PL", "SE"]
    assert snapshot.participations[0].actions == (
        TreatyAction(kind=ActionKind.SIGNATURE, date=date(1999, 12, 3), bracketed=False),
        TreatyAction(kind=ActionKind.RATIFICATION, date=date(2001, 1, 12), bracketed=False),
    )
    assert [(a.kind, a.bracketed) for a in snapshot.participations[2].actions] == [
        (ActionKind.SIGNATURE, True),
        (ActionKind.ACCEPTANCE, True),
    ]
    assert (snapshot.counted, snapshot.columns, snapshot.form) == (Totals(2, 2), HEADINGS[1:], "page")


@pytest.mark.parametrize("written", ["Sweden{}", "Sweden 1, 2", "Sweden1", "Sweden*", "Sweden (1)", "Sweden<SUP>1"])
def test_note_marks_are_no_part_of_a_name(names: Names, written: str) -> None:
    rows = (*ROWS[:3], (written.format(mark(1, 2)), *ROWS[3][1:]))
    snapshot, _ = read(names, page(table=grid(rows=rows), notes=("See elsewhere.", "See there.")))
    assert snapshot.participations[3].participant.as_written == "Sweden"


def test_a_link_to_declarations_is_no_part_of_a_name(names: Names) -> None:
    linked = "<A href='#EndDec' onclick='return Show(getInnerText(this),\"\",\"_en\");'>Austria</A>" + mark(1)
    snapshot, _ = read(names, page(table=grid(rows=((linked, *ROWS[0][1:]), *ROWS[1:])), notes=("See there.",)))
    assert snapshot.participations[0].participant.as_written == "Austria"


def test_an_unknown_name_is_kept_told_and_blocks_nothing(names: Names) -> None:
    snapshot, findings = read(names, page(table=grid(rows=(("Ruritania", *ROWS[0][1:]), *ROWS[1:]))))
    who = snapshot.participations[0].participant
    assert (who.code, who.name, who.kind) == (None, "Ruritania", ParticipantKind.UNKNOWN)
    assert [(f.level, f.rule, f.row) for f in findings] == [(Level.NOTE, "unknown-name", "Ruritania")]


def test_an_act_that_is_no_consent_keeps_its_heading(names: Names) -> None:
    table = grid((*HEADINGS, "Extension"), [(*row, "1 May\t 2004 <br>") for row in ROWS])
    snapshot, findings = read(names, page(table=table))
    other = snapshot.participations[0].actions[-1]
    assert (other.kind, other.heading, other.date) == (ActionKind.OTHER, "Extension", date(2004, 5, 1))
    assert [f.rule for f in findings] == ["totals-otherwise"]


def test_a_column_without_a_heading_is_held(names: Names) -> None:
    _, findings = read(names, page(table=grid((*HEADINGS[:2], ""), ROWS)))
    assert [(f.level, f.rule) for f in findings if f.level is not Level.NOTE] == [(Level.HOLD, "unknown-column")]


def test_an_unknown_column_is_held_and_read_as_another_act(names: Names) -> None:
    table = grid((HEADINGS[0], "Solemn promise", HEADINGS[2]), ROWS)
    snapshot, findings = read(names, page(table=table, totals="Parties : 2"))
    assert [(f.level, f.rule, f.row) for f in findings] == [(Level.HOLD, "unknown-column", None)]
    assert snapshot.participations[0].actions[0].kind is ActionKind.OTHER


def test_an_ambiguous_date_is_taken_as_the_likelier_word_with_a_note(names: Names) -> None:
    heading = "Definitive signature of the Protocol, Acceptance of the Protocol"
    snapshot, findings = read(
        names, page(table=grid((HEADINGS[0], heading), [(r[0], r[2]) for r in ROWS[:1]]), totals="")
    )
    assert snapshot.participations[0].actions[0].kind is ActionKind.DEFINITIVE_SIGNATURE
    assert {f.rule for f in findings} == {"ambiguous-code", "no-totals"}
    assert all(f.level is Level.NOTE for f in findings)


def row(*cells: str) -> str:
    return grid(rows=(("Austria", *cells), *ROWS[1:]))


@pytest.mark.parametrize(
    ("rule", "table"),
    [
        ("unreadable-cell", row("3 Dec 1999 <br>", "31 Feb 2001 <br>")),
        ("unreadable-cell", row("3 Dec 1999 <br>", "[12 Jan 2001 <br>")),
        ("unreadable-cell", row("3 Dec 1999 <br>", "12 Jan 2001 a<SUP>4</SUP><br>")),
        ("unreadable-cell", row("3 Dec 1999 <br>", "soon")),
        ("unknown-code", row("3 Dec 1999 <br>", "12 Jan 2001 q<br>")),
        ("row-shape", row("3 Dec 1999 <br>")),
        ("row-shape", row("3 Dec 1999 <br>", "12 Jan 2001 <br>", "&nbsp;")),
        ("duplicate-row", grid(rows=(*ROWS, ("Sweden", "&nbsp;", "&nbsp;")))),
        ("duplicate-row", grid(rows=(*ROWS, ("Kingdom of Sweden", "&nbsp;", "&nbsp;"), ROWS[3]))),
        ("unnamed-row", grid(rows=(*ROWS, ("&nbsp;", "3 Dec 1999 <br>", "&nbsp;")))),
        ("unreadable-name", grid(rows=(('Swe"den', *ROWS[0][1:]), *ROWS[1:]))),
        ("empty-grid", grid(rows=())),
        ("no-participants", grid(("Toy", *HEADINGS[1:]))),
        ("no-columns", grid(HEADINGS[:1], (("Austria",),))),
        ("several-grids", grid() + grid()),
        ("truncated", grid().replace("</table>", "")),
        ("no-grid", ""),
        ("totals-disagree", grid(rows=ROWS[1:])),
        ("totals-disagree", grid(rows=(("Austria", *ROWS[0][1:2], "[12 Jan\t 2001 ]<br>"), *ROWS[1:]))),
    ],
)
def test_a_damaged_grid_is_refused(names: Names, rule: str, table: str) -> None:
    assert refusal(names, page(table=table)) == rule


def test_the_refusal_of_a_cell_names_row_column_and_what_was_found(names: Names) -> None:
    reading = UntcPage(names).read(page(table=row("3 Dec 1999 <br>", "soon")))
    assert reading.findings[0].row == "AT"
    assert all(part in reading.findings[0].text for part in ("Austria", "Ratification, Acceptance(A)", '"soon"'))


def test_every_fault_of_a_grid_is_told_at_once(names: Names) -> None:
    reading = UntcPage(names).read(page(table=grid(rows=(("Austria", "soon", "later"), *ROWS[1:]))))
    assert [f.rule for f in reading.findings] == ["unreadable-cell", "unreadable-cell"]


def test_totals_that_disagree_are_told_with_both_figures(names: Names) -> None:
    reading = UntcPage(names).read(page(totals="Signatories : 2. Parties : 9"))
    assert [f.text for f in reading.findings] == ["Parties: 9 printed, 2 counted in the rows"]


def test_no_signatories_printed_agree_with_no_column_of_signatures(names: Names) -> None:
    table = grid((HEADINGS[0], HEADINGS[2]), [(r[0], r[2]) for r in ROWS[:3]])
    _, findings = read(names, page(table=table, totals="Signatories : 0. Parties : 2"))
    assert findings == ()
    assert refusal(names, page(table=table, totals="Signatories : 1. Parties : 2")) == "totals-disagree"


def test_a_page_without_totals_is_read_with_a_note(names: Names) -> None:
    _, findings = read(names, page(totals=""))
    assert [(f.level, f.rule) for f in findings] == [(Level.NOTE, "no-totals")]


def test_a_page_without_a_stamp_is_read_with_a_note(names: Names) -> None:
    snapshot, findings = read(names, page(stamp=""))
    assert snapshot.header.as_at is None
    assert [(f.level, f.rule) for f in findings] == [(Level.NOTE, "no-stamp")]


def test_a_blank_row_is_kept_with_a_note(names: Names) -> None:
    snapshot, findings = read(names, page(table=grid(rows=(*ROWS, ("China", "&nbsp;", "&nbsp;")))))
    assert snapshot.participations[-1].actions == ()
    assert [(f.level, f.rule, f.row) for f in findings] == [(Level.NOTE, "blank-row", "CN")]


def test_the_page_of_another_treaty_is_refused(names: Names) -> None:
    assert refusal(names, page(), expected="XXVI-6") == "other-treaty"
    assert UntcPage(names).read(page(), expected="XXVI-5").snapshot


def test_a_page_without_a_number_is_refused(names: Names) -> None:
    assert refusal(names, page(number="")) == "no-number"
    assert refusal(names, page(chapter="")) == "no-number"


HTML = "<!DOCTYPE html><html><body>{}</body></html>"


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("empty-document", b""),
        ("empty-document", b" \r\n "),
        ("not-a-page", b"just words"),
        ("not-a-page", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xed\xbdkw\x1b"),
        (
            "maintenance",
            HTML.format("The site is currently unavailable for urgent maintenance.").encode(),
        ),
        ("login-page", HTML.format("<input name='p' type='password'>").encode()),
        ("no-grid", HTML.format("Nothing here.").encode()),
        ("truncated", b"<!DOCTYPE html><html><body>Nothing"),
    ],
)
def test_what_is_no_status_page_is_refused_with_its_reason(names: Names, rule: str, body: bytes) -> None:
    assert refusal(names, body) == rule


def test_a_page_cut_anywhere_is_refused(names: Names) -> None:
    whole = page(below=section("dgDec", [("Austria", "We like toys.")]), notes=("A note.",)).rstrip()
    for end in range(0, len(whole) - 1, 97):
        assert UntcPage(names).read(whole[:end]).refused, end


def test_a_section_with_a_piece_missing_is_refused(names: Names) -> None:
    said = section("dgDec", [("Austria", "We like toys."), ("Belgium", "So do we.")])
    start = said.index("We like")
    assert refusal(names, page(below=said[:start] + said[said.index("divText", start) :])) == "truncated"
    assert refusal(names, page(below=said.replace("</table>", ""))) == "truncated"


def test_marks_without_any_notes_are_refused_and_one_missing_note_holds_its_row(names: Names) -> None:
    marked = grid(rows=((f"Austria{mark(2)}", *ROWS[0][1:]), *ROWS[1:]))
    assert refusal(names, page(table=marked)) == "no-notes"
    _, findings = read(names, page(table=marked, notes=("Only the first.",)))
    assert [(f.level, f.rule, f.row) for f in findings] == [(Level.HOLD, "missing-note", "AT")]


def test_statements_are_read_by_section_without_markup_or_marks(names: Names) -> None:
    stray = "</n></i></p>&nbsp;&nbsp;We  like<br>toys<SUP><A href='#1'>1</A></SUP> &amp; <I>kites</i>.</div></div>"
    below = (
        section("dgDec", [(f"Austria{mark(1)}", stray), ("Belgium", "")])
        + section("dgObj", [("Sweden", "We do not.")])
        + section("dgDecUnderArticle", [("Belgium", "")])
        + section("dgNotifications", [("Poland", "Address changed.")], part="NotificationText")
    )
    snapshot, _ = read(names, page(below=below, notes=("A note.",)))
    assert [(s.participant.code, s.kind, s.text) for s in snapshot.statements] == [
        ("AT", StatementKind.DECLARATION, "We like toys & kites."),
        ("SE", StatementKind.OBJECTION, "We do not."),
        ("BE", StatementKind.ARTICLE_DECLARATION, ""),
        ("PL", StatementKind.NOTIFICATION, "Address changed."),
    ]


def test_territories_are_read_line_by_line_and_a_nameless_line_goes_on(names: Names) -> None:
    below = territories(
        [
            ("Sweden <SUP><A href='#1'>1</A> </superscript>", "16 May 1978", "Isles of Toys"),
            ("&nbsp;", "2 Jun 1981", "Kite Coast"),
        ]
    )
    snapshot, _ = read(names, page(below=below, notes=("A note.",)))
    texts = ["16 May 1978: Isles of Toys", "2 Jun 1981: Kite Coast"]
    who = snapshot.participations[3].participant
    assert list(snapshot.statements) == [Statement(who, StatementKind.TERRITORY, text) for text in texts]


def test_mixed_case_tags_and_unclosed_cells_are_survived(names: Names) -> None:
    table = grid().replace("<td>", "<TD>").replace("</td>", "").replace("</tr>", "</TR>")
    assert read(names, page(table=table))[0].participations == read(names, page())[0].participations


def test_a_page_in_windows_1252_is_read_with_a_note(names: Names) -> None:
    body = page(table=grid(rows=(("Türkiye", *ROWS[0][1:]), *ROWS[1:]))).decode().encode("cp1252")
    snapshot, findings = read(names, body)
    assert snapshot.participations[0].participant.code == "TR"
    assert [(f.level, f.rule) for f in findings] == [(Level.NOTE, "encoding")]


def test_bytes_that_are_no_text_refuse_a_name_and_hold_a_page(names: Names) -> None:
    umlaut = page(table=grid(rows=(("Türkiye", *ROWS[0][1:]), *ROWS[1:])), remarks="Paper").replace(
        b"Paper", b"Pa\xffper"
    )
    assert [(f.level, f.rule) for f in read(names, umlaut)[1]] == [(Level.HOLD, "undecodable")]
    assert refusal(names, umlaut.replace(b"Belgium", b"Bel\xffgium")) == "unreadable-name"


def test_the_reader_tells_its_own_pages_by_content(names: Names) -> None:
    reader = UntcPage(names)
    assert reader.recognises(page())
    assert not reader.recognises(b"")
    assert not reader.recognises(b"<html>another depositary</html>")
    assert not reader.recognises(b"<?xml version='1.0'?><Document><Treaty/></Document>")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_bytes_make_the_reader_raise(names: Names, data: st.DataObject) -> None:
    body = bytearray(page(below=section("dgDec", [("Austria", "We like toys.")]), notes=("One.", "Two.")))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 400))] = data.draw(st.binary(max_size=20))
    reading = UntcPage(names).read(bytes(body))
    assert (reading.snapshot is None) == reading.refused
    assert not any(f.rule == "reader-failed" for f in reading.findings)


@given(st.binary(max_size=400))
def test_bytes_that_are_no_page_are_refused(names: Names, body: bytes) -> None:
    assert UntcPage(names).read(body).refused

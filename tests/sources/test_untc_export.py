from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources.untc_forms import HEADINGS, export

from monitor.domain.action import ActionKind
from monitor.domain.participant import Names
from monitor.domain.snapshot import Finding, Level, Snapshot, StatementKind, Totals
from monitor.sources.untc.export import UntcExport

DECLARED = """<Declarations><Declaration><Participant>Austria&lt;superscript&gt;1&lt;/superscript&gt;</Participant>
<text type="title">Declaration:</text>
<text type="para">We like &lt;i&gt;toys&lt;/i&gt; &amp;amp; kites.</text></Declaration>
<Declaration><Participant>Belgium</Participant></Declaration></Declarations>
<TerritorialApplications show="YES"><Application><Participant>Sweden</Participant>
<DateNotification>16 May 1978</DateNotification><Territories>Isles of Toys</Territories></Application>
</TerritorialApplications>"""


def read(names: Names, body: bytes) -> tuple[Snapshot, tuple[Finding, ...]]:
    reading = UntcExport(names).read(body)
    assert reading.snapshot, reading.findings
    return reading.snapshot, reading.findings


def refusal(names: Names, body: bytes, expected: str | None = None) -> str:
    reading = UntcExport(names).read(body, expected)
    assert reading.snapshot is None
    return reading.findings[0].rule


def test_an_export_gives_what_a_page_gives_without_a_stamp(names: Names) -> None:
    snapshot, findings = read(names, export())
    assert findings == ()
    assert (snapshot.form, snapshot.header.reference, snapshot.header.stamp) == ("export", "XXVI-5", None)
    assert (snapshot.header.title, snapshot.header.concluded) == ("Convention on Paper Windmills", date(1999, 9, 1))
    assert snapshot.header.entry_into_force == date(2000, 3, 1)
    assert snapshot.counted == snapshot.header.stated == Totals(2, 2)
    assert [p.participant.code for p in snapshot.participations] == ["AT", "BE", "PL", "SE"]
    assert [(a.kind, a.bracketed) for a in snapshot.participations[2].actions] == [
        (ActionKind.SIGNATURE, True),
        (ActionKind.ACCEPTANCE, True),
    ]


def test_sub_numbers_and_parts_of_chapters_are_read(names: Names) -> None:
    sub = "<Numsect>2</Numsect><Subnumsect>a</Subnumsect><Subtitlesect>Protocol on Kites</Subtitlesect>"
    header = read(names, export(number=sub))[0].header
    assert (header.reference, header.title) == ("XXVI-2-a", "Protocol on Kites")


def test_escaped_note_marks_are_no_part_of_names_and_lead_to_notes(names: Names) -> None:
    rows = (
        ("Austria<superscript>1,2</superscript>", "3 Dec 1999", "12 Jan 2001"),
        ("Belgium", "", "14 Feb 2002 a"),
        ("Sweden", "21 Dec 1999", ""),
    )
    snapshot, findings = read(names, export(rows=rows, notes=("<text>See there.</text>",)))
    assert snapshot.participations[0].participant.as_written == "Austria"
    assert [(f.level, f.rule, f.row) for f in findings] == [(Level.NOTE, "missing-note", "AT")]


def test_statements_and_territories_are_read(names: Names) -> None:
    snapshot, _ = read(names, export(below=DECLARED, notes=("<text>A note.</text>",)))
    assert [(s.participant.code, s.kind, s.text) for s in snapshot.statements] == [
        ("AT", StatementKind.DECLARATION, "Declaration: We like toys & kites."),
        ("SE", StatementKind.TERRITORY, "16 May 1978: Isles of Toys"),
    ]


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("empty-document", b""),
        ("truncated", export()[:-60]),
        ("doctype", export().replace(b"<Document>", b'<!DOCTYPE x [<!ENTITY e "boom">]><Document>')),
        ("not-an-export", b"<Document><Other/></Document>"),
        ("no-number", export(chapter="")),
        ("no-grid", export().replace(b"Participants>", b"Guests>")),
        ("empty-grid", export(rows=())),
        ("row-shape", export(rows=(("Austria", "3 Dec 1999"),))),
        ("unreadable-cell", export(rows=(("Austria", "3 Dec 1999", "30 Feb 2001"),))),
        ("totals-disagree", export(totals="<Parties>7</Parties>")),
    ],
)
def test_a_damaged_export_is_refused(names: Names, rule: str, body: bytes) -> None:
    assert refusal(names, body) == rule


def test_the_export_of_another_treaty_is_refused(names: Names) -> None:
    assert refusal(names, export(), expected="XXVI-6") == "other-treaty"


def test_characters_cut_to_a_byte_are_mended_with_a_note(names: Names) -> None:
    note = "<text>The term \x1ctoy\x1d is understood as \x1c=5<0: & 0=8\x1d.</text>"
    snapshot, findings = read(names, export(notes=(note,)))
    assert len(snapshot.participations) == 4
    assert [(f.level, f.rule) for f in findings] == [(Level.NOTE, "control-characters"), (Level.NOTE, "recovered")]


def test_broken_markup_is_salvaged_and_held(names: Names) -> None:
    broken = export(notes=("<text>A <b>bold note.</text>",))
    broken = broken.replace(b"Austria", b"Austria&lt;superscript&gt;1&lt;/superscript&gt;")
    snapshot, findings = read(names, broken)
    assert [p.participant.code for p in snapshot.participations] == ["AT", "BE", "PL", "SE"]
    assert [(f.level, f.rule) for f in findings] == [(Level.HOLD, "recovered")]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-8"])
def test_declared_encodings_are_obeyed(names: Names, encoding: str) -> None:
    rows = (
        ("Côte d'Ivoire", "3 Dec 1999", "12 Jan 2001"),
        ("Belgium", "", "14 Feb 2002 a"),
        ("Sweden", "21 Dec 1999", ""),
    )
    snapshot, findings = read(names, export(rows=rows, encoding=encoding))
    assert snapshot.participations[0].participant.code == "CI"
    assert findings == ()


def test_a_byte_order_mark_and_utf8_under_a_false_declaration_are_read(names: Names) -> None:
    body = export(rows=(("Türkiye", "", "12 Jan 2001"),), totals="<Parties>1</Parties>")
    for version in (b"\xef\xbb\xbf" + body, body.replace(b'encoding="utf-8"', b'encoding="iso-8859-1"')):
        assert read(names, version)[0].participations[0].participant.code == "TR"


def rows_of(*cells: tuple[str, str, str]) -> bytes:
    names = ("Austria", "Belgium", "Sweden")
    return export(
        headings=("Participant", "Participation by virtue of the Protocol", "Accession(a), Ratification"),
        rows=[(name, *row[1:]) for name, row in zip(names, cells, strict=True)],
        totals="<Parties>3</Parties>",
    )


def test_parties_spread_over_columns_are_counted_together_with_a_note(names: Names) -> None:
    body = rows_of(("", "3 Dec 1999", ""), ("", "", "4 Dec 1999 a"), ("", "5 Dec 1999", ""))
    snapshot, findings = read(names, body)
    assert snapshot.counted.parties == 3
    assert [(f.level, f.rule) for f in findings] == [(Level.NOTE, "totals-otherwise")]


def test_a_last_column_that_is_no_consent_is_not_counted(names: Names) -> None:
    rows = (("Austria", "3 Dec 1999", "12 Jan 2001", ""), ("Belgium", "4 Dec 1999", "14 Feb 2002 a", "1 May 2003"))
    _, findings = read(names, export(headings=(*HEADINGS, "Notification under article 25"), rows=rows))
    assert [f.rule for f in findings] == ["totals-otherwise"]


def test_the_blank_row_that_the_depositary_counts_in_one_export_is_a_note(names: Names) -> None:
    rows = (("Austria", "3 Dec 1999", "12 Jan 2001"), ("China", "", ""), ("Belgium", "4 Dec 1999", ""))
    _, findings = read(names, export(chapter="CHAPTER V", number="<Numsect>3</Numsect>", rows=rows))
    assert {(f.level, f.rule) for f in findings} == {(Level.NOTE, "blank-row"), (Level.NOTE, "totals-otherwise")}


def test_a_blank_row_that_is_counted_anywhere_else_has_lost_its_dates(names: Names) -> None:
    rows = (("Austria", "3 Dec 1999", "12 Jan 2001"), ("China", "", ""), ("Belgium", "4 Dec 1999", ""))
    assert refusal(names, export(rows=rows)) == "totals-disagree"


def test_more_parties_than_rows_could_give_are_refused_however_many_columns(names: Names) -> None:
    body = rows_of(("", "3 Dec 1999", ""), ("", "", "4 Dec 1999 a"), ("", "[5 Dec 1999 ]", ""))
    assert refusal(names, body) == "totals-disagree"


def test_a_block_of_zero_bytes_refuses_the_export(names: Names) -> None:
    body = export(below=DECLARED)
    at = body.index(b"<Declarations>")
    assert refusal(names, body[:at] + b"\0" * 64 + body[at + 64 :]) == "not-an-export"


def test_the_reader_tells_its_own_exports_by_content(names: Names) -> None:
    reader = UntcExport(names)
    assert reader.recognises(export())
    assert not reader.recognises(b"<html><Document><Treaty></html>")
    assert not reader.recognises(b"")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_bytes_make_the_reader_raise(names: Names, data: st.DataObject) -> None:
    body = bytearray(export(below=DECLARED, notes=("<text>A note.</text>",)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 300))] = data.draw(st.binary(max_size=20))
    reading = UntcExport(names).read(bytes(body))
    assert (reading.snapshot is None) == reading.refused
    assert not any(f.rule == "reader-failed" for f in reading.findings)

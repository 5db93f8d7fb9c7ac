"""The depositary's real pages and exports, read from where they are kept (never copied here)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from monitor.domain.action import ActionKind
from monitor.domain.participant import Names
from monitor.domain.snapshot import Level, Reading, Snapshot, StatementKind, Totals
from monitor.sources.interface import recognise
from monitor.sources.registry import readers

PAGES = {
    "att": ("XXVI-8", 142, Totals(130, 117)),
    "cat": ("IV-9", None, Totals(83, 175)),
    "ccm": ("XXVI-6", 125, Totals(107, 112)),
    "ccw_art1": ("XXVI-2-c", 90, Totals(None, 90)),
    "ccw_p4": ("XXVI-2-a", 111, Totals(None, 111)),
    "cerd": ("IV-2", None, Totals(88, 182)),
    "cmw": ("IV-13", None, Totals(40, 60)),
    "crpd": ("IV-15", None, Totals(164, 193)),
    "ctbt": ("XXVI-4", 187, Totals(187, 178)),
    "enmod": ("XXVI-1", 94, Totals(48, 78)),
    "iccpr_op1": ("IV-5", None, Totals(35, 116)),
    "ottawa": ("XXVI-5", 166, Totals(132, 162)),
}
STRUCTURAL = {
    "II-1": "totals-otherwise",
    "VI-18": "totals-otherwise",
    "XIV-7": "totals-otherwise",
    "VI-12-a": "no-totals",
}
RULES_OF_TOTALS = {"totals-otherwise", "no-totals", "totals-differ"}


@pytest.fixture(scope="session")
def read(names: Names, real_page: Callable[[str], bytes]) -> Callable[[str], Reading]:
    available = readers(names)

    def one(name: str) -> Reading:
        body = real_page(name)
        reader = recognise(body, available.values())
        assert reader
        assert reader.key == ("untc" if name.endswith(".html") else "untc-xml")
        assert reader.fingerprint(body)
        return reader.read(body)

    return one


def snapshot(reading: Reading) -> Snapshot:
    assert reading.snapshot, reading.findings
    assert not [f for f in reading.findings if f.level is not Level.NOTE]
    return reading.snapshot


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_whole_and_reconciles(read: Callable[[str], Reading], name: str) -> None:
    reading = read(f"html/{name}.html")
    got = snapshot(reading)
    reference, rows, totals = PAGES[name]
    assert got.header.reference == reference
    assert got.header.stamp == datetime(2026, 2, 3, 10, 16, 18)  # noqa: DTZ001 - the page's own clock
    assert got.header.stated == got.counted == totals
    assert rows is None or sum(p.in_grid for p in got.participations) == rows
    assert not {f.rule for f in reading.findings} & {*RULES_OF_TOTALS, "unknown-name", "ambiguous-code"}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_whose_headings_lost_their_commas_reads_the_same(
    names: Names, real_page: Callable[[str], bytes], name: str
) -> None:
    body = real_page(f"html/{name}.html")
    reader = recognise(body, readers(names).values())
    assert reader
    usual = snapshot(reader.read(body))
    for heading in usual.columns:
        body = body.replace(heading.encode(), heading.replace(",", "").encode())
    slipped = snapshot(reader.read(body))
    assert "," not in "".join(slipped.columns)
    assert slipped.participations == usual.participations


def exports() -> list[str]:
    return ["II-1", "IV-13", "IV-5", "IX-4", "VI-12-a", "VI-18", "VIII-1", "X-8", "XII-5", "XIV-7", "XIX-41-a"] + [
        f"XXVI-{n}" for n in ("1", "2-a", "2-c", "4", "5", "6", "8")
    ] + [f"XXVII-{n}" for n in ("10", "7-a", "7-b", "7-d")]  # fmt: skip


@pytest.mark.parametrize("reference", exports())
def test_an_export_reads_whole_and_reconciles(read: Callable[[str], Reading], reference: str) -> None:
    reading = read(f"xml/{reference}.en.xml")
    got = snapshot(reading)
    assert (got.header.reference, got.header.stamp, got.form) == (reference, None, "export")
    assert got.header.stated.parties in {got.counted.parties, None}
    assert got.header.stated.signatories in {got.counted.signatories, None}
    assert {f.rule for f in reading.findings} & RULES_OF_TOTALS == {*filter(None, [STRUCTURAL.get(reference)])}
    assert not [f for f in reading.findings if f.rule in {"unknown-name", "recovered", "missing-note"}]


def test_every_page_at_hand_is_in_the_table_above(treaty_pages: Path) -> None:
    assert {p.stem for p in (treaty_pages / "html").glob("*.html")} == set(PAGES)
    assert {p.name.removesuffix(".en.xml") for p in (treaty_pages / "xml").glob("*.xml")} == set(exports())


def test_no_act_is_older_than_the_oldest_instrument(read: Callable[[str], Reading]) -> None:
    for name in [f"html/{p}.html" for p in PAGES] + [f"xml/{e}.en.xml" for e in exports()]:
        got = snapshot(read(name))
        earliest = got.header.earliest
        assert earliest
        dates = [a.date for p in got.participations for a in p.actions if a.from_grid and a.date]
        assert min(dates) >= earliest, name


@pytest.mark.parametrize(
    ("name", "earliest"),
    [
        ("html/ottawa.html", date(1997, 9, 18)),
        ("html/ccw_art1.html", date(2001, 12, 21)),
        ("xml/VI-18.en.xml", date(1961, 1, 1)),
        ("xml/VIII-1.en.xml", date(1923, 9, 12)),
        ("xml/VI-12-a.en.xml", date(1936, 1, 1)),
    ],
)
def test_the_oldest_instrument_is_the_one_named(read: Callable[[str], Reading], name: str, earliest: date) -> None:
    assert snapshot(read(name)).header.earliest == earliest


def test_the_mine_ban_page_shows_its_header_and_its_brackets(read: Callable[[str], Reading]) -> None:
    got = snapshot(read("html/ottawa.html"))
    assert (got.header.concluded, got.header.entry_into_force) == (date(1997, 9, 18), date(1999, 3, 1))
    estonia = got.find("EE")
    assert estonia
    assert (estonia.actions[0].kind, estonia.actions[0].date) == (ActionKind.ACCESSION, date(2004, 5, 12))
    assert estonia.actions[0].bracketed is True
    kinds = [s.kind for s in got.statements]
    assert kinds.count(StatementKind.DECLARATION) == 11
    assert kinds.count(StatementKind.ARTICLE_DECLARATION) == 5


def test_a_treaty_not_in_force_has_no_entry_into_force(read: Callable[[str], Reading]) -> None:
    assert snapshot(read("html/ctbt.html")).header.entry_into_force is None
    assert snapshot(read("xml/XXVII-7-b.en.xml")).header.entry_into_force is None


def test_territories_are_statements(read: Callable[[str], Reading]) -> None:
    told = [s for s in snapshot(read("html/enmod.html")).statements if s.kind is StatementKind.TERRITORY]
    assert [(s.participant.code, s.text[:12]) for s in told] == [("GB", "16 May 1978:")]


@pytest.mark.parametrize("name", [*PAGES])
def test_a_real_page_with_a_new_view_state_and_stamp_has_the_same_fingerprint(
    names: Names, real_page: Callable[[str], bytes], name: str
) -> None:
    body = real_page(f"html/{name}.html")
    reader = readers(names)["untc"]
    start = body.index(b'value="', body.index(b"__VIEWSTATE")) + 7
    other = (body[:start] + b"AAAA" + body[start:]).replace(b"03-02-2026 10:16:18", b"09-02-2026 11:00:01")
    assert reader.fingerprint(other) == reader.fingerprint(body) is not None


@pytest.mark.parametrize("name", ["html/att.html", "html/ottawa.html", "xml/XXVI-5.en.xml"])
def test_a_real_page_cut_anywhere_is_refused(names: Names, real_page: Callable[[str], bytes], name: str) -> None:
    body = real_page(name).rstrip()
    reader = readers(names)["untc" if name.endswith(".html") else "untc-xml"]
    for part in range(1, 12):
        assert reader.read(body[: len(body) * part // 12]).refused

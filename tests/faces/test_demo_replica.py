from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.snapshot import Totals
from monitor.faces.demo.replica import (
    MINE_BAN_COLUMNS,
    Cell,
    ReplicaRow,
    ReplicaStatement,
    ReplicaTerritory,
    ReplicaTreaty,
    write_page,
)

P = "ctl00_ctl00_ContentPlaceHolder1_ContentPlaceHolderInnerPage_"
STAMP = datetime(2025, 7, 3, 10, 16, 18)  # noqa: DTZ001 - the depositary's local time, as the page prints it
ALBANIA = ReplicaRow("Albania", (Cell(date(1998, 9, 8)), Cell(date(2000, 2, 29))))
ESTONIA = ReplicaRow("Estonia", (None, Cell(date(2004, 5, 12), "a")), ("First note.", "Second note."))
LITHUANIA = ReplicaRow("Lithuania", (Cell(date(1999, 2, 26)), Cell(date(2003, 5, 12))), ("Third note.",))
TREATY = ReplicaTreaty(
    reference="XXVI-5",
    title="Convention on Replicas",
    chapter_name="DISARMAMENT",
    place_and_date="Oslo, 18 September 1997",
    in_force="1 March 1999, by article 17 (1).",
    columns=MINE_BAN_COLUMNS,
    rows=(ALBANIA, ESTONIA, LITHUANIA),
)


def soup(treaty: ReplicaTreaty) -> BeautifulSoup:
    return BeautifulSoup(write_page(treaty, STAMP), "lxml")


def text(page: BeautifulSoup, identifier: str) -> str:
    found = page.find(id=P + identifier)
    assert found is not None, identifier
    return " ".join(found.get_text(" ").split())


def rows(page: BeautifulSoup) -> list[list[str]]:
    grid = page.find(id=P + "tblgrid")
    assert grid is not None
    return [[" ".join(td.get_text().split()) for td in tr.find_all("td")] for tr in grid.find_all("tr")]


def test_a_page_carries_stamp_chapter_number_title_and_dates_where_the_depositary_puts_them() -> None:
    page = soup(TREATY)
    assert text(page, "div3") == "STATUS AS AT : 03-07-2025 10:16:18 EDT"
    assert text(page, "rptHead_ctl00_tcHead") == "CHAPTER XXVI"
    assert text(page, "rptTreaty_ctl00_tcTreaty") == "5. Convention on Replicas"
    assert text(page, "rptTreaty_ctl00_tcText") == "Oslo, 18 September 1997"
    assert text(page, "rptEIF_ctl00_tcEifLabel") == "Entry into force"
    assert text(page, "rptEIF_ctl00_tcText").startswith("1 March 1999")


def test_a_treaty_not_in_force_says_so() -> None:
    assert text(soup(replace(TREATY, in_force="")), "rptEIF_ctl00_tcEifLabel") == "Not yet in force"


@pytest.mark.parametrize(("reference", "printed"), [("XXVI-2-c", "2. c Convention"), ("IV-11", "11. Convention")])
def test_a_number_prints_as_section_and_part(reference: str, printed: str) -> None:
    page = soup(replace(TREATY, reference=reference))
    assert text(page, "rptTreaty_ctl00_tcTreaty").startswith(printed)


def test_the_path_names_the_chapter_as_a_number() -> None:
    assert "mtdsg_no=XXVI-5&chapter=26&" in TREATY.path
    assert "chapter=4&" in replace(TREATY, reference="IV-9").path


def test_a_page_links_its_export_in_the_volume_of_its_chapter() -> None:
    assert "/Volume%20II/Chapter%20XXVI/XXVI-5.en.xml" in write_page(TREATY, STAMP).decode()
    assert replace(TREATY, reference="IV-9").export_path.startswith("/doc/Publication/MTDSG/Volume%20I/Chapter%20IV/")


def test_the_marks_between_the_parts_of_a_page_stand_in_the_depositarys_order() -> None:
    page = write_page(replace(TREATY, objections=(ReplicaStatement("Albania", "Objects."),)), STAMP).decode()
    marks = ["tblgrid", "divnew", "Table2", "Table1", "tblMain", "divParentDecTitle", "divParentObjTitle", "dgObj"]
    marks += ["divParentDecArt", "divParentNotification", "tblDec", "divNotes", "dgNotesAll", "tclnkNote"]
    places = [page.index(f'id="{P}{mark}"') for mark in marks]
    assert places == sorted(places)


def test_cells_are_padded_coded_and_bracketed_like_the_depositarys() -> None:
    page = write_page(replace(TREATY, rows=(ALBANIA, ESTONIA.bracketed(), LITHUANIA.bracketed())), STAMP)
    assert b"<td> &nbsp;8 Sep\t 1998 <br></td>" in page
    assert b"<td>&nbsp;</td>" in page
    assert b"<td>[12 May\t 2004 a]<br></td>" in page
    assert b"<td>[26 Feb\t 1999 ]<br></td>" in page


def test_notes_are_numbered_through_the_page_and_stand_at_its_end() -> None:
    page = soup(TREATY)
    assert [row[0] for row in rows(page)] == ["Participant", "Albania", "Estonia 1, 2", "Lithuania 3"]
    assert text(page, "dgNotesAll_ctl02_divNotesAll") == "1 First note."
    assert text(page, "dgNotesAll_ctl04_divNotesAll") == "3 Third note."


def test_totals_are_what_the_rows_add_up_to_without_the_bracketed() -> None:
    assert TREATY.totals == Totals(2, 3)
    left = replace(TREATY, rows=(ALBANIA, ESTONIA.bracketed(), LITHUANIA.bracketed()))
    assert text(soup(left), "rptStatus_ctl00_tcText") == "Signatories : 1. Parties : 1"


def test_totals_can_be_wrong_or_missing_where_a_test_wants_it() -> None:
    assert "Parties : 99" in text(soup(replace(TREATY, stated=Totals(2, 99))), "rptStatus_ctl00_tcText")
    assert soup(replace(TREATY, stated=Totals(None, None))).find(id=P + "rptStatus_ctl00_tcText") is None


def test_a_treaty_without_a_signature_column_prints_no_signatories() -> None:
    treaty = replace(TREATY, columns=("Accession(a)",), rows=(ReplicaRow("Tonga", (Cell(date(2025, 6, 25), "a"),)),))
    assert text(soup(treaty), "rptStatus_ctl00_tcText") == "Parties : 1"


def test_statements_and_territories_have_their_sections_and_link_their_rows() -> None:
    treaty = replace(
        TREATY,
        declarations=(ReplicaStatement("Albania", "Says <this> & that."),),
        territories=(ReplicaTerritory("Lithuania", date(2001, 1, 2), "Elsewhere"),),
    )
    page = soup(treaty)
    assert text(page, "dgDec_ctl02_divParticipant") == "Albania"
    assert text(page, "dgDec_ctl02_divText").endswith("Says <this> & that.")
    assert text(page, "tblDec").endswith("Lithuania 2 Jan 2001 Elsewhere")
    assert page.find("a", string="Albania", onclick=re.compile("ShowDeclarations")) is not None
    assert page.find(id=P + "dgObj") is None


def test_every_line_ends_with_carriage_return_and_line_feed() -> None:
    page = write_page(TREATY, STAMP)
    assert page.count(b"\n") == page.count(b"\r\n") > 100


def test_the_seed_decides_the_noise_and_nothing_else() -> None:
    one, same, other = (write_page(TREATY, STAMP, seed) for seed in (1, 1, 2))
    assert one == same != other
    state = rb'id="__(VIEWSTATE|EVENTVALIDATION)" value="[^"]+"'
    assert re.sub(state, b"", one) == re.sub(state, b"", other)


def test_a_row_that_is_new_takes_its_place_by_name_and_a_known_one_is_replaced() -> None:
    tonga = ReplicaRow("Belize", (None, None))
    assert [r.name for r in TREATY.with_row(tonga).rows] == ["Albania", "Belize", "Estonia", "Lithuania"]
    assert TREATY.with_row(ALBANIA.bracketed()).row("Albania") == ALBANIA.bracketed()


@given(
    name=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1).map(str.strip)
)
def test_no_name_can_break_out_of_its_cell(name: str) -> None:
    page = soup(replace(TREATY, rows=(ALBANIA, ReplicaRow(name, (None, Cell(date(2025, 6, 25), "a"))))))
    assert len(rows(page)) == 3
    assert rows(page)[2][1:] == ["", "25 Jun 2025 a"]

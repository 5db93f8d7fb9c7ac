from __future__ import annotations

from datetime import date, datetime

import pytest
from sources.untc_forms import HEADINGS, grid, page

from monitor.domain.errors import UsageError
from monitor.domain.participant import Names
from monitor.domain.snapshot import Header, Totals
from monitor.sources.untc.header import read_stamp, read_totals
from monitor.sources.untc.page import UntcPage
from monitor.sources.untc.reference import compose, export_address, page_address, split_title


def header(names: Names, body: bytes) -> Header:
    snapshot = UntcPage(names).read(body).snapshot
    assert snapshot
    return snapshot.header


@pytest.mark.parametrize(
    ("chapter", "part", "number", "sub", "reference"),
    [
        ("CHAPTER XXVI", "", "5", "", "XXVI-5"),
        ("CHAPTER XXVI", "", "2", "a", "XXVI-2-a"),
        ("CHAPTER XI", "A. Customs Matters", "5", "", "XI-A-5"),
        ("Chapter XI", "B", "16.", "27", "XI-B-16-27"),
        ("PART 2", "", "5", "", None),
        ("CHAPTER XXVI", "", "five", "", None),
    ],
)
def test_the_number_is_put_together_from_what_is_printed(
    chapter: str, part: str, number: str, sub: str, reference: str | None
) -> None:
    assert compose(chapter, part, number, sub) == reference


@pytest.mark.parametrize(
    ("lines", "number", "sub", "title"),
    [
        (("5.", "Convention on Toys"), "5", "", "Convention on Toys"),
        (("2. a", "Protocol on Kites"), "2", "a", "Protocol on Kites"),
        (("5. Convention on Toys",), "5", "", "Convention on Toys"),
        (("2. a Protocol on Kites",), "2", "a", "Protocol on Kites"),
        (("5.", "1999 Agreement on Toys"), "5", "", "1999 Agreement on Toys"),
        (("5. 1999 Agreement on Toys",), "5", "", "1999 Agreement on Toys"),
    ],
)
def test_number_and_title_are_told_apart(lines: tuple[str, ...], number: str, sub: str, title: str) -> None:
    found = split_title(lines)
    assert found
    assert (found.number, found.sub, found.title) == (number, sub, title)


def test_a_page_reads_its_own_lines(names: Names) -> None:
    read = header(names, page())
    assert (read.reference, read.title) == ("XXVI-5", "Convention on Paper Windmills")
    assert (read.stamp, read.as_at) == (datetime(2026, 2, 3, 10, 16, 18), date(2026, 2, 3))  # noqa: DTZ001 - the page's own clock
    assert (read.concluded, read.entry_into_force) == (date(1999, 9, 1), date(2000, 3, 1))
    assert read.stated == Totals(2, 2)


def test_a_part_of_a_chapter_is_read_from_the_page_or_from_its_own_link(names: Names) -> None:
    assert header(names, page(chapter="CHAPTER XI", part="A. Customs Matters")).reference == "XI-A-5"
    link = "/doc/Publication/MTDSG/Volume%20I/Chapter%20XI/XI-B-5.en.xml"
    assert header(names, page(chapter="CHAPTER XI", link=link)).reference == "XI-B-5"


@pytest.mark.parametrize(
    ("label", "text", "day"),
    [
        ("Entry into force", "1 March 2000, in accordance with article 9.", date(2000, 3, 1)),
        ("Entry into force", "18 May 2004 , in accordance with article 8", date(2004, 5, 18)),
        ("Entry into force", "provisionally on 1 July 1999, definitively on 2 July 2001.", date(2001, 7, 2)),
        ("Not yet in force", "[see article XIV]. This Treaty will enter into force on 1 May 2030", None),
        ("Entry into force", "[see article XIV]. This Treaty will enter into force 180 days after", None),
        ("Not yet in force", "see paragraphs (4) and (5) of article 20", None),
    ],
)
def test_entry_into_force_is_the_leading_date_or_none(names: Names, label: str, text: str, day: date | None) -> None:
    assert header(names, page(entry=(label, text))).entry_into_force == day


@pytest.mark.parametrize(
    ("title", "heading", "day"),
    [
        ("Convention on Toys", "Ratification", date(1999, 9, 1)),
        ("Convention of 1936 on Toys", "Ratification", date(1936, 1, 1)),
        ("Protocol to the Convention on Toys, done at Oslo on 12 May 1923", "Ratification", date(1923, 5, 12)),
        ("Protocol", "Participation by virtue of the Protocol of 25 March 1972 or the 1961 Treaty", date(1961, 1, 1)),
        ("Toys Agreement, 2001", "Ratification", date(1999, 9, 1)),
        ("Regulation No. 1958/7 on Toys", "Ratification", date(1999, 9, 1)),
    ],
)
def test_the_oldest_instrument_named_bounds_the_acts(names: Names, title: str, heading: str, day: date) -> None:
    rows = (("Austria", "&nbsp;", "12 Jan\t 2001 <br>"), ("Belgium", "&nbsp;", "12 Jan\t 2001 <br>"))
    table = grid((*HEADINGS[:2], heading), rows)
    assert header(names, page(title=title, table=table, totals="Parties : 2")).earliest == day


def test_remarks_count_only_for_a_treaty_as_amended(names: Names) -> None:
    remarks = "The unamended treaty was done on 3 April 1911."
    assert header(names, page(title="Treaty on Toys as amended", remarks=remarks)).earliest == date(1911, 4, 3)
    assert header(names, page(title="Treaty on Toys", remarks=remarks)).earliest == date(1999, 9, 1)


@pytest.mark.parametrize(
    ("text", "totals"),
    [
        ("Signatories : 132. Parties : 162", Totals(132, 162)),
        ("Parties : 90", Totals(None, 90)),
        ("Signatories : 35. Parties : 116. 1, 2, 3", Totals(35, 116)),
        ("", Totals(None, None)),
    ],
)
def test_totals_are_read_as_printed(text: str, totals: Totals) -> None:
    assert read_totals(text) == totals


def test_note_marks_never_change_a_total(names: Names) -> None:
    marked = "Signatories : 2. Parties : 2<SUP><A href='#1'>1</A>, <A href='#2'>2</A></SUP>"
    assert header(names, page(totals=marked, notes=("One.", "Two."))).stated == Totals(2, 2)


@pytest.mark.parametrize("text", ["", "STATUS AS AT : 33-02-2026 10:16:18", "STATUS AS AT : soon"])
def test_a_stamp_that_is_no_date_is_none(text: str) -> None:
    assert read_stamp(text.encode()) is None


def test_addresses_are_those_of_the_collection() -> None:
    site = "https://treaties.un.org"
    assert page_address("XXVI-5") == f"{site}/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no=XXVI-5&chapter=26&clang=_en"
    assert page_address("XXVI-2-a").endswith("mtdsg_no=XXVI-2-a&chapter=26&clang=_en")
    assert "mtdsg_no=XI-A-5&chapter=11&" in page_address("XI-A-5")
    assert export_address("IV-9") == f"{site}/doc/Publication/MTDSG/Volume%20I/Chapter%20IV/IV-9.en.xml"
    assert "Volume%20II/Chapter%20XXVII/XXVII-7-d.en.xml" in export_address("XXVII-7-d")


@pytest.mark.parametrize("reference", ["", "26-5", "IIII-5", "XXVI", "XXVI-5&x=1", "../XXVI-5"])
def test_what_is_no_number_of_the_collection_has_no_address(reference: str) -> None:
    with pytest.raises(UsageError, match="it looks like XXVI-5"):
        page_address(reference)


def test_a_stamp_in_the_order_of_iso_is_read_too() -> None:
    assert read_stamp(b"STATUS AS AT : 2026-02-03 10:16:18 EDT") == datetime(2026, 2, 3, 10, 16, 18)  # noqa: DTZ001 - the page's own clock

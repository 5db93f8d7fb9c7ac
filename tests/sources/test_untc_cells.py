from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.untc.cells import MONTHS, DateCell, read_cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("11 Sep 2002 a", DateCell(date(2002, 9, 11), "a", bracketed=False)),
        ("8 Sep 1998", DateCell(date(1998, 9, 8), "", bracketed=False)),
        ("[12 May 2004 a]", DateCell(date(2004, 5, 12), "a", bracketed=True)),
        ("[ 9 Jan 2012 AA]", DateCell(date(2012, 1, 9), "AA", bracketed=True)),
        ("[24 Mar 2011 ]", DateCell(date(2011, 3, 24), "", bracketed=True)),
    ],
)
def test_every_form_that_the_depositary_prints_is_read(text: str, cell: DateCell) -> None:
    assert read_cell(text) == cell


def test_an_empty_cell_shows_no_act() -> None:
    assert read_cell("") is None


@pytest.mark.parametrize(
    "text",
    [
        "31 Feb 2001",
        "[1 Feb 2001",
        "1 Feb 2001]",
        "1 feb 2001",
        "1 Febr 2001",
        "1 Feb 01",
        "1 Feb 2001 aaa",
        "1 Feb 2001 a 5",
        "1 Feb 2001 2 Feb 2002",
        "2001-02-01",
        "-",
        "0 Jan 2001",
        "\u0661 Jan 2001",
    ],
)
def test_anything_else_is_an_error_and_never_a_date(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_cell(text)


@given(st.dates(), st.sampled_from(["", "a", "A", "AA", "d", "s", "P", "n", "c", "C"]), st.booleans())
def test_a_printed_date_comes_back_as_it_was(day: date, code: str, bracketed: bool) -> None:  # noqa: FBT001
    text = " ".join(filter(None, (str(day.day), MONTHS[day.month - 1], f"{day.year:04}", code)))
    assert read_cell(f"[{text}]" if bracketed else text) == DateCell(day, code, bracketed)


@given(st.text(max_size=20))
def test_arbitrary_text_gives_a_date_only_by_the_grammar(text: str) -> None:
    try:
        cell = read_cell(text)
    except ValueError:
        return
    assert cell is None or (f"{cell.day.year:04}" in text and cell.bracketed is text.startswith("["))

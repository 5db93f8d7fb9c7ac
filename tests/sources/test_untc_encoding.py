from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.untc.encoding import declared, decode, repair
from monitor.sources.untc.markup import Label, label, paragraphs, plain, plains


@pytest.mark.parametrize(
    ("body", "text", "rules"),
    [
        (b"<meta charset='utf-8'>T\xc3\xbcrkiye", "<meta charset='utf-8'>Türkiye", []),
        (b"\xef\xbb\xbfT\xc3\xbcrkiye", "Türkiye", []),
        ("Türkiye".encode("utf-16"), "Türkiye", []),
        (b"T\xfcrkiye", "Türkiye", ["encoding"]),
        (b'<?xml encoding="ISO-8859-1"?>\x93T\xfcrkiye\x94', '<?xml encoding="ISO-8859-1"?>\u201cTürkiye\u201d', []),
        (b"T\xc3\xbcrkiye \xff", "Türkiye \ufffd", ["undecodable"]),
    ],
)
def test_bytes_become_text(body: bytes, text: str, rules: list[str]) -> None:
    decoded, findings = decode(body, declared(body))
    assert decoded == text
    assert [f.rule for f in findings] == rules


@given(st.binary(max_size=200))
def test_any_bytes_become_text(body: bytes) -> None:
    assert isinstance(decode(body, declared(body))[0], str)


def test_the_declared_set_is_looked_for_in_the_first_lines() -> None:
    assert declared(b"<meta charset='UTF-8'>") == b"utf-8"
    assert declared(b"no word") == b""


def test_quotes_cut_to_a_byte_are_restored_and_other_controls_are_marked() -> None:
    assert repair("\x1ctoy\x1d\x01") == ("\u201ctoy\u201d\ufffd", True)
    assert repair("toy\r\n\t") == ("toy\r\n\t", False)


def test_markup_becomes_one_line_of_text() -> None:
    assert plain("<p class='invisible'>Austria</p></i>a&nbsp;b<br>c &lt;d <SUP>2</SUP>e<sup>th</sup>") == "a b c <d eth"


_SCRAPS = [
    "word ",
    " ",
    "\n",
    "\xa0",
    "&amp",
    ";",
    "&#60",
    "1",
    "<sup>",
    "</sup>",
    "<SUP>12</SUP>",
    "<p class='invisible'>",
    "</p>",
    "<!--",
    "-->",
    "<br>",
    "<p ",
    ">",
    "<",
    "“quoted”",
    "\ufdd3",
    "&#xfdd3;",
    "\u2003",
]
_PIECES = st.lists(st.lists(st.sampled_from(_SCRAPS), max_size=8).map("".join), max_size=6)


@given(_PIECES)
def test_many_pieces_are_read_as_each_alone_even_where_one_is_left_open(pieces: list[str]) -> None:
    assert plains(pieces) == [plain(piece) for piece in pieces]


def test_paragraphs_stand_on_lines_of_their_own() -> None:
    assert paragraphs("One\r\n  two.<br><br><p>Three &amp; four</p>") == "One two.\nThree & four"


@pytest.mark.parametrize(
    ("source", "name", "notes"),
    [
        ("Serbia<superscript>3,4</superscript>", "Serbia", (3, 4)),
        ("China <SUP><A href='#5'>5</A>, <A href='#6'>6</A> </SUP>", "China", (5, 6)),
        ("Russian Federation8", "Russian Federation", (8,)),
        ("Montenegro [13]", "Montenegro", (13,)),
        ("Bahamas (The)", "Bahamas (The)", ()),
        ("Slovakia*", "Slovakia", ()),
    ],
)
def test_marks_are_told_from_names(source: str, name: str, notes: tuple[int, ...]) -> None:
    assert label(source).as_name() == Label(name, notes)


def test_the_number_of_an_article_stays_in_a_heading() -> None:
    assert label("Notification under article 21 (1)").text == "Notification under article 21 (1)"


def test_letters_that_were_encoded_twice_are_held_unless_few_are() -> None:
    twice = "Türkiye “here”".encode().decode("latin-1")
    assert [f.rule for f in decode(twice.encode(), b"utf-8")[1]] == ["undecodable"]
    assert decode(f"{twice}{', é' * 20}".encode(), b"utf-8")[1] == ()

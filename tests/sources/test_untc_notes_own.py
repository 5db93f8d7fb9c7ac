"""A page's own treaty, however a note names it, and those that only sound like it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.action import ActionKind
from monitor.domain.participant import Names
from monitor.sources.untc.notes import EndNote, Treaty, read_note
from monitor.sources.untc.notes.own import UNNAMED

WINDMILLS = Treaty("Convention on Paper Windmills", dt.date(1999, 9, 1))
AGREEMENT = Treaty("International Windmill Agreement, 2001", dt.date(2000, 9, 28))
REGULATION = Treaty("Regulation No. 77. Uniform provisions concerning windmills", dt.date(1999, 9, 1))
PROTOCOL = Treaty("Protocol on Millstones (Protocol VI)", dt.date(1999, 9, 1))
AMENDED = Treaty(
    "Windmill Convention, 1961, as amended by the Protocol amending the Windmill Convention, 1961", dt.date(1975, 8, 8)
)


def read(treaty: Treaty, left: str, names: Names) -> tuple[list[ActionKind], list[str]]:
    note = EndNote(1, f"On 5 May 2026, the Government of Norway notified the Secretary-General {left}.")
    reading = read_note(note, (names.resolve("Norway"),), names, treaty)
    return [act.kind for _, act in reading.acts], [finding.rule for finding in reading.findings]


@pytest.mark.parametrize(
    ("treaty", "left"),
    [
        (WINDMILLS, "of its withdrawal from the Convention done at Oslo on 1 September 1999"),
        (WINDMILLS, "that it denounces the 1999 Convention"),
        (WINDMILLS, "of its denunciation of the Convention on Paper Windmills of 1 September 1999"),
        (WINDMILLS, "that the 1999 Convention was denounced by Norway"),
        (AGREEMENT, "of its withdrawal from the International Windmill Agreement, 2001"),
        (AGREEMENT, "of its withdrawal from the International Windmill Agreement 2001"),
        (AGREEMENT, "of its withdrawal from the 2001 Agreement"),
        (REGULATION, "that it would cease to apply Regulation No. 77 with effect from 5 May 2027"),
        (REGULATION, "of its decision to withdraw from UN Regulation No. 77"),
        (PROTOCOL, "of its denunciation of Protocol VI"),
        (AMENDED, "of its denunciation of the Windmill Convention, 1961, as amended by the Protocol of 1972"),
    ],
)
def test_the_pages_own_treaty_is_left_however_it_is_named(treaty: Treaty, left: str, names: Names) -> None:
    assert read(treaty, left, names) == ([ActionKind.WITHDRAWAL], [])


@pytest.mark.parametrize(
    ("treaty", "left", "rule"),
    [
        (WINDMILLS, "that it denounces the 1998 Convention", "unclear-leaving"),
        (WINDMILLS, "that it denounces the 1999 Protocol", "unclear-leaving"),
        (WINDMILLS, "that it denounces the 1999 Convention on Kites", "other-treaty"),
        (AGREEMENT, "of its withdrawal from the International Windmill Agreement, 1994", "unclear-leaving"),
        (REGULATION, "that it would cease to apply Regulation No. 78 with effect from 5 May 2027", "unclear-leaving"),
        (PROTOCOL, "of its denunciation of Protocol V", "unclear-leaving"),
        (AMENDED, "of its denunciation of the Windmill Convention, 1961", "unclear-leaving"),
    ],
)
def test_a_treaty_of_another_year_number_or_subject_is_not_the_pages_own(
    treaty: Treaty, left: str, rule: str, names: Names
) -> None:
    assert read(treaty, left, names) == ([], [rule])


@given(st.text(st.sampled_from("the 1999 Convention,of1 September on"), max_size=80))
def test_nothing_is_moved_by_the_masking(text: str) -> None:
    assert len(WINDMILLS.masked(text)) == len(text)
    assert UNNAMED.masked(text) == text


def test_a_withdrawn_statement_keeps_the_words_of_the_page(names: Names) -> None:
    text = "On 5 May 1999, the Government of Chad withdrew its reservation to article 9 of the 1999 Convention."
    assert read_note(EndNote(1, text), (), names, WINDMILLS).withdrawn_statements[0][1] == text

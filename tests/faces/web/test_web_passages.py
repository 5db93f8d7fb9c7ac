"""The page's own words about an act, and what is new in a row."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.action import ActionKind, TreatyAction
from monitor.domain.change import Change, ChangeKind
from monitor.faces.web.passages import LONGEST, fresh, paragraphs, passage

NOTICE = TreatyAction(kind=ActionKind.WITHDRAWAL, date=date(2025, 8, 20), notification="C.N.421.2025.TREATIES-XXVI-5")
CHANGE = Change(kind=ChangeKind.WITHDRAWAL_NOTIFIED, treaty="XXVI-5", participant=None, action=NOTICE)


def test_the_note_is_shown_whole_and_alone() -> None:
    page = b"<td>Poland<sup>6</sup></td><p>Another note.</p><p>By <a href='x'>C.N.421.2025</a>.TREATIES it left.</p>"
    assert passage(page, CHANGE) == "By C.N.421.2025.TREATIES it left."


@pytest.mark.parametrize("page", [b"", b"<p>nothing of it</p>", b"<script>'C.N.421.2025'</script>"])
def test_where_no_note_names_the_notification_nothing_is_shown(page: bytes) -> None:
    assert passage(page, CHANGE) is None


def test_a_long_paragraph_is_cut_between_words() -> None:
    shown = passage(("<p>" + "word " * 400 + "C.N.421.2025 " + "tail " * 400 + "</p>").encode(), CHANGE)
    assert shown is not None
    assert len(shown) <= LONGEST + 2
    assert {part.strip("\N{HORIZONTAL ELLIPSIS}") for part in shown.split()} == {"word", "C.N.421.2025", "tail"}


@given(st.binary(max_size=300))
def test_no_page_is_too_odd_to_be_read(body: bytes) -> None:
    assert all("\n" not in text and text.strip() for text in paragraphs(body))


def test_what_is_new_in_a_row_is_told_from_what_was_there() -> None:
    before, after = "Poland: signature 1997; ratification 2012", "Poland: signature 1997; ratification 2012; withdrawal"
    assert [part for part, new in fresh(after, before) if new] == ["withdrawal"]
    assert [part for part, new in fresh(before, after) if new] == []

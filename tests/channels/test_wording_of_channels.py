from __future__ import annotations

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.wording import clean, masked, web_link


@given(st.text())
def test_clean_text_is_one_line_without_control_or_direction_changing_characters(text: str) -> None:
    result = clean(text)
    assert not {category(c) for c in result} & {"Cc", "Zl", "Zp", "Cs"}
    assert not set(result) & set("\u202e\u2066\u200b\ufeff")
    assert clean(result) == result


@given(st.text(max_size=50), st.integers(min_value=2, max_value=20))
def test_clean_text_is_never_longer_than_allowed(text: str, longest: int) -> None:
    assert len(clean(text, longest)) <= longest


def test_names_keep_their_letters_and_lose_line_breaks_and_terminal_escapes() -> None:
    assert clean("Türkiye\r\nBcc: x\x1b[31m") == "Türkiye Bcc: x [31m"


@pytest.mark.parametrize("address", ["https://a.example/x?y=1", "http://a.example"])
def test_ordinary_web_addresses_are_links(address: str) -> None:
    assert web_link(address) == address


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "https://", "http://[", "https://a b", "https://a\n.b", None, 7],
)
def test_anything_else_is_no_link(address: object) -> None:
    assert web_link(address) is None


def test_a_secret_that_a_stranger_repeats_is_masked_even_where_one_secret_contains_another() -> None:
    assert masked("no: hunter2-long and hunter2", "hunter2", "hunter2-long", "") == "no: *** and ***"

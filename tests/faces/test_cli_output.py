"""The one JSON document of an answer: the same text whoever writes it, and readable where only ASCII is."""

from __future__ import annotations

import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.faces.cli.output import answer

texts = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)


def printed(shape: dict[str, object], encoding: str) -> str:
    """Return what a stdout of this encoding is given."""
    raw = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, newline="\n"))
        answer(shape, None)
        sys.stdout.flush()
        return raw.getvalue().decode(encoding)


@given(st.dictionaries(texts, values))
def test_it_is_written_as_the_plain_library_writes_it(shape: dict[str, object]) -> None:
    assert printed(shape, "utf-8") == json.dumps(shape, ensure_ascii=False, indent=2) + "\n"


def test_seconds_keep_their_fraction() -> None:
    shape = {"every_seconds": 43200.0, "pause": 0.5}
    assert printed(shape, "utf-8") == json.dumps(shape, indent=2) + "\n"


@given(st.dictionaries(texts, values))
def test_where_only_ascii_is_understood_the_rest_is_escaped(shape: dict[str, object]) -> None:
    assert printed(shape, "ascii") == json.dumps(shape, indent=2) + "\n"

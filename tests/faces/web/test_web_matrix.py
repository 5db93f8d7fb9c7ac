"""The table of countries and treaties shows some treaties at a time, and leads to the others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk_in_town import Town
from hypothesis import given
from hypothesis import strategies as st

from monitor.faces.web.matrix import AT_ONCE, Panel

MANY = 2 * AT_ONCE + 3


def crowded(town: Town) -> Town:
    """Return the town with more treaties than one table holds; the one that was read stands first."""
    [first] = town.office.desk.treaties
    others = (replace(first, slug=f"treaty-{n}", reference=f"IV-{n}", sources=()) for n in range(2, MANY + 1))
    town.office.with_(treaties=(first, *others))
    return town


@pytest.mark.parametrize(("query", "shown", "hidden"), [
    ("", "mine-ban", f"treaty-{AT_ONCE + 1}"),
    ("?part=", "mine-ban", f"treaty-{AT_ONCE + 1}"),
    ("?part=2", f"treaty-{AT_ONCE + 1}", "mine-ban"),
    ("?part=3", f"treaty-{MANY}", f"treaty-{AT_ONCE + 1}"),
    ("?part=99", f"treaty-{MANY}", f"treaty-{AT_ONCE + 1}"),
])  # fmt: skip
def test_some_treaties_stand_side_by_side(town: Town, query: str, shown: str, hidden: str) -> None:
    with crowded(town).client() as client:
        head = client.get(f"/{query}").text.partition("<tbody>")[0]
    assert f'href="/treaties/{shown}"' in head
    assert f'href="/treaties/{hidden}"' not in head


def test_each_part_leads_to_the_others_with_what_was_asked(town: Town) -> None:
    with crowded(town).client() as client:
        page = client.get("/?on=2025-09-01&countries=PL&part=2").text
        assert 'href="/?on=2025-09-01&amp;known=&amp;countries=PL&amp;part=1">1 to 15</a>' in page
        assert 'part=2" aria-current="page">16 to 30</a>' in page
        assert 'part=3">31 to 33</a>' in page
        assert '<input type="hidden" name="part" value="2">' in page


def test_where_all_treaties_stand_side_by_side_there_are_no_parts(town: Town) -> None:
    with town.client() as client:
        assert "More treaties" not in client.get("/").text


def test_a_part_that_is_no_number_is_told(town: Town) -> None:
    with town.client() as client:
        assert [client.get(f"/?part={word}").status_code for word in ("0", "-1", "two")] == [422] * 3


@given(many=st.integers(0, 200))
def test_the_parts_together_are_all_treaties_in_their_order(many: int) -> None:
    treaties = tuple(range(many))
    parts = [Panel(treaties, n) for n in range(1, Panel(treaties, 1).of + 1)]  # type: ignore[arg-type]
    assert sum((part.treaties for part in parts), ()) == treaties
    assert all(len(part.treaties) <= AT_ONCE for part in parts)

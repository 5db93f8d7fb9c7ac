from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from monitor.storage.order import place


@given(st.lists(st.none() | st.floats(-1e6, 1e6)))
def test_ordinals_always_rise(present: list[float | None]) -> None:
    placed = place(present)
    assert len(placed) == len(present)
    assert all(a < b for a, b in pairwise(placed))


@given(st.lists(st.integers(-1000, 1000), unique=True).map(sorted), st.data())
def test_rows_that_keep_their_order_keep_their_ordinals(numbers: list[int], data: st.DataObject) -> None:
    present: list[float | None] = [float(n) for n in numbers]
    for _ in range(data.draw(st.integers(0, 5))):
        present.insert(data.draw(st.integers(0, len(present))), None)
    placed = place(present)
    assert [new for new, old in zip(placed, present, strict=True) if old is not None] == [float(n) for n in numbers]


def test_rows_that_change_places_are_numbered_afresh() -> None:
    assert place([2.0, None, 1.0]) == [0.0, 1.0, 2.0]


def test_rows_are_numbered_afresh_when_no_number_is_left_between_two() -> None:
    assert place([1.0, None, 1.0000000000000002]) == [0.0, 1.0, 2.0]

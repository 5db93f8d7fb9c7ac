from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources.untc_forms import ROWS, export, grid, page, section

from monitor.domain.participant import Names
from monitor.sources.untc.export import UntcExport
from monitor.sources.untc.page import UntcPage

BELOW = section("dgDec", [("Austria", "We like toys.")])


def pages(names: Names) -> Callable[[bytes], str | None]:
    return UntcPage(names).fingerprint


def test_view_state_and_stamp_are_no_difference(names: Names) -> None:
    of = pages(names)
    later = page(view_state="b3RoZXI=" * 50, stamp="STATUS AS AT : 04-02-2026 09:15:00 EDT")
    assert of(page()) == of(later) is not None


@pytest.mark.parametrize(
    "other",
    [
        page(title="Convention on Toy Windmills"),
        page(chapter="CHAPTER XXV"),
        page(number="6."),
        page(place="Oslo, 2 September 1999"),
        page(entry=("Entry into force", "2 March 2000")),
        page(totals="Parties : 2"),
        page(remarks="A remark."),
        page(table=grid(rows=ROWS[:-1])),
        page(below=BELOW),
        page(notes=("A note.",)),
    ],
)
def test_whatever_a_reading_shows_is_a_difference(names: Names, other: bytes) -> None:
    assert pages(names)(other) not in {None, pages(names)(page())}


def test_a_page_that_is_not_whole_has_none(names: Names) -> None:
    of = pages(names)
    assert of(b"") is None
    assert of(page()[:-40]) is None
    assert of(page(table="")) is None
    assert of(b"<html>maintenance</html>") is None


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=8))
def test_the_same_fingerprint_means_the_same_reading(names: Names, at: int, piece: bytes) -> None:
    reader = UntcPage(names)
    body = page(below=BELOW, notes=("A note.",), stamp="")
    start = body.index(b"rptHead") + at % (len(body) - body.index(b"rptHead"))
    spoilt = body[:start] + piece + body[start + len(piece) :]
    if reader.fingerprint(spoilt) == reader.fingerprint(body):
        assert reader.read(spoilt) == reader.read(body)


def test_an_export_is_its_treatys_element(names: Names) -> None:
    of = UntcExport(names).fingerprint
    assert of(export()) == of(b"\n" + export()) is not None
    assert of(export(rows=(("Austria", "", ""),))) != of(export())
    assert of(export()[:-30]) is None
    assert of(b"") is None


def test_a_real_page_takes_about_a_millisecond_at_most(names: Names, real_page: Callable[[str], bytes]) -> None:
    body = real_page("html/iccpr_op1.html")
    of = pages(names)
    took = []
    for _ in range(20):
        start = time.perf_counter()
        assert of(body)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.002

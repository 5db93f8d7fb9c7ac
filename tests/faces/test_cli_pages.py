from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from support.home import FIRST, LAST, Home

from monitor.domain.snapshot import Totals
from monitor.faces.demo.replica import Cell, ReplicaRow, ReplicaTreaty, write_page

Saved = Callable[..., str]


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    """Return what saves a page and returns its path."""

    def save(name: str, treaty: ReplicaTreaty | bytes, stamp: datetime = datetime(2026, 2, 3, tzinfo=UTC)) -> str:
        body = treaty if isinstance(treaty, bytes) else write_page(treaty, stamp)
        (tmp_path / name).write_bytes(body)
        return str(tmp_path / name)

    return save


def test_extract_gives_the_treaty_and_every_row(home: Home, saved: Saved) -> None:
    shape = home("extract", saved("page.html", LAST), "--json").json
    assert shape["treaty"]["reference"] == "XXVI-5"
    assert shape["treaty"]["as_at"] == "2026-02-03"
    assert shape["treaty"]["stated_totals"] == {"signatories": LAST.totals.signatories, "parties": LAST.totals.parties}
    rows = {p["participant"]["code"]: p for p in shape["participations"]}
    assert len(rows) == len(LAST.rows)
    assert rows["PL"]["pending"] == {
        "kind": "withdrawal",
        "effective": "2026-02-20",
        "conditional": True,
        "basis": "stated",
    }
    assert rows["EE"]["status"] == "former_party"
    assert "Poland (PL)" in home("extract", saved("page.html", LAST)).out


def test_extract_needs_no_configuration_and_stores_nothing(home: Home, saved: Saved) -> None:
    page = saved("page.html", LAST)
    said = home("extract", page, "--config", str(home.folder / "none"), "--state", str(home.folder / "none"), "--json")
    assert said.code == 0
    assert not (home.folder / "none").exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff\xfe",
        b"no page at all",
        b"<html><body>United Nations Treaty Collection: maintenance</body></html>",
        write_page(LAST, datetime(2026, 2, 3, tzinfo=UTC))[:9000],
        write_page(replace(LAST, stated=Totals(1, 2)), datetime(2026, 2, 3, tzinfo=UTC)),
    ],
)
def test_an_unreadable_page_is_exit_3_with_its_json(home: Home, saved: Saved, body: bytes) -> None:
    said = home("extract", saved("page.html", body), "--json")
    assert said.code == 3
    assert (said.json["treaty"], said.json["participations"]) == (None, [])
    assert said.json["findings"][0]["level"] == "refuse"
    assert home("extract", saved("page.html", body)).code == 3


def test_a_missing_file_or_an_unknown_source_is_one_sentence(home: Home, saved: Saved) -> None:
    for words in (("extract", "nowhere.html"), ("extract", str(home.folder)), ("compare", "a", "b")):
        said = home(*words)
        assert (said.code, len(said.err.splitlines())) == (2, 1)
    said = home("extract", saved("page.html", LAST), "--source", "unct")
    assert said.code == 2
    assert 'did you mean "untc"' in said.err


def test_compare_gives_the_typed_changes(home: Home, saved: Saved) -> None:
    before = saved("before.html", FIRST, datetime(2025, 3, 18, tzinfo=UTC))
    shape = home("compare", before, saved("after.html", LAST), "--json").json
    told = {(c["participant"]["code"], c["kind"]) for c in shape["changes"]}
    assert told >= {("EE", "withdrawal_notified"), ("EE", "withdrawal_effective"), ("PL", "withdrawal_notified")}
    assert ("PL", "withdrawal_effective") not in told
    assert shape["held"] == []
    assert "12 changes, 0 held back" in home("compare", before, saved("after.html", LAST)).out


def test_a_page_compared_with_itself_has_no_changes(home: Home, saved: Saved) -> None:
    page, again = saved("a.html", LAST), saved("b.html", LAST, datetime(2026, 2, 5, tzinfo=UTC))
    assert home("compare", page, again, "--json").json["changes"] == []


def test_pages_of_two_treaties_are_refused(home: Home, saved: Saved) -> None:
    other = saved("other.html", replace(LAST, reference="XXVI-6"))
    said = home("compare", saved("page.html", LAST), other, "--json")
    assert (said.code, said.json["changes"], said.json["held"]) == (3, [], [])
    assert [f["rule"] for f in said.json["findings"] if f["level"] == "refuse"] == ["other-treaty"]


def test_a_refused_page_leaves_nothing_to_compare(home: Home, saved: Saved) -> None:
    said = home("compare", saved("page.html", LAST), saved("cut.html", b"<html>"), "--json")
    assert (said.code, said.json["changes"]) == (3, [])
    assert any("after" in f["text"] for f in said.json["findings"])


def test_a_vanished_row_and_a_page_from_before_are_held(home: Home, saved: Saved) -> None:
    page = saved("page.html", LAST)
    gone = saved("gone.html", replace(LAST, rows=tuple(r for r in LAST.rows if r.name != "Oman")))
    shape = home("compare", page, gone, "--json").json
    assert [(c["kind"], c["participant"]["code"]) for c in shape["held"]] == [("record_vanished", "OM")]
    joined = LAST.with_row(ReplicaRow("Tuvalu", (None, Cell(date(2011, 9, 13), "a"))))
    older = saved("older.html", joined, datetime(2026, 1, 1, tzinfo=UTC))
    stale = home("compare", page, older, "--json")
    assert (stale.code, stale.json["changes"]) == (0, [])
    assert "older-page" in {f["rule"] for f in stale.json["findings"]}


def test_what_the_earlier_page_shows_as_well_is_no_reason_to_hold(home: Home, saved: Saved) -> None:
    odd = LAST.with_row(ReplicaRow("Tuvalu", (None, Cell(date(1911, 9, 13), "a"))))
    later = odd.with_row(ReplicaRow("Vanuatu", (None, Cell(date(2005, 9, 16), "a"))))
    shape = home("compare", saved("a.html", odd), saved("b.html", later), "--json").json
    assert {(c["kind"], c["participant"]["code"]) for c in shape["changes"]} >= {("consented", "VU")}
    assert shape["held"] == []
    first_seen = home("compare", saved("c.html", LAST), saved("a.html", odd), "--json").json
    assert [c["participant"]["code"] for c in first_seen["held"]] == ["TV"]


def test_stdin_is_one_page(home: Home) -> None:
    said = home("compare", "-", "-")
    assert (said.code, "name a file" in said.err) == (2, True)

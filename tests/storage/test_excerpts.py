"""Of many pages at once, and of some participants alone: what a page's own reading would say of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from storage.samples import day, row, snapshot, withdrawal

from monitor.domain.snapshot import Statement, StatementKind
from monitor.storage.excerpts import MANY
from monitor.storage.interface import Known
from monitor.storage.sql import SqlStorage

TREATIES = [f"XXVI-{n}" for n in range(1, 4)]
SAID = Statement(row("PL").participant, StatementKind.DECLARATION, "We declare.")


def alone(known: Known, *codes: str) -> Known:
    """Return what is known, of these participants and without statements."""
    rows = tuple(each for each in known.snapshot.participations if each.participant.key in codes)
    return replace(known, snapshot=replace(known.snapshot, participations=rows, statements=()))


@pytest.fixture
def record(storage: SqlStorage) -> SqlStorage:
    """Return a record of three treaties, of one from two sources; what is known changes on the fifth day."""
    for number, treaty in enumerate(TREATIES):
        for source in ("untc", "untc-export")[: 2 - min(number, 1)]:
            with storage.begin() as tx:
                first = snapshot(row("PL"), row("EE"), row("PL", withdrawal(2)), statements=(SAID,))
                tx.store_snapshot(treaty, source, first, day(number), "aa")
                tx.store_snapshot(treaty, source, snapshot(row("EE", withdrawal(5)), row("LV")), day(5), "bb")
                tx.store_snapshot(treaty, source, snapshot(row("EE", withdrawal(5)), row("LV")), day(6), "cc")
    return storage


@pytest.mark.parametrize("at", [None, day(-1), day(1), day(4), day(5), day(9)])
@pytest.mark.parametrize("codes", [None, ("PL",), ("EE", "LV"), ("FR",), ()])
def test_an_excerpt_is_the_reading_without_the_rest(
    record: SqlStorage, at: datetime | None, codes: tuple[str, ...] | None
) -> None:
    every = ("PL", "EE", "LV") if codes is None else codes
    with record.begin(read_only=True) as tx:
        for some in (TREATIES, TREATIES[:1], TREATIES + [f"V-{n}" for n in range(MANY)]):
            expected = {treaty: tx.known(treaty, at or day(99)) for treaty in some}
            shown = {treaty: tuple(alone(k, *every) for k in known) for treaty, known in expected.items() if known}
            assert tx.excerpts(some, at, codes) == shown


def test_a_participant_has_all_its_rows_and_nobody_elses_in_the_pages_order(storage: SqlStorage) -> None:
    rows = (row("PL"), row("PLX"), row("EE"), row("PL", withdrawal(2)), row("P"), row("PL", withdrawal(3)), row("EE"))
    with storage.begin() as tx:
        tx.store_snapshot("XXVI-5", "untc", snapshot(*rows), day(0), "aa")
        tx.store_snapshot("XXVI-6", "untc", snapshot(row("PL")), day(0), "aa")
        for codes in (("PL",), ("PL", "EE"), ("P",)):
            found = tx.excerpts(("XXVI-5", "XXVI-6"), None, codes)
            assert found["XXVI-5"][0].snapshot.participations == tuple(r for r in rows if r.participant.key in codes)


def test_a_page_that_has_changed_since_is_read_beside_one_that_has_not(storage: SqlStorage) -> None:
    with storage.begin() as tx:
        for treaty in ("XXVI-5", "XXVI-6"):
            tx.store_snapshot(treaty, "untc", snapshot(row("PL"), row("EE")), day(0), "aa")
        tx.store_snapshot("XXVI-6", "untc", snapshot(row("PL", withdrawal(4)), row("LV")), day(4), "bb")
        tx.store_snapshot("XXVI-7", "untc", snapshot(row("PL")), day(4), "cc")
        found = tx.excerpts(("XXVI-5", "XXVI-6", "XXVI-7"), day(3), ("PL", "LV"))
        assert {treaty: known.snapshot.participations for treaty, (known,) in found.items()} == {
            "XXVI-5": (row("PL"),),
            "XXVI-6": (row("PL"),),
        }


@pytest.mark.parametrize("at", [day(-1), day(0), day(1), day(9)])
def test_the_rows_are_counted_without_being_read(record: SqlStorage, at: datetime) -> None:
    with record.begin(read_only=True) as tx:
        found = {treaty: tx.known(treaty, at) for treaty in TREATIES}
        assert tx.sizes(TREATIES, at) == {
            treaty: len(known[0].snapshot.participations) for treaty, known in found.items() if known
        }
        assert tx.sizes(["V-1"], at) == {}


def test_what_is_known_is_marked_by_its_reading_and_when_it_was_seen(record: SqlStorage) -> None:
    with record.begin() as tx:
        before = tx.seen()
        assert set(before) == {*((treaty, "untc") for treaty in TREATIES), (TREATIES[0], "untc-export")}
        assert {seen_at for _, seen_at in before.values()} == {day(6)}
        tx.store_snapshot(TREATIES[1], "untc", snapshot(row("LV")), day(7), "dd")
        after = tx.seen()
    assert {page for page in after if after[page] != before[page]} == {(TREATIES[1], "untc")}

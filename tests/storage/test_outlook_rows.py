"""What a page leaves to the calendar is kept beside its reading, whole, and counts no longer than that."""

from __future__ import annotations

from datetime import date

from calendars import cases, some_days
from hypothesis import HealthCheck, given, settings
from storage.samples import day, row, snapshot, withdrawal

from monitor.domain.outlook import Outlook, outlook
from monitor.domain.snapshot import Snapshot
from monitor.domain.treaty import Rules
from monitor.storage.payload import dump, load
from monitor.storage.sql import SqlStorage

PAGE = ("XXVI-5", "untc")
ONE, OTHER = snapshot(row("PL", withdrawal(1))), snapshot(row("PL", withdrawal(2)))


def ahead(page: Snapshot) -> Outlook:
    return outlook(page, Rules(), date(2025, 3, 1))


@given(cases, some_days)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_outlook_comes_back_as_it_was(case: tuple[Rules, Snapshot], after: date) -> None:
    rules, page = case
    one = outlook(page, rules, after)
    assert load(Outlook, dump(Outlook, one)) == one


def test_it_is_given_back_by_treaty_and_source(storage: SqlStorage) -> None:
    with storage.begin() as tx:
        for page in (PAGE, ("XXVI-6", "untc")):
            tx.store_snapshot(*page, ONE, day(1), "aa")
            tx.keep_outlook(*page, ahead(ONE))
    with storage.begin(read_only=True) as tx:
        assert tx.outlooks() == {PAGE: ahead(ONE), ("XXVI-6", "untc"): ahead(ONE)}
        assert tx.outlooks(["XXVI-6"]) == {("XXVI-6", "untc"): ahead(ONE)}
        assert tx.outlooks([]) == {}


def test_the_next_is_written_over_it(storage: SqlStorage) -> None:
    with storage.begin() as tx:
        for number, page in enumerate((ONE, OTHER)):
            tx.store_snapshot(*PAGE, page, day(number), "aa")
            tx.keep_outlook(*PAGE, ahead(page))
        assert tx.outlooks() == {PAGE: ahead(OTHER)}


def test_another_reading_takes_it_out_of_force(storage: SqlStorage) -> None:
    with storage.begin() as tx:
        tx.store_snapshot(*PAGE, ONE, day(1), "aa")
        tx.keep_outlook(*PAGE, ahead(ONE))
        tx.store_snapshot(*PAGE, OTHER, day(2), "bb")
        assert tx.outlooks() == {}


def test_so_does_a_newer_page_that_says_the_same(storage: SqlStorage) -> None:
    with storage.begin() as tx:
        tx.store_snapshot(*PAGE, ONE, day(1), "aa")
        tx.keep_outlook(*PAGE, ahead(ONE))
        tx.store_snapshot(*PAGE, ONE, day(2), "bb")
        assert tx.outlooks() == {}


def test_it_is_not_kept_for_a_page_that_another_has_replaced(storage: SqlStorage) -> None:
    with storage.begin() as tx:
        tx.store_snapshot(*PAGE, ONE, day(1), "aa")
        tx.store_snapshot(*PAGE, OTHER, day(2), "bb")
        tx.keep_outlook(*PAGE, ahead(ONE), day(1))
        assert tx.outlooks() == {}
        tx.keep_outlook(*PAGE, ahead(OTHER), day(2))
        assert tx.outlooks() == {PAGE: ahead(OTHER)}


def test_nor_for_one_that_was_never_read(storage: SqlStorage) -> None:
    with storage.begin() as tx:
        tx.keep_outlook(*PAGE, ahead(ONE))
        assert tx.outlooks() == {}

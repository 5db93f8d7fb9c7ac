from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select, text
from storage.samples import day, row, snapshot, withdrawal

from monitor.domain.document import Document
from monitor.domain.snapshot import Statement, StatementKind
from monitor.storage.sql import SqlStorage
from monitor.storage.tables import participation

PL, EE, LV = row("PL"), row("EE"), row("LV")
MORNING, EVENING = datetime(2026, 2, 3, 5, 0), datetime(2026, 2, 3, 17, 0)  # noqa: DTZ001 a page's stamp names no zone
TABLES = ("reading", "participation", "statement", "document", "change", "held", "delivery", "body", "attempt")


def contents(storage: SqlStorage, *tables: str) -> dict[str, list[tuple[object, ...]]]:
    with storage.engine.connect() as connection:
        return {
            name: [tuple(each) for each in connection.execute(text(f"SELECT * FROM {name} ORDER BY 1"))]  # noqa: S608 our own names
            for name in tables or TABLES
        }


def known_from(storage: SqlStorage) -> dict[str, datetime]:
    """Return, by participant, from when its present row has been known."""
    column = participation.c
    with storage.engine.connect() as connection:
        rows = connection.execute(select(column.participant, column.known_from).where(column.known_to.is_(None)))
        return dict(map(tuple, rows))


def test_a_page_that_was_never_read_is_not_known(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        assert transaction.latest("XXVI-5", "untc") is None
        assert transaction.known("XXVI-5", day(0)) == ()


def test_a_second_check_of_the_same_page_stores_nothing(storage: SqlStorage) -> None:
    page = snapshot(
        EE, PL, stamp=MORNING, statements=(Statement(PL.participant, StatementKind.DECLARATION, "We say."),)
    )
    with storage.begin() as transaction:
        transaction.store_snapshot("XXVI-5", "untc", page, day(0), "aa")
    before = contents(storage)
    with storage.begin() as transaction:
        transaction.store_snapshot("XXVI-5", "untc", page, day(1), "aa")
    assert contents(storage) == before


def test_a_new_stamp_alone_writes_no_row_and_is_known_from_then_on(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.store_snapshot("XXVI-5", "untc", snapshot(EE, PL, stamp=MORNING), day(0), "aa")
        transaction.store_snapshot("XXVI-5", "untc", snapshot(EE, PL, stamp=EVENING), day(4), "bb")
        (early,), (late,) = transaction.known("XXVI-5", day(3)), transaction.known("XXVI-5", day(4))
    assert {name: len(rows) for name, rows in contents(storage).items() if rows} == {"reading": 1, "participation": 2}
    assert (early.snapshot.header.stamp, early.fetched_at, early.document) == (MORNING, day(0), "aa")
    assert (late.snapshot.header.stamp, late.fetched_at, late.document) == (EVENING, day(4), "bb")


def test_a_page_of_more_rows_than_one_insert_takes_is_kept_whole_and_in_order(storage: SqlStorage) -> None:
    page = snapshot(*(row(f"X{number}") for number in range(2_345)), stamp=MORNING)
    with storage.begin() as transaction:
        transaction.store_snapshot("XXVI-5", "untc", page, day(0), "aa")
        latest = transaction.latest("XXVI-5", "untc")
    assert latest is not None
    assert latest.snapshot == page


def test_only_the_row_that_differs_is_closed_and_opened(storage: SqlStorage) -> None:
    leaving = row("PL", withdrawal(2))
    with storage.begin() as transaction:
        transaction.store_snapshot("XXVI-5", "untc", snapshot(EE, LV, PL), day(0), "aa")
        transaction.store_snapshot("XXVI-5", "untc", snapshot(EE, LV, leaving), day(5), "bb")
        (before,), latest = transaction.known("XXVI-5", day(4)), transaction.latest("XXVI-5", "untc")
    assert len(contents(storage)["participation"]) == 4
    assert before.snapshot.find("PL") == PL
    assert latest is not None
    assert latest.snapshot.participations == (EE, LV, leaving)
    assert known_from(storage) == {"EE": day(0), "LV": day(0), "PL": day(5)}


def test_what_was_known_on_a_day_does_not_know_of_later_news(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.store_snapshot("XXVI-5", "untc", snapshot(PL), day(0), None)
        transaction.store_snapshot("XXVI-5", "untc", snapshot(row("PL", withdrawal(2))), day(160), "bb")
        assert transaction.known("XXVI-5", day(-1)) == ()
        (june,) = transaction.known("XXVI-5", datetime(2025, 6, 1, tzinfo=UTC))
        (last,) = transaction.known("XXVI-5", day(160))
    assert june.snapshot.participations == (PL,)
    assert last.snapshot.participations[0].actions == (withdrawal(2),)


def test_a_new_order_of_the_rows_is_kept_without_a_new_row(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.store_snapshot("XXVI-5", "untc", snapshot(EE, LV, PL), day(0), "aa")
        transaction.store_snapshot("XXVI-5", "untc", snapshot(PL, EE, LV), day(1), "aa")
        known = transaction.latest("XXVI-5", "untc")
    assert known is not None
    assert known.snapshot.participations == (PL, EE, LV)
    assert known_from(storage) == dict.fromkeys(("PL", "EE", "LV"), day(0))
    assert len(contents(storage)["participation"]) == 3


def test_a_row_between_two_others_moves_neither(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.store_snapshot("XXVI-5", "untc", snapshot(EE, PL), day(0), "aa")
    before = contents(storage)["participation"]
    with storage.begin() as transaction:
        transaction.store_snapshot("XXVI-5", "untc", snapshot(EE, LV, PL), day(1), "bb")
        known = transaction.latest("XXVI-5", "untc")
    assert contents(storage)["participation"][:2] == before
    assert known is not None
    assert known.snapshot.participations == (EE, LV, PL)


def test_a_row_that_vanishes_is_closed_and_may_come_back(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        for number, page in enumerate((snapshot(EE, PL), snapshot(EE), snapshot(EE, PL))):
            transaction.store_snapshot("XXVI-5", "untc", page, day(number), None)
        found = [transaction.known("XXVI-5", day(number))[0].snapshot for number in range(3)]
    assert [len(each.participations) for each in found] == [2, 1, 2]
    assert known_from(storage) == {"EE": day(0), "PL": day(2)}


def test_a_statement_with_another_text_is_another_statement(storage: SqlStorage) -> None:
    first = Statement(PL.participant, StatementKind.DECLARATION, "We say this.")
    second = replace(first, text="We say that.")
    with storage.begin() as transaction:
        transaction.store_snapshot("XXVI-5", "untc", snapshot(PL, statements=(first, first)), day(0), None)
        transaction.store_snapshot("XXVI-5", "untc", snapshot(PL, statements=(first, second)), day(1), None)
        (before,), (after,) = transaction.known("XXVI-5", day(0)), transaction.known("XXVI-5", day(1))
    assert before.snapshot.statements == (first, first)
    assert after.snapshot.statements == (first, second)
    assert len(contents(storage)["participation"]) == 1


def test_sources_of_one_treaty_are_known_apart(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.store_snapshot("XXVI-5", "untc", snapshot(EE, PL), day(0), "aa")
        transaction.store_snapshot("XXVI-5", "seed", snapshot(PL), day(0), None)
        transaction.store_snapshot("XXVI-6", "untc", snapshot(LV), day(0), "cc")
        known = transaction.known("XXVI-5", day(9))
    assert [(each.source, len(each.snapshot.participations)) for each in known] == [("seed", 1), ("untc", 2)]


def test_a_kept_page_is_entered_once_with_its_headers(storage: SqlStorage) -> None:
    page = Document("https://depositary.example/page", b"<html>", day(0), {"etag": '"7"'})
    with storage.begin() as transaction:
        transaction.store_document("XXVI-5", "untc", page)
        transaction.store_document("XXVI-5", "untc", replace(page, fetched_at=day(1)))
    (entry,) = contents(storage, "document")["document"]
    assert entry[:4] == ("XXVI-5", "untc", page.sha256, page.url)

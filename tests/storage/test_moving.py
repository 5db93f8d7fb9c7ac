"""A whole record goes from SQLite to PostgreSQL, every row of it, or nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from storage.samples import T0, change, day, delivery, recorded, row, snapshot, withdrawal
from support import postgres

from monitor.domain.delivery import Attempt, DeliveryState, Outcome
from monitor.domain.document import Document
from monitor.domain.errors import StorageError, UsageError
from monitor.domain.outlook import outlook
from monitor.domain.snapshot import Statement, StatementKind
from monitor.domain.treaty import Rules
from monitor.storage.interface import ChannelState, Condition, Held, SourceState
from monitor.storage.moving import move
from monitor.storage.sql import SqlStorage, open_storage
from monitor.storage.tables import METADATA

YEARS = 10


@pytest.fixture
def target() -> Iterator[str]:
    with postgres.shared_cluster().database("template1") as address:
        yield address


@pytest.fixture
def old(tmp_path: Path) -> Iterator[SqlStorage]:
    """Return ten years of a record: pages read every month, changes, deliveries with attempts, holds, a digest."""
    storage = open_storage(tmp_path)
    for month in range(YEARS * 12):
        now = day(month * 30)
        with storage.begin() as tx:
            codes = ["PL", "EE", "LV", "Côte d'Ivoire", "Ω"][: month % 5 + 1]
            said = Statement(row("PL").participant, StatementKind.DECLARATION, f"of month {month}")
            page = snapshot(*(row(code, withdrawal(month)) for code in codes), statements=(said,))
            tx.store_snapshot("XXVI-5", "untc", page, now, "aa")
            tx.keep_outlook("XXVI-5", "untc", outlook(page, Rules(), now.date()))
            tx.store_document("XXVI-5", "untc", Document("https://d.example/", f"{month}".encode(), now, {"etag": "é"}))
            tx.record([recorded(change(code, on=month), now) for code in codes])
            tx.enqueue(delivery(month * 50 + n, due=now, body=f'{{"n": {n}}}', created=now) for n in range(50))
            for each in tx.claim(now, now + timedelta(minutes=5), 30):
                tx.settle(
                    each.id, now + timedelta(minutes=5), Attempt(now, Outcome.SENT, "250"), DeliveryState.SENT, now
                )
            tx.gather([replace(delivery(month, due=day(9999)), id=f"later{month}")])
            tx.hold(Held(f"hld_{month}", "XXVI-5", "untc", None, now, f"d{month}", None, (), (change(on=month),)))
    with storage.begin() as tx:
        state = SourceState("XXVI-5", "untc", "https://d.example/", Condition.OK, T0, T0, day(9), 0, None, None)
        tx.save_source(replace(state, calendar_until=date(2026, 2, 3)))
        tx.save_channel(ChannelState("desk", T0, day(1), day(2), "410 Gone"))
        tx.save_setting("kept XXVI-5 untc", "mark")
    yield storage
    storage.close()


def _rows(storage: SqlStorage) -> dict[str, list[tuple[Any, ...]]]:
    with storage.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
        }


def test_ten_years_are_the_same_rows_before_and_after(old: SqlStorage, target: str) -> None:
    moved = move(old, target)
    new = open_storage(target)
    before, after = _rows(old), _rows(new)
    assert before == after
    assert {each.table: each.rows for each in moved} == {name: len(rows) for name, rows in before.items()}
    assert {name for name, rows in before.items() if not rows} <= {"departure"}  # nobody has left the page
    with new.begin() as tx:  # numbers go on where they ended
        tx.store_snapshot("XXVI-5", "untc", snapshot(row("FI")), day(9999), "zz")
        assert tx.record([recorded(change("FI"))])
        assert tx.claim(day(9999), day(10_000), 1)
    new.close()


def test_a_database_that_has_a_record_is_left_alone(old: SqlStorage, target: str) -> None:
    move(old, target)
    with pytest.raises(UsageError, match="there is a record here already"):
        move(old, target)


def test_a_row_that_does_not_come_out_as_it_went_in_undoes_everything(old: SqlStorage, target: str) -> None:
    new = open_storage(target)
    with new.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN IF NEW.recipient LIKE ''reader77@%%'' THEN NEW.recipient := ''lost''; END IF; RETURN NEW; END'"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER spoil BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION spoil()"
        )
    with pytest.raises(StorageError, match='a row of "delivery" is not what it was'):
        move(old, target)
    assert all(rows == [] for rows in _rows(new).values())
    new.close()


def test_only_postgresql_takes_a_record(old: SqlStorage, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a record is moved to PostgreSQL"):
        move(old, f"sqlite:///{tmp_path / 'other'}")
    with pytest.raises(StorageError, match=r"127\.0\.0\.1:1"):
        move(old, "postgresql://u:hidden@127.0.0.1:1/x")

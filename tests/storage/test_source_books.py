from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError
from storage.samples import day

from monitor.storage.interface import Condition, SourceState
from monitor.storage.sql import SqlStorage

FULL = SourceState(
    treaty="XXVI-5",
    source="untc",
    url="https://depositary.example/page",
    condition=Condition.UNREACHABLE,
    last_checked=day(3),
    last_good=day(2),
    next_due=day(4),
    failures=2,
    problem="no answer",
    told=Condition.UNREACHABLE,
    validators={"etag": '"7"', "last-modified": "yesterday"},
    fingerprint="ff",
    calendar_until=date(2026, 2, 20),
    reader="untc/1",
)


def test_a_source_is_kept_as_it_is_told_and_written_over(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        assert transaction.source("XXVI-5", "untc") is None
        transaction.save_source(SourceState("XXVI-5", "untc", "https://depositary.example/page"))
        transaction.save_source(FULL)
        assert transaction.source("XXVI-5", "untc") == FULL
        assert transaction.sources() == (FULL,)


def test_sources_come_by_treaty_and_source(storage: SqlStorage) -> None:
    states = [replace(FULL, treaty=treaty, source=source) for treaty in ("B", "A") for source in ("untc", "seed")]
    with storage.begin() as transaction:
        for state in states:
            transaction.save_source(state)
        assert [(s.treaty, s.source) for s in transaction.sources()] == [
            ("A", "seed"),
            ("A", "untc"),
            ("B", "seed"),
            ("B", "untc"),
        ]


def test_a_setting_is_noted_and_forgotten(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.save_setting("told", "once")
        transaction.save_setting("told", "twice")
        assert transaction.setting("told") == "twice"
        transaction.save_setting("told", None)
        assert transaction.setting("told") is None


def test_an_instant_of_any_zone_comes_back_as_the_same_instant_in_utc(storage: SqlStorage) -> None:
    warsaw = datetime(2025, 6, 1, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with storage.begin() as transaction:
        transaction.save_source(replace(FULL, last_checked=warsaw))
        state = transaction.source("XXVI-5", "untc")
    assert state is not None
    assert state.last_checked == warsaw
    assert str(state.last_checked) == "2025-05-31 23:30:00.123456+00:00"


def test_an_instant_without_a_zone_is_refused(storage: SqlStorage) -> None:
    naive = day(0).replace(tzinfo=None)
    with pytest.raises(StatementError, match="names no time zone"), storage.begin() as transaction:
        transaction.save_source(replace(FULL, last_checked=naive))


def test_nothing_of_a_failed_transaction_is_written(storage: SqlStorage) -> None:
    def break_off() -> None:
        with storage.begin() as transaction:
            transaction.save_source(FULL)
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    with storage.begin(read_only=True) as transaction:
        assert transaction.sources() == ()

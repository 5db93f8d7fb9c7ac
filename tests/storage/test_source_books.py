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


def test_the_sources_of_some_treaties_come_alone(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        for treaty in ("A", "B", "C"):
            transaction.save_source(replace(FULL, treaty=treaty))
        assert {s.treaty for s in transaction.sources_of(["A", "C", "never seen"])} == {"A", "C"}


def test_when_the_pages_of_some_treaties_were_last_believed(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        for treaty, good in (("A", day(3)), ("B", None), ("C", day(5))):
            transaction.save_source(replace(FULL, treaty=treaty, last_good=good))
        assert transaction.last_good(["A", "B", "never seen"]) == {("A", "untc"): day(3)}


def test_what_rests_at_a_moment_is_what_is_due_later(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        for treaty, due in (("A", day(3)), ("B", day(4)), ("C", day(5)), ("D", None)):
            transaction.save_source(replace(FULL, treaty=treaty, next_due=due))
        assert transaction.resting(day(4)) == {("C", "untc"): FULL.url}


def test_what_was_checked_while_the_clock_was_ahead_does_not_rest(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.save_source(replace(FULL, last_checked=day(20), next_due=day(21)))
        assert transaction.resting(day(4)) == {}
        for moment in (day(20), day(20) - timedelta(minutes=1)):  # clocks of several machines differ a little
            assert transaction.resting(moment) == {("XXVI-5", "untc"): FULL.url}


def test_read_well_is_what_was_believed_at_its_last_check_be_it_in_part(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        for condition in Condition:
            transaction.save_source(replace(FULL, treaty=condition.value, condition=condition))
        turns = transaction.turns()
        assert {page for page, (well, _) in turns.items() if well} == {("ok", "untc"), ("held", "untc")}
        assert len(turns) == len(Condition)


def test_each_source_says_when_its_turn_is_and_all_of_them_when_the_last_check_was(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        assert (transaction.turns(), transaction.last_check()) == ({}, None)
        for treaty, checked, due in (("A", day(1), day(4)), ("B", day(2), day(3)), ("C", None, None)):
            transaction.save_source(replace(FULL, treaty=treaty, last_checked=checked, next_due=due))
        assert {page[0]: due for page, (_, due) in transaction.turns().items()} == {"A": day(4), "B": day(3), "C": None}
        assert transaction.last_check() == day(2)


LATER = replace(FULL, last_checked=day(5), last_good=day(5), next_due=day(6), validators={"etag": '"8"'})


def test_a_check_that_found_nothing_new_writes_its_times_and_validators(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.save_source(FULL)
        transaction.renew([(FULL, LATER)])
        assert transaction.sources() == (LATER,)


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"last_checked": day(4)},
        {"fingerprint": "ee"},
        {"fingerprint": None},
        {"condition": Condition.HELD},
        {"url": "https://elsewhere.example/"},
    ],
)
def test_it_writes_nothing_over_what_another_has_written_meanwhile(
    storage: SqlStorage, meanwhile: dict[str, object]
) -> None:
    found = replace(FULL, **meanwhile)  # type: ignore[arg-type]
    with storage.begin() as transaction:
        transaction.save_source(found)
        transaction.renew([(FULL, LATER)])
        assert transaction.sources() == (found,)


def test_settings_come_by_the_beginning_of_their_names_letter_by_letter(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        for name in ("met A", "met_B", "Met C", "met 100%"):
            transaction.save_setting(name, "yes")
        assert transaction.settings("met ") == {"A": "yes", "100%": "yes"}


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

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from storage import samples
from storage.samples import day

from monitor.domain.change import Change, RecordedChange
from monitor.domain.delivery import Delivery
from monitor.domain.snapshot import Finding, Snapshot
from monitor.storage.interface import Held, HeldState
from monitor.storage.sql import SqlStorage, open_storage

_number = count()
_on_one_record = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@given(samples.snapshots)
@_on_one_record
def test_a_snapshot_comes_back_exactly_and_in_order(storage: SqlStorage, snapshot: Snapshot) -> None:
    treaty = f"T-{next(_number)}"
    with storage.begin() as transaction:
        transaction.store_snapshot(treaty, "untc", snapshot, day(0), "d0")
        known = transaction.latest(treaty, "untc")
    assert known is not None
    assert known.snapshot == snapshot
    assert (known.fetched_at, known.document) == (day(0), "d0")


@given(st.lists(samples.snapshots, min_size=1, max_size=5))
@_on_one_record
def test_every_state_of_a_page_is_known_as_of_its_day(storage: SqlStorage, history: list[Snapshot]) -> None:
    treaty = f"T-{next(_number)}"
    with storage.begin() as transaction:
        for number, snapshot in enumerate(history):
            transaction.store_snapshot(treaty, "untc", snapshot, day(number), f"d{number}")
        for number, snapshot in enumerate(history):
            (known,) = transaction.known(treaty, day(number))
            assert _unordered(known.snapshot) == _unordered(snapshot)
        latest = transaction.latest(treaty, "untc")
    assert latest is not None
    assert latest.snapshot == history[-1]


def _unordered(snapshot: Snapshot) -> tuple[object, ...]:
    """Return what a page says, without its stamp and order: both are kept exactly only for the latest reading."""
    rows = sorted(map(repr, snapshot.participations)), sorted(map(repr, snapshot.statements))
    header = (snapshot.header.reference, snapshot.header.title, snapshot.header.stated, snapshot.header.concluded)
    return (*rows, header, snapshot.counted, snapshot.columns, snapshot.form)


@given(samples.recorded_changes)
@_on_one_record
def test_a_change_comes_back_exactly(storage: SqlStorage, recorded: RecordedChange) -> None:
    with storage.begin() as transaction:
        before = transaction.changes()
        new = transaction.record([recorded])
        after = transaction.changes()
    assert new == (() if recorded.id in {each.id for each in before} else (recorded,))
    assert set(after) == set(before) | set(new)


@given(st.lists(samples.changes, max_size=3).map(tuple), st.lists(samples.findings, max_size=3).map(tuple))
@_on_one_record
def test_what_is_held_comes_back_exactly(
    storage: SqlStorage, changes: tuple[Change, ...], findings: tuple[Finding, ...]
) -> None:
    held = Held(f"h{next(_number)}", "XXVI-5", "untc", None, day(1), "digest", None, findings, changes)
    with storage.begin() as transaction:
        transaction.hold(held)
        assert held in transaction.held(frozenset({HeldState.OPEN}))


@given(samples.deliveries)
@_on_one_record
def test_a_delivery_comes_back_exactly_with_its_attempts(storage: SqlStorage, generated: Delivery) -> None:
    delivery = replace(generated, id=f"msg_{next(_number)}")
    with storage.begin() as transaction:
        assert transaction.enqueue([delivery]) == 1
        (back,) = (each for each in transaction.deliveries(frozenset({delivery.state})) if each.id == delivery.id)
    assert back == delivery


@pytest.mark.parametrize("name", ["50% off?", "ünï cödé", "a#b&c=d", "with 'quotes'"])
def test_the_state_directory_may_bear_any_name(tmp_path: Path, name: str) -> None:
    storage = open_storage(tmp_path / name)
    storage.close()
    assert (tmp_path / name / "monitor.sqlite3").is_file()

"""SQLite and PostgreSQL give the same record for the same history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from storage import samples
from support import postgres

from monitor.domain.delivery import Attempt, DeliveryState, Outcome
from monitor.storage.interface import ChannelState, Condition, Held, HeldState, SourceState, Transaction
from monitor.storage.sql import SqlStorage, open_storage
from monitor.storage.tables import METADATA

Operation = Callable[[Transaction], object]
TREATIES, SOURCES, CHANNELS = st.sampled_from(["V-3", "XXVI-5"]), st.sampled_from(["untc", "fao"]), ["desk", "hook"]
LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Step:
    """What one transaction does, and how it reads in a report of hypothesis."""

    name: str
    work: Operation

    def __repr__(self) -> str:
        return self.name


@st.composite
def steps(draw: st.DrawFn, number: int) -> Step:
    """Return one transaction of a history; its day is its place there."""
    now = samples.day(number)
    treaty, source, name = draw(TREATIES), draw(SOURCES), draw(st.sampled_from(CHANNELS))
    sent = st.builds(samples.delivery, st.integers(0, 12), due=st.just(now), body=samples.texts, created=st.just(now))
    some = draw(st.lists(sent, max_size=4))
    page = draw(samples.snapshots)
    found = draw(st.lists(samples.recorded_changes, max_size=3))
    state = SourceState(treaty, source, draw(samples.texts), draw(st.sampled_from(Condition)), now, next_due=now)
    held = Held(
        draw(st.sampled_from("abc")), treaty, source, draw(samples.maybe_text), now, "digest", None, (), (),
        draw(st.sampled_from(HeldState)), draw(st.sampled_from([None, now.date()])),
    )  # fmt: skip
    outcome, end = draw(st.sampled_from([(Outcome.SENT, DeliveryState.SENT), (Outcome.RETRY, DeliveryState.PENDING)]))
    text, disabled = draw(samples.maybe_text), draw(st.sampled_from([None, now]))
    ids = frozenset(f"msg_{each:06}" for each in draw(st.sets(st.integers(0, 12), max_size=3)))

    def send(tx: Transaction) -> object:
        taken = tx.claim(now, now + LEASE, 99)
        for each in taken[:2]:  # the others are left under their lease, as by a sender that died
            tx.settle(each.id, now + LEASE, Attempt(now, outcome, "said"), end, now)
        return taken

    every = {
        "enqueue": lambda tx: tx.enqueue(some),
        "send": send,
        "retry": lambda tx: tx.retry(ids, now),
        "gather": lambda tx: tx.gather(some),
        "ripe": lambda tx: sorted(each.id for each in tx.ripe(now, 2)),
        "read a page": lambda tx: tx.store_snapshot(treaty, source, page, now, None),
        "record": lambda tx: tx.record(found),
        "books": lambda tx: tx.save_source(state),
        "hold": lambda tx: tx.hold(held),
        "channel": lambda tx: tx.save_channel(ChannelState(name, now, now, disabled, "gone")),
        "setting": lambda tx: tx.save_setting(name, text),
        "release": lambda tx: tx.release(name, samples.T0, now),
    }
    chosen = draw(st.sampled_from(sorted(every)))
    return Step(f"{chosen} on day {number}", every[chosen])


histories = st.integers(1, 14).flatmap(lambda n: st.tuples(*(steps(number) for number in range(n))))


@pytest.fixture(scope="module")
def other() -> Iterator[SqlStorage]:
    with postgres.shared_cluster().database() as address:
        opened = open_storage(address)
        yield opened
        opened.close()


@contextmanager
def fresh_sqlite() -> Iterator[SqlStorage]:
    with TemporaryDirectory() as folder:
        opened = open_storage(Path(folder))
        yield opened
        opened.close()


def emptied(storage: SqlStorage) -> SqlStorage:
    with storage.engine.begin() as connection:
        names = ", ".join(f'"{table.name}"' for table in METADATA.sorted_tables)
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")
    return storage


def lived(storage: SqlStorage, history: tuple[Step, ...]) -> list[object]:
    """Return what each transaction of the history answered."""
    answers: list[object] = []
    for step in history:
        with storage.begin() as tx:
            answers.append(step.work(tx))
    return answers


def record(storage: SqlStorage) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, save the changes' numbers: PostgreSQL's skip one for a change known before."""
    numbered = METADATA.tables["change"].c.number
    with storage.engine.connect() as connection:
        return {
            table.name: sorted(
                map(tuple, connection.execute(select(*(c for c in table.c if c is not numbered)))), key=repr
            )
            for table in METADATA.sorted_tables
        }


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(history=histories)
def test_the_same_history_gives_the_same_answers_and_the_same_record(
    other: SqlStorage, history: tuple[Step, ...]
) -> None:
    with fresh_sqlite() as one:
        two = emptied(other)
        assert lived(one, history) == lived(two, history)
        assert record(one) == record(two)
        with one.begin(read_only=True) as left, two.begin(read_only=True) as right:
            assert left.changes() == right.changes()
            assert left.deliveries() == right.deliveries()
            assert left.sources() == right.sources()
            assert left.held() == right.held()
            assert left.waiting(samples.day(99)) == right.waiting(samples.day(99))

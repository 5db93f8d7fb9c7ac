"""What waits for a digest is kept beside the outbox, and taken out whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from storage.samples import T0, day, delivery

from monitor.domain.delivery import Delivery
from monitor.storage.outbox import LONGEST
from monitor.storage.sql import SqlStorage


def waiting(number: int, *, to: str = "a@example.org", due: datetime = T0, made: datetime = T0) -> Delivery:
    return replace(delivery(number, due=due, created=made, body=f'"{number % 2}"'), recipient=to, subscription="desk")


def test_what_is_put_by_is_no_part_of_the_outbox(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        assert transaction.gather([waiting(1), waiting(2), waiting(1)]) == 2
        assert transaction.gather([waiting(2)]) == 0
        assert transaction.deliveries() == ()
        assert transaction.claim(day(9), day(10), 9) == ()
        assert transaction.waiting(day(9)) == ()


def test_it_is_taken_out_once_as_it_was_put_in_receiver_by_receiver_oldest_first(storage: SqlStorage) -> None:
    items = [
        waiting(1, to="b@example.org"),
        waiting(2, made=T0 + timedelta(hours=1)),
        waiting(3),
        waiting(4, due=day(2)),
    ]
    with storage.begin() as transaction:
        transaction.gather(items)
        assert transaction.ripe(T0 - timedelta(seconds=1), 9) == ()
        assert transaction.ripe(T0, 9) == (items[2], items[1], items[0])
        assert transaction.ripe(T0, 9) == ()
        assert transaction.ripe(day(2), 9) == (items[3],)


def test_what_was_put_by_while_the_clock_was_ahead_is_taken_out_when_it_has_been_put_right(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.gather([waiting(1, due=day(2_000)), waiting(2, due=T0 + LONGEST)])
        assert transaction.ripe(T0, 9) == (waiting(1, due=day(2_000)),)


def test_no_more_receivers_are_taken_than_asked_and_each_whole(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.gather(waiting(number, to=f"{number % 5}@example.org") for number in range(20))
        taken = [transaction.ripe(T0, 2) for _ in range(4)]
    assert [len(each) for each in taken] == [8, 8, 4, 0]
    assert {d.recipient for d in taken[0]} == {"0@example.org", "1@example.org"}


def test_a_rollback_leaves_it_where_it_was(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.gather([waiting(1)])

    def broken_off() -> None:
        with storage.begin() as transaction:
            assert transaction.ripe(T0, 9)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    with storage.begin() as transaction:
        assert transaction.ripe(T0, 9) == (waiting(1),)

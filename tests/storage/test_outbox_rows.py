from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from storage.samples import T0, day, delivery

from monitor.domain.delivery import Attempt, DeliveryState, Outcome
from monitor.storage import tables
from monitor.storage.outbox import LONGEST
from monitor.storage.sql import SqlStorage

LEASE = T0 + timedelta(minutes=5)
SENT = Attempt(T0, Outcome.SENT, "250 OK")
FAILED = Attempt(T0, Outcome.RETRY, "451 try again")


def test_a_delivery_is_entered_once(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        assert transaction.enqueue([delivery(1), delivery(2), delivery(1)]) == 2
        assert transaction.enqueue([delivery(2, body="other"), delivery(3)]) == 1
        assert {each.body for each in transaction.deliveries()} == {delivery(1).body}


def test_a_list_may_do_without_the_texts(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1), delivery(2)])
        whole = transaction.deliveries()
        assert transaction.deliveries(bodies=False) == tuple(replace(each, body="") for each in whole)
        assert transaction.deliveries(limit=1, bodies=False) == (replace(whole[0], body=""),)


def test_one_text_for_many_recipients_is_stored_once(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        assert transaction.enqueue(delivery(number) for number in range(2_500)) == 2_500
        transaction.enqueue([delivery(9_999, body="another")])
    with storage.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.body)) == 2


def test_what_is_due_is_claimed_in_order_up_to_the_limit(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1, due=day(-1)), delivery(2, due=day(-2)), delivery(3), delivery(4, due=day(1))])
        first, second = (transaction.claim(T0, LEASE, 2) for _ in range(2))
        assert transaction.claim(T0, LEASE, 2) == ()
    assert [each.id for each in first + second] == ["msg_000002", "msg_000001", "msg_000003"]
    assert {(each.state, each.lease_until) for each in first} == {(DeliveryState.SENDING, LEASE)}


def test_what_was_put_off_while_the_clock_was_ahead_is_due_when_it_has_been_put_right(storage: SqlStorage) -> None:
    in_2030, longest = day(2_000), T0 + LONGEST
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1, due=in_2030), delivery(2, due=longest)])
        assert transaction.waiting(T0) == (delivery(1).channel,)
        assert [each.id for each in transaction.claim(T0, LEASE, 9)] == ["msg_000001"]
        assert transaction.waiting(T0) == ()


@pytest.mark.sqlite
def test_what_waits_for_later_is_not_looked_through_for_what_is_due(storage: SqlStorage) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1)])
        event.listen(storage.engine, "before_cursor_execute", lambda _c, _s, sql, given, *_: asked.append((sql, given)))
        assert transaction.claim(T0, LEASE, 9)
    with storage.engine.connect() as connection:
        claims = [one for one in asked if "ORDER BY delivery.next_attempt" in one[0] and "LIMIT" in one[0]]
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all() for sql, given in claims]
    assert [any("next_attempt<" in row[3] or "next_attempt>" in row[3] for row in plan) for plan in plans] == [True] * 2


def test_a_message_that_a_sender_had_in_hand_while_the_clock_was_ahead_is_taken_up(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1)])
        transaction.claim(day(2_000), day(2_001), 9)
        assert [each.id for each in transaction.claim(T0, LEASE, 9)] == ["msg_000001"]


def test_a_delivery_that_is_sent_or_dead_is_never_claimed(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1), delivery(2)])
        transaction.claim(T0, LEASE, 9)
        assert transaction.settle("msg_000001", LEASE, SENT, DeliveryState.SENT, None)
        assert transaction.settle("msg_000002", LEASE, FAILED, DeliveryState.DEAD, None)
        assert transaction.claim(day(900), day(901), 9) == ()


def test_a_dead_senders_work_is_taken_up_with_a_lost_attempt(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1)])
        transaction.claim(T0, LEASE, 9)
        assert transaction.claim(LEASE - timedelta(seconds=1), day(1), 9) == ()
        (again,) = transaction.claim(LEASE, day(1), 9)
    (lost,) = again.attempts
    assert (lost.at, lost.outcome) == (LEASE, Outcome.LOST)
    assert again.id == "msg_000001"
    assert again.lease_until == day(1)


def test_a_sender_whose_lease_was_taken_can_write_nothing(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1)])
        transaction.claim(T0, LEASE, 9)
        transaction.claim(LEASE, day(1), 9)
        assert not transaction.settle("msg_000001", LEASE, SENT, DeliveryState.SENT, None)
        (still,) = transaction.deliveries()
        assert (still.state, len(still.attempts)) == (DeliveryState.SENDING, 1)
        assert not transaction.settle("msg_unknown", LEASE, SENT, DeliveryState.SENT, None)


def test_an_attempt_that_is_to_be_repeated_makes_it_pending_with_its_history(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1)])
        transaction.claim(T0, LEASE, 9)
        assert transaction.settle("msg_000001", LEASE, FAILED, DeliveryState.PENDING, day(1))
        (waiting,) = transaction.deliveries(frozenset({DeliveryState.PENDING}))
        assert transaction.claim(T0, LEASE, 9) == ()
        (again,) = transaction.claim(day(1), day(2), 9)
    assert (waiting.next_attempt, waiting.attempts, waiting.lease_until) == (day(1), (FAILED,), None)
    assert again.attempts == (FAILED,)


def test_the_longest_due_come_first_and_those_of_dead_senders_before_all(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1, due=day(-1)), delivery(2, due=day(-3)), delivery(3, due=day(-2))])
        transaction.claim(day(-1), day(-1) + timedelta(minutes=5), 1)
        claimed = [transaction.claim(T0, LEASE, 1)[0].id for _ in range(3)]
    assert claimed == ["msg_000002", "msg_000003", "msg_000001"]


@pytest.mark.parametrize("answer", ["550 \0 no", "550 \udcff no"])
def test_no_answer_of_a_server_keeps_its_attempt_from_being_written(storage: SqlStorage, answer: str) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1)])
        transaction.claim(T0, LEASE, 9)
        attempt = Attempt(T0, Outcome.DEAD, answer)
        assert transaction.settle("msg_000001", LEASE, attempt, DeliveryState.DEAD, None)
        assert transaction.deliveries()[0].attempts[0].detail == "550 \ufffd no"


def test_the_outbox_comes_newest_first_and_by_state(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1, created=day(0)), delivery(2, created=day(2)), delivery(3, created=day(1))])
        assert [each.id for each in transaction.deliveries()] == ["msg_000002", "msg_000003", "msg_000001"]
        assert transaction.deliveries(frozenset({DeliveryState.DEAD})) == ()


def test_what_was_not_sent_can_be_tried_again_by_hand(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue(delivery(number) for number in range(1, 5))
        transaction.claim(T0, LEASE, 3)
        transaction.settle("msg_000001", LEASE, SENT, DeliveryState.SENT, None)
        transaction.settle("msg_000002", LEASE, FAILED, DeliveryState.DEAD, None)
        ids = frozenset({"msg_000001", "msg_000002", "msg_000003", "msg_000004", "msg_unknown"})
        assert transaction.retry(ids, T0) == ("msg_000002", "msg_000003", "msg_000004")
        claimed = transaction.claim(T0, day(1), 9)
    assert [each.id for each in claimed] == ["msg_000002", "msg_000004"]
    assert claimed[0].attempts == (FAILED,)


def test_it_is_known_which_ids_are_in_the_outbox_however_many_are_asked_for(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1), delivery(2)])
        asked = [f"msg_{number:06}" for number in range(2, 2_500)]
        assert transaction.entered(asked) == {"msg_000002"}
        assert transaction.entered(()) == frozenset()

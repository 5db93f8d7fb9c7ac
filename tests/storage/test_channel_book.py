"""How channels are, what is held back for them, and dead letters that are told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from storage.samples import T0, day, delivery

from monitor.domain.delivery import Attempt, Delivery, DeliveryState, Outcome
from monitor.storage.interface import ChannelState
from monitor.storage.sql import SqlStorage, SqlTransaction

LEASE = T0 + timedelta(minutes=5)


def mine(number: int, *, due: datetime = T0, channel: str = "desk") -> Delivery:
    return replace(delivery(number, due=due), subscription="eastern flank", channel=channel)


def died(transaction: SqlTransaction, *ids: str, at: datetime = T0) -> None:
    transaction.claim(T0, LEASE, 99)
    for each in ids:
        assert transaction.settle(each, LEASE, Attempt(at, Outcome.DEAD, "550 no"), DeliveryState.DEAD, None)


def test_a_channel_without_failures_has_an_empty_state(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        assert transaction.channel("desk") == ChannelState("desk")
        assert transaction.channels() == ()


def test_a_channels_state_is_written_over(storage: SqlStorage) -> None:
    state = ChannelState("desk", day(1), day(2), day(3), "410 Gone")
    with storage.begin() as transaction:
        transaction.save_channel(state)
        transaction.save_channel(ChannelState("hook", day(1)))
        transaction.save_channel(replace(state, disabled=None))
        assert transaction.channel("desk") == replace(state, disabled=None)
        assert [each.name for each in transaction.channels()] == ["desk", "hook"]


def test_a_claimed_delivery_can_be_given_back_without_an_attempt(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([mine(1)])
        transaction.claim(T0, LEASE, 1)
        assert not transaction.postpone("msg_000001", day(1), day(2))
        assert transaction.postpone("msg_000001", LEASE, day(2))
        [back] = transaction.deliveries()
    assert (back.state, back.next_attempt, back.attempts) == (DeliveryState.PENDING, day(2), ())


def test_a_release_makes_due_what_waits_and_what_died_since_over_this_channel_alone(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([mine(1), mine(2), mine(3, channel="other"), mine(4, due=day(9))])
        died(transaction, "msg_000001", "msg_000003", at=day(1))
        died(transaction, "msg_000002", at=day(5))
        assert transaction.release("desk", day(4), day(6)) == 2
        states = {d.id: (d.state, d.next_attempt) for d in transaction.deliveries()}
    assert states["msg_000002"] == states["msg_000004"] == (DeliveryState.PENDING, day(6))
    assert states["msg_000001"][0] is states["msg_000003"][0] is DeliveryState.DEAD


def test_dead_letters_are_told_once_and_again_when_they_die_again(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([mine(1), mine(2), replace(mine(3), subscription="")])
        assert transaction.untold_dead(day(1), 9) == ()
        died(transaction, "msg_000001", "msg_000002", "msg_000003")
        [first] = transaction.untold_dead(day(1), 1)
        [second] = transaction.untold_dead(day(1), 9)
        assert (first.id, second.id) == ("msg_000001", "msg_000002")
        assert transaction.untold_dead(day(2), 9) == ()
        transaction.retry(frozenset({"msg_000001"}), T0)
        died(transaction, "msg_000001")
        assert [d.id for d in transaction.untold_dead(day(3), 9)] == ["msg_000001"]


def test_the_outbox_is_counted_by_state(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        assert transaction.tally() == {}
        transaction.enqueue([mine(1), mine(2), mine(3, due=day(1))])
        died(transaction, "msg_000001")
        assert transaction.tally() == {
            DeliveryState.DEAD: 1,
            DeliveryState.SENDING: 1,
            DeliveryState.PENDING: 1,
        }

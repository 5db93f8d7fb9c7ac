from dataclasses import replace

from storage.samples import change, day, delivery, recorded

from monitor.domain.delivery import Attempt, DeliveryState, Outcome
from monitor.storage.sql import SqlStorage


def test_the_newest_changes_are_read_without_the_rest(storage: SqlStorage) -> None:
    all_of_them = [recorded(change("PL", on=number), day(number)) for number in range(1, 6)]
    with storage.begin() as transaction:
        transaction.record(all_of_them)
        assert transaction.changes(limit=2) == (all_of_them[4], all_of_them[3])
        assert transaction.number_of_changes() == 5


def test_one_change_is_found_by_its_id(storage: SqlStorage) -> None:
    first = recorded(change())
    with storage.begin() as transaction:
        transaction.record([first, recorded(change("EE"))])
        assert transaction.change(first.id) == first
        assert transaction.change("chg_000000000000000000000000") is None


def test_the_deliveries_of_one_change_are_read_alone_with_their_attempts(storage: SqlStorage) -> None:
    about = replace(delivery(1), change_ids=("chg_a1", "chg_b2"))
    with storage.begin() as transaction:
        transaction.enqueue([about, replace(delivery(2), change_ids=("chg_b2",)), delivery(3)])
        [claimed] = transaction.claim(day(1), day(2), 1)
        transaction.settle(claimed.id, day(2), Attempt(day(1), Outcome.SENT, "250"), DeliveryState.SENT, None)
        [found] = transaction.deliveries(change="chg_a1")
        assert (found.id, [a.detail for a in found.attempts]) == (about.id, ["250"])
        assert len(transaction.deliveries(change="chg_b2")) == 2
        assert transaction.deliveries(change="chg_%") == ()


def test_the_newest_deliveries_are_read_without_the_rest(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue(delivery(number, created=day(number)) for number in range(5))
        assert [d.id for d in transaction.deliveries(limit=2)] == ["msg_000004", "msg_000003"]

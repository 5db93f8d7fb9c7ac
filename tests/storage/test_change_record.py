from dataclasses import replace
from datetime import UTC, datetime

import pytest
from storage.samples import change, day, recorded, row, snapshot, withdrawal

from monitor.domain.alert import Subscription
from monitor.domain.change import Change, ChangeKind
from monitor.storage.interface import Held, HeldState
from monitor.storage.sql import SqlStorage


def test_a_change_is_recorded_once_however_often_it_is_found(storage: SqlStorage) -> None:
    first, again, other = recorded(change()), recorded(change(), day(3)), recorded(change("EE"))
    with storage.begin() as transaction:
        assert transaction.record([first, again]) == (first,)
        assert transaction.record([again, other]) == (other,)
        assert set(transaction.changes()) == {first, other}


def test_changes_come_newest_first_by_what_we_learned_then_by_act(storage: SqlStorage) -> None:
    old = recorded(change("EE", on=9), day(1))
    new = recorded(change("PL", on=1), day(2))
    newest = recorded(change("LV", on=3), day(2))
    undated = recorded(Change(kind=ChangeKind.RENAMED, treaty="XXVI-5", participant=row("TR").participant), day(2))
    with storage.begin() as transaction:
        transaction.record([undated, new, old, newest])
        assert transaction.changes() == (newest, new, undated, old)


def test_of_two_changes_of_one_act_the_later_step_comes_first(storage: SqlStorage) -> None:
    notified, effective = recorded(change()), recorded(change(kind=ChangeKind.WITHDRAWAL_EFFECTIVE))
    with storage.begin() as transaction:
        transaction.record([notified, effective])
        assert transaction.changes() == (effective, notified)


def test_changes_are_found_by_treaty_participant_kind_and_day(storage: SqlStorage) -> None:
    poland, estonia = recorded(change("PL"), day(0)), recorded(change("EE", ChangeKind.CONSENTED), day(5))
    elsewhere = replace(poland, change=replace(poland.change, treaty="XXVI-6"))
    with storage.begin() as transaction:
        transaction.record([poland, estonia, elsewhere])
        assert transaction.changes(treaty="XXVI-6") == (elsewhere,)
        assert transaction.changes(treaty="XXVI-5", participant="PL") == (poland,)
        assert transaction.changes(kinds=frozenset({ChangeKind.CONSENTED})) == (estonia,)
        assert transaction.changes(kinds=frozenset()) == ()
        assert transaction.changes(since=day(5).date()) == (estonia,)
        assert transaction.changes(since=day(6).date()) == ()


@pytest.mark.parametrize("treaties", [None, frozenset({"XXVI-5"}), frozenset({"XXVI-6", "IV-1"})])
@pytest.mark.parametrize("countries", [None, frozenset({"PL"}), frozenset({"EE", "FR"})])
@pytest.mark.parametrize("kinds", [None, frozenset({ChangeKind.CONSENTED, ChangeKind.TREATY_IN_FORCE})])
def test_a_subscription_finds_what_it_wants(
    storage: SqlStorage,
    treaties: frozenset[str] | None,
    countries: frozenset[str] | None,
    kinds: frozenset[ChangeKind] | None,
) -> None:
    told = [change("PL"), change("EE"), change("EE", ChangeKind.CONSENTED), change("PL", ChangeKind.CONSENTED)]
    told += [Change(kind=ChangeKind.TREATY_IN_FORCE, treaty="XXVI-5", participant=None)]
    told += [replace(each, treaty="XXVI-6") for each in told]
    subscription = Subscription("s", treaties, countries, kinds, ("console",))
    with storage.begin() as transaction:
        transaction.record(recorded(each, day(n)) for n, each in enumerate(told))
        wanted = tuple(each for each in transaction.changes() if subscription.wants(each.change))
        assert transaction.changes_for(subscription, 99) == wanted
        assert transaction.changes_for(subscription, 2) == wanted[:2]


def test_since_means_the_day_in_utc(storage: SqlStorage) -> None:
    found = recorded(change(), datetime(2025, 6, 1, 0, 0, tzinfo=UTC))
    with storage.begin() as transaction:
        transaction.record([found])
        assert transaction.changes(since=found.first_seen.date()) == (found,)


def held(number: int, state: HeldState = HeldState.OPEN) -> Held:
    return Held(f"h{number}", "XXVI-5", "untc", "PL", day(number), "digest", "aa", (), (change(),), state)


def test_the_last_news_is_the_newest_change_else_the_first_reading(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        for treaty in ("XXVI-5", "XXVI-6"):
            for source, at in (("untc", day(3)), ("untc-xml", day(2)), ("untc", day(4))):
                transaction.store_snapshot(treaty, source, snapshot(row("PL", withdrawal(at.day))), at, None)
        transaction.record([recorded(change("PL"), day(6)), recorded(change("EE"), day(5))])
        found = transaction.last_news(["XXVI-5", "XXVI-6", "never read"])
        assert found == {"XXVI-5": day(6), "XXVI-6": day(2)}
        assert transaction.last_news(["XXVI-6"]) == {"XXVI-6": day(2)}


def test_what_is_held_comes_oldest_first_and_by_state(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        for each in (held(2), held(1), held(3, HeldState.REJECTED)):
            transaction.hold(each)
        assert transaction.held() == (held(1), held(2), held(3, HeldState.REJECTED))
        assert transaction.held(frozenset({HeldState.REJECTED})) == (held(3, HeldState.REJECTED),)


def test_a_decision_is_written_over_what_was_held(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.hold(held(1))
        transaction.hold(held(1, HeldState.ACCEPTED))
        assert transaction.held() == (held(1, HeldState.ACCEPTED),)

"""The outbox: nothing lost, one bad recipient harms no other, ids never change."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from office import EVERYBODY, Office

from monitor.domain.alert import Subscription
from monitor.domain.change import ChangeKind
from monitor.domain.delivery import Delivery, DeliveryState, Outcome
from monitor.domain.errors import DeliveryError, StorageError
from monitor.faces.demo.scenes import mine_ban
from monitor.pipeline.notify import MOST_BYTES, as_text
from monitor.pipeline.outbox import deliver_due
from monitor.storage.interface import Storage, Transaction

SCENES = mine_ban()
TEMPORARY = DeliveryError("451 try later", permanent=False)
PERMANENT = DeliveryError("550 no such user", permanent=True)


NOTICES = frozenset({ChangeKind.WITHDRAWAL_NOTIFIED, ChangeKind.CONSENTED})


def reach_june(office: Office) -> None:
    """Bring the office to 27 June 2025, when Tonga's accession and three notices of withdrawal are news."""
    told = tuple(replace(s, kinds=s.kinds or NOTICES) for s in office.desk.subscriptions)
    office.with_(subscriptions=told)
    for number in (0, 1, 2):
        scene = SCENES[number]
        office.now = datetime(scene.day.year, scene.day.month, scene.day.day, 12, tzinfo=UTC)
        office.show(scene.treaty)
        office.check()


def test_every_change_of_one_state_found_together_is_one_message(office: Office) -> None:
    office.now = datetime(2026, 1, 5, tzinfo=UTC)
    office.show(SCENES[8].treaty)
    office.check()
    titles = office.told()
    assert "Estonia: withdrawal notified and withdrawal effective, Mine Ban Convention" in titles
    assert len([t for t in titles if t.startswith("Estonia")]) == 1


def test_a_webhook_carries_one_change_each(office: Office) -> None:
    office.with_(subscriptions=(Subscription("hooked", None, frozenset({"EE"}), None, ("hook",)),))
    office.now = datetime(2026, 1, 5, tzinfo=UTC)
    office.show(SCENES[8].treaty)
    office.check()
    office.deliver()
    kinds = [json.loads(d.body)["data"]["kind"] for d in office.hook.sent]
    assert sorted(kinds) == ["withdrawal_effective", "withdrawal_notified"]


def test_every_matching_subscription_fires(office: Office) -> None:
    other = Subscription(
        "exits", None, None, frozenset({ChangeKind.WITHDRAWAL_NOTIFIED}), ("mail",), ("b@example.org",)
    )
    office.with_(subscriptions=(EVERYBODY, other))
    reach_june(office)
    assert len(office.told()) == 4
    assert len(office.told("b@example.org")) == 3


def test_a_subscription_hears_only_of_what_it_asked_for(office: Office) -> None:
    narrow = replace(EVERYBODY, countries=frozenset({"LV"}), kinds=frozenset({ChangeKind.WITHDRAWAL_NOTIFIED}))
    office.with_(subscriptions=(narrow,))
    reach_june(office)
    assert office.told() == ["Latvia: withdrawal notified, Mine Ban Convention"]


def test_a_brief_outage_loses_nothing_and_repeats_keep_their_id_and_body(office: Office) -> None:
    office.mail.failures = [TEMPORARY] * 6
    reach_june(office)
    assert office.deliver().retried == 4
    with office.storage.begin() as tx:
        before = {d.id: d.body for d in tx.deliveries()}
    for _ in range(3):
        office.later(hours=1).deliver()
    assert {d.id: d.body for d in office.mail.sent} == before


def test_one_bad_recipient_harms_no_other(office: Office) -> None:
    office.with_(subscriptions=(replace(EVERYBODY, recipients=("bad@example.org", "good@example.org")),))
    office.mail.refused = {"bad@example.org": PERMANENT}
    reach_june(office)
    sent = office.deliver()
    assert (sent.sent, sent.dead) == (4, 4)
    with office.storage.begin() as tx:
        dead = tx.deliveries(frozenset({DeliveryState.DEAD}))
    assert {d.recipient for d in dead} == {"bad@example.org"}
    assert all("550" in d.attempts[-1].detail for d in dead)


def test_what_one_process_has_no_channel_for_another_sends_whose_configuration_is_newer(office: Office) -> None:
    reach_june(office)
    older = replace(office.desk, channels={"hook": office.hook})
    assert asyncio.run(deliver_due(older, office.clock)).retried == 4
    assert office.later(minutes=1).deliver().sent == 4


def test_what_waits_for_a_channel_that_is_gone_for_good_is_told_to_the_operator(office: Office) -> None:
    reach_june(office)
    hooked = replace(office.desk.operator, channels=("hook",))
    office.with_(channels={"hook": office.hook}, operator=hooked, subscriptions=())
    for _ in range(8):
        office.later(hours=11).deliver()
    office.do_chores()
    office.deliver()
    assert [json.loads(d.body)["data"]["title"] for d in office.hook.sent] == ["4 alerts could not be delivered"]


def test_a_dead_letter_is_kept_and_can_be_retried_by_hand(office: Office) -> None:
    office.mail.refused = {"desk@example.org": PERMANENT}
    reach_june(office)
    office.deliver()
    with office.storage.begin() as tx:
        ids = frozenset(d.id for d in tx.deliveries())
        assert set(tx.retry(ids, office.now)) == ids
    office.mail.refused = {}
    assert office.deliver().sent == len(ids)


def test_after_eight_attempts_over_more_than_27_hours_a_delivery_is_dead(office: Office) -> None:
    office.mail.refused = {"desk@example.org": TEMPORARY}
    reach_june(office)
    start = office.now
    while True:
        office.deliver()
        with office.storage.begin() as tx:
            one = tx.deliveries()[0]
        if one.state is DeliveryState.DEAD:
            break
        office.now = one.next_attempt
    assert len(one.attempts) == 8
    assert one.attempts[-1].outcome is Outcome.DEAD
    assert office.now - start >= timedelta(hours=27)


def test_a_dead_senders_work_is_taken_up_again_when_its_lease_has_run_out(office: Office) -> None:
    reach_june(office)
    with office.storage.begin() as tx:
        claimed = tx.claim(office.now, office.now + timedelta(minutes=5), 10)
    assert office.deliver().sent == 0
    office.later(minutes=6)
    assert office.deliver().sent == len(claimed)
    assert all(d.attempts[0].outcome is Outcome.LOST for d in office.mail.sent)


def test_a_channel_that_breaks_unforeseen_is_tried_again(office: Office) -> None:
    office.mail.failures = [RuntimeError("a bug")]  # type: ignore[list-item]
    reach_june(office)
    sent = office.deliver()
    assert (sent.sent, sent.retried) == (3, 1)


def test_a_body_always_fits_a_webhook() -> None:
    body = {"type": "x", "data": {"text": "ä" * 90_000, "evidence": {"excerpt": "b" * 90_000}, "title": "kept"}}
    text = as_text(body)
    assert len(text.encode()) <= MOST_BYTES
    assert json.loads(text)["data"]["title"] == "kept"


@dataclass
class Flaky:
    """A record whose connection is lost at its n-th transactions, before or after they are committed."""

    record: Storage
    before: frozenset[int] = frozenset()
    after: frozenset[int] = frozenset()
    number: int = 0

    @contextmanager
    def begin(self, *, read_only: bool = False) -> Iterator[Transaction]:
        if not read_only:
            self.number += 1
        number = 0 if read_only else self.number
        if number in self.before:
            raise StorageError("the connection is lost", temporary=True)
        with self.record.begin(read_only=read_only) as tx:
            yield tx
        if number in self.after:
            raise StorageError("the connection is lost", temporary=True)

    def close(self) -> None:
        self.record.close()


@pytest.mark.parametrize("lost", [{"before": frozenset({2, 3})}, {"after": frozenset({2})}])
def test_a_connection_that_is_lost_after_sending_sends_nothing_twice(office: Office, lost: dict[str, Any]) -> None:
    with office.storage.begin() as tx:
        tx.enqueue([Delivery("msg_1", "mail", "a@example.org", '{"type": "x"}', office.now, office.now)])
    steady = office.storage
    office.with_(storage=Flaky(steady, **lost)).deliver()
    assert [d.id for d in office.mail.sent] == ["msg_1"]
    with steady.begin(read_only=True) as tx:
        assert [(d.state, len(d.attempts)) for d in tx.deliveries()] == [(DeliveryState.SENT, 1)]

"""A channel of which nothing but failures comes rests: its alerts wait, others are told, and it comes back whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from office import EVERYBODY, Office

from monitor.channels.fake import RecordingChannel
from monitor.domain.action import ActionKind, TreatyAction
from monitor.domain.change import Change, ChangeKind, RecordedChange
from monitor.domain.delivery import Delivery, DeliveryState
from monitor.domain.errors import DeliveryError, UsageError
from monitor.domain.participant import Participant, ParticipantKind
from monitor.pipeline import trial
from monitor.pipeline.desk import Operator
from monitor.pipeline.disabling import disabled, enable
from monitor.pipeline.notify import deliveries
from monitor.pipeline.timetable import post

DOWN = DeliveryError("503 out of order", permanent=False)
GONE = DeliveryError("410 Gone", permanent=True, disable=True)
NO_SUCH_USER = DeliveryError("550 no such user", permanent=True)


@pytest.fixture
def hooked(office: Office) -> Office:
    """Return an office whose one subscription goes to a webhook and to mail, and whose operator reads another mail."""
    office.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    office.desk.channels["ops"] = RecordingChannel("ops")
    both = replace(EVERYBODY, channels=("hook", "mail"))
    return office.with_(subscriptions=(both,), operator=Operator(("ops",), ("ops@example.org",)))


def learn(office: Office, day: int = 1) -> None:
    """Let Poland's notice of a day in January be news."""
    act = TreatyAction(kind=ActionKind.WITHDRAWAL, date=date(2026, 1, day))
    who = Participant("PL", "Poland", "Poland", ParticipantKind.STATE)
    change = Change(kind=ChangeKind.WITHDRAWAL_NOTIFIED, treaty="XXVI-5", participant=who, action=act)
    news = RecordedChange(change, office.now, "mine-ban", "Mine Ban Convention", "untc", "https://depositary.example/")
    with office.storage.begin() as tx:
        post(office.desk, tx, deliveries(office.desk, tx.record([news]), office.now), office.now)


def of(office: Office, channel: str) -> list[Delivery]:
    with office.storage.begin() as tx:
        return [d for d in tx.deliveries() if d.channel == channel]


def closed(office: Office) -> frozenset[str]:
    with office.storage.begin() as tx:
        return disabled(tx)


def notices(office: Office) -> list[tuple[str, str]]:
    """Return to whom it was told that a channel is disabled, and over what."""
    office.deliver()
    with office.storage.begin() as tx:
        return sorted((d.channel, d.recipient) for d in tx.deliveries() if "channel.disabled" in d.body)


def fail_for(office: Office, span: timedelta, *, every: timedelta = timedelta(hours=12)) -> None:
    """Let the webhook fail for so long, with a new alert each time."""
    until, day = office.now + span, 1
    while office.now <= until:
        office.hook.refused = {"hook": DOWN}
        learn(office, day)
        office.deliver()
        day += 1
        office.now += every


def test_five_days_of_nothing_but_failures_disable_a_channel_and_others_are_told_once(hooked: Office) -> None:
    fail_for(hooked, timedelta(hours=119))
    assert closed(hooked) == frozenset()
    fail_for(hooked, timedelta(hours=24))
    assert closed(hooked) == {"hook"}
    assert notices(hooked) == [("mail", "desk@example.org"), ("ops", "ops@example.org")]
    hooked.later(days=3)
    assert len(notices(hooked)) == 2


def test_what_is_to_go_over_a_disabled_channel_waits_without_an_attempt(hooked: Office) -> None:
    fail_for(hooked, timedelta(hours=132))
    learn(hooked, 31)
    for _ in range(5):
        hooked.later(days=2).deliver()
    newest = of(hooked, "hook")[0]
    assert (newest.state, newest.attempts) == (DeliveryState.PENDING, ())
    assert all(d.state is DeliveryState.SENT for d in of(hooked, "mail"))


def test_enabling_sends_all_that_waited_and_all_that_failed_meanwhile(hooked: Office) -> None:
    fail_for(hooked, timedelta(hours=132))
    assert DeliveryState.DEAD in {d.state for d in of(hooked, "hook")}
    hooked.hook.refused = {}
    count = len(of(hooked, "hook"))
    assert enable(hooked.storage, "hook", hooked.now) == count
    hooked.deliver()
    assert {d.state for d in of(hooked, "hook")} == {DeliveryState.SENT}
    assert len(hooked.hook.sent) == count
    assert closed(hooked) == frozenset()


def test_what_is_not_disabled_cannot_be_enabled(hooked: Office) -> None:
    with pytest.raises(UsageError, match="is not disabled"):
        enable(hooked.storage, "hook", hooked.now)


def test_a_success_clears_the_count(hooked: Office) -> None:
    fail_for(hooked, timedelta(hours=110))
    hooked.hook.refused = {}
    hooked.deliver()
    fail_for(hooked, timedelta(hours=110))
    assert closed(hooked) == frozenset()


def test_two_failures_a_month_apart_are_no_series(hooked: Office) -> None:
    hooked.hook.refused = {"hook": NO_SUCH_USER}
    learn(hooked)
    hooked.deliver()
    hooked.later(days=30)
    learn(hooked, 2)
    hooked.deliver()
    assert closed(hooked) == frozenset()


def test_a_receiver_that_is_gone_disables_at_once(hooked: Office) -> None:
    hooked.hook.refused = {"hook": GONE}
    learn(hooked)
    hooked.deliver()
    learn(hooked, 2)
    hooked.deliver()
    assert closed(hooked) == {"hook"}
    assert [d.state for d in of(hooked, "hook")] == [DeliveryState.PENDING, DeliveryState.DEAD]
    assert len(notices(hooked)) == 2


def test_a_refused_address_says_nothing_of_the_others_on_its_server(hooked: Office) -> None:
    hooked.mail.refused = {"desk@example.org": NO_SUCH_USER}
    for day in range(1, 9):
        learn(hooked, day)
        hooked.deliver()
        hooked.later(days=1)
    assert closed(hooked) == frozenset()


def test_a_mail_server_that_is_down_for_days_is_told_over_the_webhook(hooked: Office) -> None:
    hooked.mail.refused = {"desk@example.org": DOWN}
    for day in range(1, 8):
        learn(hooked, day)
        hooked.deliver()
        hooked.later(days=1)
    assert closed(hooked) == {"mail"}
    assert notices(hooked) == [("hook", "hook"), ("ops", "ops@example.org")]


def test_nobody_is_told_over_a_channel_that_is_disabled_itself(hooked: Office) -> None:
    hooked.hook.refused, hooked.mail.refused = {"hook": GONE}, {"desk@example.org": GONE}
    learn(hooked)
    hooked.deliver()
    assert closed(hooked) == {"hook", "mail"}
    told = {channel for channel, _ in notices(hooked)}
    assert "ops" in told
    assert len([n for n in notices(hooked) if n[0] == "ops"]) == 2


def test_a_test_message_goes_over_a_disabled_channel_and_its_success_enables_it(hooked: Office) -> None:
    hooked.hook.refused = {"hook": GONE}
    learn(hooked)
    hooked.deliver()
    learn(hooked, 2)
    trial.enqueue(hooked.desk, "hook", (), hooked.now)
    hooked.deliver()
    assert closed(hooked) == {"hook"}
    assert len([d for d in of(hooked, "hook") if d.attempts]) == 2
    hooked.hook.refused = {}
    hooked.later(minutes=1)
    trial.enqueue(hooked.desk, "hook", (), hooked.now)
    hooked.deliver()
    assert closed(hooked) == frozenset()
    assert {"test", "treaty.status_changed"} <= {d.body.split('"type": "')[1].split('"')[0] for d in hooked.hook.sent}


def test_a_retry_by_hand_enables_the_channel(hooked: Office) -> None:
    hooked.hook.refused = {"hook": GONE}
    learn(hooked)
    hooked.deliver()
    learn(hooked, 2)
    hooked.hook.refused = {}
    with hooked.storage.begin() as tx:
        [dead] = tx.deliveries(frozenset({DeliveryState.DEAD}))
        tx.retry(frozenset({dead.id}), hooked.now)
    hooked.deliver()
    assert {d.state for d in of(hooked, "hook")} == {DeliveryState.SENT}


def test_a_disabled_channel_is_so_also_for_the_next_process(hooked: Office) -> None:
    hooked.hook.refused = {"hook": GONE}
    learn(hooked)
    hooked.deliver()
    hooked.hook.refused = {}
    again = Office(hooked.state, hooked.now, hooked.database).with_(subscriptions=hooked.desk.subscriptions)
    assert closed(again) == {"hook"}
    learn(again, 2)
    again.deliver()
    assert again.hook.sent == []
    again.storage.close()

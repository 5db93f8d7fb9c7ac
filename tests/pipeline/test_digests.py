"""Digests: one message for all that came, at its time, nothing lost and nothing twice, whatever breaks off."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from office import EVERYBODY, Office

from monitor.channels.mail import Letterhead, compose
from monitor.channels.message import read
from monitor.channels.render import as_text
from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.alert import Subscription
from monitor.domain.change import Change, ChangeKind, RecordedChange
from monitor.domain.delivery import Delivery
from monitor.domain.errors import DeliveryError
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.timing import Digest, Every, QuietHours
from monitor.faces.demo.scenes import mine_ban
from monitor.pipeline.bundle import MOST_ITEMS, bundle
from monitor.pipeline.notify import deliveries
from monitor.pipeline.timetable import post

SCENES = mine_ban()
WARSAW, NEW_YORK = ZoneInfo("Europe/Warsaw"), ZoneInfo("America/New_York")
NAMES = {"EE": "Estonia", "LV": "Latvia", "LT": "Lithuania", "PL": "Poland"}
TITLES = {"XXVI-5": "Mine Ban Convention", "XXVI-6": "Convention on Cluster Munitions"}
WEEKLY = Digest(Every.WEEKLY, time(8), WARSAW)
READER = Subscription("weekly", None, None, None, ("mail",), ("desk@example.org",), digest=WEEKLY, zone=WARSAW)


def news(code: str, at: datetime, treaty: str = "XXVI-5", on: date = date(2026, 3, 1)) -> RecordedChange:
    """Return a State's notice of withdrawal, learned at an instant."""
    act = TreatyAction(kind=ActionKind.WITHDRAWAL, date=on, effective=date(2026, 9, 1), basis=Basis.STATED)
    who = Participant(code, NAMES[code], NAMES[code], ParticipantKind.STATE)
    change = Change(kind=ChangeKind.WITHDRAWAL_NOTIFIED, treaty=treaty, participant=who, action=act)
    return RecordedChange(change, at, treaty.lower(), TITLES[treaty], "untc", f"https://depositary.example/{treaty}")


def learn(office: Office, *changes: RecordedChange) -> None:
    """Let these changes be news now, as a check enters them."""
    with office.storage.begin() as tx:
        new = tx.record(changes)
        post(office.desk, tx, deliveries(office.desk, new, office.now), office.now)


def waiting(office: Office) -> int:
    """Return how many items wait for a digest, leaving them where they are."""
    found = 0

    def look() -> None:
        nonlocal found
        with office.storage.begin() as tx:
            found = len(tx.ripe(datetime(2100, 1, 1, tzinfo=UTC), 999))
            raise LookupError

    with pytest.raises(LookupError):
        look()
    return found


@pytest.fixture
def weekly(office: Office) -> Office:
    """Return an office on Sunday, 1 March 2026, with one reader who wants to hear on Mondays at eight."""
    office.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    return office.with_(subscriptions=(READER,), seeds=())


def a_week_of_news(office: Office) -> None:
    """Let four changes of two treaties be learned from Monday noon to Sunday."""
    office.now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    learn(office, news("PL", office.now), news("EE", office.now))
    office.later(days=3)
    learn(office, news("LV", office.now))
    office.later(days=3)
    learn(office, news("LT", office.now, "XXVI-6"))


def test_a_week_of_news_is_one_message_on_monday_at_eight(weekly: Office) -> None:
    a_week_of_news(weekly)
    weekly.now = datetime(2026, 3, 9, 6, 59, 59, tzinfo=UTC)
    weekly.do_chores()
    assert weekly.told() == []
    weekly.later(seconds=1).do_chores()
    assert weekly.told() == ["4 changes in 2 treaties, 2 March \N{EN DASH} 8 March 2026"]
    weekly.later(days=7).do_chores()
    assert len(weekly.told()) == 1


def test_a_digest_tells_treaty_by_treaty_and_state_by_state(weekly: Office) -> None:
    a_week_of_news(weekly)
    weekly.now = datetime(2026, 3, 9, 7, tzinfo=UTC)
    weekly.do_chores()
    weekly.deliver()
    [body] = weekly.bodies()
    data = body["data"]
    assert body["type"] == "treaty.digest"
    assert [(c["treaty"], c["participant"]["code"]) for c in data["changes"]] == [
        ("XXVI-6", "LT"),
        ("XXVI-5", "EE"),
        ("XXVI-5", "LV"),
        ("XXVI-5", "PL"),
    ]
    assert data["summary"].endswith("Mine Ban Convention: Estonia, Latvia, Poland.")
    assert data["thread"] == "digest/weekly"
    assert len(weekly.mail.sent[0].change_ids) == 4


def test_a_digest_reads_well_as_a_mail_with_a_thread_of_its_own(weekly: Office) -> None:
    a_week_of_news(weekly)
    weekly.now = datetime(2026, 3, 9, 7, tzinfo=UTC)
    weekly.do_chores()
    weekly.deliver()
    [delivery] = weekly.mail.sent
    text = as_text(read(delivery))
    assert text.startswith("DIGEST\n4 changes in 2 treaties, 2 March \N{EN DASH} 8 March 2026\n")
    assert "- Latvia: withdrawal notified, Mine Ban Convention" in text
    assert (
        text.index("Munitions (XXVI-6): Lithuania") < text.index("(XXVI-5): Estonia") < text.index("(XXVI-5): Poland")
    )
    weekly.with_(subscriptions=(EVERYBODY,))
    alone = next(deliveries(weekly.desk, (news("EE", weekly.now),), weekly.now))
    letterhead = Letterhead(sender="monitor@example.org")
    digest, other = (message_from_bytes(compose(d, letterhead).content, policy=default) for d in (delivery, alone))
    assert digest["Subject"].startswith("[treaty-monitor] 4 changes in 2 treaties, 2 March")
    assert digest["References"] != other["References"]


@pytest.mark.parametrize(
    ("zone", "before", "made"),
    [
        (WARSAW, datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        (WARSAW, datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
        (NEW_YORK, datetime(2026, 3, 7, 20, tzinfo=UTC), datetime(2026, 3, 8, 12, tzinfo=UTC)),
        (NEW_YORK, datetime(2026, 10, 31, 20, tzinfo=UTC), datetime(2026, 11, 1, 13, tzinfo=UTC)),
        (WARSAW, datetime(2028, 2, 28, 12, tzinfo=UTC), datetime(2028, 2, 29, 7, tzinfo=UTC)),
    ],
)
def test_over_a_change_of_the_clock_and_a_leap_day_it_comes_at_eight(
    weekly: Office, zone: ZoneInfo, before: datetime, made: datetime
) -> None:
    weekly.with_(subscriptions=(replace(READER, digest=Digest(Every.DAILY, time(8), zone), zone=zone),))
    weekly.now = before
    learn(weekly, news("EE", before))
    weekly.now = made - timedelta(seconds=1)
    weekly.do_chores()
    assert weekly.told() == []
    weekly.later(seconds=1).do_chores()
    assert len(weekly.told()) == 1


def test_the_days_of_a_digest_are_those_of_the_readers_clock(weekly: Office) -> None:
    weekly.now = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # already the third in Warsaw
    learn(weekly, news("EE", weekly.now))
    weekly.now = datetime(2026, 3, 9, 7, tzinfo=UTC)
    weekly.do_chores()
    assert weekly.told() == ["1 change in Mine Ban Convention, 3 March 2026"]


def test_after_an_absence_all_that_waited_comes_in_one_digest(weekly: Office) -> None:
    for day in (2, 10, 18):
        weekly.now = datetime(2026, 3, day, 12, tzinfo=UTC)
        learn(weekly, news("EE", weekly.now, on=date(2026, 3, day)))
    weekly.now = datetime(2026, 4, 1, 12, tzinfo=UTC)
    weekly.do_chores()
    assert weekly.told() == ["3 changes in Mine Ban Convention, 2 March \N{EN DASH} 18 March 2026"]


def test_a_webhook_gets_its_changes_one_by_one_at_the_digests_time(weekly: Office) -> None:
    weekly.with_(subscriptions=(replace(READER, channels=("hook",)),))
    a_week_of_news(weekly)
    assert weekly.deliver().sent == 0
    weekly.now = datetime(2026, 3, 9, 7, tzinfo=UTC)
    weekly.do_chores()
    weekly.deliver()
    told = [json.loads(d.body) for d in weekly.hook.sent]
    assert sorted(body["data"]["participant"]["code"] for body in told) == ["EE", "LT", "LV", "PL"]
    assert {body["type"] for body in told} == {"treaty.status_changed"}


def test_each_recipient_has_a_digest_of_their_own(weekly: Office) -> None:
    weekly.with_(subscriptions=(replace(READER, recipients=("a@example.org", "b@example.org")),))
    a_week_of_news(weekly)
    weekly.now = datetime(2026, 3, 9, 7, tzinfo=UTC)
    weekly.do_chores()
    weekly.mail.refused = {"a@example.org": DeliveryError("550 no", permanent=True)}
    weekly.deliver()
    assert [d.recipient for d in weekly.mail.sent] == ["b@example.org"]


@pytest.mark.parametrize("step", ["bundling", "bundled"])
def test_a_digest_broken_off_at_any_moment_is_made_once_and_loses_nothing(weekly: Office, step: str) -> None:
    a_week_of_news(weekly)
    weekly.now = datetime(2026, 3, 9, 7, tzinfo=UTC)

    def broken(at: str) -> None:
        if at == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bundle(replace(weekly.desk, step=broken), weekly.now)
    assert waiting(weekly) == (4 if step == "bundling" else 0)
    bundle(weekly.desk, weekly.now)
    assert weekly.told() == ["4 changes in 2 treaties, 2 March \N{EN DASH} 8 March 2026"]
    assert waiting(weekly) == 0


def test_what_was_rolled_back_with_its_check_waits_for_no_digest(weekly: Office) -> None:
    def killed() -> None:
        with weekly.storage.begin() as tx:
            new = tx.record([news("EE", weekly.now)])
            post(weekly.desk, tx, deliveries(weekly.desk, new, weekly.now), weekly.now)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert waiting(weekly) == 0
    learn(weekly, news("EE", weekly.now))
    assert waiting(weekly) == 1


def test_a_digest_made_again_from_the_same_items_has_the_same_id(weekly: Office) -> None:
    a_week_of_news(weekly)
    made: list[Delivery] = []

    def broken(at: str) -> None:
        if at == "bundling":
            raise KeyboardInterrupt

    for hour in (7, 8):
        weekly.now = datetime(2026, 3, 9, hour, tzinfo=UTC)
        with pytest.raises(KeyboardInterrupt):
            bundle(replace(weekly.desk, step=broken), weekly.now)
    bundle(weekly.desk, weekly.now)
    with weekly.storage.begin() as tx:
        made += tx.deliveries()
    assert len({d.id for d in made}) == len(made) == 1


def test_a_digest_due_in_quiet_hours_waits_for_their_end(weekly: Office) -> None:
    weekly.with_(subscriptions=(replace(READER, quiet=QuietHours(time(20), time(9), WARSAW)),))
    a_week_of_news(weekly)
    weekly.now = datetime(2026, 3, 9, 7, tzinfo=UTC)
    weekly.do_chores()
    assert weekly.told() == []
    weekly.later(hours=1)
    assert len(weekly.told()) == 1


def test_more_than_a_mail_can_hold_becomes_several(weekly: Office) -> None:
    start = weekly.now
    many = [news("EE", start, on=date(2020, 1, 1) + timedelta(days=n)) for n in range(MOST_ITEMS + 1)]
    for one in many:
        learn(weekly, one)
    weekly.now = datetime(2026, 3, 9, 7, tzinfo=UTC)
    weekly.do_chores()
    weekly.deliver()
    assert sorted(len(body["data"]["changes"]) for body in weekly.bodies()) == [1, MOST_ITEMS]


def test_items_of_a_subscription_that_is_gone_are_sent_all_the_same(weekly: Office) -> None:
    a_week_of_news(weekly)
    weekly.with_(subscriptions=())
    weekly.now = datetime(2026, 3, 9, 7, tzinfo=UTC)
    weekly.do_chores()
    assert weekly.told() == ["4 changes in 2 treaties, 2 March \N{EN DASH} 8 March 2026"]


def test_a_new_subscription_with_a_digest_hears_in_it_of_what_is_pending(office: Office) -> None:
    office.with_(subscriptions=(READER,), seeds=())
    office.now = datetime(2025, 7, 1, 12, tzinfo=UTC)
    office.show(SCENES[2].treaty)
    office.check()
    assert office.introduced() == []
    office.now = datetime(2025, 7, 7, 6, tzinfo=UTC)
    office.do_chores()
    [title] = office.told()
    assert title.endswith("effects to come in Mine Ban Convention, 1 July 2025")
    text = as_text(read(office.mail.sent[0]))
    assert "What is to come" in text

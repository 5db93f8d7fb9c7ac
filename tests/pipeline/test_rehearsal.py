"""What a subscription would have sent: the same, to the message and the minute, as what the real path sends."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from office import EVERYBODY, Office

from monitor.domain.alert import Subscription
from monitor.domain.change import ChangeKind
from monitor.domain.timing import Digest, Every, QuietHours
from monitor.faces.demo.scenes import mine_ban
from monitor.pipeline.rehearsal import rehearse

SCENES = mine_ban()
WARSAW = ZoneInfo("Europe/Warsaw")
READER = replace(EVERYBODY, channels=("mail", "hook"), recipients=("a@example.org", "b@example.org"), zone=WARSAW)
NIGHT = QuietHours(time(13), time(9, 30), WARSAW)
SUBSCRIPTIONS = (
    replace(READER, name="at once", reminders=(90, 30, 7, 1, 0)),
    replace(READER, name="daily", digest=Digest(Every.DAILY, time(8), WARSAW)),
    replace(READER, name="weekly", digest=Digest(Every.WEEKLY, time(8), WARSAW, 4), quiet=NIGHT, reminders=(7,)),
    replace(READER, name="quiet", quiet=NIGHT, reminders=(30,)),
    replace(READER, name="broken", quiet=replace(NIGHT, breaking=frozenset({ChangeKind.WITHDRAWAL_NOTIFIED}))),
    replace(
        READER,
        name="Baltic effects",
        countries=frozenset({"EE", "LV"}),
        kinds=frozenset({ChangeKind.WITHDRAWAL_EFFECTIVE}),
        reminders=(30, 0),
    ),
)
BY_NAME = {subscription.name: subscription for subscription in SUBSCRIPTIONS}
END = datetime(2026, 3, 7, 12, tzinfo=UTC)


def a_year(office: Office) -> None:
    """Let the scenes happen to subscriptions that are there from the first, with chores at every turn of the clock.

    The page is not due between them: one that is would be read before anybody is reminded of it.
    """
    (treaty,) = office.desk.treaties
    seldom = replace(treaty, sources=(replace(treaty.sources[0], every=4e9),))
    office.with_(subscriptions=SUBSCRIPTIONS, treaties=(seldom,))
    checks = {datetime.combine(scene.day, time(12), UTC): scene for scene in SCENES}
    turns = {
        datetime.combine(SCENES[0].day + timedelta(days=n), at, WARSAW) for n in range(360) for at in (time(), time(8))
    }
    for moment in sorted({*checks, *(turn.astimezone(UTC) for turn in turns)}):
        if min(checks) <= moment <= END:
            office.now = moment
            if moment in checks:
                office.show(checks[moment].treaty)
                office.check()
            office.do_chores()
    office.now = END


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("year"), datetime(2025, 3, 18, 12, tzinfo=UTC)).with_(seeds=())
    a_year(office)
    return office


def really(office: Office, name: str, recipients: tuple[str, ...]) -> list[tuple[str, str, str, str]]:
    """Return what the outbox has for a subscription: when it goes out, over what, and what it says."""
    with office.storage.begin() as tx:
        rows = [d for d in tx.deliveries() if d.subscription == name and d.recipient in recipients]
    found = [(d.next_attempt, d.channel, json.loads(d.body)) for d in rows]
    return sorted((_instant(at), channel, body["type"], body["data"]["title"]) for at, channel, body in found)


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def shown(shape: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return sorted((a["at"], m["channel"], a["type"], m["title"]) for a in shape["alerts"] for m in a["messages"])


@pytest.mark.parametrize("name", list(BY_NAME))
def test_a_rehearsal_shows_what_was_really_sent_to_the_message_and_the_minute(year: Office, name: str) -> None:
    shape = rehearse(year.desk, BY_NAME[name], date(2025, 3, 18), END)
    assert shown(shape) == really(year, name, ("a@example.org", "hook"))
    assert len(shown(shape)) >= 4


def test_a_rehearsal_changes_nothing(year: Office) -> None:
    with year.storage.begin() as tx:
        before = tx.deliveries()
    for subscription in SUBSCRIPTIONS:
        rehearse(year.desk, subscription, date(2025, 3, 18), END)
    with year.storage.begin() as tx:
        assert tx.deliveries() == before


def test_changes_of_one_state_from_different_rounds_are_messages_of_their_own(year: Office) -> None:
    of_estonia = replace(READER, name="new", countries=frozenset({"EE"}), channels=("mail",))
    alerts = rehearse(year.desk, of_estonia, date(2025, 4, 1), END)["alerts"]
    assert [(a["at"][:10], [c["kind"] for c in a["changes"]]) for a in alerts] == [
        ("2025-06-27", ["withdrawal_notified"]),
        ("2025-12-27", ["withdrawal_effective"]),
    ]
    assert {tuple(a["recipients"]) for a in alerts} == {READER.recipients}


def test_a_subscription_made_today_is_rehearsed_as_one_that_was_there_the_day_before(year: Office) -> None:
    late = replace(READER, name="made today", countries=frozenset({"PL"}), channels=("mail",), reminders=(30,))
    alerts = rehearse(year.desk, late, date(2025, 9, 1), END)["alerts"]
    assert [(a["at"], a["type"]) for a in alerts] == [
        ("2026-01-20T23:00:00Z", "treaty.effect_upcoming"),
        ("2026-02-20T12:00:00Z", "treaty.status_changed"),
    ]


def test_what_would_still_wait_is_marked(year: Office) -> None:
    weekly = replace(BY_NAME["weekly"], reminders=())
    alerts = rehearse(year.desk, weekly, date(2026, 1, 11), datetime(2026, 2, 21, tzinfo=UTC))["alerts"]
    assert {(a["waits"], a["type"], a["at"]) for a in alerts} == {
        (True, "treaty.digest", "2026-02-27T08:30:00Z"),  # the mail
        (True, "treaty.status_changed", "2026-02-27T08:30:00Z"),  # the webhook carries one change each
    }


def test_a_rehearsal_needs_channels_for_their_manner_alone(year: Office) -> None:
    told: Subscription = replace(READER, name="hooked", channels=("hook",), countries=frozenset({"PL"}))
    alerts = rehearse(year.desk, told, date(2025, 8, 1), END)["alerts"]
    assert [(a["channels"], a["recipients"]) for a in alerts] == [(["hook"], []), (["hook"], [])]

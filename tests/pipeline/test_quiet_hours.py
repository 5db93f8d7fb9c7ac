"""Quiet hours hold what comes in them, a retry too, and drop nothing; chosen kinds break them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from office import EVERYBODY, Office

from monitor.domain.alert import Subscription
from monitor.domain.change import ChangeKind
from monitor.domain.delivery import DeliveryState
from monitor.domain.errors import DeliveryError
from monitor.domain.timing import QuietHours
from monitor.faces.demo.scenes import mine_ban

SCENES = mine_ban()
WARSAW, NEW_YORK = ZoneInfo("Europe/Warsaw"), ZoneInfo("America/New_York")
TEMPORARY = DeliveryError("451 try later", permanent=False)


def sleeper(zone: ZoneInfo = WARSAW, *, breaking: frozenset[ChangeKind] = frozenset()) -> Subscription:
    quiet = QuietHours(time(22), time(7), zone, breaking)
    return replace(EVERYBODY, kinds=frozenset({ChangeKind.CONSENTED, *breaking}), quiet=quiet)


def tonga_accedes(office: Office, at: datetime) -> None:
    """Let Tonga's accession be news at this instant."""
    office.show(SCENES[0].treaty)
    office.check()
    office.now = at
    office.show(SCENES[1].treaty)
    office.check()


def test_what_comes_at_night_waits_for_the_morning(office: Office) -> None:
    tonga_accedes(office.with_(subscriptions=(sleeper(),)), datetime(2025, 6, 25, 21, 30, tzinfo=UTC))  # 23:30 there
    assert office.told() == []
    office.now = datetime(2025, 6, 26, 4, 59, 59, tzinfo=UTC)
    assert office.told() == []
    office.later(seconds=1)
    assert office.told() == ["Tonga: accession, Mine Ban Convention"]


@pytest.mark.parametrize(
    ("zone", "night", "morning"),
    [
        (WARSAW, datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 5, tzinfo=UTC)),
        (WARSAW, datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 6, tzinfo=UTC)),
        (NEW_YORK, datetime(2026, 3, 8, 4, tzinfo=UTC), datetime(2026, 3, 8, 11, tzinfo=UTC)),
        (NEW_YORK, datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 1, 12, tzinfo=UTC)),
        (WARSAW, datetime(2028, 2, 28, 22, tzinfo=UTC), datetime(2028, 2, 29, 6, tzinfo=UTC)),
    ],
)
def test_the_morning_after_a_change_of_the_clock_begins_at_seven_by_the_wall(
    office: Office, zone: ZoneInfo, night: datetime, morning: datetime
) -> None:
    tonga_accedes(office.with_(subscriptions=(sleeper(zone),)), night)
    office.now = morning - timedelta(seconds=1)
    assert office.told() == []
    office.now = morning
    assert office.told() == ["Tonga: accession, Mine Ban Convention"]


def test_a_chosen_kind_breaks_the_quiet_and_takes_nothing_else_with_it(office: Office) -> None:
    urgent = frozenset({ChangeKind.WITHDRAWAL_NOTIFIED})
    office.with_(subscriptions=(sleeper(breaking=urgent),))
    office.show(SCENES[0].treaty)
    office.check()
    office.now = datetime(2025, 6, 27, 21, 30, tzinfo=UTC)
    office.show(SCENES[2].treaty)
    office.check()
    assert {title.split(":")[0] for title in office.told()} == {"Estonia", "Latvia", "Lithuania"}
    office.now = datetime(2025, 6, 28, 5, tzinfo=UTC)
    assert len(office.told()) == 4


def test_a_retry_that_would_fall_into_the_quiet_waits_too(office: Office) -> None:
    office.mail.failures = [TEMPORARY] * 3
    tonga_accedes(office.with_(subscriptions=(sleeper(),)), datetime(2025, 6, 25, 19, 50, tzinfo=UTC))  # 21:50 there
    for _ in range(3):
        office.deliver()
        office.later(minutes=5)
    with office.storage.begin() as tx:
        [one] = tx.deliveries()
    assert (one.state, len(one.attempts)) == (DeliveryState.PENDING, 2)
    assert one.next_attempt == datetime(2025, 6, 26, 5, tzinfo=UTC)


def test_what_came_due_by_day_and_is_only_sent_at_night_is_held_without_an_attempt(office: Office) -> None:
    tonga_accedes(office.with_(subscriptions=(sleeper(),)), datetime(2025, 6, 25, 19, 50, tzinfo=UTC))
    office.later(hours=3)  # the machine was off
    assert office.told() == []
    with office.storage.begin() as tx:
        [one] = tx.deliveries()
    assert (one.state, one.attempts) == (DeliveryState.PENDING, ())
    office.now = datetime(2025, 6, 26, 5, tzinfo=UTC)
    assert len(office.told()) == 1


def test_one_who_sleeps_keeps_nobody_else_waiting(office: Office) -> None:
    other = replace(EVERYBODY, name="awake", recipients=("awake@example.org",))
    tonga_accedes(office.with_(subscriptions=(sleeper(), other)), datetime(2025, 6, 25, 21, 30, tzinfo=UTC))
    assert office.told("awake@example.org") == ["Tonga: accession, Mine Ban Convention"]
    assert office.told() == []


def test_quiet_hours_of_a_subscription_that_is_gone_hold_nothing(office: Office) -> None:
    tonga_accedes(office.with_(subscriptions=(sleeper(),)), datetime(2025, 6, 25, 19, tzinfo=UTC))
    office.with_(subscriptions=()).later(hours=3)
    assert len(office.told()) == 1

"""A subscription that comes to ask for more is told of what is pending of that, once, as a new one is of all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from office import EVERYBODY, Office

from monitor.domain.alert import Subscription
from monitor.domain.change import ChangeKind
from monitor.domain.timing import Digest, Every
from monitor.faces.demo.scenes import mine_ban

SCENES = mine_ban()
FINNS = replace(EVERYBODY, name="north", countries=frozenset({"FI"}))
BOTH = replace(FINNS, countries=frozenset({"FI", "PL"}))
POLISH = "Poland: withdrawal takes effect on 20 February 2026, Mine Ban Convention"


@pytest.fixture
def northern(seedless: Office) -> Office:
    """Return an office in November 2025 that was told of Finland; Poland's notice is pending, too."""
    seedless.with_(subscriptions=(FINNS,))
    for scene in (SCENES[0], SCENES[4]):
        seedless.now = datetime(scene.day.year, scene.day.month, scene.day.day, 12, tzinfo=UTC)
        seedless.show(scene.treaty)
        seedless.check()
        seedless.do_chores()
    assert seedless.told() == ["Finland: withdrawal notified, Mine Ban Convention"]
    seedless.now = datetime(2025, 11, 3, 12, tzinfo=UTC)
    return seedless


def told_to(office: Office, subscription: Subscription) -> list[str]:
    """Return the effects that have been told to come once the configuration has this subscription."""
    office.with_(subscriptions=(subscription,)).later(hours=2).do_chores()
    return office.introduced()


def test_of_a_country_that_is_added_it_is_told_what_is_pending_and_of_nothing_twice(northern: Office) -> None:
    assert told_to(northern, FINNS) == []
    assert told_to(northern, BOTH) == [POLISH]
    assert "already pending when this subscription came to ask for it." in northern.bodies()[-1]["data"]["summary"]
    assert told_to(northern, BOTH) == [POLISH]


def test_two_processes_of_which_one_has_the_older_configuration_tell_it_once(northern: Office) -> None:
    daily = Digest(Every.DAILY, time(8), FINNS.zone)
    for _ in range(3):
        told_to(northern, replace(BOTH, digest=daily))
        told_to(northern, replace(FINNS, digest=daily))
        northern.later(days=1).do_chores()
    northern.deliver()
    assert [body["data"]["title"] for body in northern.bodies()[1:]] == [
        "1 effect to come in Mine Ban Convention, 3 November 2025"
    ]


@pytest.mark.parametrize(
    "narrow",
    [
        replace(EVERYBODY, name="narrow", treaties=frozenset({"XXVI-6"})),
        replace(EVERYBODY, name="narrow", kinds=frozenset({ChangeKind.CONSENTED})),
    ],
)
def test_so_it_is_of_a_treaty_and_of_a_kind(northern: Office, narrow: Subscription) -> None:
    assert told_to(northern, narrow) == []
    wide = replace(narrow, treaties=None, kinds=None)
    assert len([title for title in told_to(northern, wide) if "withdrawal takes effect" in title]) == 5


def test_who_was_told_of_the_notice_is_not_told_of_it_again_with_the_effect(northern: Office) -> None:
    notices = replace(EVERYBODY, name="notices", kinds=frozenset({ChangeKind.WITHDRAWAL_NOTIFIED}))
    assert told_to(northern, notices) == []
    assert [t for t in told_to(northern, replace(notices, kinds=None)) if "withdrawal" in t] == []


def test_what_a_reminder_tells_is_not_told_beside_it(northern: Office) -> None:
    northern.now = datetime(2026, 1, 30, 12, tzinfo=UTC)
    told = told_to(northern, replace(BOTH, reminders=(30, 7)))
    assert told == ["Poland: withdrawal takes effect in 21 days, on 20 February 2026, Mine Ban Convention"]
    assert told_to(northern, replace(BOTH, reminders=(30, 7))) == told


def test_a_narrower_subscription_is_told_of_nothing(northern: Office) -> None:
    assert told_to(northern, replace(FINNS, kinds=frozenset({ChangeKind.SIGNED}))) == []
    assert told_to(northern, FINNS) == []


def test_one_that_comes_back_is_told_of_what_came_while_it_was_not_there(seedless: Office) -> None:
    seedless.show(SCENES[0].treaty)
    seedless.check()
    first = told_to(seedless, EVERYBODY)
    seedless.with_(subscriptions=()).later(days=30).do_chores()
    seedless.now = datetime(2025, 8, 20, 12, tzinfo=UTC)
    seedless.show(SCENES[4].treaty)
    seedless.check()
    seedless.later(days=30)
    back = [title for title in told_to(seedless, EVERYBODY) if title not in first]
    assert len([title for title in back if "withdrawal" in title]) == 5
    assert told_to(seedless, EVERYBODY) == [*first, *back]


def test_a_day_without_it_is_no_absence(northern: Office) -> None:
    before = told_to(northern, BOTH)
    for _ in range(3):
        northern.with_(subscriptions=()).later(hours=5).do_chores()
        assert told_to(northern, BOTH) == before

"""Reminders before an effect: each threshold once, none for what was just told, none once it is past or taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import EVERYBODY, Office

from monitor.domain.change import ChangeKind
from monitor.domain.errors import SourceError
from monitor.domain.timing import Digest, Every, QuietHours
from monitor.faces.demo.replica import ReplicaTreaty
from monitor.faces.demo.scenes import ESTONIA, POLAND, mine_ban
from monitor.pipeline.outcome import Checked
from monitor.pipeline.remind import nearest, remind

SCENES = mine_ban()
WARSAW, NEW_YORK = ZoneInfo("Europe/Warsaw"), ZoneInfo("America/New_York")
USUAL = (90, 30, 7, 1, 0)
READER = replace(EVERYBODY, countries=frozenset({"PL"}), reminders=USUAL)


def noon(*day: int) -> datetime:
    return datetime(*day, 12, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.fixture
def polish(office: Office) -> Office:
    """Return an office that learned of Poland's notice on 20 August 2025; its effect is to come on 20 February 2026."""
    office.with_(subscriptions=(READER,))
    office.show(SCENES[0].treaty)
    office.check()
    office.now = noon(2025, 8, 20)
    office.show(SCENES[4].treaty)
    office.check()
    assert office.told() == ["Poland: withdrawal notified, Mine Ban Convention"]
    return office


def of_poland(result: Checked) -> list[ChangeKind]:
    return [c.change.kind for c in result.changes if c.change.key == "PL"]


def reminded(office: Office) -> list[str]:
    """Return the reminders that were sent, without what is the same in all."""
    office.do_chores()
    same = ", on 20 February 2026, Mine Ban Convention"
    return [t.removeprefix("Poland: withdrawal takes effect ").removesuffix(same) for t in office.introduced()]


def test_each_threshold_is_told_once_on_its_day(polish: Office) -> None:
    polish.now = noon(2025, 11, 20)
    for _ in range(2 * 96):
        polish.later(hours=12).do_chores()
    assert reminded(polish) == ["in 90 days", "in 30 days", "in 7 days", "tomorrow", "today"]
    with polish.storage.begin() as tx:
        created = [d.created.date() for d in reversed(tx.deliveries()) if "reminder" in d.alert]
    assert created == [date(2026, 2, 20) - timedelta(days=days) for days in USUAL]


def test_what_was_just_told_is_not_reminded_of_the_same_day(office: Office) -> None:
    office.with_(subscriptions=(replace(READER, reminders=(184, 183)),))
    office.show(SCENES[0].treaty)
    office.check()
    office.now = noon(2025, 8, 20)  # 184 days before
    office.show(SCENES[4].treaty)
    office.check()
    assert reminded(office) == []
    office.later(days=1).check()
    assert reminded(office) == ["in 183 days"]


def test_a_new_subscription_is_introduced_and_not_reminded_on_the_same_day(polish: Office) -> None:
    polish.with_(subscriptions=(replace(READER, name="late"),))
    polish.now = noon(2026, 2, 13)
    assert reminded(polish) == [
        "Poland: withdrawal takes effect on 20 February 2026, Mine Ban Convention".removeprefix(
            "Poland: withdrawal takes effect "
        )
    ]
    polish.now = noon(2026, 2, 19)
    assert reminded(polish)[1:] == ["tomorrow"]


def test_after_an_absence_only_the_nearest_threshold_is_told_with_the_days_that_are_left(polish: Office) -> None:
    polish.now = noon(2026, 2, 15)
    assert reminded(polish) == ["in 5 days"]
    polish.later(days=3)
    assert reminded(polish) == ["in 5 days"]


def test_after_an_absence_the_page_is_read_before_anybody_is_reminded(polish: Office) -> None:
    assert reminded(polish) == []
    polish.now = noon(2026, 2, 15)
    assert reminded(polish) == []
    polish.later(minutes=1).show(_taken_back(SCENES[4].treaty))
    polish.check()
    polish.later(hours=2)
    assert reminded(polish) == []


@pytest.mark.parametrize("shown", [SCENES[4].treaty, SourceError("down", temporary=True), None])
def test_what_is_still_to_come_by_then_is_reminded_of_soon(polish: Office, shown: object) -> None:
    polish.do_chores()
    polish.now = noon(2026, 2, 15)
    polish.do_chores()
    if shown is not None:
        polish.show(shown)  # type: ignore[arg-type]
        polish.check()
    for _ in range(2):
        polish.later(hours=1).do_chores()
    assert reminded(polish) == ["in 5 days"]


def test_no_reminder_once_the_effect_is_taken_back(polish: Office) -> None:
    polish.now = noon(2025, 12, 1)
    polish.show(_taken_back(SCENES[4].treaty))
    assert of_poland(polish.check()) == [ChangeKind.WITHDRAWAL_RETRACTED]
    for day in (2, 21, 22, 51, 75, 80, 81, 82):
        polish.now = noon(2025, 12, 1) + timedelta(days=day)
        polish.do_chores()
    assert polish.introduced() == []


def _taken_back(treaty: ReplicaTreaty) -> ReplicaTreaty:
    row = treaty.row("Poland")
    withdrawn = (
        " On 30 November 2025, the Government of Poland notified the Secretary-General of its decision to withdraw its "
        "notification of withdrawal."
    )
    return treaty.with_row(replace(row, notes=(POLAND.note() + withdrawn,)))


def test_no_reminder_on_the_day_once_the_effect_itself_is_news(polish: Office) -> None:
    polish.now = datetime(2026, 2, 20, 0, 30, tzinfo=UTC)
    polish.show(SourceError("down", temporary=True))
    assert of_poland(polish.check()) == [ChangeKind.WITHDRAWAL_EFFECTIVE]
    assert reminded(polish) == []
    polish.later(hours=8)
    assert reminded(polish) == []


def test_nothing_is_reminded_of_after_its_day(polish: Office) -> None:
    polish.now = noon(2026, 2, 21)
    assert reminded(polish) == []


def test_a_notice_alone_is_wanted_and_its_effect_is_reminded_of(polish: Office) -> None:
    notices = frozenset({ChangeKind.WITHDRAWAL_NOTIFIED})
    polish.with_(subscriptions=(replace(READER, kinds=notices),))
    polish.now = noon(2026, 1, 21)
    assert reminded(polish) == ["in 30 days"]


def test_who_wants_neither_notice_nor_effect_is_not_reminded(polish: Office) -> None:
    polish.with_(subscriptions=(replace(READER, kinds=frozenset({ChangeKind.SIGNED})),))
    polish.now = noon(2026, 1, 21)
    assert reminded(polish) == []


@pytest.mark.parametrize(
    ("zone", "eve", "day"),
    [
        (WARSAW, datetime(2026, 1, 20, 22, 30, tzinfo=UTC), datetime(2026, 1, 20, 23, 30, tzinfo=UTC)),
        (NEW_YORK, datetime(2026, 1, 21, 4, 30, tzinfo=UTC), datetime(2026, 1, 21, 5, 30, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_where_the_reader_lives(
    polish: Office, zone: ZoneInfo, eve: datetime, day: datetime
) -> None:
    polish.with_(subscriptions=(replace(READER, reminders=(30,), zone=zone),))
    polish.now = eve
    assert reminded(polish) == []
    polish.now = day
    assert reminded(polish) == ["in 30 days"]


def test_a_reminder_counts_days_over_a_change_of_the_clock_and_a_leap_day() -> None:
    assert nearest((1,), date(2026, 3, 30), date(2026, 3, 29)) == 1  # the short day in Warsaw
    assert nearest((7,), date(2026, 11, 5), date(2026, 10, 29)) == 7  # over New York's long day
    assert nearest((1,), date(2028, 3, 1), date(2028, 2, 28)) is None
    assert nearest((1,), date(2028, 3, 1), date(2028, 2, 29)) == 1


@given(st.lists(st.integers(0, 400), max_size=6).map(tuple), st.integers(-10, 500))
def test_the_nearest_threshold_has_come_and_none_nearer_has(reminders: tuple[int, ...], left: int) -> None:
    today = date(2026, 3, 1)
    found = nearest(reminders, today + timedelta(days=left), today)
    come = [days for days in reminders if days >= left] if left >= 0 else []
    assert found == (min(come) if come else None)


def test_a_reminder_waits_for_the_morning_but_for_no_digest(polish: Office) -> None:
    quiet, weekly = QuietHours(time(22), time(7), WARSAW), Digest(Every.WEEKLY, time(8), WARSAW)
    polish.with_(subscriptions=(replace(READER, quiet=quiet, digest=weekly, zone=WARSAW),))
    polish.now = datetime(2026, 1, 20, 23, 30, tzinfo=UTC)
    assert reminded(polish) == []
    polish.now = datetime(2026, 1, 21, 6, tzinfo=UTC)  # a Wednesday
    assert reminded(polish) == ["in 30 days"]


def test_an_effect_moved_to_another_day_is_reminded_of_anew(polish: Office) -> None:
    polish.now = noon(2026, 1, 21)
    assert reminded(polish) == ["in 30 days"]
    polish.later(days=1)
    later = replace(POLAND, effective=date(2026, 3, 20))
    polish.show(SCENES[4].treaty.with_row(replace(SCENES[4].treaty.row("Poland"), notes=(later.note(),))))
    assert of_poland(polish.check()) == [ChangeKind.CORRECTED]
    polish.now = noon(2026, 2, 18)
    polish.check()
    assert reminded(polish)[1:] == ["in 30 days, on 20 March 2026, Mine Ban Convention"]


def test_without_an_hour_between_a_look_at_all_is_not_repeated_but_a_treaty_with_news_is_looked_at(
    polish: Office,
) -> None:
    polish.with_(subscriptions=(replace(READER, reminders=(30,)),))
    polish.now = datetime(2026, 1, 20, 23, 10, tzinfo=UTC)
    assert remind(polish.desk, polish.now) == 0
    polish.with_(subscriptions=(replace(READER, reminders=(31,)),))
    polish.later(minutes=20)
    assert remind(polish.desk, polish.now) == 0
    assert remind(polish.desk, polish.now, polish.desk.treaties) == 1


def test_a_new_day_is_looked_at_when_it_begins_where_the_reader_lives(polish: Office) -> None:
    polish.with_(subscriptions=(replace(READER, reminders=(30,)),))
    polish.now = datetime(2026, 1, 20, 23, 50, tzinfo=UTC)
    assert remind(polish.desk, polish.now) == 0
    polish.later(minutes=20)
    assert remind(polish.desk, polish.now) == 1
    polish.later(minutes=20)
    assert remind(polish.desk, polish.now) == 0


def test_who_joins_a_subscription_late_gets_the_reminder_that_the_others_have(polish: Office) -> None:
    polish.now = noon(2026, 1, 21)
    assert reminded(polish) == ["in 30 days"]
    polish.with_(subscriptions=(replace(READER, recipients=(*READER.recipients, "late@example.org")),))
    polish.later(hours=2).do_chores()
    assert len(reminded(polish)) == 1
    assert [b["type"] for b in polish.bodies("late@example.org")] == ["treaty.effect_upcoming"]


def test_computed_effects_are_reminded_of_too(office: Office) -> None:
    office.with_(subscriptions=(replace(EVERYBODY, countries=frozenset({"TO"}), reminders=(7,)),))
    office.show(SCENES[0].treaty)
    office.check()
    office.now = noon(2025, 6, 25)
    office.show(SCENES[1].treaty)
    office.check()
    office.now = noon(2025, 11, 24)
    office.do_chores()
    assert office.introduced() == [
        "Tonga: entry into force takes effect in 7 days, on 1 December 2025, Mine Ban Convention"
    ]


def test_the_reminder_says_on_what_the_effect_rests_and_links_the_notification(polish: Office) -> None:
    polish.now = noon(2026, 1, 21)
    reminded(polish)
    body = next(b for b in polish.bodies() if b["type"] == "treaty.effect_upcoming")
    data = body["data"]
    assert (data["date"], data["clause"], data["basis"], data["conditional"]) == (
        "2026-02-20",
        "20 (3)",
        "stated",
        True,
    )
    assert data["thread"] == "XXVI-5/PL"
    assert ESTONIA.circulated not in str(data["links"])
    assert "CN.421.2025" in data["links"]["notification"]

"""Reminds of effects before their day: each threshold once, after an absence only the nearest, none that is past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from monitor.domain import wire
from monitor.domain.alert import Subscription
from monitor.domain.change import RecordedChange
from monitor.domain.delivery import delivery_id
from monitor.domain.treaty import Treaty
from monitor.pipeline.desk import Desk
from monitor.pipeline.effects import as_change, as_notice, effect_body, messages, on
from monitor.pipeline.introduce import met_on
from monitor.pipeline.lastword import is_over, last_told
from monitor.pipeline.lookahead import BEHIND, ahead
from monitor.pipeline.notify import receivers
from monitor.pipeline.timetable import post_at_once
from monitor.pipeline.upcoming import Coming, coming
from monitor.storage.interface import Daybook

AN_HOUR = timedelta(hours=1)
LAST_RUN = "reminders were last looked at"


def remind(desk: Desk, now: datetime, treaties: tuple[Treaty, ...] = ()) -> int:
    """Enter the reminders that are due; return how many.

    For `treaties`, of which there is news, at once; for all when an hour has passed, or a day has begun for somebody
    since the last look: the pages of a thousand treaties are not read anew every minute for it. A treaty whose check
    has become due since then waits for the next look: after weeks of sleep its page may take back what is to come.
    """
    if not any(s.reminders for s in desk.subscriptions):
        return 0
    last = _last_look(desk)
    for_all = last is None or _time_has_passed(desk, last, now)
    entered = 0
    for treaty in dict.fromkeys((*treaties, *(_with_effects(desk, last, now) if for_all else ()))):
        with desk.storage.begin() as tx:
            entered += remind_of(desk, tx, treaty, met_on(tx, treaty), now)
    if for_all:
        with desk.storage.begin() as tx:
            tx.save_setting(LAST_RUN, wire.instant(now))
    return entered


def _with_effects(desk: Desk, last: datetime | None, now: datetime) -> list[Treaty]:
    """Return the treaties of which anything is to come, save those that have become due for a check since `last`."""
    with desk.storage.begin(read_only=True) as tx:
        found = ahead(desk, tx, desk.treaties, now.date() - BEHIND)
        states = tx.sources() if last else ()
    due = {s.treaty for s in states if last and s.next_due and last < s.next_due <= now}
    return [t for t in desk.treaties if t.reference not in due and any(each.rows for each in found[t.reference])]


def _last_look(desk: Desk) -> datetime | None:
    with desk.storage.begin(read_only=True) as tx:
        noted = tx.setting(LAST_RUN)
    return datetime.fromisoformat(noted) if noted else None


def _time_has_passed(desk: Desk, last: datetime, now: datetime) -> bool:
    zones = {s.zone for s in desk.subscriptions if s.reminders}
    new_day = any(now.astimezone(zone).date() != last.astimezone(zone).date() for zone in zones)
    return new_day or not timedelta(0) <= now - last < AN_HOUR


def remind_of(desk: Desk, tx: Daybook, treaty: Treaty, met: dict[str, date], now: datetime) -> int:
    """Enter the reminders that are due for a treaty; return how many.

    `met` says since which day each subscription has been told of the treaty.
    """
    asking = [s for s in desk.subscriptions if s.reminders and s.name in met]
    asking = [s for s in asking if s.treaties is None or treaty.reference in s.treaties]
    days = {s: now.astimezone(s.zone).date() for s in asking}
    pending = {today: _pending(desk, tx, treaty, today) for today in set(days.values())}
    found = (_due(s, each, (met[s.name], today)) for s, today in days.items() for each in pending[today])
    due = [(reminder, _ids(desk, reminder)) for reminder in found if reminder]
    entered = tx.entered(each for _, ids in due for each in ids)
    return sum(_enter(desk, tx, reminder, now) for reminder, ids in due if not ids <= entered)


@dataclass(frozen=True, slots=True)
class _Reminder:
    """One subscription's reminder of one effect; `alert` makes its messages' ids."""

    subscription: Subscription
    item: Coming
    alert: str
    today: date


def _pending(desk: Desk, tx: Daybook, treaty: Treaty, today: date) -> list[tuple[Coming, RecordedChange | None]]:
    """Return the effects of today and later (to come after yesterday), each with what was last told of its act."""
    yesterday = datetime.combine(today - timedelta(days=1), time(12), UTC)
    return [
        (item, last_told(tx, treaty.reference, item.participant.key, item.action))
        for item in coming(desk, tx, treaty, yesterday)
        if item.day
    ]


def _due(
    subscription: Subscription, effect: tuple[Coming, RecordedChange | None], known: tuple[date, date]
) -> _Reminder | None:
    """Return the one reminder of an effect whose day has come, if any; it may have been entered already.

    `effect` comes with what was last told of it, `known` are the day on which the subscription was met, and today.
    """
    (item, told), (met, today) = effect, known
    threshold = nearest(subscription.reminders, item.day or today, today)
    if threshold is None or not (subscription.wants(as_change(item)) or subscription.wants(as_notice(item))):
        return None
    if told and is_over(told):
        return None
    learned = max(met, told.first_seen.astimezone(subscription.zone).date()) if told else met
    if learned >= (item.day or today) - timedelta(days=threshold):
        return None
    alert = f"reminder {subscription.name} {as_change(item).id} {item.day} {threshold}"
    return _Reminder(subscription, item, alert, today)


def is_due(tx: Daybook, subscription: Subscription, item: Coming, met: date, now: datetime) -> bool:
    """Whether a reminder of this effect is due, or was entered, for a subscription that was met on a day."""
    if item.day is None or not subscription.reminders:
        return False
    today = now.astimezone(subscription.zone).date()
    told = last_told(tx, item.treaty.reference, item.participant.key, item.action)
    return _due(subscription, (item, told), (met, today)) is not None


def _ids(desk: Desk, reminder: _Reminder) -> frozenset[str]:
    """Return the ids of its messages, so that what was entered an hour ago is not written again to be thrown away."""
    return frozenset(delivery_id(reminder.alert, *who) for who in receivers(desk, reminder.subscription))


def _enter(desk: Desk, tx: Daybook, reminder: _Reminder, now: datetime) -> int:
    item, subscription = reminder.item, reminder.subscription
    when = f"{_in(item.day, reminder.today)}, {on(item.day)}"
    body = effect_body(desk, subscription, item, now, when, "as this reminds you")
    return post_at_once(desk, tx, messages(desk, subscription, reminder.alert, body, now), now)


def nearest(reminders: tuple[int, ...], effect: date, today: date) -> int | None:
    """Return the nearest threshold to the effect whose day has come, in days before it, or None."""
    left = (effect - today).days
    return min((days for days in reminders if days >= left >= 0), default=None)


def _in(day: date | None, today: date) -> str:
    left = (day - today).days if day else 0
    return {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")

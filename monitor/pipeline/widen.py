"""Tells a subscription that has come to ask for more, or has come back, once, of what is pending of that.

A subscription is known by its name. What it has ever asked for is remembered, also what it asks for no more, and a day
of absence is none: so two processes, of which one has not read its configuration again, do not have it told for ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from monitor.domain import wire
from monitor.domain.alert import Subscription
from monitor.domain.change import ChangeKind
from monitor.pipeline.desk import Desk
from monitor.pipeline.effects import as_change, as_notice
from monitor.pipeline.introduce import met_on, pending_of, tell_one
from monitor.pipeline.lastword import last_told
from monitor.pipeline.lookahead import ahead
from monitor.pipeline.remind import is_due
from monitor.pipeline.upcoming import Coming
from monitor.storage.interface import Transaction

WHY = "already pending when this subscription came to ask for it"
_ASKED, _ASKS = "asked ", 3
"""Where it is noted what a subscription asks for, and how many things that are; the day on which it left follows."""
_HARDLY = timedelta(days=1)


def widen(desk: Desk, now: datetime) -> int:
    """Enter the deliveries for subscriptions that ask for more than before, or are there again; return how many.

    One that was never seen here is only noted: it is introduced as a whole.
    """
    with desk.storage.begin(read_only=True) as tx:
        noted = tx.settings(_ASKED)
    grown = [s for s in desk.subscriptions if _asks_for_more(s, noted.get(s.name))]
    left = [name for name, mark in noted.items() if desk.subscription(name) is None and not _left(mark)]
    if not grown and not left:
        return 0
    with desk.storage.begin() as tx:
        for name in left:
            tx.save_setting(_ASKED + name, json.dumps([*json.loads(noted[name]), wire.day(now.date())]))
        marks = {s: tx.setting(_ASKED + s.name) for s in grown}
        for each, mark in marks.items():
            tx.save_setting(_ASKED + each.name, _noted(_with(each, mark)))
        before = {s: mark for s, mark in marks.items() if mark}
        items = list(_newly_asked(desk, tx, before, now)) if before else []
        return sum(tell_one(desk, tx, each, item, now, WHY) for each, item in items)


def _asks_for_more(subscription: Subscription, noted: str | None) -> bool:
    return _noted(subscription) != noted and _noted(_with(subscription, noted)) != noted


def _newly_asked(
    desk: Desk, tx: Transaction, marks: Mapping[Subscription, str], now: datetime
) -> Iterator[tuple[Subscription, Coming]]:
    """Yield what is pending that subscriptions want, and were not told: neither the effect nor its notice.

    Left out is what a reminder tells.
    """
    known = ahead(desk, tx, desk.treaties, now.date())
    before = [(s, _as_noted(s, mark), _away(mark, now)) for s, mark in marks.items()]
    for treaty in desk.treaties:
        items = pending_of(tx, treaty, known[treaty.reference], now)
        met = met_on(tx, treaty) if items else {}
        for item, (each, asked, away) in product(items, before):
            changes = as_change(item), as_notice(item)
            is_new = not any(map(asked.wants, changes)) or (away is not None and _told_since(tx, item, away))
            is_theirs = is_new and each.name in met and each.wants(changes[0])
            if is_theirs and not is_due(tx, each, item, met[each.name], now):
                yield each, item


def _left(noted: str) -> date | None:
    """Return the day since when a subscription is not there."""
    asked = json.loads(noted)
    return date.fromisoformat(asked[_ASKS]) if len(asked) > _ASKS else None


def _away(noted: str, now: datetime) -> date | None:
    """Return the day since when a subscription was away that is there again; None for one that was hardly away."""
    left = _left(noted)
    return left if left and now.date() - left > _HARDLY else None


def _told_since(tx: Transaction, item: Coming, day: date) -> bool:
    told = last_told(tx, item.treaty.reference, item.participant.key, item.action)
    return told is not None and told.first_seen.date() >= day


def _with(subscription: Subscription, noted: str | None) -> Subscription:
    """Return the subscription as one that also asks for all that was noted of it."""
    if noted is None:
        return subscription
    before = _as_noted(subscription, noted)
    return replace(
        subscription,
        treaties=_either(subscription.treaties, before.treaties),
        countries=_either(subscription.countries, before.countries),
        kinds=_either(subscription.kinds, before.kinds),
    )


def _either(one: frozenset[Any] | None, other: frozenset[Any] | None) -> frozenset[Any] | None:
    return None if one is None or other is None else one | other


def _noted(asking: Subscription) -> str:
    """Return what a subscription asks for as it is noted: treaties, countries, kinds; null means all."""
    asked = (asking.treaties, asking.countries, asking.kinds)
    return json.dumps([sorted(each) if each is not None else None for each in asked])


def _as_noted(subscription: Subscription, noted: str) -> Subscription:
    treaties, countries, kinds = (_set(each) for each in json.loads(noted)[:_ASKS])
    as_kinds = None if kinds is None else frozenset(ChangeKind(kind) for kind in kinds)
    return replace(subscription, treaties=treaties, countries=countries, kinds=as_kinds)


def _set(noted: list[str] | None) -> frozenset[str] | None:
    return None if noted is None else frozenset(noted)

"""Tells a subscription that has come to ask for more, once, of what was already pending of that.

A subscription is known by its name. What it has ever asked for is remembered, also what it asks for no more: so two
processes of which one has not read its configuration again do not have it told at every turn.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitor.domain.alert import Subscription
from monitor.domain.change import ChangeKind
from monitor.pipeline.desk import Desk
from monitor.pipeline.effects import as_change, as_notice
from monitor.pipeline.introduce import met_on, pending_of, tell_one
from monitor.pipeline.lookahead import ahead
from monitor.pipeline.remind import is_due
from monitor.pipeline.upcoming import Coming
from monitor.storage.interface import Transaction

WHY = "already pending when this subscription came to ask for it"
_ASKED = "asked "


def widen(desk: Desk, now: datetime) -> int:
    """Enter the deliveries for subscriptions that ask for more than before; return how many.

    One that was never seen here is only noted: it is introduced as a whole.
    """
    with desk.storage.begin(read_only=True) as tx:
        noted = tx.settings(_ASKED)
    grown = [s for s in desk.subscriptions if _noted(_with(s, noted.get(s.name))) != noted.get(s.name)]
    if not grown:
        return 0
    with desk.storage.begin() as tx:
        return sum(_widen(desk, tx, s, now) for s in grown)


def _widen(desk: Desk, tx: Transaction, subscription: Subscription, now: datetime) -> int:
    mark = _ASKED + subscription.name
    before = tx.setting(mark)
    tx.save_setting(mark, _noted(_with(subscription, before)))
    if before is None:
        return 0
    items = list(_newly_asked(desk, tx, subscription, _as_noted(subscription, before), now))
    return sum(tell_one(desk, tx, subscription, item, now, WHY) for item in items)


def _newly_asked(
    desk: Desk, tx: Transaction, subscription: Subscription, before: Subscription, now: datetime
) -> Iterator[Coming]:
    """Yield what is pending that a subscription wants, and had not asked for: neither the effect nor its notice.

    Left out is what a reminder tells.
    """
    known = ahead(desk, tx, desk.treaties, now.date())
    for treaty in desk.treaties:
        met = met_on(tx, treaty).get(subscription.name)
        for item in pending_of(tx, treaty, known[treaty.reference], now) if met else ():
            changes = as_change(item), as_notice(item)
            is_new = subscription.wants(changes[0]) and not any(map(before.wants, changes))
            if met and is_new and not is_due(tx, subscription, item, met, now):
                yield item


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
    treaties, countries, kinds = (_set(each) for each in json.loads(noted))
    as_kinds = None if kinds is None else frozenset(ChangeKind(kind) for kind in kinds)
    return replace(subscription, treaties=treaties, countries=countries, kinds=as_kinds)


def _set(noted: list[str] | None) -> frozenset[str] | None:
    return None if noted is None else frozenset(noted)

"""Tells a new subscription, once, of the effects that were already pending when it was made."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable
from datetime import date, datetime

from monitor.domain import wire
from monitor.domain.alert import Subscription
from monitor.domain.outlook import Outlook
from monitor.domain.treaty import Treaty
from monitor.pipeline.desk import Desk
from monitor.pipeline.effects import as_change, effect_body, messages, on
from monitor.pipeline.lookahead import ahead
from monitor.pipeline.timetable import post
from monitor.pipeline.upcoming import Coming, coming_of, still_coming
from monitor.storage.interface import Daybook, Transaction

WHY = "already pending when this subscription began"


def introduce(desk: Desk, now: datetime) -> int:
    """Enter the deliveries for subscriptions not met before; return how many. The record remembers who was met.

    A treaty that has not been read yet leaves its part open: subscription and treaty are remembered together.
    """
    with desk.storage.begin(read_only=True) as tx:
        noted = tx.settings(_mark(""))
    waiting = [treaty for treaty in desk.treaties if _strangers(desk, _days(noted.get(treaty.reference)))]
    if not waiting:
        return 0
    with desk.storage.begin() as tx:
        return sum(meet(desk, tx, treaty, now) for treaty in waiting)


def meet(desk: Desk, tx: Transaction, treaty: Treaty, now: datetime) -> int:
    """Do so for one treaty. A check does it in its own transaction, at its own instant, when the page is stored.

    Otherwise an effect whose notice is news in this very check would be told twice: as news, and as something that
    was pending before; after a kill between the two nobody could tell any more.
    """
    met = met_on(tx, treaty)
    strangers = _strangers(desk, met)
    known = ahead(desk, tx, (treaty,), now.date())[treaty.reference] if strangers else ()
    if not known:
        return 0
    met |= dict.fromkeys((s.name for s in strangers), now.date())
    days = {name: wire.day(day) for name, day in met.items()}
    tx.save_setting(_mark(treaty.reference), json.dumps(days, ensure_ascii=False, sort_keys=True))
    return tell_pending(desk, tx, treaty, strangers, now, known)


def tell_pending(
    desk: Desk,
    tx: Daybook,
    treaty: Treaty,
    strangers: Iterable[Subscription],
    now: datetime,
    known: Iterable[Outlook],
) -> int:
    """Enter what is pending for those who were not told of the treaty before, save what is news at this instant.

    `known` is what the treaty's pages leave to the calendar after the day of `now`.
    """
    pending = pending_of(tx, treaty, known, now)
    return sum(tell_one(desk, tx, s, item, now, WHY) for s in strangers for item in pending if s.wants(as_change(item)))


def pending_of(tx: Daybook, treaty: Treaty, known: Iterable[Outlook], now: datetime) -> list[Coming]:
    """Return what is pending for a treaty, save what is news at this instant."""
    coming = still_coming(tx, treaty, coming_of(treaty, known, now.date()))
    if not coming:
        return []
    told = {(c.change.key, c.change.act_date) for c in tx.changes(treaty=treaty.reference) if c.first_seen >= now}
    return [i for i in coming if (i.participant.key, i.action.date) not in told]


def met_on(tx: Transaction, treaty: Treaty) -> dict[str, date]:
    """Return since which day (of UTC) each subscription has been told of a treaty."""
    return _days(tx.setting(_mark(treaty.reference)))


def _days(noted: str | None) -> dict[str, date]:
    known: dict[str, str] = json.loads(noted or "{}")
    return {name: date.fromisoformat(day) for name, day in known.items()}


def _strangers(desk: Desk, met: Container[str]) -> list[Subscription]:
    return [s for s in desk.subscriptions if s.name not in met]


def _mark(reference: str) -> str:
    return f"met {reference}"


def tell_one(desk: Desk, tx: Daybook, subscription: Subscription, item: Coming, now: datetime, why: str) -> int:
    """Enter that an effect is pending for one subscription; `why` ends the sentence. Return how many were new."""
    alert = f"upcoming {subscription.name} {as_change(item).id}"
    body = effect_body(desk, subscription, item, now, on(item.day), why)
    return post(desk, tx, messages(desk, subscription, alert, body, now), now)

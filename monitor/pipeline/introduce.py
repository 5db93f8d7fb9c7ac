"""Tells a new subscription, once, of the effects that were already pending when it was made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from monitor.domain import wire
from monitor.domain.alert import Subscription
from monitor.domain.change import Change, ChangeKind
from monitor.domain.delivery import Delivery, delivery_id
from monitor.domain.treaty import Treaty
from monitor.domain.wording import spoken
from monitor.pipeline.desk import Desk
from monitor.pipeline.notify import as_text
from monitor.pipeline.upcoming import Coming, coming
from monitor.storage.interface import Transaction


def introduce(desk: Desk, now: datetime) -> int:
    """Enter the deliveries for subscriptions not met before; return how many. The record remembers who was met.

    A treaty that has not been read yet leaves its part open: subscription and treaty are remembered together.
    """
    with desk.storage.begin() as tx:
        return sum(meet(desk, tx, treaty, now) for treaty in desk.treaties)


def meet(desk: Desk, tx: Transaction, treaty: Treaty, now: datetime) -> int:
    """Do so for one treaty. A check does it in its own transaction, at its own instant.

    Otherwise an effect whose notice is news in this very check would be told twice: as news, and as something that
    was pending before; after a kill between the two nobody could tell any more.
    """
    mark = f"met {treaty.reference}"
    met = set(json.loads(tx.setting(mark) or "[]"))
    strangers = [s for s in desk.subscriptions if s.name not in met]
    if not strangers or all(tx.latest(treaty.reference, s.key) is None for s in treaty.sources):
        return 0
    told = {(c.change.key, c.change.act_date) for c in tx.changes(treaty=treaty.reference) if c.first_seen >= now}
    pending = [i for i in coming(desk, tx, treaty, now) if (i.participant.key, i.action.date) not in told]
    tx.save_setting(mark, json.dumps(sorted(met | {s.name for s in strangers}), ensure_ascii=False))
    return sum(
        tx.enqueue(_messages(desk, stranger, item, now))
        for stranger in strangers
        for item in pending
        if stranger.wants(_as_change(item))
    )


def _as_change(item: Coming) -> Change:
    """Return the change that the effect will be, to ask whether the subscription wants it."""
    kind = ChangeKind.WITHDRAWAL_EFFECTIVE if item.leaving else ChangeKind.ENTERED_INTO_FORCE
    return Change(kind=kind, treaty=item.treaty.reference, participant=item.participant, action=item.action)


def _messages(desk: Desk, subscription: Subscription, item: Coming, now: datetime) -> Iterator[Delivery]:
    body = _body(subscription, item, now)
    alert = f"upcoming {subscription.name} {_as_change(item).id}"
    for name in subscription.channels:
        for recipient in subscription.recipients if desk.channels[name].addressed else (name,):
            yield Delivery(
                id=delivery_id(alert, name, recipient),
                channel=name,
                recipient=recipient,
                body=as_text(body),
                created=now,
                next_attempt=now,
                alert=alert,
                subscription=subscription.name,
            )


def _body(subscription: Subscription, item: Coming, now: datetime) -> dict[str, Any]:
    when = spoken(item.day) if item.day else "a day that the page does not state"
    who, what = item.participant.name, "withdrawal" if item.leaving else "entry into force"
    text = f"{who} ({item.treaty.title}): {what} takes effect on {when}, already pending when this subscription began."
    treaty = {"reference": item.treaty.reference, "slug": item.treaty.slug, "title": item.treaty.title}
    data = item.shape() | {
        "treaty": treaty,
        "title": f"{who}: {what} takes effect on {when}, {item.treaty.title}",
        "summary": text + (" It is subject to a condition of the treaty." if item.conditional else ""),
        "subscription": subscription.name,
        "thread": f"{item.treaty.reference}/{item.participant.key}",
        "links": {"page": item.treaty.sources[0].url, "notification": item.action.notification},
    }
    return {"type": "treaty.effect_upcoming", "timestamp": wire.instant(now), "data": data}

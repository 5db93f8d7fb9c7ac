"""Says an effect to come: which change it will be, who wants to hear of it, and in which words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from monitor.domain import wire
from monitor.domain.action import ActionKind
from monitor.domain.alert import Subscription
from monitor.domain.change import Change, ChangeKind
from monitor.domain.delivery import Delivery, delivery_id
from monitor.domain.wording import spoken
from monitor.pipeline.desk import Desk
from monitor.pipeline.notify import as_text, receivers
from monitor.pipeline.upcoming import Coming

_NOTICES = {
    ActionKind.WITHDRAWAL: ChangeKind.WITHDRAWAL_NOTIFIED,
    ActionKind.SUSPENSION: ChangeKind.SUSPENSION_NOTIFIED,
}


def as_change(item: Coming) -> Change:
    """Return the change that the effect will be."""
    return _change(item, ChangeKind.WITHDRAWAL_EFFECTIVE if item.leaving else ChangeKind.ENTERED_INTO_FORCE)


def as_notice(item: Coming) -> Change:
    """Return the change by which the effect was announced."""
    return _change(item, _NOTICES.get(item.action.kind, ChangeKind.CONSENTED))


def _change(item: Coming, kind: ChangeKind) -> Change:
    return Change(kind=kind, treaty=item.treaty.reference, participant=item.participant, action=item.action)


def messages(
    desk: Desk, subscription: Subscription, alert: str, body: dict[str, Any], now: datetime
) -> Iterator[Delivery]:
    """Yield the delivery of a body to each receiver of a subscription; `alert` makes their ids."""
    text = as_text(body)
    for name, recipient in receivers(desk, subscription):
        yield Delivery(
            id=delivery_id(alert, name, recipient),
            channel=name,
            recipient=recipient,
            body=text,
            created=now,
            next_attempt=now,
            alert=alert,
            subscription=subscription.name,
        )


def effect_body(
    desk: Desk, subscription: Subscription, item: Coming, now: datetime, when: str, why: str
) -> dict[str, Any]:
    """Return the message that an effect comes: `when` follows "takes effect", `why` ends the sentence."""
    who, what = item.participant.name, "withdrawal" if item.leaving else "entry into force"
    text = f"{who} ({item.treaty.title}): {what} takes effect {when}, {why}."
    data = item.shape() | {
        "treaty": {"reference": item.treaty.reference, "slug": item.treaty.slug, "title": item.treaty.title},
        "title": f"{who}: {what} takes effect {when}, {item.treaty.title}",
        "summary": text + (" It is subject to a condition of the treaty." if item.conditional else ""),
        "subscription": subscription.name,
        "thread": f"{item.treaty.reference}/{item.participant.key}",
        "links": _links(desk, item),
    }
    return {"type": "treaty.effect_upcoming", "timestamp": wire.instant(now), "data": data}


def _links(desk: Desk, item: Coming) -> dict[str, str | None]:
    source, number = item.treaty.sources[0], item.action.notification
    return {"page": source.url, "notification": desk.readers[source.key].notification_url(number) if number else None}


def on(day: date | None) -> str:
    """Return "on 20 February 2026"."""
    return f"on {spoken(day)}" if day else "on a day that the page does not state"

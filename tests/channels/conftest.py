"""What the tests of the channels share: deliveries whose bodies have the shapes that the pipeline writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from monitor.domain import wire, wording
from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.change import Change, ChangeKind, Proof, RecordedChange
from monitor.domain.delivery import Delivery
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.participation import Status

SEEN = datetime(2025, 8, 21, 6, 0, tzinfo=UTC)
PAGE = "https://treaties.example.org/page?number=XXVI-5&lang=en"
CIRCULAR = "https://treaties.example.org/CN.421.pdf"

Json = dict[str, Any]


def recorded(name: str = "Poland", kind: ChangeKind = ChangeKind.WITHDRAWAL_NOTIFIED, **fields: Any) -> RecordedChange:
    act = TreatyAction(
        kind=ActionKind.WITHDRAWAL,
        date=date(2025, 8, 20),
        effective=date(2026, 2, 20),
        conditional=True,
        notification="C.N.421.2025.TREATIES-XXVI-5",
        article="20 (3)",
    )
    usual: Json = {
        "kind": kind,
        "treaty": "XXVI-5",
        "participant": Participant("PL", name, name, ParticipantKind.STATE),
        "action": act,
        "status_before": Status.PARTY,
        "status_after": Status.PARTY,
        "basis": Basis.STATED,
    }
    proof = Proof("ab" * 32, SEEN, f"{name}: ratification 27 December 2012")
    return RecordedChange(
        Change(**usual | fields), SEEN, "mine-ban", "Mine Ban Convention", "untc", PAGE, before=None, after=proof
    )


def data_of(item: RecordedChange) -> Json:
    """Return the data of one change as the pipeline writes it for a webhook."""
    return wire.recorded(item) | {
        "title": wording.title((item.change,), item.treaty_title),
        "summary": wording.summary(item.change, item.treaty_title),
        "links": {"page": PAGE, "notification": CIRCULAR},
    }


def joined(*changes: Json, **fields: Any) -> Json:
    """Return the data of a message that joins the changes of one State and treaty."""
    first = changes[0]
    return {
        "title": first["title"],
        "summary": first["summary"],
        "treaty": {"reference": "XXVI-5", "slug": "mine-ban", "title": "Mine Ban Convention"},
        "participant": first["participant"],
        "subscription": "eastern flank",
        "thread": "XXVI-5/PL",
        "changes": list(changes),
        "links": first["links"],
    } | fields


@pytest.fixture
def change() -> Callable[..., Json]:
    """Make the data of one change; fields of the change may be given."""
    return lambda name="Poland", kind=ChangeKind.WITHDRAWAL_NOTIFIED, **fields: data_of(recorded(name, kind, **fields))


@pytest.fixture
def join() -> Callable[..., Json]:
    """Join changes into the data of one message."""
    return joined


@pytest.fixture
def deliver() -> Callable[..., Delivery]:
    """Make a delivery of some data (one withdrawal without any)."""

    def make(
        data: Json | None = None,
        *,
        kind: str = "treaty.status_changed",
        to: str = "desk@example.org",
        name: str = "msg_000000000000000000000001",
        subscription: str = "eastern flank",
    ) -> Delivery:
        body = {"type": kind, "timestamp": "2025-08-21T06:00:05Z", "data": data or joined(data_of(recorded()))}
        text = json.dumps(body, ensure_ascii=False)
        return Delivery(name, "desk-mail", to, text, SEEN, SEEN, subscription=subscription)

    return make

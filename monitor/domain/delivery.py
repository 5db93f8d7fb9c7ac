"""One message to one recipient over one channel: its states, its attempts, and when it is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

TEST = "test "
"""How the `alert` of a test message begins: a disabled channel carries these alone, so that a person can try it."""


class DeliveryState(StrEnum):
    """Where a delivery stands. Only a delivery that is PENDING, or whose lease has run out, is ever claimed."""

    PENDING = "pending"  # due at `next_attempt`; also between retries
    SENDING = "sending"  # claimed by a sender until `lease_until`
    SENT = "sent"
    DEAD = "dead"  # failed for good; kept, listed, retried by hand


class Outcome(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"
    LOST = "lost"  # the sender died; its lease ran out and the delivery was taken up again


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: when, what became of it, and the receiver's answer or the reason."""

    at: datetime
    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the outbox. `body` is JSON text, frozen when the alert is made: a retry never differs in it.

    `recipient` is an address for email and the channel's own name for channels with a single receiver.
    `change_ids` are the changes it tells of, empty for messages about sources. `attempts` counts from zero.
    """

    id: str
    channel: str
    recipient: str
    body: str
    created: datetime
    next_attempt: datetime
    state: DeliveryState = DeliveryState.PENDING
    alert: str = ""
    subscription: str = ""
    change_ids: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    lease_until: datetime | None = None


def delivery_id(alert: str, channel: str, recipient: str, part: str = "") -> str:
    """Return the id under which this message goes to this recipient, however often it is tried."""
    return "msg_" + sha256(f"{alert}\x1f{channel}\x1f{recipient}\x1f{part}".encode()).hexdigest()[:24]

"""The door to people: a channel takes one delivery and either sends it or says why not."""

from __future__ import annotations

from typing import Protocol

from monitor.domain.delivery import Delivery


class Channel(Protocol):
    """Sends messages of one configured channel."""

    name: str
    """The name under which the configuration knows this channel."""

    per_change: bool
    """Whether each change is a message of its own (webhook), or all of one State and treaty are one (email)."""

    addressed: bool
    """Whether the subscription's recipients are addresses of this channel; else the channel is the only receiver."""

    async def send(self, delivery: Delivery) -> str:
        """Send it and return the receiver's answer. Raises DeliveryError."""
        ...

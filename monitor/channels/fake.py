"""A channel for tests of the rooms above: it remembers what it was given and fails when told to."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.domain.delivery import Delivery
from monitor.domain.errors import DeliveryError


class RecordingChannel:
    """Keeps every delivery it has sent in `sent`; each failure of `failures` meets one attempt, in order.

    `refused` maps a recipient to the failure that it always meets.
    """

    def __init__(
        self,
        name: str = "recording",
        *,
        per_change: bool = False,
        addressed: bool = True,
        failures: Iterable[DeliveryError] = (),
    ) -> None:
        self.name = name
        self.per_change = per_change
        self.addressed = addressed
        self.sent: list[Delivery] = []
        self.failures = list(failures)
        self.refused: dict[str, DeliveryError] = {}

    async def send(self, delivery: Delivery) -> str:
        """Remember the delivery, or raise the failure that is due."""
        if delivery.recipient in self.refused:
            raise self.refused[delivery.recipient]
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(delivery)
        return f"kept as number {len(self.sent)}"

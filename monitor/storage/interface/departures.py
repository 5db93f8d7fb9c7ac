"""Who gets no more mail of a subscription."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Departure:
    """A recipient who gets no more mail of one subscription, and since when."""

    subscription: str
    recipient: str
    at: datetime

    def of(self, subscription: str, recipient: str) -> bool:
        """Whether this is the departure of that recipient, written in whatever letters, from that subscription."""
        return (self.subscription, self.recipient.casefold()) == (subscription, recipient.casefold())


class Departures(Protocol):
    """The part of a transaction that keeps who has left a subscription."""

    def depart(self, departure: Departure) -> None:
        """Enter that a recipient has left a subscription."""
        ...

    def readmit(self, departure: Departure, now: datetime) -> None:
        """Enter that they are back."""
        ...

    def departures(self) -> tuple[Departure, ...]:
        """Return who has left and not come back, in the order of their leaving."""
        ...

"""How the channels are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How a channel is: since when nothing but failures came of it, the last of them, and whether it is disabled.

    A channel of which no failure is known has an empty state.
    """

    name: str
    failing_since: datetime | None = None
    last_failure: datetime | None = None
    disabled: datetime | None = None
    problem: str | None = None


class ChannelBook(Protocol):
    """The part of a transaction that notes which channels fail, and since when."""

    def channel(self, name: str) -> ChannelState:
        """Return how a channel is."""
        ...

    def channels(self) -> tuple[ChannelState, ...]:
        """Return the channels of which failures are known, by name."""
        ...

    def save_channel(self, state: ChannelState) -> None:
        """Write the state over the one before."""
        ...

"""What the gate holds back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from monitor.domain.change import Change
from monitor.domain.snapshot import Finding


class HeldState(StrEnum):
    """What became of something held back."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CLEARED = "cleared"  # the page went back, or a second fetch agreed


@dataclass(frozen=True, slots=True)
class Held:
    """Something that the gate holds back: a row's changes, or a whole reading (`row` None).

    `digest` tells whether a later fetch shows the same thing; what was rejected under a digest is not raised again.
    `halted` is the day up to which the calendar was told of a row that is held back: it stands still while the row
    waits, and goes on where it was rejected; None for what is not held back, and for a whole reading.
    """

    id: str
    treaty: str
    source: str
    row: str | None
    since: datetime
    digest: str
    document: str | None
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    state: HeldState = HeldState.OPEN
    halted: date | None = None


class Holds(Protocol):
    """The part of a transaction that keeps what is held back, and what became of it."""

    def hold(self, held: Held) -> None:
        """Enter or overwrite something held."""
        ...

    def held(
        self, states: frozenset[HeldState] | None = None, *, page: tuple[str, str] | None = None
    ) -> tuple[Held, ...]:
        """Return what is held, oldest first; with `page` (treaty and source) what is held of this page alone."""
        ...

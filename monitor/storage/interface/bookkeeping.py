"""What is noted of each watched page, and the program's small facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class Condition(StrEnum):
    """How a source is."""

    NEW = "new"  # never read yet
    OK = "ok"
    UNREACHABLE = "unreachable"
    DISALLOWED = "disallowed"
    REFUSED = "refused"
    HELD = "held"
    STALE = "stale"  # not read for long, whyever: only ever what the operator was told

    @property
    def well(self) -> bool:
        """Whether the source could be read and believed, be it in part."""
        return self in {Condition.OK, Condition.HELD}


@dataclass(frozen=True, slots=True)
class SourceState:
    """The bookkeeping of one watched page: one row, overwritten by every check. Instants are aware UTC.

    `last_good` is the last believable answer (an unchanged page counts), `problem` what is wrong now, `told`
    the condition of which the operator has been told. `calendar_until` is the day up to which effects that the
    calendar brings have been recorded. `reader` names the version of the reader behind the stored snapshot.
    """

    treaty: str
    source: str
    url: str
    condition: Condition = Condition.NEW
    last_checked: datetime | None = None
    last_good: datetime | None = None
    next_due: datetime | None = None
    failures: int = 0
    problem: str | None = None
    told: Condition | None = None
    validators: dict[str, str] = field(default_factory=dict)
    fingerprint: str | None = None
    calendar_until: date | None = None
    reader: str | None = None


class Bookkeeping(Protocol):
    """The part of a transaction that notes how each page was last read, and when it is due."""

    def source(self, treaty: str, source: str) -> SourceState | None:
        """Return the state of one source, or None if it was never seen."""
        ...

    def sources(self) -> tuple[SourceState, ...]:
        """Return the states of all sources, ordered by treaty and source."""
        ...

    def sources_of(self, treaties: Iterable[str]) -> tuple[SourceState, ...]:
        """Return the states of these treaties' sources (of those that were ever seen)."""
        ...

    def last_good(self, treaties: Iterable[str]) -> dict[tuple[str, str], datetime]:
        """Return, by treaty and source, when these treaties' pages were last believed (of those that ever were)."""
        ...

    def resting(self, now: datetime) -> dict[tuple[str, str], str]:
        """Return the sources (treaty and source) that are not due before some later time, with their addresses."""
        ...

    def turns(self) -> dict[tuple[str, str], tuple[bool, datetime | None]]:
        """Return, by treaty and source, whether the last check could read and believe it, and when it is due again.

        It is believed also where a part of it is held back.
        """
        ...

    def last_check(self) -> datetime | None:
        """Return when the last check of any source was, or None before the first."""
        ...

    def save_source(self, state: SourceState) -> None:
        """Write the state over the one before."""
        ...

    def renew(self, pairs: Iterable[tuple[SourceState, SourceState]]) -> None:
        """Enter checks that found nothing new, each as the state before it and after it.

        Only what such a check changes is written (when it was, when the next is due, the validators, the day up to
        which the calendar is recorded), and only where the state is still that before: whoever has checked the source
        in between knows better.
        """
        ...

    def setting(self, name: str) -> str | None:
        """Return a small fact that the program has noted under this name, or None."""
        ...

    def settings(self, beginning: str) -> dict[str, str]:
        """Return the small facts whose names begin so, by what follows in the name."""
        ...

    def save_setting(self, name: str, value: str | None) -> None:
        """Note a small fact under a name (None forgets it)."""
        ...

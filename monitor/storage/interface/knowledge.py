"""What the pages were known to say, at any instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.domain.document import Document
from monitor.domain.outlook import Outlook
from monitor.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Known:
    """A snapshot as it was known at some instant: from which source, fetched when, shown by which document."""

    treaty: str
    source: str
    snapshot: Snapshot
    fetched_at: datetime
    document: str | None


class Knowledge(Protocol):
    """The part of a transaction that knows what the pages say, and said, and leave to the calendar."""

    def latest(self, treaty: str, source: str) -> Known | None:
        """Return the snapshot as it is known now, or None."""
        ...

    def known(self, treaty: str, at: datetime) -> tuple[Known, ...]:
        """Return, per source, the snapshot as it was known at that instant (sources with none are left out)."""
        ...

    def excerpts(
        self, treaties: Iterable[str], at: datetime | None = None, participants: Iterable[str] | None = None
    ) -> dict[str, tuple[Known, ...]]:
        """Return, by treaty and per source, what was known at an instant (None: now), without statements.

        With `participants` (keys), their rows alone. Treaties of which nothing was known are left out.
        """
        ...

    def sizes(self, treaties: Iterable[str], at: datetime) -> dict[str, int]:
        """Return, by treaty, how many rows the first of its `excerpts` has (of those of which anything was known)."""
        ...

    def seen(self) -> dict[tuple[str, str], tuple[int, datetime]]:
        """Return, by treaty and source, the number of the reading that is known now, and when it was last seen."""
        ...

    def known_since(self) -> dict[str, datetime]:
        """Return, by treaty, when a reading of it was first stored."""
        ...

    def store_snapshot(self, treaty: str, source: str, snapshot: Snapshot, at: datetime, document: str | None) -> None:
        """Make this what is known from `at`: rows that differ are closed and opened, rows that agree stay untouched."""
        ...

    def outlooks(self, treaties: Iterable[str] | None = None) -> dict[tuple[str, str], Outlook]:
        """Return what the pages (of these treaties) leave to the calendar, by treaty and source, where that is kept.

        Each is of the page as it is known now.
        """
        ...

    def keep_outlook(self, treaty: str, source: str, outlook: Outlook, seen_at: datetime | None = None) -> None:
        """Keep what the page as it is known now leaves to the calendar.

        With `seen_at`, only if that is still the page that was fetched then.
        """
        ...

    def store_document(self, treaty: str, source: str, document: Document, base: str | None = None) -> None:
        """Enter a kept page (its bytes lie in the archive) with its headers and address, and the page it rests on.

        One that is there already is kept anew: it counts as fetched now.
        """
        ...

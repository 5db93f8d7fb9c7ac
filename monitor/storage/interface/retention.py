"""What may be given up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page that the record knows, as one of its source."""

    treaty: str
    source: str
    sha256: str


class Retention(Protocol):
    """The part of a transaction that finds what nothing rests on, and notes that it is given up."""

    def dispensable(self, before: datetime, limit: int) -> tuple[KeptPage, ...]:
        """Return pages that nothing rests on and that were no longer current before an instant, the oldest first."""
        ...

    def forget(self, pages: Iterable[KeptPage], before: datetime, now: datetime) -> int:
        """Note that these pages are given up, save those that have come to be needed since; return how many."""
        ...

    def forgotten(self, limit: int) -> tuple[str, ...]:
        """Return the SHA-256 of pages whose files are to be removed in this transaction."""
        ...

    def removed(self, shas: Collection[str], now: datetime) -> None:
        """Note that the files of these pages are gone."""
        ...

    def doubtful(self, shas: Iterable[str | None]) -> bool:
        """Return whether any of these pages has been given up: its file may be gone."""
        ...

    def given_up(self, sha: str) -> datetime | None:
        """Return when a page was given up, or None for one that is kept or was never known."""
        ...

    def thin_out(self, before: datetime, limit: int) -> int:
        """Drop the texts and the failed attempts of messages that arrived before an instant; return of how many."""
        ...

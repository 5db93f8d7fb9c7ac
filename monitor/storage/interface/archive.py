"""The archive of raw pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from monitor.domain.document import Document


@dataclass(frozen=True, slots=True)
class Kept:
    """A page in the archive: its SHA-256, and that of the page on which it rests, without which it cannot be read."""

    sha256: str
    base: str | None = None


class Archive(Protocol):
    """Keeps raw pages as evidence, by SHA-256, compressed."""

    def keep(self, document: Document, near: str | None = None) -> Kept:
        """Write the page if it is not there yet (whole or not at all).

        `near` is the SHA-256 of a kept page of the same source, most of which this one may repeat.
        """
        ...

    def remove(self, shas: Iterable[str]) -> None:
        """Remove pages; those that are not there are passed over. Raises StorageError."""
        ...

    def read(self, sha256: str) -> bytes:
        """Return the page. Raises StorageError if it, or a page that it rests on, is missing or damaged."""
        ...

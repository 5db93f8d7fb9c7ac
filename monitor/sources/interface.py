"""The door to the readers: how each depositary publishes. A reader never fetches and never judges news."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from monitor.domain.snapshot import Reading


class Reader(Protocol):
    """Reads documents of one source."""

    key: str
    """The name under which configuration and commands know the source, for example `untc`."""

    def recognises(self, body: bytes) -> bool:
        """Whether this looks like a document of this source, judged by content alone."""
        ...

    def locate(self, reference: str) -> str:
        """Return the address of the page of the treaty with this depositary number."""
        ...

    def notification_url(self, number: str) -> str | None:
        """Return the address of the text of a depositary notification (`C.N.360.2025.…`), None if there is none."""
        ...

    def fingerprint(self, body: bytes) -> str | None:
        """Return a digest of the regions that carry meaning, without building a tree.

        None where the regions cannot be found: then the document has to be read.
        """
        ...

    def read(self, body: bytes, expected: str | None = None) -> Reading:
        """Return the reading of a document; `expected` is the depositary number that it must carry.

        Never raises for a bad document: a reading without snapshot, with findings of level refuse, says why.
        """
        ...


def recognise(body: bytes, readers: Iterable[Reader]) -> Reader | None:
    """Return the first reader that takes the document for one of its own, judged by content, or None."""
    return next((reader for reader in readers if reader.recognises(body)), None)


@dataclass(frozen=True, slots=True)
class Listed:
    """A treaty as a depositary's own contents list it."""

    reference: str
    title: str
    url: str


class Collection(Protocol):
    """The contents of a depositary's collection, from which treaties are discovered. Fetches nothing."""

    key: str
    """The name of the source that reads these treaties' pages."""

    index: str
    """The address of the contents."""

    def chapters(self, body: bytes, address: str) -> tuple[str, ...]:
        """Return the addresses of the chapters that the contents link."""
        ...

    def treaties(self, body: bytes, address: str) -> tuple[Listed, ...]:
        """Return the treaties that a chapter lists."""
        ...

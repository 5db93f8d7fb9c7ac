"""The door to the readers: how each depositary publishes. A reader never fetches and never judges news."""

from __future__ import annotations

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

"""The door to the network for sources: ask for a page, politely, and get it, or why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from monitor.domain.document import Document


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for. `validators` are the last response's `etag` and `last-modified`, repeated unchanged."""

    url: str
    validators: dict[str, str] = field(default_factory=dict)
    obey_robots: bool = True


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that the page is as it was (HTTP 304)."""

    url: str


class Fetcher(Protocol):
    """Fetches pages: one request at a time per host, with a pause, robots.txt obeyed, answers bounded."""

    async def fetch(self, request: Request) -> Document | NotModified:
        """Return the page.

        Raises SourceError (network, HTTP status, size, encoding) and DisallowedError (robots.txt).
        """
        ...

    def rest(self, url: str) -> float:
        """Return the seconds for which the address's host is still to be left alone after what it was asked here."""
        ...

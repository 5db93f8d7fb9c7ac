"""A fetcher without a network, for tests of whatever stands behind the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.domain.document import Document
from monitor.domain.errors import DisallowedError, SourceError
from monitor.fetching.interface import NotModified, Request

Given = bytes | Document | NotModified | SourceError | DisallowedError


@dataclass
class FakeFetcher:
    """Gives for each address what `pages` holds: a page, "not modified", or an error to raise.

    `pages` may be changed between two fetches; `requests` are those made so far, in order. An address that is not
    given is answered as a server would: 404, a permanent SourceError.
    """

    now: Callable[[], dt.datetime]
    pages: dict[str, Given] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    async def fetch(self, request: Request) -> Document | NotModified:
        """Return or raise what is given for the address."""
        self.requests.append(request)
        given = self.pages.get(request.url, SourceError(f"{request.url} answered 404 Not Found", temporary=False))
        if isinstance(given, Exception):
            raise given
        return Document(request.url, given, self.now()) if isinstance(given, bytes) else given

    def rest(self, url: str) -> float:  # noqa: ARG002 - signature of the door
        """Return 0: nobody is asked here."""
        return 0.0

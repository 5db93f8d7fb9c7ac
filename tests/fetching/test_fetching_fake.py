"""The fake that others test with keeps the door's promises."""

from __future__ import annotations

import pytest
from fetching.loopback_site import NOW

from monitor.domain.document import Document
from monitor.domain.errors import DisallowedError, SourceError
from monitor.fetching.fake import FakeFetcher
from monitor.fetching.interface import Fetcher, NotModified, Request


async def test_it_gives_what_it_was_given_and_notes_what_was_asked() -> None:
    kept = Document("http://c/", b"three", NOW, {"etag": "1"})
    fake = FakeFetcher(lambda: NOW, {"http://a/": b"one", "http://b/": NotModified("http://b/"), "http://c/": kept})
    door: Fetcher = fake
    assert await door.fetch(Request("http://a/")) == Document("http://a/", b"one", NOW)
    assert await door.fetch(Request("http://b/")) == NotModified("http://b/")
    assert await door.fetch(Request("http://c/", obey_robots=False)) == kept
    assert [request.url for request in fake.requests] == ["http://a/", "http://b/", "http://c/"]


async def test_errors_are_raised_and_unknown_addresses_are_gone() -> None:
    fake = FakeFetcher(lambda: NOW, {"http://a/": DisallowedError("robots.txt")})
    with pytest.raises(DisallowedError):
        await fake.fetch(Request("http://a/"))
    with pytest.raises(SourceError, match="404") as caught:
        await fake.fetch(Request("http://b/"))
    assert not caught.value.temporary

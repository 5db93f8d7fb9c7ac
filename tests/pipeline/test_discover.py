"""Listing a collection: chapter by chapter, a failing chapter being a finding."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from monitor.domain.errors import SourceError
from monitor.fetching.fake import FakeFetcher, Given
from monitor.pipeline.discover import Discovered, discover
from monitor.sources.untc.chapters import UntcCollection

BASE = "https://treaties.un.org/Pages/"
CONTENTS = b'<a href="Treaties.aspx?id=4">IV</a><a href="Treaties.aspx?id=26">XXVI</a>'
CHAPTER = b'<a href="ViewDetails.aspx?src=TREATY&mtdsg_no=XXVI-5">5. A convention</a>'


def found(**pages: Given) -> Discovered:
    given = {UntcCollection.index: CONTENTS, BASE + "Treaties.aspx?id=4": pages["four"]}
    given[BASE + "Treaties.aspx?id=26"] = CHAPTER
    return asyncio.run(discover(FakeFetcher(lambda: datetime(2026, 1, 1, tzinfo=UTC), given), UntcCollection()))


def test_every_chapter_is_asked_and_its_treaties_are_listed() -> None:
    four = b'<a href="ViewDetails.aspx?mtdsg_no=IV-9">9. Another</a>'
    assert [(t.reference, t.title) for t in found(four=four).treaties] == [
        ("IV-9", "Another"),
        ("XXVI-5", "A convention"),
    ]


def test_a_chapter_that_fails_is_a_finding_and_the_others_are_listed() -> None:
    result = found(four=SourceError("503", temporary=True))
    assert [t.reference for t in result.treaties] == ["XXVI-5"]
    assert [f.rule for f in result.findings] == ["chapter-unread"]


def test_a_chapter_without_treaties_is_a_finding() -> None:
    assert [f.rule for f in found(four=b"<p>nothing").findings] == ["chapter-empty"]


def test_contents_that_link_no_chapter_are_refused() -> None:
    fetcher = FakeFetcher(lambda: datetime(2026, 1, 1, tzinfo=UTC), {UntcCollection.index: b"<p>maintenance"})
    with pytest.raises(SourceError, match="links no chapter"):
        asyncio.run(discover(fetcher, UntcCollection()))

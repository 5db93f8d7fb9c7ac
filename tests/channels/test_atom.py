from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from monitor.channels.atom import AtomChannel
from monitor.channels.feed import NEWEST, Head, with_message
from monitor.domain.errors import DeliveryError

Make = Callable[..., Any]
HEAD = Head("news", "Treaty news", "example.org", "https://example.org/news.atom")


def parsed(content: bytes) -> Any:
    feed = feedparser.parse(content, sanitize_html=False)
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10"
    return feed


def test_an_entry_says_what_who_when_and_where(deliver: Make) -> None:
    feed = parsed(with_message(b"", HEAD, deliver()))
    assert (feed.feed.title, feed.feed.id) == ("Treaty news", "tag:example.org,2025:news")
    assert feed.feed.author == "treaty-monitor"
    assert feed.feed.updated == "2025-08-21T06:00:00Z"
    assert [(link.rel, link.href) for link in feed.feed.links] == [("self", "https://example.org/news.atom")]
    (entry,) = feed.entries
    assert entry.id == f"tag:example.org,2025:{deliver().id}"
    assert entry.title == "Poland: withdrawal notified, Mine Ban Convention"
    assert entry.summary.startswith("Poland (Mine Ban Convention): withdrawal notified")
    assert entry.updated == entry.published == "2025-08-21T06:00:00Z"
    assert [(link.rel, link.href) for link in entry.links] == [
        ("alternate", "https://treaties.example.org/page?number=XXVI-5&lang=en"),
        ("related", "https://treaties.example.org/CN.421.pdf"),
    ]
    (content,) = entry.content
    assert content.type == "text/html"
    assert "<dt>Date of effect</dt><dd>2026-02-20</dd>" in content.value


def test_a_repeat_replaces_its_entry_and_the_newest_stands_first(deliver: Make) -> None:
    feed = b""
    for name in ("msg_1", "msg_2", "msg_1"):
        feed = with_message(feed, HEAD, deliver(name=name))
    assert [entry.id[-5:] for entry in parsed(feed).entries] == ["msg_1", "msg_2"]
    assert with_message(feed, HEAD, deliver(name="msg_1")) == feed


def test_the_newest_hundred_stay(deliver: Make) -> None:
    feed = b""
    for number in range(NEWEST + 3):
        feed = with_message(feed, HEAD, deliver(name=f"msg_{number:03}"))
    entries = parsed(feed).entries
    assert len(entries) == 100
    assert (entries[0].id[-3:], entries[-1].id[-3:]) == ("102", "003")


def test_the_feeds_own_date_is_that_of_its_newest_entry(deliver: Make) -> None:
    late = deliver(name="msg_late")
    feed = with_message(b"", HEAD, replace(late, created=late.created + timedelta(days=1)))
    assert parsed(with_message(feed, HEAD, deliver())).feed.updated == "2025-08-22T06:00:00Z"


HOSTILE = "]]><script>alert(1)</script><img src=x onerror=a> &lt;b&gt; \x00\x08\ufffe\uffff\ud800 \"'"


def test_text_of_a_page_is_escaped_in_the_feed_and_again_in_its_html(deliver: Make, change: Make, join: Make) -> None:
    one = change("Poland", text="y")
    one["participant"]["name"] = one["text"] = one["title"] = one["summary"] = HOSTILE
    one["evidence"]["after"]["excerpt"] = HOSTILE
    one["links"] = {"page": "javascript:alert(1)", "notification": 'https://evil.example/"onmouseover="x'}
    raw = with_message(
        b"", replace(HEAD, title=HOSTILE.replace("\x00\x08\ufffe\uffff\ud800", "")), deliver(join(one, title=HOSTILE))
    )
    (entry,) = parsed(raw).entries
    html = entry.content[0].value
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert '"onmouseover' not in html
    assert "&lt;script&gt;" in html
    assert [link.href for link in entry.links if not link.href.startswith("https://")] == []
    assert re.search(rb"<script|<img", raw) is None


async def test_the_file_is_always_a_whole_feed(tmp_path: Path, deliver: Make) -> None:
    path = tmp_path / "news.atom"
    channels = [AtomChannel("news", path, HEAD) for _ in range(3)]
    sends = [channel.send(deliver(name=f"msg_{n}_{m}")) for n, channel in enumerate(channels) for m in range(4)]
    assert set(await asyncio.gather(*sends)) == {"entered"}
    assert len(parsed(path.read_bytes()).entries) == 12
    assert not (tmp_path / ".news.atom.part").exists()


async def test_who_reads_what_a_link_leads_to_reads_the_news(tmp_path: Path, deliver: Make) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "feed.xml").symlink_to(tmp_path / "served" / "alerts.xml")
    channel = AtomChannel("feed", tmp_path / "feed.xml", HEAD)
    for number in range(2):
        await channel.send(deliver(name=f"msg_{number}"))
    assert (tmp_path / "feed.xml").is_symlink()
    assert len(parsed((tmp_path / "served" / "alerts.xml").read_bytes()).entries) == 2


async def test_others_may_read_the_feed_as_the_users_mask_allows(tmp_path: Path, deliver: Make) -> None:
    path = tmp_path / "news.atom"
    await AtomChannel("news", path, HEAD).send(deliver())
    assert path.stat().st_mode & 0o444 == 0o444


@pytest.mark.parametrize(
    "content", ["my thesis", "<html/>", "<feed xmlns='http://www.w3.org/2005/Atom'><id>x</id></feed>"]
)
async def test_a_file_that_is_not_this_feed_is_left_alone(content: str, tmp_path: Path, deliver: Make) -> None:
    path = tmp_path / "news.atom"
    path.write_text(content)
    with pytest.raises(DeliveryError, match="left alone") as caught:
        await AtomChannel("news", path, HEAD).send(deliver())
    assert not caught.value.permanent
    assert path.read_text() == content


async def test_a_feed_that_cannot_be_written_keeps_the_message(tmp_path: Path, deliver: Make) -> None:
    (tmp_path / "no-folder").touch()
    with pytest.raises(DeliveryError, match="cannot be written") as caught:
        await AtomChannel("news", tmp_path / "no-folder" / "news.atom", HEAD).send(deliver())
    assert not caught.value.permanent


async def test_entities_of_a_tampered_feed_are_not_resolved(tmp_path: Path, deliver: Make) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    feed = with_message(b"", HEAD, deliver()).replace(
        b"<feed ", f'<!DOCTYPE feed [<!ENTITY x SYSTEM "{secret.as_uri()}">]>\n<feed '.encode(), 1
    )
    path = tmp_path / "news.atom"
    path.write_bytes(feed.replace(b"<summary>", b"<summary>&x;", 1))
    await AtomChannel("news", path, HEAD).send(deliver(name="msg_2"))
    assert b"hunter2" not in path.read_bytes()


async def test_a_body_that_cannot_be_read_is_final(tmp_path: Path, deliver: Make) -> None:
    with pytest.raises(DeliveryError, match="cannot be read") as caught:
        await AtomChannel("news", tmp_path / "news.atom", HEAD).send(replace(deliver(), body="[]"))
    assert caught.value.permanent
    assert not (tmp_path / "news.atom").exists()

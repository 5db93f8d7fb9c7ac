"""Redirects are followed with open eyes, or refused in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fetching.loopback_site import Site, answer, to_loopback

from monitor.domain.document import Document
from monitor.domain.errors import DisallowedError, SourceError
from monitor.fetching.http import HttpFetcher
from monitor.fetching.interface import Request


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed(site: Site, fetcher: HttpFetcher, status: int) -> None:
    url = site.on("/old", answer(status, Location="/new#top"))
    site.on("/new", answer(200, b"page"))
    document = await fetcher.fetch(Request(url, {"etag": '"1"'}))
    assert isinstance(document, Document)
    assert document.url == site.url("/new")
    assert site.headers[-1]["if-none-match"] == '"1"'


async def test_a_loop_is_an_error_at_its_first_turn(site: Site, fetcher: HttpFetcher) -> None:
    url = site.on("/a", answer(302, Location="/b"))
    site.on("/b", answer(302, Location="/a"))
    with pytest.raises(SourceError, match="redirects in a loop, back to /a") as caught:
        await fetcher.fetch(Request(url))
    assert not caught.value.temporary
    assert site.asked == ["/robots.txt", "/a", "/b"]


async def test_five_steps_are_followed_and_no_more(site: Site, fetcher: HttpFetcher) -> None:
    for step in range(6):
        site.on(f"/{step}", answer(302, Location=f"/{step + 1}"))
    site.on("/6", answer(200, b"page"))
    assert isinstance(await fetcher.fetch(Request(site.url("/1"))), Document)
    with pytest.raises(SourceError, match="redirects again after 5 steps"):
        await fetcher.fetch(Request(site.url("/0")))


@pytest.mark.parametrize("target", ["127.0.0.2", "[::1]", "169.254.169.254", "10.0.0.1", "[::ffff:10.0.0.1]"])
async def test_a_redirect_to_a_private_address_is_refused(site: Site, fetcher: HttpFetcher, target: str) -> None:
    url = site.on("/page", answer(302, Location=f"http://{target}:{site.port}/secret"))
    with pytest.raises(SourceError, match=r"address; if that is meant, add") as caught:
        await fetcher.fetch(Request(url, obey_robots=False))
    assert not caught.value.temporary
    assert site.asked == ["/page"]


@pytest.mark.parametrize(
    ("location", "text"),
    [
        ("ftp://127.0.0.1/", "not an http or https address"),
        ("file:///etc/passwd", "not an http or https address"),
        ("http://user:hidden@127.0.0.1/", "carries a user name"),
        ("http://[broken/", "redirects to nowhere"),
        ("http://127.0.0.1:99999999/", "redirects to nowhere"),
    ],
)
async def test_a_redirect_to_no_address_is_refused(site: Site, fetcher: HttpFetcher, location: str, text: str) -> None:
    with pytest.raises(SourceError, match=text) as caught:
        await fetcher.fetch(Request(site.on("/page", answer(302, Location=location))))
    assert "hidden" not in str(caught.value)


async def test_a_redirect_without_a_target_is_an_error(site: Site, fetcher: HttpFetcher) -> None:
    with pytest.raises(SourceError, match="without saying where to"):
        await fetcher.fetch(Request(site.on("/page", answer(302))))


async def test_a_redirect_target_is_checked_against_robots_txt(site: Site, fetcher: HttpFetcher) -> None:
    site.on("/robots.txt", answer(200, b"User-agent: *\nDisallow: /private"))
    url = site.on("/page", answer(302, Location="/private/page"))
    with pytest.raises(DisallowedError, match="/private"):
        await fetcher.fetch(Request(url))


async def test_https_is_never_left_for_http(
    site: Site, secure_site: Site, fetcher_of: Callable[..., HttpFetcher], client_trust: object
) -> None:
    fetcher = fetcher_of(trust=client_trust, resolver=to_loopback)
    site.on("/up", answer(302, Location=secure_site.on("/page", answer(200, b"safe"))))
    document = await fetcher.fetch(Request(site.url("/up")))
    assert isinstance(document, Document)
    assert document.body == b"safe"
    secure_site.on("/down", answer(302, Location=site.url("/page")))
    with pytest.raises(SourceError, match="from https to plain http"):
        await fetcher.fetch(Request(secure_site.url("/down")))

"""Manners: robots.txt and its delays, one request at a time per host, the pause really kept."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import time
from collections.abc import Callable

import pytest
from fetching.loopback_site import NOW, Site, Sleeper, answer, to_loopback

from monitor.domain.document import Document
from monitor.domain.errors import DisallowedError, SourceError
from monitor.fetching.courtesy import Courtesy
from monitor.fetching.http import HttpFetcher
from monitor.fetching.interface import Request
from monitor.fetching.robots import LIMIT, Rules

Make = Callable[..., HttpFetcher]


def robots(site: Site, text: str) -> str:
    site.on("/robots.txt", answer(200, text.encode()))
    return site.on("/page", answer(200, b"page"))


async def test_a_disallowed_page_is_not_asked_for_and_the_rule_and_the_way_out_are_named(
    site: Site, fetcher: HttpFetcher
) -> None:
    url = robots(site, "User-agent: *\nAllow: /public\nDisallow: /pa # as it stands\n\nUser-agent: x\nDisallow: /")
    with pytest.raises(DisallowedError) as caught:
        await fetcher.fetch(Request(url))
    assert 'disallows /page by its line "Disallow: /pa # as it stands"' in str(caught.value)
    assert 'robots = "ignore"' in str(caught.value)
    assert site.asked == ["/robots.txt"]


async def test_the_users_recorded_choice_goes_past_robots_txt(site: Site, fetcher: HttpFetcher) -> None:
    url = robots(site, "User-agent: *\nDisallow: /")
    assert isinstance(await fetcher.fetch(Request(url, obey_robots=False)), Document)
    assert site.asked == ["/page"]


async def test_rules_addressed_to_us_outrank_those_for_all(site: Site, fetcher: HttpFetcher) -> None:
    url = robots(site, "User-agent: *\nDisallow: /\n\nUser-agent: Treaty-Monitor\nDisallow: /other")
    assert isinstance(await fetcher.fetch(Request(url)), Document)


async def test_robots_txt_is_read_once_a_day_even_by_many_at_once(site: Site, fetcher_of: Make) -> None:
    moments = [NOW]
    fetcher = fetcher_of()
    fetcher._robots.now = lambda: moments[-1]
    url = robots(site, "User-agent: *\nDisallow: /private")
    await asyncio.gather(*(fetcher.fetch(Request(url)) for _ in range(3)))
    assert site.asked.count("/robots.txt") == 1
    moments.append(NOW + dt.timedelta(hours=25))
    await fetcher.fetch(Request(url))
    assert site.asked.count("/robots.txt") == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_robots_txt_that_is_not_to_be_had_allows_everything(
    site: Site, fetcher: HttpFetcher, status: int
) -> None:
    site.on("/robots.txt", answer(status))
    assert isinstance(await fetcher.fetch(Request(site.on("/page", answer(200, b"page")))), Document)


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_robots_txt_that_cannot_be_served_puts_the_page_off(
    site: Site, fetcher: HttpFetcher, status: int
) -> None:
    site.on("/robots.txt", answer(status))
    with pytest.raises(SourceError, match=f"robots.txt comes first, and it could not be read: .* {status} ") as caught:
        await fetcher.fetch(Request(site.on("/page", answer(200, b"page"))))
    assert (caught.value.temporary, caught.value.unreachable) == (True, False)
    assert "/page" not in site.asked


async def test_robots_txt_may_be_elsewhere(site: Site, fetcher: HttpFetcher) -> None:
    site.on("/rules", answer(200, b"User-agent: *\nDisallow: /page"))
    site.on("/robots.txt", answer(301, Location="/rules"))
    with pytest.raises(DisallowedError):
        await fetcher.fetch(Request(site.on("/page", answer(200, b"page"))))


async def test_a_robots_txt_that_redirects_never_arrive_at_counts_as_not_there(
    site: Site, fetcher: HttpFetcher
) -> None:
    site.on("/robots.txt", answer(301, Location="/robots.txt"))
    assert isinstance(await fetcher.fetch(Request(site.on("/page", answer(200, b"page")))), Document)


async def test_a_robots_txt_that_leads_to_a_private_address_puts_the_page_off(site: Site, fetcher: HttpFetcher) -> None:
    site.on("/robots.txt", answer(301, Location="http://10.0.0.1/robots.txt"))
    with pytest.raises(SourceError, match="private address"):
        await fetcher.fetch(Request(site.on("/page", answer(200, b"page"))))
    assert site.asked == ["/robots.txt"]


async def test_a_huge_robots_txt_is_read_to_its_limit(site: Site, fetcher: HttpFetcher) -> None:
    text = b"User-agent: *\nDisallow: /secret\n" + b"# padding\n" * (LIMIT // 10) + b"\nUser-agent: *\nDisallow: /page"
    site.on("/robots.txt", answer(200, text))
    assert isinstance(await fetcher.fetch(Request(site.on("/page", answer(200, b"page")))), Document)
    with pytest.raises(DisallowedError):
        await fetcher.fetch(Request(site.on("/secret", answer(200, b"page"))))


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", b"<html>Not found</html>", b"\xef\xbb\xbfUser-agent: *\nDisallow:"])
async def test_an_odd_robots_txt_allows_what_it_does_not_forbid(site: Site, fetcher: HttpFetcher, text: bytes) -> None:
    site.on("/robots.txt", answer(200, text))
    assert isinstance(await fetcher.fetch(Request(site.on("/page", answer(200, b"page")))), Document)


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        ("User-agent: *\nCrawl-delay: 7.5", 7.5),
        ("User-agent: *\nRequest-rate: 1/30", 30.0),
        ("User-agent: other\nCrawl-delay: 9", 0.0),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
    ],
)
def test_a_site_may_ask_for_a_longer_pause(text: str, pause: float) -> None:
    assert Rules.of(text, NOW).pause == pause


def test_a_rule_given_twice_is_not_named_but_holds() -> None:
    rules = Rules.of("User-agent: *\nDisallow: /a\nDisallow: /a", NOW)
    assert not rules.allows("http://host/a")
    assert rules.decisive("http://host/a") is None


async def test_the_crawl_delay_is_kept_already_after_robots_txt(
    site: Site, fetcher: HttpFetcher, sleeper: Sleeper
) -> None:
    url = robots(site, "User-agent: *\nCrawl-delay: 20")
    await fetcher.fetch(Request(url))
    await fetcher.fetch(Request(url))
    assert [round(seconds) for seconds in sleeper.slept] == [20, 20]


async def test_an_absurd_crawl_delay_is_kept_by_not_asking(site: Site, fetcher: HttpFetcher) -> None:
    url = robots(site, "User-agent: *\nCrawl-delay: 100000")
    with pytest.raises(SourceError, match="left alone for another 100000 seconds") as caught:
        await fetcher.fetch(Request(url))
    assert caught.value.temporary
    assert site.asked == ["/robots.txt"]


async def test_the_pause_is_kept_between_two_requests_to_one_host(
    site: Site, fetcher_of: Make, sleeper: Sleeper
) -> None:
    fetcher = fetcher_of(pause=2.0)
    for path in ("/a", "/b", "/c"):
        await fetcher.fetch(Request(site.on(path, answer(200, b"page")), obey_robots=False))
    assert [round(seconds, 1) for seconds in sleeper.slept] == [2.0, 2.0]


async def test_the_pause_takes_real_time_from_the_end_of_one_request(site: Site, fetcher_of: Make) -> None:
    ended: list[float] = []

    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.05)
        ended.append(time.monotonic())
        writer.write(answer(200, b"page"))

    fetcher = fetcher_of(pause=0.1, sleep=asyncio.sleep)
    url = site.on("/page", slow)
    await asyncio.gather(*(fetcher.fetch(Request(url, obey_robots=False)) for _ in range(3)))
    assert all(later - earlier >= 0.14 for earlier, later in itertools.pairwise(ended))


async def test_one_host_is_asked_one_thing_at_a_time(site: Site, fetcher_of: Make) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.02)
        writer.write(answer(200, b"page"))

    fetcher = fetcher_of()
    url = site.on("/page", slow)
    await asyncio.gather(*(fetcher.fetch(Request(url, obey_robots=False)) for _ in range(5)))
    assert site.most_open == 1


async def test_at_most_four_hosts_are_asked_at_once(site: Site, fetcher_of: Make) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.05)
        writer.write(answer(200, b"page"))

    site.on("/page", slow)
    fetcher = fetcher_of(resolver=to_loopback)
    urls = [f"http://host{n}.example:{site.port}/page" for n in range(9)]
    await asyncio.gather(*(fetcher.fetch(Request(url, obey_robots=False)) for url in urls))
    assert site.most_open == 4


async def test_a_host_that_asks_for_less_than_our_pause_gets_our_pause() -> None:
    sleeper = Sleeper()
    courtesy = Courtesy(pause=2.0, longest=60.0, sleep=sleeper)
    courtesy.slow_down("host", 0.5)
    courtesy.done("host")
    await courtesy.wait("host")
    await courtesy.wait("another host")
    assert [round(seconds, 1) for seconds in sleeper.slept] == [2.0]

"""Pages as they come: whole, unchanged, elsewhere, gone, later."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import subprocess
import sys
import zlib
from collections.abc import Callable

import pytest
from fetching.loopback_site import NOW, Site, Sleeper, answer

from monitor.domain.document import Document
from monitor.domain.errors import SourceError
from monitor.fetching.http import HttpFetcher, user_agent
from monitor.fetching.interface import Fetcher, NotModified, Request

PAGE = b"<table id='tblgrid'>\xe9\xff not UTF-8</table>"


async def test_a_page_comes_as_its_bytes_with_address_time_and_headers(site: Site, fetcher: HttpFetcher) -> None:
    url = site.on("/page?clang=_en", answer(200, PAGE, ETag='"1"', Last_Modified="Tue, 03 Feb 2026 10:00:00 GMT"))
    document = await fetcher.fetch(Request(url + "#EndDec"))
    assert isinstance(document, Document)
    assert (document.url, document.body, document.fetched_at) == (url, PAGE, NOW)
    assert document.headers["etag"] == '"1"'


async def test_the_last_answers_validators_are_repeated_unchanged_and_304_means_not_modified(
    site: Site, fetcher: HttpFetcher
) -> None:
    url = site.on("/page", answer(304))
    validators = {"etag": 'W/"odd one"', "last-modified": "Tue, 3 Feb 2026 10:00 GMT"}
    assert await fetcher.fetch(Request(url, validators)) == NotModified(url)
    assert site.headers[-1]["if-none-match"] == 'W/"odd one"'
    assert site.headers[-1]["if-modified-since"] == "Tue, 3 Feb 2026 10:00 GMT"


async def test_a_validator_that_no_request_can_carry_is_left_out(site: Site, fetcher: HttpFetcher) -> None:
    url = site.on("/page", answer(200, b"page", etag='"é"'))
    first = await fetcher.fetch(Request(url))
    assert isinstance(first, Document)
    again = await fetcher.fetch(Request(url, {"etag": first.headers["etag"], "last-modified": "Tue, 3 Feb 2026"}))
    assert isinstance(again, Document)
    assert "if-none-match" not in site.headers[-1]
    assert site.headers[-1]["if-modified-since"] == "Tue, 3 Feb 2026"


@pytest.mark.parametrize("status", [200, 304])
async def test_pages_of_one_host_come_over_one_connection(fetcher: HttpFetcher, status: int) -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                length = b"" if status == 304 else b"content-length: 4\r\n"
                writer.write(b"HTTP/1.1 %d Said\r\n%s\r\n%s" % (status, length, b"page" if length else b""))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        for number in range(5):
            request = Request(f"http://127.0.0.1:{port}/{number}", {"etag": '"1"'}, obey_robots=False)
            assert isinstance(await fetcher.fetch(request), NotModified if status == 304 else Document)
    assert connections == 1


async def test_304_without_a_condition_is_an_error(site: Site, fetcher: HttpFetcher) -> None:
    with pytest.raises(SourceError, match="304 Not Modified"):
        await fetcher.fetch(Request(site.on("/page", answer(304))))


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(PAGE * 999)),
        ("deflate", zlib.compress(PAGE * 999)),
        ("deflate", zlib.compress(PAGE * 999)[2:-4]),
        ("identity", PAGE * 999),
    ],
)
async def test_packed_pages_are_unpacked(site: Site, fetcher: HttpFetcher, encoding: str, packed: bytes) -> None:
    url = site.on("/page", answer(200, packed, content_encoding=encoding))
    document = await fetcher.fetch(Request(url))
    assert isinstance(document, Document)
    assert document.body == PAGE * 999


async def test_the_user_agent_says_who_we_are_and_whom_to_write_to(
    site: Site, fetcher_of: Callable[..., HttpFetcher]
) -> None:
    fetcher = fetcher_of(contact="treaty-desk@example.org", version="0.1.0")
    await fetcher.fetch(Request(site.on("/page", answer(200, PAGE))))
    assert site.headers[-1]["user-agent"].startswith("treaty-monitor/0.1.0 (+treaty-desk@example.org; ")
    assert "cookie" not in site.headers[-1]


def test_a_contact_cannot_inject_a_header() -> None:
    assert "\n" not in user_agent("1", "desk\r\nX-Evil: 1")
    assert user_agent("1", None) == "treaty-monitor/1 (reads public treaty status pages)"


async def test_cookies_are_not_kept(site: Site, fetcher: HttpFetcher) -> None:
    url = site.on("/page", answer(200, PAGE, set_cookie="session=1; path=/"))
    await fetcher.fetch(Request(url))
    await fetcher.fetch(Request(url))
    assert all("cookie" not in headers for headers in site.headers)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204])
async def test_a_permanent_status_is_asked_for_once(site: Site, fetcher: HttpFetcher, status: int) -> None:
    url = site.on("/page", answer(status))
    with pytest.raises(SourceError, match=f"answered {status} ") as caught:
        await fetcher.fetch(Request(url))
    assert not caught.value.temporary
    assert not caught.value.unreachable
    assert site.asked.count("/page") == 1


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
async def test_a_temporary_status_is_asked_for_again(site: Site, fetcher: HttpFetcher, status: int) -> None:
    url = site.on("/page", answer(status), answer(200, PAGE))
    document = await fetcher.fetch(Request(url))
    assert isinstance(document, Document)
    assert site.asked.count("/page") == 2


async def test_a_status_that_lasts_is_told_with_the_number_of_attempts(
    site: Site, fetcher: HttpFetcher, sleeper: Sleeper
) -> None:
    url = site.on("/page", answer(503))
    with pytest.raises(SourceError, match="tried 3 times; asking again later may help") as caught:
        await fetcher.fetch(Request(url))
    assert caught.value.temporary
    assert not caught.value.unreachable
    first, second = sleeper.slept
    assert 1.0 <= first <= 3.0
    assert 2.0 <= second <= 6.0


@pytest.mark.parametrize(
    ("header", "least"), [("30", 30.0), ("Tue, 03 Feb 2026 12:00:45 GMT", 45.0), ("Tue, 03 Feb 2026 11:00:00 GMT", 0)]
)
async def test_retry_after_is_kept(
    site: Site, fetcher: HttpFetcher, sleeper: Sleeper, header: str, least: float
) -> None:
    await fetcher.fetch(Request(site.on("/page", answer(429, Retry_After=header), answer(200, PAGE))))
    (wait,) = sleeper.slept
    assert least <= wait <= max(least, 3.0)


async def test_a_long_retry_after_is_left_to_the_schedule_and_rests_the_host(site: Site, fetcher: HttpFetcher) -> None:
    url = site.on("/page", answer(429, Retry_After="3600"), answer(200, PAGE))
    with pytest.raises(SourceError, match="429 Too Many Requests") as caught:
        await fetcher.fetch(Request(url))
    assert caught.value.retry_after == 3600
    with pytest.raises(SourceError, match="left alone for another 3600 seconds") as resting:
        await fetcher.fetch(Request(site.on("/other", answer(200, PAGE))))
    assert resting.value.temporary
    assert "/other" not in site.asked


async def test_503_for_one_page_does_not_rest_the_host(site: Site, fetcher: HttpFetcher) -> None:
    with pytest.raises(SourceError, match="503"):
        await fetcher.fetch(Request(site.on("/page", answer(503, Retry_After="3600"))))
    assert isinstance(await fetcher.fetch(Request(site.on("/other", answer(200, PAGE)))), Document)


def test_the_door_and_the_fake_do_not_load_httpx() -> None:
    code = "import sys, monitor.fetching.interface, monitor.fetching.fake; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own interpreter


def test_the_fetcher_fits_the_door(fetcher: HttpFetcher) -> None:
    door: Fetcher = fetcher
    assert door is fetcher

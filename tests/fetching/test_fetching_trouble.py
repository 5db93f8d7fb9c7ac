"""What can go wrong on the way, each said in words and told apart: temporary or not, reached or not."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator
from ipaddress import ip_network

import pytest
from fetching.loopback_site import Site, Sleeper, answer, to_loopback

from monitor.domain.document import Document
from monitor.domain.errors import SourceError
from monitor.fetching.http import HttpFetcher
from monitor.fetching.interface import Request

Make = Callable[..., HttpFetcher]


async def trouble(fetcher: HttpFetcher, url: str, *, obey_robots: bool = False) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await fetcher.fetch(Request(url, obey_robots=obey_robots))
    return caught.value


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:  # bound but not listening: connections are refused, nobody else can take it
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socket.socket() as silent:  # the kernel accepts, nobody ever answers
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        yield silent.getsockname()[1]


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port whose connections hang: its line of waiting connections is full."""
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        hole.listen(0)
        port = hole.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        yield port
        for one in waiting:
            one.close()


@pytest.mark.parametrize("obey_robots", [True, False])
async def test_a_refused_port_is_unreachable_and_tried_again(
    fetcher: HttpFetcher, closed_port: int, *, obey_robots: bool
) -> None:
    error = await trouble(fetcher, f"http://127.0.0.1:{closed_port}/page", obey_robots=obey_robots)
    assert str(error).startswith(f"127.0.0.1:{closed_port} refused the connection; tried 3 times")
    assert (error.temporary, error.unreachable) == (True, True)


async def test_a_name_without_address_is_unreachable(fetcher: HttpFetcher) -> None:
    error = await trouble(fetcher, "http://depositary.invalid/page")
    assert "no address is known for depositary.invalid (DNS: " in str(error)
    assert (error.temporary, error.unreachable) == (True, True)


async def test_a_name_that_is_no_name_is_said_to_be_so(fetcher: HttpFetcher) -> None:
    error = await trouble(fetcher, "http://" + "a" * 80 + ".example/")
    assert "example" in str(error)


async def test_a_name_server_that_is_silent_is_waited_for_no_longer_than_a_connection(fetcher_of: Make) -> None:
    async def never(_: str, __: int) -> tuple[str, ...]:
        await asyncio.Event().wait()
        return ()

    error = await trouble(fetcher_of(timeout=0.1, retries=0, resolver=never), "http://depositary.example/")
    assert error.unreachable


async def test_a_black_hole_is_unreachable(fetcher_of: Make, black_hole: int) -> None:
    error = await trouble(fetcher_of(timeout=0.2, retries=0), f"http://127.0.0.1:{black_hole}/")
    assert (error.temporary, error.unreachable) == (True, True)


async def test_a_host_that_accepts_and_says_nothing_is_unreachable(fetcher_of: Make, silent_port: int) -> None:
    error = await trouble(fetcher_of(timeout=0.2, retries=0), f"http://127.0.0.1:{silent_port}/")
    assert "did not answer within" in str(error)
    assert (error.temporary, error.unreachable) == (True, True)


async def test_a_body_over_the_limit_is_refused_and_not_asked_for_again(site: Site, fetcher_of: Make) -> None:
    fetcher = fetcher_of(max_bytes=1000)
    document = await fetcher.fetch(Request(site.on("/fits", answer(200, b"x" * 1000))))
    assert isinstance(document, Document)
    error = await trouble(fetcher, site.on("/large", answer(200, b"x" * 1001)))
    assert "sent more than 1000 bytes, the limit" in str(error)
    assert not error.temporary
    assert site.asked.count("/large") == 1


async def test_an_endless_body_stops_at_the_limit(site: Site, fetcher_of: Make) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    error = await trouble(fetcher_of(max_bytes=1_000_000), site.on("/endless", endless))
    assert "more than 1000000 bytes" in str(error)


async def test_a_gzip_bomb_stops_at_the_limit_and_takes_no_memory(site: Site, fetcher_of: Make) -> None:
    bomb = gzip.compress(b"\0" * 60_000_000, compresslevel=9)
    unpacked = 0
    original = zlib.decompressobj

    class Counting:
        def __init__(self, wbits: int) -> None:
            self.inner = original(wbits)

        def decompress(self, data: bytes, most: int) -> bytes:
            nonlocal unpacked
            piece = self.inner.decompress(data, most)
            unpacked += len(piece)
            return piece

        def __getattr__(self, name: str) -> object:
            return getattr(self.inner, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("monitor.fetching.body.zlib.decompressobj", Counting)
        url = site.on("/bomb", answer(200, bomb, content_encoding="gzip"))
        error = await trouble(fetcher_of(max_bytes=1_000_000), url)
    assert not error.temporary
    assert unpacked < 1_200_000


async def test_a_packed_body_that_breaks_off_is_no_page(site: Site, fetcher: HttpFetcher) -> None:
    packed = gzip.compress(b"row " * 5000)[:-12]
    error = await trouble(fetcher, site.on("/cut", answer(200, packed, content_encoding="gzip")))
    assert "breaks off before its end" in str(error)
    assert error.temporary


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_packed_body_that_is_damaged_is_no_page(site: Site, fetcher: HttpFetcher, encoding: str) -> None:
    error = await trouble(fetcher, site.on("/bad", answer(200, b"\xff\xff not packed", content_encoding=encoding)))
    assert "cannot be unpacked" in str(error)


async def test_an_encoding_that_nobody_asked_for_is_refused(site: Site, fetcher: HttpFetcher) -> None:
    error = await trouble(fetcher, site.on("/br", answer(200, b"xx", content_encoding="br")))
    assert "'br', not asked for" in str(error)


async def test_a_slow_body_is_given_up(site: Site, fetcher_of: Make) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    error = await trouble(fetcher_of(timeout=0.3, retries=0), site.on("/slow", slow))
    assert "still sending" in str(error)
    assert (error.temporary, error.unreachable) == (True, False)


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\nhalf a page",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhalf \r\n",
    ],
)
async def test_a_connection_closed_in_the_middle_is_temporary(site: Site, fetcher: HttpFetcher, start: bytes) -> None:
    error = await trouble(fetcher, site.on("/cut", start))
    assert "broke off before its end" in str(error)
    assert (error.temporary, error.unreachable) == (True, False)
    whole = await fetcher.fetch(Request(site.on("/cut", start, answer(200, b"page")), obey_robots=False))
    assert isinstance(whole, Document)


@pytest.mark.parametrize("start", [b"", b"not HTTP at all\r\n\r\n"])
async def test_an_answer_that_is_none_is_temporary(site: Site, fetcher: HttpFetcher, start: bytes) -> None:
    error = await trouble(fetcher, site.on("/odd", start))
    assert "without a proper answer" in str(error)
    assert (error.temporary, error.unreachable) == (True, False)


async def test_tls_with_a_known_authority_works(secure_site: Site, fetcher_of: Make, client_trust: object) -> None:
    fetcher = fetcher_of(trust=client_trust, resolver=to_loopback)
    document = await fetcher.fetch(Request(secure_site.on("/page", answer(200, b"safe"))))
    assert isinstance(document, Document)
    assert secure_site.headers[-1]["host"] == f"depositary.example:{secure_site.port}"


async def test_an_unknown_authority_is_refused_for_good(secure_site: Site, fetcher_of: Make, sleeper: Sleeper) -> None:
    error = await trouble(fetcher_of(resolver=to_loopback), secure_site.url("/page"))
    assert "certificate of depositary.example" in str(error)
    assert not error.temporary
    assert not sleeper.slept


async def test_a_certificate_for_another_name_is_refused(
    secure_site: Site, fetcher_of: Make, client_trust: object
) -> None:
    fetcher = fetcher_of(trust=client_trust, resolver=to_loopback)
    error = await trouble(fetcher, f"https://other.example:{secure_site.port}/page")
    assert "not trusted: Hostname mismatch" in str(error)
    assert not error.temporary


async def test_broken_tls_is_said_to_be_so(site: Site, fetcher_of: Make) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    error = await trouble(fetcher_of(retries=0), f"https://127.0.0.1:{port}/")
    server.close()
    assert f"no TLS connection with 127.0.0.1:{port}" in str(error)
    assert (error.temporary, error.unreachable) == (True, False)
    assert not site.asked


async def test_an_address_not_allowed_is_refused_with_the_way_to_allow_it(site: Site, fetcher_of: Make) -> None:
    error = await trouble(fetcher_of(allow=()), site.url("/page"), obey_robots=True)
    assert 'add "127.0.0.1/32" to `allow` under [network] in monitor.toml' in str(error)
    assert (error.temporary, error.unreachable) == (False, False)
    assert not site.asked


@pytest.mark.parametrize(
    "url", ["", "treaties.example/page", "ftp://host/", "http://", "http://[::1", "http://a b/", "http://a:99999/"]
)
async def test_what_is_no_address_is_said_to_be_none(fetcher: HttpFetcher, url: str) -> None:
    error = await trouble(fetcher, url)
    assert "address" in str(error)
    assert not error.temporary


async def test_other_networks_than_the_one_allowed_stay_refused(fetcher_of: Make, site: Site) -> None:
    error = await trouble(fetcher_of(allow=(ip_network("10.0.0.0/8"),)), site.url("/page"))
    assert "is a loopback address" in str(error)


def test_the_trust_of_tests_verifies(client_trust: ssl.SSLContext) -> None:
    assert client_trust.check_hostname
    assert client_trust.verify_mode is ssl.CERT_REQUIRED

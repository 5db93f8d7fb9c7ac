"""Connections are kept: a round asks one host over one connection, whatever it answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from fetching.loopback_site import answer

from monitor.domain.document import Document
from monitor.fetching.http import HttpFetcher
from monitor.fetching.interface import NotModified, Request

PAGE = b"<html>" + b"x" * 300_000 + b"</html>"
VALIDATORS = {"etag": '"1"'}


@dataclass
class Keeper:
    """A server that leaves its connections open: the path says with which status it answers."""

    port: int = 0
    connections: int = 0
    open: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until the client hangs up."""
        self.connections += 1
        self.open.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self._answer(head.split(b" ")[1]))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, path: bytes) -> bytes:
        if path == b"/304":
            return b'HTTP/1.1 304 Not Modified\r\netag: "1"\r\n\r\n'
        return answer(200 if path == b"/200" else 404, PAGE, connection="keep-alive")

    def url(self, path: str) -> str:
        """Return an address of this server."""
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
async def keeper() -> AsyncIterator[Keeper]:
    made = Keeper()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    for writer in made.open:
        writer.close()


async def test_pages_that_have_not_changed_are_asked_for_over_one_connection(
    keeper: Keeper, fetcher_of: Callable[..., HttpFetcher]
) -> None:
    fetcher = fetcher_of()
    for _ in range(5):
        assert isinstance(await fetcher.fetch(Request(keeper.url("/304"), VALIDATORS)), NotModified)
    robots_and_pages = 2
    assert keeper.connections <= robots_and_pages


async def test_whole_pages_are_asked_for_over_one_connection_and_arrive_whole(
    keeper: Keeper, fetcher_of: Callable[..., HttpFetcher]
) -> None:
    fetcher = fetcher_of()
    for _ in range(5):
        document = await fetcher.fetch(Request(keeper.url("/200"), VALIDATORS))
        assert isinstance(document, Document)
        assert document.body == PAGE
    robots_and_pages = 2
    assert keeper.connections <= robots_and_pages

"""Servers, certificates and fetchers for the tests of fetching."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from ipaddress import ip_network

import pytest
import trustme
from fetching.loopback_site import NOW, Site, Sleeper

from monitor.fetching.http import HttpFetcher


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A server over plain http."""
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    server.close()


@pytest.fixture
def authority() -> trustme.CA:
    """A certificate authority."""
    return trustme.CA()


@pytest.fixture
async def secure_site(authority: trustme.CA) -> AsyncIterator[Site]:
    """A server over TLS whose certificate is for the name `depositary.example`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("depositary.example").configure_cert(context)
    site = Site(scheme="https", host="depositary.example")
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=context)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    server.close()


@pytest.fixture
def sleeper() -> Sleeper:
    """Waits that take no time."""
    return Sleeper()


@pytest.fixture
async def fetcher_of(sleeper: Sleeper) -> AsyncIterator[Callable[..., HttpFetcher]]:
    """Make fetchers that may use 127.0.0.1 alone; they are closed at the end."""
    made: list[HttpFetcher] = []

    def make(**settings: object) -> HttpFetcher:
        usual: dict[str, object] = {"allow": (ip_network("127.0.0.1/32"),), "pause": 0.0, "sleep": sleeper}
        made.append(HttpFetcher(now=lambda: NOW, **(usual | settings)))
        return made[-1]

    yield make
    for fetcher in made:
        await fetcher.aclose()


@pytest.fixture
def fetcher(fetcher_of: Callable[..., HttpFetcher]) -> HttpFetcher:
    """A daemon's fetcher."""
    return fetcher_of()


@pytest.fixture
def client_trust(authority: trustme.CA) -> ssl.SSLContext:
    """What a client needs to trust the authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context

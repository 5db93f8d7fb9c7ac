"""Fetches pages over HTTP: politely, within limits, through the guard, each redirect followed with open eyes."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Self

import httpx

from monitor.domain.document import Document
from monitor.domain.errors import SourceError
from monitor.fetching.asking import Answer, Asker, Question
from monitor.fetching.body import ENCODINGS
from monitor.fetching.courtesy import Courtesy, Sleep
from monitor.fetching.failures import phrase
from monitor.fetching.guard import Network, guarded_transport
from monitor.fetching.interface import NotModified, Request
from monitor.fetching.patience import Memory, daemon_patience, interactive_patience
from monitor.fetching.redirects import REDIRECTS, RedirectError, address, next_hop
from monitor.fetching.resolver import Resolver
from monitor.fetching.robots import AGENT, LIMIT, Robots

_PLAIN = {"accept": "*/*", "connection": "keep-alive"}
_CONDITIONS = {"etag": "if-none-match", "last-modified": "if-modified-since"}


@dataclass(kw_only=True, eq=False)
class HttpFetcher:
    """The Fetcher over HTTP. Strictly GET, without cookies, without proxies; use as `async with`, or `aclose`.

    `now` returns an aware UTC instant. `pause` (between two requests to one host) and `timeout` (for an answer to
    begin, and again for it to end) are in seconds; `max_bytes` counts after unpacking; `retries` come after the
    first attempt. `patient` is the daemon; without it the fetcher serves one interactive round: it gives up within
    half a minute of silence, and a host found unreachable is not asked again, so make a new one for each round.
    `resolver` and `trust` replace the system's names and certificates. What it does not do: decide when to fetch.
    """

    now: Callable[[], dt.datetime]
    contact: str | None = None
    version: str = "0.1.0"
    allow: tuple[Network, ...] = ()
    pause: float = 2.0
    timeout: float = 60.0
    max_bytes: int = 20_000_000
    retries: int = 2
    patient: bool = True
    sleep: Sleep = asyncio.sleep
    resolver: Resolver | None = None
    trust: ssl.SSLContext | None = None
    _transport: httpx.AsyncBaseTransport = field(init=False, repr=False)
    _asker: Asker = field(init=False, repr=False)
    _robots: Robots = field(init=False, repr=False)

    def __post_init__(self) -> None:
        patience = (daemon_patience if self.patient else interactive_patience)(self.timeout, self.retries)
        memory = Memory(patience)
        courtesy = Courtesy(self.pause, patience.longest_pause, self.sleep)
        self._transport = guarded_transport(self.allow, self.resolver, self.trust)
        self._asker = Asker(
            transport=self._transport,
            headers={"user-agent": user_agent(self.version, self.contact), "accept-encoding": ENCODINGS} | _PLAIN,
            timeout=httpx.Timeout(self.timeout, connect=patience.connect, pool=None),
            courtesy=courtesy,
            memory=memory,
            now=self.now,
        )
        self._robots = Robots(self._robots_txt, courtesy.slow_down, memory, self.now)

    async def fetch(self, request: Request) -> Document | NotModified:
        """Return the page; its `url` is the address that answered in the end, after any redirects.

        Raises SourceError and DisallowedError.
        """
        given = request.validators.items()
        conditions = {_CONDITIONS[name]: value for name, value in given if name in _CONDITIONS and value.isascii()}
        before = self._robots.permit if request.obey_robots else _anyway
        answer = await self._follow(Question(address(request.url), self.max_bytes, conditions), before)
        if answer.status == HTTPStatus.NOT_MODIFIED and conditions:
            return NotModified(str(answer.url))
        if answer.status != HTTPStatus.OK:
            raise _refused(answer)
        return Document(str(answer.url), answer.body, self.now(), answer.headers)

    def rest(self, url: str) -> float:
        """Return the seconds for which the address's host is still to be left alone after what it was asked here."""
        return self._asker.courtesy.left(address(url).host)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _follow(self, question: Question, before: Callable[[httpx.URL], Awaitable[None]]) -> Answer:
        seen = [question.url]
        while True:
            url = seen[-1]
            await before(url)
            answer = await self._asker.ask(Question(url, question.limit, question.headers, question.cut))
            if answer.status not in REDIRECTS:
                return answer
            seen.append(next_hop(answer, seen))

    async def _robots_txt(self, url: httpx.URL) -> Answer:
        try:
            return await self._follow(Question(url, LIMIT, cut=True), _anyway)
        except RedirectError:  # RFC 9309, 2.3.1.2: rules that redirects never arrive at count as not there
            return Answer(url, HTTPStatus.NOT_FOUND, {})


def user_agent(version: str, contact: str | None) -> str:
    """Return who we are and how to reach whoever runs this installation, safe to stand in a header."""
    safe = "".join(c for c in contact or "" if c.isascii() and c.isprintable() and c not in "()")
    return f"{AGENT}/{version} ({f'+{safe}; ' if safe else ''}reads public treaty status pages)"


async def _anyway(_: httpx.URL) -> None:
    """Ask whatever robots.txt says: for robots.txt itself, and where the user chose so."""


def _refused(answer: Answer) -> SourceError:
    text = f"{answer.url.netloc.decode('ascii')} answered {phrase(answer.status)} for {answer.url.path}"
    gone = answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
    hint = "; has the page moved? See the address in the treaty's file" if gone else ""
    return SourceError(text + hint, temporary=False)

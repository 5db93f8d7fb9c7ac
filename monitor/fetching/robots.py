"""Reads and obeys each site's robots.txt (RFC 9309)."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import islice

import httpx
from protego import Protego

from monitor.domain.errors import DisallowedError, SourceError
from monitor.fetching.asking import Answer
from monitor.fetching.failures import reworded
from monitor.fetching.patience import Memory

AGENT = "treaty-monitor"
"""The product token under which a robots.txt may address us."""

LIMIT = 500 * 1024
"""RFC 9309, 2.5: at least this much is parsed; what lies beyond is left out."""

_LINES_TRIED = 20
_KEPT = dt.timedelta(hours=24)  # RFC 9309, 2.4


@dataclass(frozen=True, slots=True)
class Rules:
    """One robots.txt as it applies to us."""

    text: str
    parsed: Protego
    read_at: dt.datetime

    @classmethod
    def of(cls, text: str, read_at: dt.datetime) -> Rules:
        """Return the rules that a text gives; what cannot be understood in it allows everything."""
        return cls(text, Protego.parse(text), read_at)

    @property
    def pause(self) -> float:
        """The seconds between two requests that Crawl-delay or Request-rate ask for, zero without either."""
        rate = self.parsed.request_rate(AGENT)
        per_request = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(self.parsed.crawl_delay(AGENT) or 0.0, per_request)

    def allows(self, url: str) -> bool:
        """Whether the page may be asked for."""
        return self.parsed.can_fetch(url, AGENT)

    def decisive(self, url: str) -> str | None:
        """Return the line that forbids the page, found by leaving lines out; None if several lines do."""
        lines = self.text.splitlines()
        forbidding = (number for number, line in enumerate(lines) if _forbids(line, url))
        for number in islice(forbidding, _LINES_TRIED):
            # an empty rule in its place keeps the groups of agents as they were
            without = [*lines[:number], "Disallow:", *lines[number + 1 :]]
            if Protego.parse("\n".join(without)).can_fetch(url, AGENT):
                return lines[number].strip()
        return None


def _forbids(line: str, url: str) -> bool:
    return not Protego.parse(f"User-agent: *\n{line}").can_fetch(url, AGENT)


@dataclass(slots=True)
class Robots:
    """Keeps the rules of every site for 24 hours. `get` asks for an address and follows redirects.

    `slow_down` is told the host and the pause that it asks for, in seconds.
    """

    get: Callable[[httpx.URL], Awaitable[Answer]]
    slow_down: Callable[[str, float], None]
    memory: Memory
    now: Callable[[], dt.datetime]
    _rules: dict[str, Rules] = field(default_factory=dict)
    _addresses: dict[tuple[str, bytes], httpx.URL] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def permit(self, url: httpx.URL) -> None:
        """Return if the site lets us ask for this page. Raises DisallowedError, or SourceError if it cannot tell."""
        address = self._address(url)
        rules = await self._of(address)
        if not rules.allows(str(url)):
            raise DisallowedError(_refusal(url, address, rules.decisive(str(url))))

    def _address(self, url: httpx.URL) -> httpx.URL:
        """Return where the site's rules are; put together once, for taking an address apart costs 0.1 ms."""
        site = (url.scheme, url.netloc)
        if site not in self._addresses:
            self._addresses[site] = url.copy_with(raw_path=b"/robots.txt", fragment=None)
        return self._addresses[site]

    async def _of(self, address: httpx.URL) -> Rules:
        key = str(address)
        since = asyncio.get_running_loop().time()
        async with self._locks.setdefault(key, asyncio.Lock()):
            rules = self._rules.get(key)
            if rules is None or self.now() - rules.read_at >= _KEPT:
                self.memory.recall(key, since)
                rules = await self._read(address)
                self._rules[key] = rules
                self.slow_down(address.host, rules.pause)
            return rules

    async def _read(self, address: httpx.URL) -> Rules:
        """Fetch the rules. RFC 9309, 2.3.1: a 4xx allows everything, what cannot be reached forbids it for now."""
        try:
            answer = await self.get(address)
        except SourceError as error:
            about_the_host = error.unreachable or not error.temporary
            text = str(error) if about_the_host else f"robots.txt comes first, and it could not be read: {error}"
            self.memory.note(str(address), again := reworded(error, text))
            raise again from error
        body = answer.body if answer.status == HTTPStatus.OK else b""
        return Rules.of(body.decode("utf-8-sig", errors="replace"), self.now())


def _refusal(url: httpx.URL, address: httpx.URL, rule: str | None) -> str:
    by = f' by its line "{rule}"' if rule else ""
    return (
        f"{address} disallows {url.path}{by}; the page is not fetched. "
        "To decide otherwise, with the site's consent, write robots = \"ignore\" under this source in the treaty's file"
    )

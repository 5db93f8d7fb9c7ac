"""Asks one host for one address: in line, after the pause, again where that may help, within the limits."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx

from monitor.fetching.body import TooLargeError, read_body
from monitor.fetching.courtesy import Courtesy
from monitor.fetching.failures import NETWORK_ERRORS, Trouble, broken_answer, no_answer, status_trouble
from monitor.fetching.guard import CONNECTIONS
from monitor.fetching.patience import Memory

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """A GET of one address. A body longer than `limit` bytes is an error, or with `cut` simply cut there."""

    url: httpx.URL
    limit: int
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False

    @property
    def place(self) -> str:
        """The host with its port, if that is not the usual one: what messages name and memory is kept by."""
        return self.url.netloc.decode("ascii")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. The body is read for status 200 only; header names are in lower case."""

    url: httpx.URL
    status: int
    headers: dict[str, str]
    body: bytes = b""


@dataclass(slots=True)
class Asker:
    """Asks questions. Does not follow redirects, does not know robots.txt, does not judge what was answered.

    It speaks to httpx's transport directly: a client's cookies, redirects and credentials are what must not happen
    here, and looking for them took a fifth of each request. `headers` go with every request; `now` tells the time
    (aware) for Retry-After dates only.
    """

    transport: httpx.AsyncBaseTransport
    headers: dict[str, str]
    timeout: httpx.Timeout
    courtesy: Courtesy
    memory: Memory
    now: Callable[[], dt.datetime]
    _connections: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS))

    async def ask(self, question: Question) -> Answer:
        """Return the answer, with any status that another attempt would not change. Raises SourceError."""
        self.memory.recall(question.place)
        since = asyncio.get_running_loop().time()
        async with self.courtesy.line(question.url.host):
            self.memory.recall(question.place, since)
            return await self._attempts(question)

    async def _attempts(self, question: Question) -> Answer:
        for tries in itertools.count(1):
            await self.courtesy.wait(question.url.host)
            outcome = await self._attempt(question)
            if isinstance(outcome, Answer):
                return outcome
            chance = random.random()  # noqa: S311 - it spreads the load and guards no secret
            wait = self.memory.patience.wait(tries, outcome, chance)
            if wait is None:
                self._give_up(question, outcome, tries)
            else:
                log.info("%s; asking again in %.1f s", outcome.text, wait)
                await self.courtesy.sleep(wait)
        raise AssertionError("itertools.count never ends")

    def _give_up(self, question: Question, trouble: Trouble, tries: int) -> None:
        """Raise what is to be raised, and remember what concerns more than this question.

        429 speaks of how often we ask the host and so rests it whole; 503 may be about this one page.
        """
        error = trouble.error(tries)
        if trouble.host_wide:
            self.memory.note(question.place, error)
        if trouble.status == HTTPStatus.TOO_MANY_REQUESTS and trouble.retry_after:
            self.courtesy.rest(question.url.host, trouble.retry_after)
        raise error

    async def _attempt(self, question: Question) -> Answer | Trouble:
        async with self._connections:
            if (seconds := self.memory.time_left(question.place)) == 0.0:
                return _not_asked(question.place)
            try:
                return await self._exchange(question, seconds)
            finally:
                self.courtesy.done(question.url.host)

    async def _exchange(self, question: Question, seconds: float) -> Answer | Trouble:
        try:
            async with asyncio.timeout(seconds):
                response = await self._response(question)
        except NETWORK_ERRORS as error:
            return no_answer(error, question.place, seconds)
        self.memory.heard(question.place)
        try:
            async with asyncio.timeout(self.memory.patience.whole):
                return await self._received(response, question)
        except NETWORK_ERRORS as error:
            return broken_answer(error, question.place, self.memory.patience.whole)
        finally:
            await response.aclose()

    async def _response(self, question: Question) -> httpx.Response:
        """Return the head of the answer; its body is still to come."""
        request = httpx.Request(
            "GET",
            question.url,
            headers={**self.headers, **question.headers},
            extensions={"timeout": self.timeout.as_dict()},
        )
        response = await self.transport.handle_async_request(request)
        response.request = request
        return response

    async def _received(self, response: httpx.Response, question: Question) -> Answer | Trouble:
        if trouble := status_trouble(response, question.place, self.now()):
            return trouble
        headers = dict(response.headers.items())
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            await anext(response.aiter_raw(), None)  # it has no body; read to its end, the connection serves again
        if response.status_code != HTTPStatus.OK:
            return Answer(question.url, response.status_code, headers)
        try:
            body = await read_body(response, question.limit)
        except TooLargeError as error:
            if not question.cut:
                return Trouble(text=f"{question.place} sent {error}, the limit", temporary=False)
            body = error.kept
        self.memory.heard(question.place)
        return Answer(question.url, response.status_code, headers, body)


def _not_asked(place: str) -> Trouble:
    text = f"{place} was not asked: nothing has answered for a while, so the network seems to be down"
    return Trouble(text=text, temporary=True, host_wide=True, unreachable=True, timed_out=True)

"""A web site on loopback whose pages, statuses, headers and faults a test sets."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from monitor.faces.demo.serving import Answer, LocalServer, Received

HANG_UP = Answer(hang_up=True)


@dataclass
class Page:
    """A page with the validators that it is served with, and that a repeated request may send back."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    etag: bool = True
    last_modified: str | None = None

    def answer(self, request: Received) -> Answer:
        validators = {}
        if self.etag:
            validators["ETag"] = f'"{sha256(self.body).hexdigest()[:16]}"'
        if self.last_modified:
            validators["Last-Modified"] = self.last_modified
        repeated = (request.headers.get("if-none-match"), request.headers.get("if-modified-since"))
        if any(value in repeated for value in validators.values()):
            return Answer(304, validators)
        return Answer(200, {"Content-Type": self.content_type, **validators}, self.body)


class LocalSite(LocalServer):
    """Answers by path: `put` sets a page, an Answer, or a function of the request; `say` a whole run of answers.

    A path that is not set, robots.txt among them, gets 404. `received` holds what was asked.
    """

    def __init__(self, **options: Any) -> None:
        self._pages: dict[str, Callable[[Received], Answer]] = {}
        super().__init__(self._find, **options)

    def put(self, path: str, what: bytes | Page | Answer | Callable[[Received], Answer]) -> str:
        """Set what this path (without query) answers from now on, and return its full address."""
        if isinstance(what, bytes):
            what = Page(what)
        if isinstance(what, Page):
            self._pages[path] = what.answer
        elif isinstance(what, Answer):
            answer = what
            self._pages[path] = lambda _request: answer
        else:
            self._pages[path] = what
        return self.url + path

    def say(self, path: str, *answers: Answer) -> str:
        """Give these answers one after the other, and the last of them ever after."""
        left = list(answers)
        return self.put(path, lambda _request: left.pop(0) if len(left) > 1 else left[0])

    def robots(self, text: str) -> None:
        """Set the site's robots.txt."""
        self.put("/robots.txt", Page(text.encode(), content_type="text/plain", etag=False))

    def asked(self, path: str) -> list[Received]:
        """Return the requests for this path, oldest first."""
        return [request for request in self.received if request.path == path]

    def _find(self, request: Received) -> Answer:
        page = self._pages.get(request.path)
        return page(request) if page else Answer(404, {"Content-Type": "text/plain"}, b"no such page")


def slowly(body: bytes, *, pause: float, size: int = 1) -> Iterator[bytes]:
    """Yield a body in pieces with a pause (seconds) before each, for `Answer(body=...)`."""
    for start in range(0, len(body), size):
        time.sleep(pause)
        yield body[start : start + size]


def endless(piece: bytes = b"x" * 65536) -> Iterator[bytes]:
    """Yield the same piece until the client has had enough."""
    while True:
        yield piece

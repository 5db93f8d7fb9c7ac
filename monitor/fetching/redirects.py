"""Follows redirects one step at a time, and says why one is not followed."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from monitor.domain.errors import SourceError
from monitor.fetching.asking import Answer
from monitor.fetching.guard import is_port

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_MOST = 5


class RedirectError(SourceError):
    """A redirect that is not followed. Permanent: the site has to put it right."""

    def __init__(self, text: str) -> None:
        super().__init__(text, temporary=False)


def address(text: str) -> httpx.URL:
    """Return an address that can be asked for, without its fragment. Raises SourceError."""
    try:
        url = httpx.URL(text)
        url = url.copy_with(fragment=None) if "#" in text else url
    except httpx.InvalidURL as error:
        raise SourceError(f"{text!r} is not an address: {error}", temporary=False) from error
    if url.scheme not in ("http", "https") or not url.host or "%" in url.host:
        raise SourceError(f"{text!r} is not an http or https address", temporary=False)
    if url.port is not None and not is_port(url.port):
        raise SourceError(f"{text!r} is no address: there is no port {url.port}", temporary=False)
    if url.userinfo:
        raise SourceError(f"an address at {url.host} carries a user name or password; leave it out", temporary=False)
    return url


def next_hop(answer: Answer, seen: Sequence[httpx.URL]) -> httpx.URL:
    """Return where the answer leads; `seen` are the addresses asked so far, the answer's own last.

    Raises RedirectError for a loop, more than five steps, a step from https to http, or a target that is no address.
    """
    here = seen[-1]
    host = here.netloc.decode("ascii")
    if "location" not in answer.headers:
        raise RedirectError(f"{host} redirects without saying where to")
    target = _joined(here, answer.headers["location"])
    if target in seen:
        raise RedirectError(f"{host} redirects in a loop, back to {target.path}")
    if len(seen) > _MOST:
        raise RedirectError(f"{host} redirects again after {_MOST} steps; not followed")
    if here.scheme == "https" and target.scheme == "http":
        raise RedirectError(f"{host} redirects from https to plain http at {target.host}; not followed")
    return target


def _joined(here: httpx.URL, location: str) -> httpx.URL:
    try:
        return address(str(here.join(location)))
    except (httpx.InvalidURL, SourceError) as error:
        raise RedirectError(f"{here.host} redirects to nowhere: {error}") from error

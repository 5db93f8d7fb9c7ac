"""Follows redirects one step at a time, and says why one is not followed."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from monitor.domain.errors import SourceError
from monitor.fetching.asking import Answer

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_MOST = 5


def address(text: str) -> httpx.URL:
    """Return an address that can be asked for, without its fragment. Raises SourceError."""
    try:
        url = httpx.URL(text).copy_with(fragment=None)
    except httpx.InvalidURL as error:
        raise SourceError(f"{text!r} is not an address: {error}", temporary=False) from error
    if url.scheme not in ("http", "https") or not url.host:
        raise SourceError(f"{text!r} is not an http or https address", temporary=False)
    if url.userinfo:
        raise SourceError(f"an address at {url.host} carries a user name or password; leave it out", temporary=False)
    return url


def next_hop(answer: Answer, seen: Sequence[httpx.URL]) -> httpx.URL:
    """Return where the answer leads; `seen` are the addresses asked so far, the answer's own last.

    Raises SourceError for a loop, more than five steps, a step from https to http, or a target that is no address.
    """
    here = seen[-1]
    host = here.netloc.decode("ascii")
    if "location" not in answer.headers:
        raise SourceError(f"{host} redirects without saying where to", temporary=False)
    target = _joined(here, answer.headers["location"])
    if target in seen:
        raise SourceError(f"{host} redirects in a loop, back to {target.path}", temporary=False)
    if len(seen) > _MOST:
        raise SourceError(f"{host} redirects again after {_MOST} steps; not followed", temporary=False)
    if here.scheme == "https" and target.scheme == "http":
        raise SourceError(f"{host} redirects from https to plain http at {target.host}; not followed", temporary=False)
    return target


def _joined(here: httpx.URL, location: str) -> httpx.URL:
    try:
        return address(str(here.join(location)))
    except httpx.InvalidURL as error:
        raise SourceError(f"{here.host} redirects to {location!r}, no address: {error}", temporary=False) from error

"""Asks an outside service that raises the alarm once it is no longer asked: it hears where nobody here can speak."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from importlib.metadata import version

import httpx

from monitor.channels.wording import masked

logger = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds for the whole request."""


def pinger(
    url: str, transport: Callable[[], httpx.AsyncBaseTransport], *, timeout: float = PATIENCE
) -> Callable[[], Awaitable[None]]:
    """Return what asks this address once. It never raises: a service that cannot be reached is only logged.

    It follows no redirect and reads no answer. The address may be a secret (whoever knows it can silence the alarm),
    and is not logged.
    """
    hidden = (url, url.partition("://")[2].partition("/")[2])

    async def ping() -> None:
        try:
            async with asyncio.timeout(timeout):
                status = await _asked(url, transport())
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
            reason = masked(str(error), *hidden) or type(error).__name__
            logger.warning("the outside service that is told of good rounds was not reached: %s", reason)
        else:
            if not httpx.codes.is_success(status):
                logger.warning("the outside service that is told of good rounds answered %d", status)

    return ping


async def _asked(url: str, transport: httpx.AsyncBaseTransport) -> int:
    agent = {"user-agent": f"treaty-monitor/{version('treaty-monitor')}"}
    async with (
        httpx.AsyncClient(transport=transport, trust_env=False, headers=agent) as client,
        client.stream("GET", url, follow_redirects=False) as response,
    ):
        return response.status_code

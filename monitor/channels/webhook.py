"""Posts changes to a web address, signed per Standard Webhooks, one change per request; follows no redirect."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.metadata import version
from ipaddress import ip_address

import httpx

from monitor.channels.signing import signer
from monitor.channels.trust import tls_fault
from monitor.channels.wording import clean, masked, pieces
from monitor.domain.delivery import Delivery
from monitor.domain.errors import DeliveryError

LARGEST = 20 * 1024
"""Bytes of the largest body (Standard Webhooks asks for less than 20 kB)."""
HEARD = 64 * 1024
"""Bytes of an answer that are read at most."""
PATIENCE = 5.0
"""Seconds in which an answer's text must come; its status has been said by then."""
AT_ONCE = 4
"""Requests to one receiver at a time."""
LIKE_A_TOKEN = 8
"""Characters from which a piece of the address may be a token and not a word, and is hidden in an answer."""
A_DAY = 86400.0
"""Seconds that a Retry-After can ask for at most."""


def utc_now() -> datetime:
    """Return the present instant: the timestamp of a request is that of its own attempt."""
    return datetime.now(UTC)


class WebhookChannel:
    """Posts each delivery's frozen body, byte for byte. Does not retry and holds no connection between requests.

    `secrets` are one or, while a secret is rotated, several (`whsec_…`, `whsk_…`); every one of them signs.
    `timeout` is in seconds and bounds everything up to the status line. Without `transport` the channel speaks to
    any address; the program gives it the guarded one. Raises SecretError for an unusable secret and
    httpx.InvalidURL for an unusable address.
    """

    per_change = True
    addressed = False

    def __init__(
        self,
        name: str,
        url: str,
        secrets: Iterable[str],
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        timeout: float = 20.0,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.name = name
        self._url = httpx.URL(url)
        keys = tuple(secrets)
        self._signers = tuple(signer(key) for key in keys)
        bare = (key.partition("_")[2] for key in keys)
        self._hidden = (*keys, *bare, self._url.raw_path.decode().lstrip("/"), *pieces(url, LIKE_A_TOKEN))
        self._timeout = timeout
        self._client = httpx.AsyncClient(
            transport=transport or httpx.AsyncHTTPTransport(), trust_env=False, timeout=timeout
        )
        self._now = now
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def send(self, delivery: Delivery) -> str:
        """Post the body and return the receiver's answer. Raises DeliveryError; only a 2xx is success."""
        content = delivery.body.encode()
        if len(content) > LARGEST:
            raise DeliveryError(f"the body has {len(content)} bytes, {LARGEST} are allowed", permanent=True)
        async with self._turn:
            response = await self._post(content, self._headers(delivery))
            text = await _beginning(response)
        return self._judge(response, masked(text, *self._hidden))

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        at = self._now()
        return {
            "content-type": "application/json",
            "user-agent": _agent(),
            "accept-encoding": "identity",  # an answer is bounded as it is read, so it must not be packed
            "connection": "close",
            "webhook-id": delivery.id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(sign(delivery.id, at, delivery.body) for sign in self._signers),
        }

    async def _post(self, content: bytes, headers: dict[str, str]) -> httpx.Response:
        """Return the answer as soon as its status is known, its text unread."""
        try:
            async with asyncio.timeout(self._timeout):
                request = self._client.build_request("POST", self._url, content=content, headers=headers)
                return await self._client.send(request, stream=True, follow_redirects=False)
        except (TimeoutError, httpx.TimeoutException) as error:
            text = f"{self._url.host} did not answer within {self._timeout:g} seconds"
            raise DeliveryError(text, permanent=False, slow_down=True) from error
        except httpx.HTTPError as error:
            raise self._unreached(error) from error

    def _unreached(self, error: httpx.HTTPError) -> DeliveryError:
        """Judge a request without an answer. A transport's own kind of ConnectError is its guard's refusal.

        It is final for an address; a name may have a better one tomorrow, when its name server is put right.
        """
        host = self._url.host
        fault = tls_fault(error)
        if fault is not None:
            return DeliveryError(f"no trustworthy encryption with {host}: {fault}", permanent=False)
        if isinstance(error, httpx.ConnectError) and type(error) is not httpx.ConnectError:
            return DeliveryError(f"not sent: {clean(str(error), 300)}", permanent=_is_address(host))
        reason = clean(str(error), 200) or "the connection was lost"
        return DeliveryError(f"{host} could not be reached: {reason}", permanent=False)

    def _judge(self, response: httpx.Response, text: str) -> str:
        """Return the answer if it is a success, else raise what follows from it.

        Only 410 is final, by Standard Webhooks' rule; a 404 may be a receiver that is just being replaced.
        """
        status = response.status_code
        answer = clean(f"{status} {response.reason_phrase}{': ' if text else ''}{text}", 300)
        if response.is_success:
            return answer
        words = f"{self._url.host} answered {answer}"
        if response.is_redirect:
            words += "; redirects are not followed, configure the final address"
        raise DeliveryError(
            words,
            permanent=status == httpx.codes.GONE,
            disable=status == httpx.codes.GONE,
            slow_down=status == httpx.codes.TOO_MANY_REQUESTS,
            retry_after=_retry_after(response.headers.get("retry-after", ""), self._now()),
        )


@cache  # reading the package's metadata takes as long as all the rest of a request
def _agent() -> str:
    return f"treaty-monitor/{version('treaty-monitor')}"


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _beginning(response: httpx.Response) -> str:
    """Return the first words of an answer and close it; a receiver that is slow or endless is left alone."""
    heard = b""
    async with aclosing(response):
        with suppress(TimeoutError, httpx.HTTPError):
            async with asyncio.timeout(PATIENCE):
                async for chunk in response.aiter_raw(4096):
                    heard += chunk
                    if len(heard) >= HEARD:
                        break
    return heard[:HEARD].decode(errors="replace")


def _retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110, 10.2.3), at most a day; None if there is none."""
    if value.strip().isdecimal():
        return min(float(value), A_DAY)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((aware - now).total_seconds(), 0.0), A_DAY)

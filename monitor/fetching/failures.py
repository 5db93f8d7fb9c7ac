"""Says in words what went wrong between us and a host, and whether asking again may help."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from monitor.domain.errors import SourceError
from monitor.fetching.guard import RefusedAddressError

NETWORK_ERRORS = (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, TimeoutError)
"""Everything by which a request can fail below HTTP's own statuses."""

_MOST_PATIENCE = 86_400.0
_TEMPORARY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One failed attempt, as a value.

    `host_wide`: no other page of this host would fare better. `unreachable`: the host did not answer at all.
    `timed_out`: it was waited for until time was up. `status` is HTTP's, where there was one; `retry_after` in seconds.
    """

    text: str
    temporary: bool
    host_wide: bool = False
    unreachable: bool = False
    timed_out: bool = False
    status: int | None = None
    retry_after: float | None = None

    def error(self, tries: int) -> SourceError:
        """Return the error to raise after so many attempts.

        It promises no further one: who runs one round by hand has no daemon that would make it.
        """
        tried = f"; tried {tries} times" if tries > 1 else ""
        later = "; asking again later may help" if self.temporary else ""
        return SourceError(
            f"{self.text}{tried}{later}",
            temporary=self.temporary,
            retry_after=self.retry_after,
            unreachable=self.unreachable,
        )


def reworded(error: SourceError, text: str) -> SourceError:
    """Return a new error that differs only in its words."""
    return SourceError(text, temporary=error.temporary, retry_after=error.retry_after, unreachable=error.unreachable)


def no_answer(error: Exception, host: str, seconds: float) -> Trouble:
    """Say why a host gave no answer to a request within `seconds`."""
    causes = list(_causes(error))
    if isinstance(error, RefusedAddressError):
        return Trouble(text=str(error), temporary=False, host_wide=True)
    if broken := next((c for c in causes if isinstance(c, ssl.SSLError)), None):
        return _no_tls(broken, host)
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return _silent(error, host, seconds)
    if isinstance(error, httpx.ConnectError):
        text = _no_connection(causes, host)
        return Trouble(text=text, temporary=True, host_wide=True, unreachable=True)
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        return Trouble(text=f"the address at {host} cannot be asked for: {error}", temporary=False)
    return Trouble(text=f"{host} closed the connection without a proper answer ({error})", temporary=True)


def broken_answer(error: Exception, host: str, seconds: float) -> Trouble:
    """Say why an answer that had begun did not arrive whole within `seconds`."""
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        text = f"{host} was still sending, or had stopped, after {seconds:g} seconds"
        return Trouble(text=text, temporary=True, timed_out=True)
    return Trouble(text=f"the answer of {host} broke off before its end ({error})", temporary=True)


def status_trouble(response: httpx.Response, host: str, now: dt.datetime) -> Trouble | None:
    """Return the trouble that a status speaks of if asking again may help (408, 425, 429, 5xx), else None."""
    status = response.status_code
    if status not in _TEMPORARY and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return None
    return Trouble(
        text=f"{host} answered {phrase(status)}",
        temporary=True,
        status=status,
        retry_after=retry_after(response.headers.get("retry-after"), now),
    )


def phrase(status: int) -> str:
    """Return a status with its usual words: 503 Service Unavailable."""
    known = status in HTTPStatus._value2member_map_
    return f"{status} {HTTPStatus(status).phrase}" if known else str(status)


def retry_after(value: str | None, now: dt.datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3), at most a day; None if unreadable."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return min(float(value), _MOST_PATIENCE)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return min(max((aware - now).total_seconds(), 0.0), _MOST_PATIENCE)


def _no_tls(error: ssl.SSLError, host: str) -> Trouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        text = f"the certificate of {host} is not trusted: {error.verify_message}"
        return Trouble(text=text, temporary=False, host_wide=True)
    return Trouble(text=f"no TLS connection with {host}: {error.reason or error}", temporary=True, host_wide=True)


def _silent(error: Exception, host: str, seconds: float) -> Trouble:
    if isinstance(error, httpx.ConnectTimeout):
        text = f"{host} could not be reached in time: {str(error) or 'nothing answers at its address'}"
    else:
        text = f"{host} did not answer within {seconds:.0f} seconds"
    return Trouble(text=text, temporary=True, host_wide=True, unreachable=True, timed_out=True)


def _no_connection(causes: list[BaseException], host: str) -> str:
    for cause in causes:
        match cause:
            case socket.gaierror():
                return f"no address is known for {host} (DNS: {cause.strerror})"
            case ConnectionRefusedError():
                return f"{host} refused the connection"
            case OSError(strerror=str(reason)):
                return f"{host} could not be reached: {reason}"
            case _:
                continue
    return f"{host} could not be reached: {causes[0]}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__

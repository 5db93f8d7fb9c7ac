"""One connection on asyncio's own transports: httpcore's, on a further library, takes half as long again per request.

It opens, reads, writes and closes. What may be connected to, and for how long in all, is decided elsewhere.
"""

from __future__ import annotations

import asyncio
import select
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

_MOST_WAITING = 262_144
"""Bytes that wait to be read, at which the other side is made to wait as well; asyncio takes as many at once."""


async def connect(address: str, port: int, timeout: float | None) -> Connection:  # noqa: ASYNC109 - httpcore's way
    """Return a connection to a literal address. Raises ConnectTimeout after `timeout` seconds, ConnectError."""
    with _told_as(httpcore.ConnectTimeout, httpcore.ConnectError):
        async with asyncio.timeout(timeout):
            loop = asyncio.get_running_loop()
            transport, arrivals = await loop.create_connection(_Arrivals, address, port)
    return Connection(transport, arrivals)


class Connection(httpcore.AsyncNetworkStream):
    """A connection over TCP, after `start_tls` over TLS. Times are in seconds; None is without end."""

    def __init__(self, transport: asyncio.Transport, arrivals: _Arrivals) -> None:
        self._transport = transport
        self._arrivals = arrivals

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's way
        """Return what has arrived, nothing at the end. Raises ReadTimeout, ReadError."""
        with _told_as(httpcore.ReadTimeout, httpcore.ReadError):
            return await self._arrivals.take(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's way
        """Send, and wait while the other side takes too little. Raises WriteTimeout, WriteError."""
        with _told_as(httpcore.WriteTimeout, httpcore.WriteError):
            await self._arrivals.writable(timeout)
            if buffer:
                self._transport.write(buffer)
            await self._arrivals.writable(timeout)

    async def aclose(self) -> None:
        """Close. A farewell of TLS is sent; nobody waits for its answer."""
        self._transport.close()
        await asyncio.sleep(0)
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's way
    ) -> Connection:
        """Return the same connection over TLS. Raises ConnectTimeout, ConnectError (its cause: ssl's own errors)."""
        with _told_as(httpcore.ConnectTimeout, httpcore.ConnectError):
            try:
                async with asyncio.timeout(timeout):
                    secured = await self._secured(ssl_context, server_hostname)
            except BaseException:
                self._transport.abort()
                raise
        return Connection(secured, self._arrivals)

    async def _secured(self, context: ssl.SSLContext, name: str | None) -> asyncio.Transport:
        loop = asyncio.get_running_loop()
        transport = await loop.start_tls(self._transport, self._arrivals, context, server_hostname=name)
        if transport is None:
            raise ConnectionResetError("the connection was closed while TLS began")
        self._arrivals.connection_made(transport)
        return transport

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore asks for: whether an idle connection has anything to read (its end), what TLS agreed."""
        if info == "is_readable":
            return self._arrivals.any or _readable(self._transport.get_extra_info("socket"))
        return self._transport.get_extra_info({"client_addr": "sockname", "server_addr": "peername"}.get(info, info))


class _Arrivals(asyncio.Protocol):
    """What has arrived and was not read yet, whether that was all, and whether the other side takes what is sent."""

    def __init__(self) -> None:
        self._pieces: deque[bytes | memoryview] = deque()
        self._waiting = 0
        self._ended = self._lost = False
        self._failure: Exception | None = None
        self._news = asyncio.Event()
        self._taken = asyncio.Event()
        self._taken.set()

    @property
    def any(self) -> bool:
        return bool(self._pieces) or self._ended

    async def take(self, most: int, seconds: float | None) -> bytes:
        if not self.any:
            self._news.clear()
            async with asyncio.timeout(seconds):
                await self._news.wait()
        if self._pieces:
            return self._next(most)
        if self._failure:
            raise ConnectionResetError(str(self._failure)) from self._failure
        return b""

    def _next(self, most: int) -> bytes:
        piece = self._pieces.popleft()
        if len(piece) > most:
            self._pieces.appendleft(memoryview(piece)[most:])
            piece = piece[:most]
        if self._waiting >= _MOST_WAITING > self._waiting - len(piece):
            self._transport.resume_reading()
        self._waiting -= len(piece)
        return bytes(piece)  # no copy of what is bytes already

    async def writable(self, seconds: float | None) -> None:
        if not self._taken.is_set():
            async with asyncio.timeout(seconds):
                await self._taken.wait()
        if self._lost:
            raise ConnectionResetError(str(self._failure or "the connection is closed")) from self._failure

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(f"{transport!r} does not read and write")
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._pieces.append(data)
        if self._waiting < _MOST_WAITING <= self._waiting + len(data):
            self._transport.pause_reading()
        self._waiting += len(data)
        self._news.set()

    def eof_received(self) -> bool:
        """Stay open for what is still to be sent; TLS has no such half."""
        self._ended = True
        self._news.set()
        return self._transport.get_extra_info("sslcontext") is None

    def connection_lost(self, failure: Exception | None) -> None:
        self._ended = self._lost = True
        self._failure = failure
        self._news.set()
        self._taken.set()

    def pause_writing(self) -> None:
        self._taken.clear()

    def resume_writing(self) -> None:
        self._taken.set()


def _readable(socket: Any) -> bool:
    """Whether the system has anything to read that asyncio has not taken yet."""
    if socket is None or socket.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(socket.fileno(), select.POLLIN)
    return bool(poll.poll(0))


@contextmanager
def _told_as(late: type[Exception], broken: type[Exception]) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except OSError as error:  # ssl's errors are such, too
        raise broken(str(error)) from error

"""A connection over TCP and over TLS: what arrives, in order and never too much of it, and what goes wrong, by name."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable

import httpcore
import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.fetching.connection import Connection, _Arrivals, connect

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Open = Callable[[Serve], Awaitable[Connection]]
LONG = bytes(range(256)) * 10_000


async def read_all(connection: Connection, most: int = 65_536) -> bytes:
    whole = bytearray()
    while piece := await connection.read(most, 5):
        assert len(piece) <= most
        whole += piece
    return bytes(whole)


async def until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not met():  # noqa: ASYNC110 - what is waited for happens inside asyncio
            await asyncio.sleep(0.01)


@pytest.fixture(params=["tcp", "tls"])
async def opened(
    request: pytest.FixtureRequest, authority: trustme.CA, client_trust: ssl.SSLContext
) -> AsyncIterator[Open]:
    """Return what opens a connection to a server that behaves so, over TCP and over TLS."""
    made: list[Connection] = []
    servers: list[asyncio.Server] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if request.param == "tls" else None
    if context:
        authority.issue_cert("depositary.example").configure_cert(context)

    async def open_to(serve: Serve) -> Connection:
        servers.append(await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context))
        connection = await connect("127.0.0.1", servers[-1].sockets[0].getsockname()[1], 5)
        made.append(connection)
        return await connection.start_tls(client_trust, "depositary.example", 5) if context else connection

    yield open_to
    for one in made:
        await one.aclose()
    for server in servers:
        server.close()


class Transport(asyncio.Transport):
    """Only remembers whether it may read."""

    paused = False

    def pause_reading(self) -> None:
        assert not self.paused
        self.paused = True

    def resume_reading(self) -> None:
        assert self.paused
        self.paused = False


@settings(deadline=None)
@given(st.lists(st.integers(1, 262_144), max_size=8), st.integers(10_000, 300_000))
def test_what_arrives_is_read_in_order_and_no_more_is_taken_while_much_waits(sizes: list[int], most: int) -> None:
    transport, arrivals = Transport(), _Arrivals()
    arrivals.connection_made(transport)

    async def read() -> bytes:
        taken, sent = b"", 0
        for size in sizes:
            arrivals.data_received(LONG[sent : sent + size])
            sent += size
            assert transport.paused == (sent - len(taken) >= 262_144)
            while transport.paused:
                taken += await arrivals.take(most, 1)
                assert transport.paused == (sent - len(taken) >= 262_144)
        arrivals.connection_lost(None)
        while piece := await arrivals.take(most, 1):
            assert len(piece) <= most
            taken += piece
        return taken

    assert asyncio.run(read()) == LONG[: sum(sizes)]


async def test_what_is_sent_comes_back_whole_and_the_end_is_nothing(opened: Open) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(len(LONG)))
        await writer.drain()
        writer.close()

    connection = await opened(echo)
    await connection.write(LONG, 5)
    await connection.write(b"", 5)
    assert await read_all(connection) == LONG
    assert await connection.read(10, 5) == b""


async def test_whoever_sends_more_than_is_read_is_made_to_wait(opened: Open) -> None:
    sent = asyncio.Event()

    async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(400):
            writer.write(LONG[:100_000])
            await writer.drain()
        sent.set()
        writer.close()

    connection = await opened(flood)
    await until(lambda: connection._arrivals._waiting >= 262_144)
    await asyncio.sleep(0.2)
    assert not sent.is_set()
    assert connection._arrivals._waiting < 3 * 262_144
    assert await read_all(connection) == LONG[:100_000] * 400
    assert sent.is_set()


async def test_an_idle_connection_is_readable_when_something_came_or_it_was_closed(opened: Open) -> None:
    go = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        writer.write(b"odd")
        await writer.drain()
        await go.wait()
        writer.close()

    connection = await opened(answer)
    await asyncio.sleep(0.1)  # what TLS says of its own accord after its beginning is nothing to read
    assert not connection.get_extra_info("is_readable")
    await connection.write(b"?", 5)
    await until(lambda: connection.get_extra_info("is_readable"))
    assert await connection.read(10, 5) == b"odd"
    assert not connection.get_extra_info("is_readable")
    go.set()
    await until(lambda: connection.get_extra_info("is_readable"))
    assert await connection.read(10, 5) == b""


async def test_silence_is_a_timeout_of_reading_and_deafness_one_of_writing(opened: Open) -> None:
    async def deaf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.sleep(5)

    connection = await opened(deaf)
    with pytest.raises(httpcore.ReadTimeout):
        await connection.read(10, 0.05)
    with pytest.raises(httpcore.WriteTimeout):
        await asyncio.gather(*(connection.write(LONG, 0.05) for _ in range(4)))


async def test_a_connection_that_is_torn_off_fails_in_reading_and_writing(opened: Open) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    connection = await opened(reset)
    await connection.write(b"?", 5)
    with pytest.raises(httpcore.ReadError):
        await connection.read(10, 5)
    with pytest.raises(httpcore.WriteError):
        await connection.write(b"!", 5)


async def test_a_closed_connection_takes_nothing_more(opened: Open) -> None:
    ended = asyncio.Event()

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.read() == b""
        writer.close()
        ended.set()

    connection = await opened(wait)
    await connection.aclose()
    await asyncio.wait_for(ended.wait(), 5)
    with pytest.raises(httpcore.WriteError):
        await connection.write(b"!", 5)
    assert connection.get_extra_info("is_readable")


async def test_a_server_that_has_said_all_may_still_be_told(unused_tcp_port: int) -> None:
    heard = asyncio.Event()

    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write_eof()
        assert await reader.readexactly(4) == b"late"
        heard.set()
        writer.close()

    async with await asyncio.start_server(half, "127.0.0.1", unused_tcp_port):
        connection = await connect("127.0.0.1", unused_tcp_port, 5)
        assert await connection.read(10, 5) == b""
        await connection.write(b"late", 5)
        await asyncio.wait_for(heard.wait(), 5)
        await connection.aclose()


async def test_a_port_that_nobody_listens_on_is_no_connection(unused_tcp_port: int) -> None:
    with pytest.raises(httpcore.ConnectError) as caught:
        await connect("127.0.0.1", unused_tcp_port, 5)
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)


async def test_tls_with_nobody_or_with_somebody_else_fails_and_closes(
    authority: trustme.CA, client_trust: ssl.SSLContext
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.example").configure_cert(context)
    ended = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        ended.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        connection = await connect("127.0.0.1", server.sockets[0].getsockname()[1], 5)
        with pytest.raises(httpcore.ConnectTimeout):
            await connection.start_tls(client_trust, "depositary.example", 0.05)
        await asyncio.wait_for(ended.wait(), 5)
    async with await asyncio.start_server(silent, "127.0.0.1", 0, ssl=context) as server:
        connection = await connect("127.0.0.1", server.sockets[0].getsockname()[1], 5)
        with pytest.raises(httpcore.ConnectError) as caught:
            await connection.start_tls(client_trust, "depositary.example", 5)
    assert isinstance(caught.value.__cause__, ssl.SSLCertVerificationError)
    assert connection.get_extra_info("is_readable")

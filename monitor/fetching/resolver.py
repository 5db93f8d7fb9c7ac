"""Looks names up without ever making the program wait for a name server that is silent."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import ip_address
from threading import Thread

Resolver = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""Takes a host name (or a literal address) and a port; returns addresses in order of preference, or raises OSError."""


async def system_resolver(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses that the system's resolver gives, in its order (RFC 6724). Raises socket.gaierror.

    Each look-up has a daemon thread of its own: the event loop's pool is joined at exit, and a look-up that
    hangs for 40 s in the C library would keep an interactive command from ending. An address needs no look-up.
    """
    address = _address(host)
    if address:
        return (address,)
    loop = asyncio.get_running_loop()
    found: asyncio.Future[tuple[str, ...]] = loop.create_future()

    def look_up() -> None:
        outcome = _look_up(host, port)
        with suppress(RuntimeError):  # the loop is closed: nobody waits for this answer any more
            loop.call_soon_threadsafe(_settle, found, outcome)

    Thread(target=look_up, daemon=True, name=f"look-up {host}").start()
    return await found


def _address(host: str) -> str | None:
    """Return a literal address as the system writes it; odd spellings and zones are left to the system."""
    try:
        return None if "%" in host else str(ip_address(host))
    except ValueError:
        return None


def _look_up(host: str, port: int) -> tuple[str, ...] | OSError:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    except UnicodeError:  # a label that is empty or longer than 63 characters
        return socket.gaierror(socket.EAI_NONAME, "not a valid host name")
    return tuple(dict.fromkeys(str(address[0]) for *_, address in answers))


def _settle(found: asyncio.Future[tuple[str, ...]], outcome: tuple[str, ...] | OSError) -> None:
    if found.done():  # the waiter gave up
        return
    if isinstance(outcome, OSError):
        found.set_exception(outcome)
    else:
        found.set_result(outcome)

"""Stands at the socket while a library with connections of its own sends: no refused address is ever connected to.

Apprise opens its connections in some 180 modules, none of which takes a transport. Python's audit events (PEP 578)
are raised wherever Python code connects, with the very address that is connected to, and an exception raised there
keeps the connection from being made: the same moment at which the guard of our own requests judges, so a name whose
answer turns private after a check gains nothing, and a redirect or a second address is judged as well.

What it does not see: threads that a library starts by itself without handing on its context, other processes,
compiled code that opens sockets past Python's, and whom a proxy of the environment connects to (the proxy's own
address is judged).
"""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from typing import Any

from monitor.channels.options import Objection

CONNECTING = {"socket.connect", "socket.sendto"}
LIBRARY = "apprise"
"""The logger whose words are kept for the one who sends, and reach no log: they may repeat a secret."""
TALKATIVE = ("urllib3", "requests", "slixmpp", "paho")
"""Loggers of libraries below that write whole addresses, tokens included, when they are asked for everything."""


class RefusedError(OSError):
    """What a library meets in place of a connection that may not be made."""


@dataclass(frozen=True, slots=True)
class Lookout:
    """One watch: the addresses that were refused, with the reason, and what the library said meanwhile."""

    objection: Objection
    refused: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def judge(self, host: str) -> None:
        """Raise RefusedError if this host, a name or an address, may not be connected to."""
        for address in _addresses(host):
            kind = self.objection(address)
            if kind is not None:
                whole = f"{address}/{ip_address(address).max_prefixlen}"
                text = f'{address} is a {kind} address; if that is meant, add "{whole}" to `allow` under [network]'
                self.refused.append(f"{text} in monitor.toml")
                raise RefusedError(text)


_ON_DUTY: ContextVar[Lookout | None] = ContextVar("lookout", default=None)


@contextmanager
def lookout(objection: Objection) -> Iterator[Lookout]:
    """Judge every connection that this thread, and those that share its context, make meanwhile."""
    _take_post()
    watch = Lookout(objection)
    token = _ON_DUTY.set(watch)
    try:
        yield watch
    finally:
        _ON_DUTY.reset(token)


def _addresses(host: str) -> tuple[str, ...]:
    """Return the address itself, or those of a name that is handed to the system unresolved."""
    try:
        return (str(ip_address(host)),)
    except ValueError:
        found = socket.getaddrinfo(host or "localhost", None)  # an empty name is this machine
        return tuple(dict.fromkeys(str(answer[4][0]) for answer in found))


def _overhear(record: logging.LogRecord) -> bool:
    """Keep a warning for the watch in whose context it is said, and let no handler have it."""
    watch = _ON_DUTY.get()
    if watch is not None and record.levelno >= logging.WARNING:
        watch.heard.append(record.getMessage())
    return False


@cache
def _take_post() -> None:
    """Begin to see connections and to hear the library: once, since an audit hook can never be taken away."""
    sys.addaudithook(_on_event)
    logging.getLogger(LIBRARY).addFilter(_overhear)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _on_event(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in CONNECTING:
        return
    watch, address = _ON_DUTY.get(), arguments[1]
    if watch is not None and isinstance(address, tuple):  # a socket of this machine has a path, not an address
        watch.judge(str(address[0]))

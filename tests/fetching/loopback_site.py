"""A small server on loopback that answers as it is told, byte by byte, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus

Behaviour = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]
NOW = dt.datetime(2026, 2, 3, 12, 0, tzinfo=dt.UTC)


def answer(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """Return a whole HTTP answer; header names may use underscores."""
    fields = {"content-length": str(len(body)), "connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{head}\r\n".encode() + body


@dataclass
class Site:
    """Answers each path with what is given for it, in turn; the last repeats. A path not given is 404."""

    port: int = 0
    scheme: str = "http"
    host: str = "127.0.0.1"
    given: dict[str, list[Behaviour]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    open: int = 0
    most_open: int = 0

    def on(self, path: str, *behaviours: Behaviour) -> str:
        """Say how to answer a path, and return its address."""
        self.given[path] = list(behaviours)
        return self.url(path)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"{self.scheme}://{self.host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection."""
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await self._answer(reader, writer)
            await writer.drain()
        except ConnectionError:
            pass  # the client has hung up, as some tests want it to
        finally:
            self.open -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        self.asked.append(path)
        self.headers.append({k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)})
        queue = self.given.get(path, [answer(404)])
        behaviour = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(behaviour, bytes):
            writer.write(behaviour)
        else:
            await behaviour(writer)


@dataclass
class Sleeper:
    """Sleeps in no time and remembers for how long it was to sleep."""

    slept: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        """Note the wait and let others run."""
        self.slept.append(seconds)
        await asyncio.sleep(0)


async def to_loopback(host: str, port: int) -> tuple[str, ...]:
    """Resolve every name to 127.0.0.1."""
    assert host
    assert port
    return ("127.0.0.1",)

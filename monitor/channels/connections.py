"""Keeps a connection to a mail server for the next message of the same moment: lent to one message at a time."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPException

LINGER = 2.0
"""Seconds for which a connection waits for the next message before it takes leave."""
GOODBYE = 1.0
"""Seconds in which the server may say goodbye."""


@dataclass(slots=True, eq=False)
class Line:
    """One open connection and how many messages it has carried."""

    client: SMTP
    carried: int = 0
    leaving: asyncio.Task[None] | None = None


class Connections:
    """The idle connections of one channel. Opens none itself, and keeps none on which anything has gone wrong.

    `most` is how many messages one connection carries; 1 keeps none.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._idle: list[Line] = []

    def take(self) -> Line | None:
        """Return a connection that nobody else has, or None. The server may have closed it meanwhile."""
        while self._idle:
            line = self._idle.pop()
            if line.leaving:
                line.leaving.cancel()
            if line.client.is_connected:
                return line
        return None

    def give_back(self, line: Line) -> None:
        """Keep a connection whose message was confirmed, or take leave of it; waits for nothing and never fails."""
        line.carried += 1
        if line.carried < self._most:
            self._idle.append(line)
            line.leaving = asyncio.create_task(self._linger(line))
        else:
            line.leaving = asyncio.create_task(_part(line))

    async def _linger(self, line: Line) -> None:
        """Take leave after a while, or when the event loop ends, unless the connection is in use again."""
        try:
            await asyncio.sleep(LINGER)
        finally:
            if line in self._idle:
                self._idle.remove(line)
                await _part(line)


async def _part(line: Line) -> None:
    with suppress(SMTPException, OSError):
        await line.client.quit(timeout=GOODBYE)
    line.client.close()

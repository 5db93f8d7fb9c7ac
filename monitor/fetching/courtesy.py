"""One request at a time per host, with a pause between the end of one and the start of the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from monitor.domain.errors import SourceError

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class _Manner:
    line: asyncio.Lock = field(default_factory=asyncio.Lock)
    pause: float = 0.0
    earliest: float = 0.0


@dataclass(slots=True)
class Courtesy:
    """Keeps the manners towards every host by its name, ports aside: politeness is for the machine.

    `pause` (seconds) is the least between two requests; a host may ask for more. `longest` is the longest pause
    that is sat out here: what a host asks beyond it is kept by not asking at all this time.
    """

    pause: float
    longest: float
    sleep: Sleep
    _hosts: dict[str, _Manner] = field(default_factory=dict)

    def line(self, host: str) -> asyncio.Lock:
        """Return the lock that whoever asks this host must hold."""
        return self._of(host).line

    def slow_down(self, host: str, pause: float) -> None:
        """Keep at least this pause (seconds) from now on, between the last request and the next as well."""
        manner = self._of(host)
        manner.earliest += max(0.0, pause - manner.pause)
        manner.pause = max(manner.pause, pause)

    def rest(self, host: str, seconds: float) -> None:
        """Leave this host alone for so long, as it asked."""
        manner = self._of(host)
        manner.earliest = max(manner.earliest, _clock() + seconds)

    def done(self, host: str) -> None:
        """Note that a request has ended."""
        manner = self._of(host)
        manner.earliest = max(manner.earliest, _clock() + manner.pause)

    async def wait(self, host: str) -> None:
        """Sit out the pause. Raises SourceError if the host wants to be left alone for longer than `longest`."""
        left = self.left(host)
        if left > self.longest:
            text = f"{host} asks to be left alone for another {left:.0f} seconds; it is asked at a later turn"
            raise SourceError(text, temporary=True, retry_after=left)
        if left > 0:
            await self.sleep(left)

    def left(self, host: str) -> float:
        """Return the seconds until the next request to this host may begin."""
        return max(0.0, self._of(host).earliest - _clock())

    def _of(self, host: str) -> _Manner:
        return self._hosts.setdefault(host, _Manner(pause=self.pause))


def _clock() -> float:
    return asyncio.get_running_loop().time()

"""Where a request finds what it needs: the desk of the moment, the configuration, the clock, the memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from monitor.faces.questions import Office
from monitor.faces.web.memory import MOST, PER_TREATY, Memory, RememberingStorage
from monitor.pipeline.desk import Desk
from monitor.settings import Settings


class Counter:
    """Answers over one counter; behind it the daemon may replace desk and configuration at any time."""

    def __init__(
        self, desk_of: Callable[[], Desk], settings_of: Callable[[], Settings], clock: Callable[[], datetime]
    ) -> None:
        self.desk_of, self.settings_of, self.clock = desk_of, settings_of, clock
        self._kept: _Reading | None = None

    @property
    def memory(self) -> Memory:
        """What has been read for the present desk; a new desk may know other rules, and begins with nothing."""
        return self._reading.memory

    def office(self) -> Office:
        """Return who answers now, from the record alone: nothing can be written through it."""
        return Office(self._reading.desk, self.settings_of(), self.clock())

    @property
    def _reading(self) -> _Reading:
        desk, kept = self.desk_of(), self._kept
        if kept is None or kept.of is not desk:
            memory = Memory(max(MOST, PER_TREATY * len(desk.treaties)))
            reading = replace(desk, storage=RememberingStorage(desk.storage, memory))
            kept = self._kept = _Reading(desk, reading, memory)
        return kept


@dataclass(frozen=True, slots=True)
class _Reading:
    """A desk that only reads, made once of the desk `of`."""

    of: Desk
    desk: Desk
    memory: Memory


def counter(request: Request) -> Counter:
    """Return the application's counter."""
    found: Counter = request.app.state.counter
    return found


def office(request: Request) -> Office:
    """Return who answers this request."""
    return counter(request).office()


AtCounter = Annotated[Counter, Depends(counter)]
InOffice = Annotated[Office, Depends(office)]

"""Tells the service manager how the daemon is: sd_notify(3), whose protocol is a datagram and is promised to stay.

Lines of our own: sdnotify (its last release is of 2017) and systemd-watchdog know no reload and may block while they
send, and cysystemd needs a compiler.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta


class ServiceManager:
    """Whoever started this process and listens at NOTIFY_SOCKET; where nobody does, words are lost and that is well."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._patience = _patience(environment)

    @property
    def beat(self) -> timedelta | None:
        """How often `alive` is to be said: a third of the manager's patience, or None if it has asked for nothing."""
        return self._patience / 3 if self._patience else None

    def ready(self, status: str) -> None:
        """Say that start or reload is over."""
        self._say("READY=1", _status(status))

    def status(self, text: str) -> None:
        """Say in one line what the daemon does."""
        self._say(_status(text))

    def reloading(self) -> None:
        """Say that the configuration is being read again; `ready` ends it."""
        self._say("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def alive(self) -> None:
        """Say that all is well; a manager that does not hear it for its patience starts the daemon anew."""
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the end has begun. The patience starts anew, because what is in hand is finished without a beat."""
        self._say("STOPPING=1", "WATCHDOG=1", "STATUS=finishing what is in hand")

    def _say(self, *lines: str) -> None:
        """Send one datagram, at once or not at all: a manager that is gone or busy must not hold up the daemon."""
        if not self._address.startswith(("/", "@")):
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as door:
            door.setblocking(False)
            door.connect(self._address.replace("@", "\0", 1))
            door.send("\n".join(lines).encode())


def _status(text: str) -> str:
    return f"STATUS={' '.join(text.split())}"


def _patience(environment: Mapping[str, str]) -> timedelta | None:
    """Return for how long the manager waits for a sign of life, or None if it does not, or asks another process."""
    span = environment.get("WATCHDOG_USEC", "")
    asked = environment.get("WATCHDOG_PID") in {None, str(os.getpid())}
    return timedelta(microseconds=int(span)) if asked and span.isdigit() and int(span) else None

"""Plays a service manager: a datagram socket at NOTIFY_SOCKET, and everything that was said to it."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest

PATIENCE = 20.0


class Manager:
    """Collects, in order, the assignments of each datagram. Give it a path, or a name that begins with "@"."""

    def __init__(self, address: Path | str) -> None:
        self.address = str(address)
        self.heard: list[dict[str, str]] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address.replace("@", "\0", 1))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while datagram := self._socket.recv(65536):
            self.heard.append(dict(line.split("=", 1) for line in datagram.decode().splitlines()))

    def close(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.address.replace("@", "\0", 1))
        self._socket.close()

    def until(self, *, since: int = 0, **wanted: str) -> int:
        """Wait until one datagram has all this, and return how many had come with it; a value may be the beginning."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for number, said in enumerate(self.heard[since:], since + 1):
                if all(key in said and said[key].startswith(value) for key, value in wanted.items()):
                    return number
            time.sleep(0.02)
        pytest.fail(f"{wanted} was not said, only {self.heard}")

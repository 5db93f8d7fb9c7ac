"""The daemon as a process of its own, and what it says."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from support.home import Home

PATIENCE = 20.0


class Daemon:
    """A daemon under watch: what it says on stderr and stdout is collected line by line."""

    def __init__(self, home: Home, *words: str, command: str = "run", **options: Any) -> None:
        self.process: subprocess.Popen[str] = home.process(command, *words, **options)
        self.said: list[str] = []
        self.printed: list[str] = []
        for stream, lines in ((self.process.stderr, self.said), (self.process.stdout, self.printed)):
            threading.Thread(target=lines.extend, args=(stream,), daemon=True).start()

    def until(self, *parts: str, lines: list[str] | None = None) -> str:
        """Wait until one line has all these parts, and return it."""
        where = self.said if lines is None else lines
        return self.waited(lambda: next((line for line in list(where) if all(p in line for p in parts)), None))

    def waited(self, what: Callable[[], str | None]) -> str:
        """Wait until this gives something, and return it."""
        until = time.monotonic() + PATIENCE
        while not (found := what()):
            if time.monotonic() > until or self.process.poll() is not None:
                pytest.fail("".join(self.said) or "nothing was said")
            time.sleep(0.02)
        return found

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


Start = Callable[..., Daemon]

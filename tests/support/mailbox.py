"""A mail server on loopback that takes, delays, refuses or breaks off as a test sets it."""

from __future__ import annotations

import socket
import threading
from typing import Any, Self

from monitor.faces.demo.inbox import ACCEPTED, Inbox, Mail
from monitor.faces.demo.serving import LOOPBACK


class StubbornInbox(Inbox):
    """An inbox with a mood.

    `refused` maps a recipient to the answer that it gets (`"550 no such user"`), `answer` is what every message
    gets (`"451 later"`, `"554 never"`); `cut` breaks the connection after the message has been taken, before its
    answer. `tried` counts the messages that reached their end, taken or not.
    """

    def __init__(self, **options: Any) -> None:
        self.refused: dict[str, str] = {}
        self.answer = ACCEPTED
        self.cut = False
        self.tried = 0
        super().__init__(**options)

    def judge_recipient(self, address: str) -> str:
        return self.refused.get(address, ACCEPTED)

    def judge_message(self, mail: Mail) -> str:
        self.tried += 1
        if self.cut:
            self.mails.append(mail)
            return ""
        return self.answer


class SilentServer:
    """A port of 127.0.0.1 that takes connections and never says a word: a greeting that never comes."""

    def __init__(self) -> None:
        self._listening = socket.create_server((LOOPBACK, 0))
        self._taken: list[socket.socket] = []
        self.called = threading.Event()
        """Set once somebody has connected."""
        self._thread = threading.Thread(target=self._take, daemon=True)

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._taken:
            connection.close()
        self._thread.join()

    def _take(self) -> None:
        while True:
            try:
                self._taken.append(self._listening.accept()[0])
            except OSError:  # closed by __exit__
                return
            self.called.set()


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nothing listens."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        return int(probe.getsockname()[1])

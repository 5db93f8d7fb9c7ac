"""changedetection.io: a server that is asked over its API to check everything again, and watched until it has.

Its wall time is as fine as the watching: asked every two seconds, which is part of its CPU seconds.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from environments import program
from measuring import Taken, size, tree_takes
from origin import free_ports
from pages import file_name
from programs import TABLE, Outcome, Prepared

STARTING, CHECKING = 120.0, 1200.0
"""Seconds after which it is given up."""
EVERY = 2.0
LISTINGS = 10
"""Times that its list is asked for before an error counts."""


@dataclass(frozen=True, slots=True)
class ServerPeer:
    """changedetection.io with its default of five workers."""

    name: str = "changedetection.io, 5 workers"
    workers: int = 5

    @contextmanager
    def prepared(self, folder: Path, address: str, pages: int) -> Iterator[Prepared]:
        """Run the server and take away the pages of the public web that it watches by default."""
        port = free_ports(1)[0]
        state = folder / "state"
        state.mkdir()
        place = ("-C", "-d", str(state), "-p", str(port), "-h", "127.0.0.1", "-l", "WARNING")
        command = (str(program("changedetection.io")), *place)
        env = {
            **os.environ,
            "FETCH_WORKERS": str(self.workers),
            "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
            "DISABLE_VERSION_CHECK": "true",
        }
        with (
            (folder / "server.log").open("wb") as log,
            subprocess.Popen(command, stdout=log, stderr=log, env=env) as own,
        ):
            try:
                server = _Server(own.pid, f"http://127.0.0.1:{port}/api/v1/", state, address, pages)
                server.begin()
                yield server
            finally:
                own.terminate()
                try:
                    own.wait(20)
                except subprocess.TimeoutExpired:
                    own.kill()


@dataclass(slots=True)
class _Server:
    pid: int
    api: str
    state: Path
    address: str
    pages: int
    key: str = ""
    peak: float = 0.0
    before: dict[str, Any] = field(default_factory=dict)

    def begin(self) -> None:
        self._until(self._answers, STARTING, "its start")
        for watch in self._watches():
            self._call(f"watch/{watch}", method="DELETE")

    def round(self, state: str) -> Outcome:
        time.sleep(1.1)  # it knows times in whole seconds: what was checked before is then older
        self.before = {w["url"]: w for w in self._watches().values()}
        start, cpu = time.time(), self._takes()
        if self.before:
            self._call("watch?recheck_all=1")
        else:
            self._import()
        self._until(lambda: self._checked(start) >= self.pages, CHECKING, f"the round “{state}”")
        taken = Taken(time.time() - start, self._takes() - cpu, self.peak)
        return self._outcome(taken)

    def kept(self) -> int:
        return size(self.state)

    def _outcome(self, taken: Taken) -> Outcome:
        page_of = {self.address + file_name(i): i for i in range(self.pages)}
        after = self._watches().values()
        known = [w for w in after if w["url"] in self.before]
        changed = (w for w in known if w["last_changed"] != self.before[w["url"]]["last_changed"])
        wrong = tuple(f"page {page_of[w['url']]}: {w['last_error']}" for w in after if w.get("last_error"))
        return Outcome(taken, len(after) - len(known), frozenset(page_of[w["url"]] for w in changed), wrong)

    def _import(self) -> None:
        options = {"include_filters": json.dumps([f"table#{TABLE}"]), "fetch_backend": "html_requests"}
        addresses = "\n".join(self.address + file_name(i) for i in range(self.pages))
        self._call(f"import?{urllib.parse.urlencode(options)}", addresses.encode())

    def _checked(self, since: float) -> int:
        self._takes()
        return sum(
            (w.get("last_checked") or 0) >= int(since)
            and w["last_checked"] > (self.before.get(w["url"], {}).get("last_checked") or 0)
            for w in self._watches().values()
        )

    def _takes(self) -> float:
        cpu, memory = tree_takes(self.pid)
        self.peak = max(self.peak, memory)
        return cpu

    def _answers(self) -> bool:
        for file in self.state.glob("*.json"):
            if found := re.search(r'"api_access_token":\s*"([0-9a-f]+)"', file.read_text()):
                self.key = found[1]
        try:
            return bool(self.key) and self._watches() is not None
        except (urllib.error.URLError, ConnectionError):
            return False

    def _until(self, holds: Callable[[], bool], limit: float, what: str) -> None:
        end = time.monotonic() + limit
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError(
                    f"changedetection.io: {what} is not done after {limit:.0f} s; its state is {self.state}"
                )
            time.sleep(EVERY)

    def _watches(self) -> dict[str, Any]:
        """Return what it watches, by its own ids. Its listing fails now and then while it adds or checks pages."""
        for _ in range(LISTINGS - 1):
            try:
                return _listed(self._call("watch"))
            except urllib.error.HTTPError as error:
                if error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise
                time.sleep(1)
        return _listed(self._call("watch"))

    def _call(self, path: str, data: bytes | None = None, method: str | None = None) -> bytes:
        headers = {"x-api-key": self.key, "content-type": "text/plain"}
        request = urllib.request.Request(self.api + path, data=data, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            answer_body: bytes = answer.read()
        return answer_body


def _listed(body: bytes) -> dict[str, Any]:
    watches: dict[str, Any] = json.loads(body)
    return watches

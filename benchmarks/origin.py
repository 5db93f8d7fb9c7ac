"""Serves the written pages from a process of its own: nginx where it is installed, a small server of ours elsewhere.

Two addresses: one gives no validators, so that every answer is a whole page; one gives ETag and Last-Modified. Which
state of the site is served is a symbolic link, changed between rounds. What was asked stands in an access log.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

MODES = ("volatile", "conditional")
"""Every body differs and carries no validator; unchanged pages are the same bytes and are answered with 304."""
STATES = ("first", "unchanged", "changed")
_SHOWN = {
    "volatile": {state: state for state in STATES},
    "conditional": {"first": "first", "unchanged": "first", "changed": "conditional-changed"},
}
# Some programs send the time of their own last check: nginx's default, `exact`, would never answer those with 304.
_CONFIGURATION = """{user}daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
  types {{ text/html html; }} default_type text/plain; charset utf-8;
  sendfile on; tcp_nopush on; keepalive_requests 1000000; keepalive_timeout 75;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  log_format asked '$msec $status $uri'; access_log {folder}/access.log asked;
  server {{ listen 127.0.0.1:{volatile}; root {folder}/volatile; etag off; if_modified_since off; add_header Last-Modified ""; }}
  server {{ listen 127.0.0.1:{conditional}; root {folder}/conditional; if_modified_since before; }}
}}
"""  # noqa: E501


@dataclass(frozen=True, slots=True)
class Origin:
    """A running origin. `server` is its name and version, for the record."""

    folder: Path
    site: Path
    ports: dict[str, int]
    server: str

    def address(self, mode: str) -> str:
        """Return where the pages lie, with a closing slash."""
        return f"http://127.0.0.1:{self.ports[mode]}/"

    def show(self, mode: str, state: str) -> None:
        """Serve this state of the site from now on."""
        link = self.folder / mode
        new = self.folder / f"{mode}.new"
        new.symlink_to(self.site / _SHOWN[mode][state])
        new.replace(link)

    def mark(self) -> int:
        """Return the place in the access log from which `asked` reads on."""
        log = self.folder / "access.log"
        return log.stat().st_size if log.exists() else 0

    def asked(self, mark: int) -> list[tuple[float, int, str]]:
        """Return when, with which status and for what the origin was asked since the mark."""
        with (self.folder / "access.log").open() as log:
            log.seek(mark)
            lines = [line.split(" ", 2) for line in log.read().splitlines()]
        return [(float(at), int(status), path) for at, status, path in lines]

    def statuses(self, mark: int) -> dict[int, int]:
        """Return how often each status was answered since the mark, for pages alone."""
        return dict(Counter(status for _, status, path in self.asked(mark) if path.endswith(".html")))


@contextmanager
def running(folder: Path, site: Path) -> Iterator[Origin]:
    """Run the origin in `folder` over the pages in `site`. Raises TimeoutError if it does not answer in ten seconds."""
    folder.mkdir(parents=True)
    ports = dict(zip(MODES, free_ports(len(MODES)), strict=True))
    command, server = _command(folder, ports)
    origin = Origin(folder, site, ports, server)
    for mode in MODES:
        origin.show(mode, "first")
    with (folder / "output.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            _answering(origin)
            yield origin
        finally:
            process.terminate()


def _command(folder: Path, ports: dict[str, int]) -> tuple[list[str], str]:
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not nginx:
        print("nginx is not installed (on Debian: apt-get install nginx-light); a small server of ours stands in.")
        script = Path(__file__).with_name("small_server.py")
        arguments = [f"{folder / mode}={port}={mode}" for mode, port in ports.items()]
        return [sys.executable, str(script), str(folder / "access.log"), *arguments], "small_server.py"
    user = "user root; " if os.geteuid() == 0 else ""
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(user=user, folder=folder, **ports))
    told = subprocess.run([nginx, "-v"], capture_output=True, text=True, check=True).stderr
    return [nginx, "-p", str(folder), "-c", str(configuration)], told.split(":", 1)[-1].strip()


def free_ports(count: int) -> list[int]:
    """Return that many ports that nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _answering(origin: Origin) -> None:
    for _ in range(100):
        try:
            for mode in MODES:
                with urlopen(origin.address(mode) + "0000.html", timeout=5) as answer:
                    answer.read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"the origin does not answer; its log is {origin.folder / 'output.log'}")

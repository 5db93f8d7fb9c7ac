"""The page beside the daemon: it comes up, moves on a reload, gives way to whoever has its port, and ends in time."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import httpx
import pytest
from support.daemon import Daemon, Start
from support.home import MONITOR, Home
from support.mailbox import free_port


def address_of_the_page(daemon: Daemon) -> str:
    return daemon.until("the page is at").rpartition("the page is at ")[2].strip()


def test_the_page_stands_beside_the_checks_and_ends_with_the_daemon(home: Home, start: Start) -> None:
    daemon = start()
    page = address_of_the_page(daemon)
    daemon.until("mine-ban (untc): changed")
    assert httpx.get(f"{page}healthz").json() == {"status": "ok"}
    assert httpx.get(f"{page}readyz").json() == {"status": "ready", "stale": []}
    assert "treaty_monitor_rounds_total 1.0" in httpx.get(f"{page}metrics").text
    assert httpx.get(f"{page}api/v1/changes").json() == home("changes", "--json").json
    assert daemon.stop() == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{page}healthz")


def test_without_its_port_the_page_is_missed_once_and_the_daemon_goes_on(home: Home, start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        home.write("monitor.toml", MONITOR.replace(":0", f":{taken.getsockname()[1]}"))
        daemon = start()
        daemon.until("the page cannot be served on 127.0.0.1", "going on without it")
        daemon.until("mine-ban (untc): changed")
    daemon.process.send_signal(signal.SIGHUP)
    assert httpx.get(f"{address_of_the_page(daemon)}healthz").is_success
    assert daemon.stop() == 0
    assert len([line for line in daemon.said if "cannot be served" in line]) == 1


def test_a_reload_moves_the_page_and_gives_it_the_new_configuration(home: Home, start: Start) -> None:
    daemon = start()
    page = address_of_the_page(daemon)
    port = free_port()
    home.write("monitor.toml", MONITOR.replace(":0", f":{port}"))
    home.write("groups.toml", 'flank = ["PL", "EE"]\n')
    daemon.process.send_signal(signal.SIGHUP)
    daemon.until("the page is at", f":{port}/")
    groups = httpx.get(f"http://127.0.0.1:{port}/api/v1/countries").json()["groups"]
    assert groups["flank"] == ["EE", "PL"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{page}healthz")
    assert daemon.stop() == 0


def test_no_command_but_run_loads_the_page() -> None:
    script = "import sys, monitor.faces.cli.app, monitor.faces.cli.round; print('fastapi' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "False"

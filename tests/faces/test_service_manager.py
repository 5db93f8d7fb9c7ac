"""What the daemon, as a real process, says to systemd, and the unit that systemd is given."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.daemon import PATIENCE, Start
from support.home import Home
from support.manager import Manager

from monitor.faces.pulse import STUCK, Pulse
from monitor.faces.servicemanager import ServiceManager

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
UNIT = PACKAGING / "systemd" / "treaty-monitor.service"
MOST_EXPOSED = 1.5


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    made = Manager(tmp_path / "notify")
    yield made
    made.close()


def under(manager: Manager, **more: str) -> dict[str, str]:
    return os.environ | {"NOTIFY_SOCKET": manager.address} | more


def beats(manager: Manager) -> int:
    return sum("WATCHDOG" in said for said in manager.heard)


def test_it_is_ready_tells_of_each_round_and_of_its_end(start: Start, manager: Manager) -> None:
    daemon = start(env=under(manager))
    manager.until(READY="1", STATUS="0 of 1 sources read well; no round yet")
    manager.until(STATUS="1 of 1 sources read well; last round 20")
    assert daemon.stop() == 0
    manager.until(STOPPING="1", STATUS="finishing what is in hand")
    assert [list(said) for said in manager.heard if "READY" in said or "STOPPING" in said] == [
        ["READY", "STATUS"],
        ["STOPPING", "WATCHDOG", "STATUS"],
    ]


def test_nothing_is_ready_that_cannot_start(home: Home, manager: Manager) -> None:
    home.write("monitor.toml", 'timezone = "Mars/Olympus"\n')
    process = home.process("run", env=under(manager))
    process.communicate(timeout=PATIENCE)
    assert (process.returncode, manager.heard) == (2, [])


def test_a_reload_is_announced_with_its_instant_and_ended_also_when_the_configuration_is_wrong(
    home: Home, start: Start, manager: Manager
) -> None:
    daemon = start(env=under(manager))
    heard = manager.until(STATUS="1 of 1 sources read well")
    good = (home.config / "monitor.toml").read_text("utf-8")
    for text, status in (("listen = 1", "the new configuration is wrong"), (good, "1 of 1 sources read well")):
        home.write("monitor.toml", text)
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        daemon.process.send_signal(signal.SIGHUP)
        heard = manager.until(since=heard, RELOADING="1")
        assert int(manager.heard[heard - 1]["MONOTONIC_USEC"]) >= before
        heard = manager.until(since=heard, READY="1", STATUS=status)
    assert daemon.stop() == 0


def test_signs_of_life_come_at_a_third_of_the_patience_and_end_with_the_process_that_hangs(
    start: Start, manager: Manager
) -> None:
    daemon = start(env=under(manager, WATCHDOG_USEC="600000"))
    daemon.waited(lambda: "heard" if beats(manager) >= 5 else None)
    daemon.process.send_signal(signal.SIGSTOP)
    time.sleep(0.5)  # what was under way arrives
    then = beats(manager)
    time.sleep(1.0)
    assert beats(manager) == then
    daemon.process.send_signal(signal.SIGCONT)
    daemon.waited(lambda: "heard" if beats(manager) > then else None)
    assert daemon.stop() == 0


def test_no_signs_of_life_are_given_unasked(start: Start, manager: Manager) -> None:
    daemon = start(env=under(manager, WATCHDOG_USEC="200000", WATCHDOG_PID="1"))
    manager.until(STATUS="1 of 1 sources read well")
    assert beats(manager) == 0
    assert daemon.stop() == 0


@pytest.mark.sqlite
def test_trouble_with_the_record_is_shown_and_its_end_too(home: Home, start: Start, manager: Manager) -> None:
    daemon = start(env=under(manager))
    heard = manager.until(STATUS="1 of 1 sources read well")
    for old, new, status in (("delivery", "away", "send: "), ("away", "delivery", "1 of 1 sources read well")):
        home.alter(f"alter table {old} rename to {new}")
        heard = manager.until(since=heard, STATUS=status)
    assert daemon.stop() == 0


def test_a_manager_that_is_gone_or_busy_holds_nothing_up(tmp_path: Path) -> None:
    gone = ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "nobody")})
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "deaf"))
        busy = ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "deaf")})
        for _ in range(2000):  # more than a socket keeps
            busy.status("x" * 200)
            gone.alive()
        assert deaf.recv(1000) == b"STATUS=" + b"x" * 200


def test_an_abstract_socket_is_spoken_to(tmp_path: Path) -> None:
    manager = Manager(f"@treaty-monitor-{os.getpid()}-{tmp_path.name}")
    ServiceManager({"NOTIFY_SOCKET": manager.address}).status("two\nlines")
    manager.until(STATUS="two lines")
    manager.close()


def test_work_without_a_sign_of_life_is_stuck_and_another_sign_frees_it() -> None:
    now = 0.0
    pulse = Pulse(("check", "send"), lambda: now)
    now = STUCK.total_seconds()
    pulse.beat("send")
    assert pulse.stuck() == ()
    now += 1
    assert pulse.stuck() == ("check",)
    pulse.beat("check")
    assert pulse.stuck() == ()


def test_a_daemon_whose_work_hangs_stops_giving_signs_of_life(start: Start, manager: Manager, tmp_path: Path) -> None:
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import time\n"
        "from datetime import timedelta\n"
        "from monitor.faces import pulse\n"
        "from monitor.pipeline import rounds\n"
        "pulse.STUCK = timedelta(seconds=4)\n"
        "rounds.due = lambda desk, now: time.sleep(600)\n"  # a thread that never comes back, as of a dead network disk
    )
    daemon = start(env=under(manager, WATCHDOG_USEC="300000", PYTHONPATH=str(hook)))
    page = daemon.until("the page is at").split()[-1]
    daemon.until("check", "no sign of life for too long")
    answer = httpx.get(f"{page}healthz")
    assert (answer.status_code, "check" in answer.json()["stuck"]) == (503, True)
    then = beats(manager)
    assert then > 0
    time.sleep(1.0)
    assert beats(manager) == then
    daemon.process.kill()


needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed (Debian: apt-get install systemd)"
)


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/treaty-monitor/bin/treaty-monitor", "/bin/true"), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_the_unit_is_hardened() -> None:
    words = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    level = re.search(r"Overall exposure level for treaty-monitor.service: ([\d.]+)", done.stdout)
    assert level, done.stdout + done.stderr
    assert float(level[1]) <= MOST_EXPOSED


def test_the_unit_waits_longer_than_the_daemon_takes() -> None:
    from monitor.faces.daemon import GRACE  # noqa: PLC0415 - beside what it is compared with

    unit = UNIT.read_text("utf-8")
    assert "\nType=notify\n" in unit
    assert GRACE < 90
    assert "\nTimeoutStopSec=90s\n" in unit
    assert GRACE < 120  # no sign of life is given while what is in hand is finished
    assert "\nWatchdogSec=2min\n" in unit

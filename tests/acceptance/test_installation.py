"""The documented installation, word for word in a fresh directory, ends with a running, ready service."""

from __future__ import annotations

import os
import shlex
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from support.documented import Machine, blocks
from support.home import LAST
from support.manager import Manager

from monitor.faces.demo.depositary import Depositary
from monitor.faces.demo.replica import write_page
from monitor.faces.demo.scenes import REFERENCE

PAGE = "how-to/install.md"
UNIT = "/etc/systemd/system/treaty-monitor.service"
PATIENCE = 30.0


@pytest.fixture
def depositary() -> Iterator[Depositary]:
    with Depositary() as made:
        made.show(REFERENCE, write_page(LAST, datetime(2026, 2, 3, 10, tzinfo=UTC)))
        yield made


def watch(machine: Machine, depositary: Depositary) -> None:
    """Put the replica in the place of the depositary, as the network is none of this test's."""
    config = machine.path("/etc/treaty-monitor")
    for treaty in (config / "treaties").iterdir():
        treaty.unlink()
    (config / "treaties" / "mine-ban.toml").write_text(
        f'reference = "{REFERENCE}"\n[[sources]]\nsource = "untc"\nurl = "{depositary.address(LAST.path)}"\n', "utf-8"
    )
    monitor = (config / "monitor.toml").read_text("utf-8")
    monitor = monitor.replace("[network]", '[network]\nallow = ["127.0.0.1/32"]')
    (config / "monitor.toml").write_text(monitor.replace("127.0.0.1:8477", "127.0.0.1:0"), "utf-8")


class Service:
    """Plays systemd: starts what the installed unit says, with its environment, and waits until it is ready."""

    def __init__(self, machine: Machine) -> None:
        unit = [line.partition("=") for line in machine.path(UNIT).read_text("utf-8").splitlines()]
        said = dict(value.partition("=")[::2] for key, _, value in unit if key == "Environment")
        (command,) = [value for key, _, value in unit if key == "ExecStart"]
        self.manager = Manager(machine.path("/notify"))
        self.log = machine.path("/journal")
        environment = machine.environment | said | {"NOTIFY_SOCKET": self.manager.address}
        self.process = subprocess.Popen(shlex.split(command), env=environment, stderr=self.log.open("wb"), cwd="/")  # noqa: S603
        self.manager.until(READY="1")

    def page(self) -> str:
        """Return the address of the page, once it is served."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for line in self.log.read_text("utf-8").splitlines():
                if "the page is at" in line:
                    return line.split()[-1]
            time.sleep(0.05)
        pytest.fail(self.log.read_text("utf-8"))

    def ready(self) -> httpx.Response:
        """Ask until it is ready, and return the answer."""
        address, end = f"{self.page()}readyz", time.monotonic() + PATIENCE
        while (answer := httpx.get(address)).status_code != 200 and time.monotonic() < end:
            time.sleep(0.1)
        return answer

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(PATIENCE)
        self.manager.until(STOPPING="1")
        self.manager.close()
        return code


def follow(machine: Machine, depositary: Depositary) -> None:
    """Do what the page says, to its end."""
    program, places, check, first, service, ready = blocks(PAGE)
    machine.type(program)
    machine.type(places)
    machine.move("/usr/local/bin/treaty-monitor")
    watch(machine, depositary)
    assert "no mistake" in machine.type(check)
    told = machine.type(first)
    assert "Poland: withdrawal notified" in told
    machine.type(service)
    machine.move(UNIT)
    assert machine.path("/systemctl.log").read_text("utf-8").split("\n")[:2] == [
        "daemon-reload",
        "enable --now treaty-monitor",
    ]
    running = Service(machine)
    try:
        assert "8477/readyz" in ready
        answer = running.ready()
        assert (answer.status_code, answer.json()["status"]) == (200, "ready")
        assert "Poland" in httpx.get(running.page()).text
    finally:
        assert running.stop() == 0


def test_the_documented_installation_ends_with_a_ready_service(tmp_path: Path, depositary: Depositary) -> None:
    # the packages are those of this environment, and none is fetched; the program itself is built and installed
    lent = {"PYTHONPATH": sysconfig.get_paths()["purelib"], "PIP_NO_BUILD_ISOLATION": "false", "PIP_NO_INDEX": "1"}
    machine = Machine(tmp_path, **lent)
    follow(machine, depositary)
    (found,) = machine.path("/opt/treaty-monitor/lib").glob("python3*/site-packages/monitor/__init__.py")
    assert found.is_file()


@pytest.mark.soak
def test_the_documented_installation_with_every_package_fetched(tmp_path: Path, depositary: Depositary) -> None:
    machine = Machine(tmp_path, PYTHONPATH="")
    follow(machine, depositary)
    pip = machine.path("/opt/treaty-monitor/bin/pip")
    subprocess.run([pip, "check"], check=True, env=os.environ | {"PYTHONPATH": ""})  # noqa: S603

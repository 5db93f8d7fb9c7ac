"""What can be said of the container files without an engine: linted, complete, and their configuration is right."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from support.mailbox import free_port

from monitor.faces.demo.serving import Answer, LocalServer

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
COMPOSE = ROOT / "packaging" / "compose"


def ran(*words: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return] # noqa: S603


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """Return a copy of the compose folder in which the secrets were made."""
    shutil.copytree(COMPOSE, tmp_path / "compose", ignore=shutil.ignore_patterns("secrets"))
    assert ran(tmp_path / "compose" / "prepare").returncode == 0
    return tmp_path / "compose"


def test_the_linter_finds_nothing_in_the_dockerfile() -> None:
    done = ran(TOOLS / "hadolint", ROOT / "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_compose_file_follows_the_specification() -> None:
    done = ran(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", ROOT / "compose.yaml")
    assert done.returncode == 0, done.stdout


def test_what_the_image_is_made_of_is_there_and_not_ignored() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    allowed = set((ROOT / ".dockerignore").read_text("utf-8").splitlines())
    sources = [source for line in copied for source in line.split()]
    assert sources
    for source in sources:
        assert (ROOT / source).exists()
        assert f"!{source}" in allowed


def test_what_the_compose_file_names_is_there_once_prepared(prepared: Path) -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    secrets = {Path(secret["file"]).name for secret in compose["secrets"].values()}
    assert secrets == {path.name for path in (prepared / "secrets").iterdir()}
    mounted = {
        volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", ())
    }
    assert {v for v in mounted if v.startswith(".")} == {"./packaging/compose/config"}
    assert all(port.startswith("127.0.0.1:") for s in compose["services"].values() for port in s.get("ports", ()))


def test_the_secrets_are_made_once(prepared: Path) -> None:
    before = {path: path.read_bytes() for path in (prepared / "secrets").iterdir()}
    again = ran(prepared / "prepare")
    assert (again.returncode, "there already" in again.stderr) == (0, True)
    assert {path: path.read_bytes() for path in (prepared / "secrets").iterdir()} == before


def test_the_configuration_of_the_containers_has_no_mistake(prepared: Path, tmp_path: Path) -> None:
    file = prepared / "config" / "monitor.toml"
    file.write_text(file.read_text("utf-8").replace("/run/secrets", str(prepared / "secrets")), "utf-8")
    words = ("--config", prepared / "config", "--state", tmp_path / "state", "--json")
    done = ran(sys.executable, "-m", "monitor", "config", "check", *words)
    assert json.loads(done.stdout)["mistakes"] == []


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_ends_as_the_daemon_answers(status: int, code: int) -> None:
    with LocalServer(lambda _: Answer(status)) as server:
        done = ran(
            sys.executable, ROOT / "packaging" / "healthy.py", env={"TREATY_MONITOR_HEALTH": f"{server.url}/healthz"}
        )
    assert done.returncode == code


def test_the_health_check_tells_of_a_daemon_that_is_not_there() -> None:
    address = f"http://127.0.0.1:{free_port()}/healthz"
    done = ran(sys.executable, ROOT / "packaging" / "healthy.py", env={"TREATY_MONITOR_HEALTH": address})
    assert (done.returncode, address in done.stderr, "Traceback" in done.stderr) == (1, True, False)

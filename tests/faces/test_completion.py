"""Completion in a real bash: what a user types and what the shell offers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
ENVIRONMENT = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
ASKED = """
{load}
COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_treaty_monitor_completion treaty-monitor
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def bash(script: str, **more: str) -> list[str]:
    words = [shutil.which("bash") or "bash", "--norc", "-c", script]
    done = subprocess.run(words, env=ENVIRONMENT | more, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("treaty-monitor ch", {"check", "changes", "channels"}),
        ("treaty-monitor deliveries r", {"retry"}),
        ("treaty-monitor status --cou", {"--country"}),
        ("treaty-monitor run --log-format j", {"json"}),
    ],
)
def test_the_shell_offers_commands_and_options(words: str, offered: set[str]) -> None:
    load = 'eval "$(treaty-monitor --show-completion)"'
    assert set(bash(ASKED.format(load=load, words=words))) == offered


def test_installed_completion_works_in_the_next_shell(tmp_path: Path) -> None:
    bash("treaty-monitor --install-completion; true", HOME=str(tmp_path))
    assert bash(ASKED.format(load="source ~/.bashrc", words="treaty-monitor ini"), HOME=str(tmp_path)) == ["init"]

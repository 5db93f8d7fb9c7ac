"""Follows a page of the documentation: its `sh` blocks are run word for word, below a folder in the place of `/`.

What only root may do, and what only systemd can, is done by stand-ins of the same names; everything else is real.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MOVED = re.compile(r"(?<![\w/.])/(?=(?:opt|etc|var/lib|usr/local/bin)/)")

STAND_INS = {
    # install without owner and group: the user of the service is not made here
    "install": 'args=(); while [ $# -gt 0 ]; do case "$1" in -g|-o) shift 2;; *) args+=("$1"); shift;; esac; done\n'
    'exec {install} "${{args[@]}}"',
    "chown": "exit 0",
    "systemd-sysusers": "exit 0",
    "systemctl": 'echo "$*" >> {root}/systemctl.log',
    "runuser": 'shift 3; exec "$@"',  # -u USER --
}


def blocks(page: str) -> list[str]:
    """Return what a page tells to type, block by block."""
    return BLOCK.findall((ROOT / "docs" / page).read_text("utf-8"))


def copy_of_the_source(target: Path) -> Path:
    """Copy what git has of this checkout, and what it would take, as a clone would."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0"):  # noqa: S603
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    return target


class Machine:
    """A folder in the place of `/`, a clone of the source, and a shell in it."""

    def __init__(self, root: Path, **environment: str) -> None:
        self.root = root
        self.source = copy_of_the_source(root / "source")
        self._make_stand_ins(root / "stand-ins")
        paths = (root / "stand-ins", root / "usr/local/bin", os.environ["PATH"])
        self.environment = os.environ | environment | {"PATH": os.pathsep.join(map(str, paths))}

    def _make_stand_ins(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        for name, script in STAND_INS.items():
            filled = script.format(install=shutil.which("install"), root=shlex.quote(str(self.root)))
            (folder / name).write_text(f"#!/bin/bash\n{filled}\n", "utf-8")
            (folder / name).chmod(0o755)

    def path(self, name: str) -> Path:
        """Return where a file of the documentation is: "/etc/treaty-monitor" below the folder."""
        return self.root / name.removeprefix("/")

    def moved(self, text: str) -> str:
        """Return a text in which every path of the documentation lies below the folder."""
        return MOVED.sub(f"{self.root}/", text)

    def move(self, name: str) -> None:
        """Let an installed file name the paths below the folder."""
        file = self.path(name)
        file.write_text(self.moved(file.read_text("utf-8")), "utf-8")

    def type(self, block: str) -> str:
        """Run one block in a shell and return what it printed; a command that fails ends the test with its words."""
        words = ["bash", "-euo", "pipefail", "-c", self.moved(block)]
        done = subprocess.run(  # noqa: S603
            words, cwd=self.source, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        return done.stdout

"""Keeps each peer in an environment of its own, outside the tree: made once, with a pinned version, from the index."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

VERSIONS = {"urlwatch": "2.29", "webchanges": "3.37.0", "changedetection.io": "0.60.10"}
EXTRAS = {"urlwatch": ("cssselect",)}
"""What a peer needs for the filter that is used, and does not ask for itself."""


def cache() -> Path:
    """Return the folder for everything that is big and can be made again: BENCH_DIR, or one in the user's cache."""
    return Path(os.environ.get("BENCH_DIR") or Path.home() / ".cache" / "treaty-monitor-bench").resolve()


def program(peer: str) -> Path:
    """Return the peer's command, installed if it is not yet. Raises CalledProcessError if it cannot be installed."""
    folder = cache() / "venv" / peer
    ready = folder / f".ready-{VERSIONS[peer]}"
    if not ready.exists():
        print(f"Installing {peer} {VERSIONS[peer]} into {folder} (once)…", flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        wanted = [f"{peer}=={VERSIONS[peer]}", *EXTRAS.get(peer, ())]
        pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        subprocess.run([*pip, *wanted], check=True)
        ready.touch()
    return folder / "bin" / peer

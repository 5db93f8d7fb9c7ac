"""One run of the whole program in a process of its own, to which something happens at a named step: mostly death.

Reads tasks from stdin, one line each, and does each in a process forked for it: real processes with real deaths,
without a second of imports for each. Of every forked process it prints the number, then how it ended.
"""

from __future__ import annotations

import asyncio
import ctypes
import importlib
import json
import os
import resource
import signal
import struct
import sys
import threading
import traceback
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from monitor import bootstrap
from monitor.pipeline.outbox import deliver_due
from monitor.pipeline.rounds import check_round
from monitor.settings import Settings, load_settings

ENTERED_LATE = (
    "monitor.channels.registry",
    "monitor.fetching.http",
    "monitor.storage.migrate",
    "anyio._backends._asyncio",
    "alembic.context",
)
"""What the program imports when it needs it; here it is read before a process is forked."""


def die() -> None:
    """End as `kill -9` ends a process: at once, with nothing put in order."""
    os.kill(os.getpid(), signal.SIGKILL)


def fill_the_disk() -> None:
    """Let no file grow any more; Python ignores the signal that goes with it, so writing fails."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))


def free_the_disk() -> None:
    """Undo it, so that the process can still say in a file what went wrong."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


HAPPENINGS = {"dies": die, "disk is full": fill_the_disk}


def become_nobody_special() -> None:
    """Give up root's rights over other people's files (capset, with every set empty), as tests may run as root."""
    header, nothing = struct.pack("Ii", 0x20080522, 0), bytes(24)
    if ctypes.CDLL(None, use_errno=True).capset(header, nothing):
        raise OSError(ctypes.get_errno(), "capset")


@dataclass
class Steps:
    """Counts the named steps, and lets something happen when the process comes to `step` for the `nth` time."""

    step: str | None
    nth: int
    happens: str
    seen: Counter[str] = field(default_factory=Counter)
    door: Any = field(default_factory=threading.Lock)

    def __call__(self, name: str) -> None:
        with self.door:
            self.seen[name] += 1
            if name == self.step and self.seen[name] == self.nth:
                HAPPENINGS[self.happens]()


def run(task: dict[str, Any]) -> None:
    """Check everything and deliver what is due, at the task's own instant; write down how often each step came."""
    steps = Steps(task["step"], task["nth"], task["happens"])
    settings = _settings(Path(task["config"]), Path(task["state"]))
    if task["poor"]:
        become_nobody_special()
    asyncio.run(_round(settings, task, steps))
    Path(task["steps"]).write_text(json.dumps(steps.seen), encoding="utf-8")


@lru_cache(maxsize=1)
def _settings(config: Path, state: Path) -> Settings:
    """Read the configuration; the parent does so once for all runs of one installation."""
    return load_settings(config, state)


async def _round(settings: Settings, task: dict[str, Any], steps: Steps) -> None:
    now = datetime.fromisoformat(task["now"])
    async with bootstrap.build(settings, patient=False, step=steps) as desk:
        if task["check"]:
            await check_round(desk, desk.watched(), lambda: now, lambda _: None)
        await deliver_due(desk, lambda: now)


def serve() -> None:
    """Do every task of stdin in a process of its own."""
    for name in ENTERED_LATE:
        importlib.import_module(name)
    for line in sys.stdin:
        task = json.loads(line)
        _settings(Path(task["config"]), Path(task["state"]))
        child = os.fork()
        if child == 0:
            _and_exit(task)
        _say(child)
        _say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _and_exit(task: dict[str, Any]) -> None:
    """Run and end the process here, whatever happens: the loop of the parent is not the child's."""
    code = 1
    try:
        run(task)
        code = 0
    except Exception:  # noqa: BLE001 - whatever it was, the test shows its trace
        free_the_disk()
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve()

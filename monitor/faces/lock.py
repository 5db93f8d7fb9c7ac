"""Keeps a second daemon out of the same state: a lock that the system frees when its holder ends, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from monitor.domain.errors import StorageError, UsageError

LOCK, HOLDER = "daemon.lock", "daemon.pid"


@contextmanager
def only_one(state_dir: Path) -> Iterator[None]:
    """Hold the state folder for this process. Raises UsageError if another holds it, StorageError if nobody can."""
    lock = FileLock(state_dir / LOCK, timeout=0)
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise UsageError(
            f"{state_dir}: another treaty-monitor ({_holder(state_dir)}) is running on this state;"
            " stop it first, or name another directory with --state"
        ) from None
    except OSError as error:
        raise StorageError(f"{state_dir}: the state directory cannot be used: {error.strerror or error}") from error
    holder = state_dir / HOLDER
    try:
        with suppress(OSError):  # the number only helps whoever is kept out; a full disk must not stop the daemon
            holder.write_text(f"{os.getpid()}\n", "ascii")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(state_dir: Path) -> str:
    try:
        return f"process {int((state_dir / HOLDER).read_text('ascii'))}"
    except (OSError, ValueError):
        return "its process number is not known"

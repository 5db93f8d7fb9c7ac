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
    make(state_dir)
    lock = FileLock(state_dir / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise UsageError(
            f"{state_dir}: another treaty-monitor ({_holder(state_dir)}) is running on this state;"
            " stop it first, or name another directory with --state"
        ) from None
    except OSError as error:
        raise _unusable(state_dir, error) from error
    holder = state_dir / HOLDER
    try:
        with suppress(OSError):  # the number only helps whoever is kept out; a full disk must not stop the daemon
            holder.write_text(f"{os.getpid()}\n", "ascii")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def make(state_dir: Path) -> None:
    """Make the state folder where there is none. Raises StorageError."""
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(state_dir, error) from error


def _unusable(state_dir: Path, error: OSError) -> StorageError:
    return StorageError(f"{state_dir}: the state directory cannot be used: {error.strerror or error}")


def _holder(state_dir: Path) -> str:
    try:
        return f"process {int((state_dir / HOLDER).read_text('ascii'))}"
    except (OSError, ValueError):
        return "its process number is not known"

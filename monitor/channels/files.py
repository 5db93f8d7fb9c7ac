"""Writes files that others read meanwhile: a line stands in them whole or not at all, and so does a whole file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

PATIENCE = 10.0
"""Seconds that another process of this program may hold the file."""


def append_line(path: Path, line: str) -> None:
    """Append one line and wait until it is on the disk. Raises OSError, and then nothing of it is left.

    What a crash has torn off before keeps a line of its own, so that it spoils no other.
    """
    with _alone(path), path.open("a+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        try:
            _write(file.fileno(), _missing_end(file.fileno(), size) + line.encode() + b"\n")
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), size)
            raise


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Replace a file's content by what `change` makes of it (of nothing, where there is none). Raises OSError.

    Readers see the old file or the new one. Two processes that rewrite one file wait for each other. A link keeps its
    place, and what it leads to is replaced.
    """
    path = Path(os.path.realpath(path))
    part = path.with_name(f".{path.name}.part")
    with _alone(path):
        content = change(path.read_bytes() if path.exists() else b"")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _settle(path.parent)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with FileLock(path.with_name(f".{path.name}.lock"), timeout=PATIENCE):
        yield


def _missing_end(descriptor: int, size: int) -> bytes:
    return b"\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else b""


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _settle(folder: Path) -> None:
    """Wait until the new name is on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Writes a file whole or not at all, so that a power cut or a full disk never leaves half of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


@contextmanager
def whole_file(target: Path) -> Iterator[IO[bytes]]:
    """Open a file beside `target` that takes its name when the block ends well, and vanishes when it does not.

    When the block has ended, the file and its name are on the disk. A device or a pipe of that name keeps it, and takes
    what is written as it comes. Raises OSError.
    """
    if target.exists() and not target.is_file():
        with target.open("wb") as out:
            yield out
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name[:40]}.", delete=False) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(target)
        except BaseException:  # an interrupt, too, must leave nothing behind
            with suppress(OSError):
                Path(file.name).unlink()
            raise
    _sync_directory(target.parent)


def _sync_directory(directory: Path) -> None:
    """Bring the directory's new entry to the disk; its files alone would not be found after a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Writes a file whole or not at all, so that a power cut or a full disk never leaves half of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import IO

PRIVATE = 0o600
"""The rights of what is the program's own: it says who is told of what."""


@contextmanager
def whole_file(target: Path, rights: int = PRIVATE) -> Iterator[IO[bytes]]:
    """Open a file beside `target` that takes its name when the block ends well, and vanishes when it does not.

    When the block has ended, the file and its name are on the disk; it has these rights, less what the process's umask
    takes away. A link of that name leads to the file that is written; a device or a pipe keeps its name, and takes what
    comes as it comes. Raises OSError.
    """
    if target.is_symlink():
        target = Path(os.path.realpath(target))
    if target.exists() and not target.is_file():
        with target.open("wb") as out:
            yield out
        return
    scratch = target.with_name(f".{target.name[:40]}.{token_hex(8)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, rights)
    with os.fdopen(descriptor, "wb") as file, ExitStack() as failed:
        failed.callback(_forget, scratch)  # an interrupt, too, must leave nothing behind
        yield file
        file.flush()
        os.fsync(file.fileno())
        scratch.replace(target)
        failed.pop_all()
    _sync(target.parent)


def _forget(scratch: Path) -> None:
    with suppress(OSError):
        scratch.unlink()


def make_directory(directory: Path) -> None:
    """Make a directory, and those above it, where they are missing; when this returns they are on the disk.

    Raises OSError.
    """
    try:
        directory.mkdir()
    except FileNotFoundError:
        make_directory(directory.parent)
        make_directory(directory)
    except OSError:
        if not directory.is_dir():
            raise
    else:
        _sync(directory.parent)


def _sync(directory: Path) -> None:
    """Bring the directory's new entry to the disk; what it names would not be found after a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

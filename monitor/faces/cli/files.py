"""Reads and writes the files that a user names, and says in one sentence what the system refused."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from errno import EDQUOT, EFBIG, EIO, ENOSPC
from pathlib import Path

from monitor.domain.errors import MonitorError, UsageError
from monitor.faces.cli.trouble import told
from monitor.storage.whole import whole_file

LARGEST = 64 * 1024 * 1024
"""Bytes of a saved page at most: real ones have up to 3.2 MB."""

OF_THE_DISK = {EDQUOT, EFBIG, EIO, ENOSPC}
"""Errors for which no name that the user might have given is better."""

READABLE = 0o666
"""The rights of a file that a user asks for: what any program gives its files."""


def read(path: Path) -> bytes:
    """Return what a file holds; "-" is stdin. Raises UsageError."""
    try:
        with path.open("rb") if str(path) != "-" else nullcontext(sys.stdin.buffer) as file:
            body = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: the file cannot be read: {error.strerror or error}") from error
    if len(body) > LARGEST:
        raise UsageError(f"{path}: the file has more than {LARGEST // 1024 // 1024} MB; no page is so large")
    return body


def is_stdout(path: Path) -> bool:
    """Whether stdout is meant; /dev/stdout may lead to a file, which is not ours to replace."""
    return str(path) in {"-", "/dev/stdout"}


def write(path: Path | None, body: bytes) -> None:
    """Write a file whole or not at all, or into a device or a pipe; None or "-" is stdout. Raises MonitorError."""
    if path is None or is_stdout(path):
        with told():
            sys.stdout.buffer.write(body)
        return
    try:
        with whole_file(path, READABLE) as file:
            file.write(body)
    except OSError as error:
        wrong = MonitorError if error.errno in OF_THE_DISK else UsageError
        raise wrong(f"{path}: the file cannot be written: {error.strerror or error}") from error

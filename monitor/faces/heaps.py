"""Keeps the memory of a process that runs for years small, where the C library lets itself be asked."""

from __future__ import annotations

import ctypes
from contextlib import suppress

HEAPS = 2
_M_ARENA_MAX = -8
"""glibc's name for the number of heaps (mallopt(3))."""


def share_heaps() -> None:
    """Let all threads begun from now on share a few heaps. Without glibc nothing happens.

    glibc gives each thread a heap of its own, up to eight for a processor, and each of them keeps the room that the
    largest page took that was ever read in it: 7 MB of 123 after a first round of 500 pages.
    """
    with suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, HEAPS)

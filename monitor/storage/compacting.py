"""Gives the free pages of an SQLite file back to the disk, where they are much of it and nobody waits long for it."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from monitor.storage.trouble import sentence

logger = logging.getLogger(__name__)

LEAST = 16 * 1024 * 1024
"""Free bytes below which it is not worth it."""
SHARE = 1 / 4
"""The part of the file that must be free."""
MOST = 1_000_000_000
"""Bytes in use beyond which others would wait longer than their patience: 175 MB took 1.2 s."""


def compact(file: Path) -> int:
    """Rewrite the file without its free pages, where that is due; return how many bytes that gave back.

    In one transaction of SQLite's own: a kill leaves the file as it was. Where another process is writing, or the disk
    has no room for the copy, nothing is done: what is free is used again, and there will be another day.
    """
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as database:
        free, used = _pages(database)
        if free < max(LEAST, SHARE * (free + used)) or used > MOST:
            return 0
        try:
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the copy went through the log beside the file
        except sqlite3.OperationalError as error:
            logger.info("not compacted: %s", sentence(str(file), error))
            return 0
        return free + used - sum(_pages(database))


def _pages(database: sqlite3.Connection) -> tuple[int, int]:
    """Return the bytes of free pages, and of those in use."""
    asked = ("page_count", "freelist_count", "page_size")
    count, free, each = (int(database.execute(f"PRAGMA {name}").fetchone()[0]) for name in asked)
    return free * each, (count - free) * each

"""Tells another program's SQLite database from a record, before anything is written to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from monitor.domain.errors import StorageError

OURS = frozenset({"alembic_version", "reading"})
"""Tables that every record has had from its first schema on."""

SHOWN = 3
"""Tables of a stranger that the sentence names."""


def refuse_foreign(file: Path | None) -> None:
    """Raise StorageError if the file is a database of another program; it is opened for reading alone.

    Passes what cannot be read: whoever opens the file in earnest says why.
    """
    names: list[str] = []
    if file is not None and file.is_file():
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database,
        ):
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type != 'index'")]
    if names and not OURS.issubset(names):
        shown = ", ".join(sorted(names)[:SHOWN]) + ("…" if len(names) > SHOWN else "")
        raise StorageError(
            f"{file}: this is the database of another program (it holds {shown}); nothing was written to it."
            " Move it away, or name another state directory with --state DIR"
        )

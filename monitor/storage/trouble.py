"""Says in one sentence what is wrong with the database, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, ProgrammingError

from monitor.domain.errors import StorageError

_LOCKED = "is locked by another program for too long; stop that program, or wait until it is done, and repeat"

_SENTENCES = {
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_FULL": "cannot grow: the disk is full; nothing was changed; free some space and repeat",
    "SQLITE_IOERR": (
        "cannot be read or written: the disk is full, failing, or a limit on file sizes is reached;"
        " nothing was changed; look at the disk and repeat"
    ),
    "SQLITE_READONLY": "cannot be written; give this user the right to write the file and its directory",
    "SQLITE_CANTOPEN": "cannot be opened; see that its directory exists and that this user may read and write there",
    "SQLITE_PERM": "cannot be opened; give this user the right to read and write the file and its directory",
    "SQLITE_CORRUPT": "is damaged; move it away and restore the last backup with: treaty-monitor restore FILE",
    "SQLITE_NOTADB": (
        "is damaged or no database at all; move it away and restore the last backup with: treaty-monitor restore FILE"
    ),
}
"""What to say of SQLite's error codes (https://www.sqlite.org/rescode.html); longer codes begin with these."""


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn errors of the database at this place into StorageError; mistakes of the program pass unchanged."""
    try:
        yield
    except (DataError, IntegrityError, ProgrammingError):
        raise  # wrong SQL, or a value that the schema does not take, is ours, not the user's
    except DBAPIError as error:
        # SQLite's own OperationalError is about this machine's disk: waiting does not mend it
        temporary = isinstance(error, OperationalError) and not hasattr(error.orig, "sqlite_errorname")
        raise StorageError(sentence(where, error.orig), temporary=temporary) from error


def sentence(where: str, error: BaseException | None) -> str:
    """Return the sentence for an error of the database's driver."""
    code = getattr(error, "sqlite_errorname", "")
    known = next((text for name, text in _SENTENCES.items() if code.startswith(name)), None)
    if known:
        return f"{where}: the database {known}"
    first = (str(error).strip().splitlines() or ["no reason given"])[0]
    return f"{where}: the database cannot be used: {first}; see that it is there and that this user may use it"

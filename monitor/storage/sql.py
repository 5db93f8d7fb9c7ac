"""The record in a database: SQLite in the state directory, or PostgreSQL, opened at this program's schema."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, text

from monitor.domain.errors import StorageError
from monitor.storage.beginning import make_schema
from monitor.storage.bookkeeping import Bookkeeping
from monitor.storage.channelbook import ChannelBook
from monitor.storage.departures import Departures
from monitor.storage.digests import Digests
from monitor.storage.engine import PATIENCE, READ_ONLY, connect_to, place_of, sqlite_file
from monitor.storage.excerpts import Excerpts
from monitor.storage.foreign import refuse_foreign
from monitor.storage.outbox import Outbox
from monitor.storage.outlooks import Outlooks
from monitor.storage.record import Record
from monitor.storage.retention import Retention
from monitor.storage.snapshots import Snapshots
from monitor.storage.tables import REVISION
from monitor.storage.trouble import explained

DATABASE = "monitor.sqlite3"
"""The file of the record in the state directory."""


class SqlTransaction(
    Bookkeeping, Snapshots, Excerpts, Outlooks, Record, Outbox, Digests, ChannelBook, Departures, Retention
):
    """Everything that one transaction can do, over one connection."""


class SqlStorage:
    """Opens transactions. May be used by several threads at once; each transaction has a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.where = place_of(engine)
        """How the database is named to a user: never with a password."""
        self._turn = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        # SQLite has one writer; its own queue is a sleep and another try, ten times slower than waiting in line

    @property
    def file(self) -> Path | None:
        """The SQLite file that holds the record, or None for PostgreSQL."""
        return sqlite_file(self.engine)

    @contextmanager
    def begin(self, *, read_only: bool = False) -> Iterator[SqlTransaction]:
        """Open a transaction: committed when the block ends well, rolled back when it ends with an exception.

        Raises StorageError where the database cannot be used; nothing of the transaction is then written.
        """
        with self._connection(read_only=read_only) as connection:
            yield SqlTransaction(connection)

    @contextmanager
    def _connection(self, *, read_only: bool = False) -> Iterator[Connection]:
        options = READ_ONLY[self.engine.dialect.name] if read_only else {}
        with (
            explained(self.where),
            nullcontext() if read_only else self._turn,
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a transaction that reads one state of the whole record, table by table."""
        return self._connection(read_only=True)

    def upgrade(self) -> None:
        """Bring the database to this program's schema. Raises StorageError if a newer version wrote it."""
        with self._connection(read_only=True) as connection:
            if _revision(connection) == REVISION:
                return
        with self._connection() as connection:
            if not make_schema(connection):
                from monitor.storage.migrate import migrate  # noqa: PLC0415 Alembic costs 0.1 s, and is needed once a version

                migrate(connection, self.where)

    def compact(self) -> int:
        """Give free pages of an SQLite file back to the disk, where that is due; return how many bytes."""
        from monitor.storage.compacting import compact  # noqa: PLC0415 once a day

        if self.file is None:
            return 0  # PostgreSQL does it by itself
        with self._turn:
            return compact(self.file)

    def close(self) -> None:
        """Release the database."""
        self.engine.dispose()


def open_storage(place: str | Path, *, create: bool = True, patience: float = PATIENCE) -> SqlStorage:
    """Open the record in a state directory, or at a database URL, and bring it to this program's schema.

    `create` makes a missing directory and database; `patience` is how long, in seconds, a transaction waits
    for another process. Raises StorageError, also for another program's database, and UsageError for an unusable URL.
    """
    engine = connect_to(_address(place, create=create), patience=patience)
    refuse_foreign(sqlite_file(engine))
    storage = SqlStorage(engine)
    with ExitStack() as failed:
        failed.callback(storage.close)  # whatever goes wrong, nobody else will release the connections
        storage.upgrade()
        failed.pop_all()
    return storage


def _address(place: str | Path, *, create: bool) -> str | URL:
    if isinstance(place, str) and "://" in place:
        return place
    return URL.create("sqlite", database=str(_file_in(Path(place), create=create)))


def _file_in(directory: Path, *, create: bool) -> Path:
    file = directory / DATABASE
    if create:
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"{directory}: the state directory cannot be made: {error.strerror};"
                " name a directory that this user may write to with --state DIR"
            ) from error
    elif not file.is_file():
        raise StorageError(f"{file}: there is no record here; make one with: treaty-monitor init, then check")
    return file


def _revision(connection: Connection) -> str | None:
    """Return the schema's revision that the database names, or None for a database without one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision

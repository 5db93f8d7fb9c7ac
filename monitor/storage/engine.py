"""Connects to the database, so that each transaction is safe against power cuts and against other processes."""

from __future__ import annotations

from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from monitor.domain.errors import UsageError

PATIENCE = 10.0
"""Seconds for which a transaction waits while another process writes."""

READ_ONLY: dict[str, dict[str, Any]] = {
    "sqlite": {"read_only": True},  # see _begin
    "postgresql": {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"},
}
"""By database, the options of a connection that only reads, and reads one state throughout."""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers and one writer at a time do not disturb one another
    "PRAGMA synchronous = FULL",  # a commit is on the disk before anybody is told; NORMAL may lose the last ones
    "PRAGMA foreign_keys = ON",
)


def connect_to(address: str | URL, *, patience: float = PATIENCE) -> Engine:
    """Return the engine for a database URL. Nothing is opened yet. Raises UsageError for an unusable URL."""
    try:
        url = _with_driver(make_url(address))
        if url.get_backend_name() == "sqlite":
            return _sqlite(url, patience)
        if url.get_backend_name() == "postgresql":
            return create_engine(url, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        # the address may hold a password and is not repeated
        raise UsageError("database: this is no address of a database; write postgresql://USER@HOST/NAME") from error
    except ModuleNotFoundError as error:
        raise UsageError(f"database: PostgreSQL needs a driver that is not installed: {error.name}") from error
    raise UsageError(f'database: "{url.get_backend_name()}" is not supported; use postgresql:// or leave the key out')


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.drivername in {"postgres", "postgresql"} else url


def sqlite_file(engine: Engine) -> Path | None:
    """Return the file that holds the database, or None if it is not SQLite."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name else None


def place_of(engine: Engine) -> str:
    """Return how the database is named to a user: its file, or its address without the password."""
    return str(sqlite_file(engine) or engine.url.render_as_string(hide_password=True))


def _sqlite(url: URL, patience: float) -> Engine:
    engine = create_engine(url, connect_args={"timeout": patience})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(raw: SqliteConnection, _record: object) -> None:
    """Set a new connection up. The driver's own BEGIN is switched off: it comes too late (see _begin)."""
    raw.isolation_level = None
    for pragma in _PRAGMAS:
        raw.execute(pragma)


def _begin(connection: Connection) -> None:
    """Take the right to write at once: two that read first and write later could only fail one another."""
    read_only = connection.get_execution_options().get("read_only", False)
    if connection.info.get("read_only") != read_only:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
        connection.info["read_only"] = read_only
    connection.exec_driver_sql("BEGIN DEFERRED" if read_only else "BEGIN IMMEDIATE")

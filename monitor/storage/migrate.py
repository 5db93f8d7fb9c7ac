"""Brings a database to the schema of this program when it is opened."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Connection, text

from monitor.domain.errors import StorageError

_LOCK = 7_238_461
"""Any number that no other program takes: two replicas that start together migrate one after the other."""


def migrate(connection: Connection, where: str) -> None:
    """Apply what is missing, within the caller's transaction: all of it or nothing.

    Raises StorageError if the database was written by a newer version of this program.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "monitor.storage:migrations")
    _refuse_newer(ScriptDirectory.from_config(config), connection, where)
    command.upgrade(config, "head")


def _refuse_newer(scripts: ScriptDirectory, connection: Connection, where: str) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    try:
        if found is not None:
            scripts.get_revision(found)
    except (CommandError, ResolutionError) as error:
        raise StorageError(
            f"{where}: the database was written by a newer version of treaty-monitor (its revision is {found});"
            " install that version, or restore a backup made with this one"
        ) from error

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from storage.samples import T0

from monitor.storage import tables
from monitor.storage.beginning import make_schema
from monitor.storage.engine import connect_to
from monitor.storage.migrate import migrate
from monitor.storage.sql import SqlStorage, open_storage


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "monitor.storage:migrations")
    return ScriptDirectory.from_config(config)


def test_the_migrations_make_the_schema_that_the_program_uses(storage: SqlStorage) -> None:
    with storage.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.METADATA) == []


def test_the_program_knows_its_last_migration() -> None:
    assert _scripts().get_current_head() == tables.REVISION


def test_an_empty_database_is_brought_to_the_last_migration(tmp_path: Path) -> None:
    (tmp_path / "monitor.sqlite3").touch()
    storage = open_storage(tmp_path, create=False)
    with storage.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == tables.REVISION
    storage.close()


@pytest.mark.sqlite
def test_a_new_record_has_the_very_schema_that_the_migrations_make(tmp_path: Path) -> None:
    made, migrated = (connect_to(f"sqlite:///{tmp_path / name}") for name in ("made.sqlite3", "migrated.sqlite3"))
    with made.begin() as connection:
        assert make_schema(connection)
        assert not make_schema(connection)
        of_new = _schema(connection)
    with migrated.begin() as connection:
        migrate(connection, "here")
        assert not make_schema(connection)
        assert _schema(connection) == of_new
    assert len(of_new) > 50


def _schema(connection: Connection) -> set[tuple[object, ...]]:
    """Return all that SQLite says of tables, columns, indexes and references; the order of added columns is no part."""
    said: set[tuple[object, ...]] = {("version", connection.scalar(text("SELECT version_num FROM alembic_version")))}
    names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
    for table in names:
        columns = connection.execute(text(f"PRAGMA table_info({table})")).all()
        said |= {(table, *column[1:]) for column in columns}
        said |= {(table, "refers", *row[2:]) for row in connection.execute(text(f"PRAGMA foreign_key_list({table})"))}
        for _, index, unique, origin, partial in connection.execute(text(f"PRAGMA index_list({table})")).all():
            own = index if origin == "c" else ""
            keys = connection.execute(text(f"PRAGMA index_xinfo({index})")).all()
            said.add((table, "index", own, unique, origin, partial, *(tuple(key[2:]) for key in keys)))
            where = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": index}) or ""
            said.add((table, own, where.partition(" WHERE ")[2]))
    return said


def test_a_record_is_safe_against_a_power_cut_and_open_to_readers(tmp_path: Path) -> None:
    storage = open_storage(tmp_path, patience=7)
    with storage.engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    storage.close()
    full = 2
    assert found == ["wal", full, 1, 7_000]


def test_the_usual_spelling_of_a_postgresql_address_finds_its_driver() -> None:
    for address in ("postgresql://u@h/x", "postgres://u@h/x"):
        assert connect_to(address).driver == "psycopg"


def test_a_record_of_the_first_schema_is_brought_along_with_what_is_in_it(tmp_path: Path) -> None:
    engine = connect_to(f"sqlite:///{tmp_path / 'monitor.sqlite3'}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "monitor.storage:migrations")
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO body VALUES ('sha', 'null')"))
        then = "'2025-03-18 00:00:00.000000'"
        row = f"'mail', 'a@b.org', 'sha', {then}, {then}, '{{}}', '', 'desk', '[]', NULL"
        for name in ("dead", "pending"):
            connection.execute(text(f"INSERT INTO delivery VALUES ('{name}', {row.format(name)})"))  # noqa: S608 our own words
    engine.dispose()
    storage = open_storage(tmp_path)
    with storage.begin() as transaction:
        assert {d.id for d in transaction.deliveries()} == {"dead", "pending"}
        assert transaction.untold_dead(T0, 9) == ()
    storage.close()

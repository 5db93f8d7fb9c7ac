"""Two versions at work on one record: the older one's queries go on to work after the newer one has migrated it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from monitor.storage.engine import connect_to

Columns = dict[tuple[str, str], dict[str, Any]]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "monitor.storage:migrations")
    return config


REVISIONS = [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


@pytest.fixture
def engine(tmp_path: Path, database: str | None) -> Iterator[Engine]:
    """Return an empty database without any table."""
    made = connect_to(database or f"sqlite:///{tmp_path / 'monitor.sqlite3'}")
    if database:
        with made.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    yield made
    made.dispose()


def _upgraded(engine: Engine, revision: str) -> Columns:
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    found = inspect(engine)
    tables = [name for name in found.get_table_names() if name != "alembic_version"]
    return {(table, column["name"]): dict(column) for table in tables for column in found.get_columns(table)}


def test_no_migration_takes_anything_away_from_the_version_before_it(engine: Engine) -> None:
    before = _upgraded(engine, REVISIONS[0])
    for revision in REVISIONS[1:]:
        after = _upgraded(engine, revision)
        for place, column in before.items():
            assert place in after, f"{revision} removes {place}"
            assert str(after[place]["type"]) == str(column["type"]), f"{revision} changes {place}"
            assert after[place]["nullable"] >= column["nullable"], f"{revision} demands {place}"
        tables = {table for table, _ in before}
        for place, column in after.items():
            if place not in before and place[0] in tables:  # which the older version leaves out when it inserts
                assert column["nullable"] or column["default"] is not None, f"{revision} demands {place}"
        before = after

"""A file of that name may be another program's database: it is told, and nothing is written to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from monitor.domain.errors import StorageError
from monitor.storage.sql import DATABASE, open_storage

STRANGERS = {
    "notes": ("CREATE TABLE notes (text)",),
    "alembic_version, users": (
        "CREATE TABLE alembic_version (version_num)",
        "INSERT INTO alembic_version VALUES ('0001')",
        "CREATE TABLE users (name)",
    ),
    "a, b, c…": tuple(f"CREATE TABLE {name} (x)" for name in "abcd"),
    "seen": ("CREATE VIEW seen AS SELECT 1",),
}


@pytest.mark.parametrize(("named", "statements"), STRANGERS.items(), ids=list(STRANGERS))
def test_another_programs_database_is_told_and_stays_as_it_was(
    tmp_path: Path, named: str, statements: tuple[str, ...]
) -> None:
    file = tmp_path / DATABASE
    with closing(sqlite3.connect(file)) as stranger:
        for statement in statements:
            stranger.execute(statement)
        stranger.commit()
    before = file.read_bytes()
    with pytest.raises(StorageError, match=rf"another program \(it holds {named}\); nothing was .*--state"):
        open_storage(tmp_path)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [DATABASE]


def test_a_database_that_another_program_has_open_is_told_and_keeps_its_log(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE)) as stranger:
        stranger.execute("PRAGMA journal_mode = WAL")
        stranger.execute("CREATE TABLE notes (text)")
        stranger.commit()
        with pytest.raises(StorageError, match="another program"):
            open_storage(tmp_path)
        assert (tmp_path / f"{DATABASE}-wal").stat().st_size > 0


def test_an_empty_file_is_where_a_record_begins(tmp_path: Path) -> None:
    (tmp_path / DATABASE).touch()
    open_storage(tmp_path).close()
    open_storage(tmp_path).close()

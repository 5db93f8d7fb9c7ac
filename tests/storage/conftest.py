"""What the tests of the record share: a real database in a directory of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.storage.sql import SqlStorage, open_storage


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[SqlStorage]:
    """Return an empty record: SQLite in a temporary directory.

    With TREATY_TEST_DATABASE (an address of a PostgreSQL database whose schema `public` may be emptied) the same
    tests run there.
    """
    place = os.environ.get("TREATY_TEST_DATABASE") or tmp_path / "state"
    if isinstance(place, str):
        _empty(place)
    opened = open_storage(place, patience=5)
    yield opened
    opened.close()


def _empty(address: str) -> None:
    opened = open_storage(address)
    with opened.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    opened.close()

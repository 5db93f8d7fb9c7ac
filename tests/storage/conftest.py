"""What the tests of the record share: a real database of its own for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.storage.sql import SqlStorage, open_storage


@pytest.fixture
def storage(tmp_path: Path, database: str | None) -> Iterator[SqlStorage]:
    """Return an empty record: SQLite in a temporary directory, and PostgreSQL (see `database`)."""
    opened = open_storage(database or tmp_path / "state", patience=5)
    yield opened
    opened.close()

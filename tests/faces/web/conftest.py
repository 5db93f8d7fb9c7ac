"""A town for each test, and one that has played the whole play for those that only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_in_town import Town
from starlette.testclient import TestClient


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Return an installation with the play behind it, and the right to change it."""
    made = Town.build(tmp_path).play()
    yield made
    made.office.storage.close()


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Return an installation with the play behind it, for reading alone."""
    made = Town.build(tmp_path_factory.mktemp("played")).play()
    yield made
    made.office.storage.close()


@pytest.fixture
def reader(played: Town) -> Iterator[TestClient]:
    """Return a client that only reads."""
    with played.client() as client:
        yield client

"""An office for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from office import SEED, Office


@pytest.fixture
def office(tmp_path: Path, database: str | None) -> Iterator[Office]:
    made = Office(tmp_path / "state", datetime(2025, 3, 18, 12, tzinfo=UTC), database).with_(seeds=(SEED,))
    yield made
    made.storage.close()


@pytest.fixture
def seedless(office: Office) -> Office:
    return office.with_(seeds=())


@pytest.fixture
def kinds() -> Callable[[object], list[tuple[str | None, str]]]:
    return lambda result: sorted((c.change.key, c.change.kind.value) for c in result.changes)

"""What the reliability tests share: processes to be killed, and one year in which nothing happened to the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.register_assert_rewrite("reliability.installation", "reliability.verdict")

from reliability.installation import Installation, Receipt, Victims  # noqa: E402 - what it asserts is to be explained
from reliability.play import play  # noqa: E402 - same


@dataclass(frozen=True)
class Undisturbed:
    """What a year without a kill came to: the record, what arrived, and how often each day came to each step."""

    record: dict[str, list[tuple[Any, ...]]]
    receipts: tuple[Receipt, ...]
    steps: tuple[dict[str, int], ...]


@pytest.fixture(scope="session")
def victims(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victims]:
    made = Victims(tmp_path_factory.mktemp("victims"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def undisturbed(victims: Victims, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    with Installation(tmp_path_factory.mktemp("undisturbed"), victims) as installation:
        steps = []
        for day in play():
            installation.begin(day)
            assert not installation.run()
            steps.append(installation.steps())
        return Undisturbed(installation.record(), tuple(installation.receipts()), tuple(steps))


@pytest.fixture
def installation(victims: Victims, tmp_path: Path, database: str | None) -> Iterator[Installation]:
    with Installation(tmp_path, victims, database=database) as made:
        yield made

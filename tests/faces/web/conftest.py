"""A town for each test, and one that has played the whole play for those that only read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, found, served
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a browser, or skip where there is none; in CI there must be one."""
    program = found()
    if program is None and os.environ.get("CI"):
        pytest.fail("no browser: apt-get install chromium")
    if program is None:
        pytest.skip("no browser is at hand (apt-get install chromium)")
    made = Browser(program)
    yield made
    made.close()


@pytest.fixture(scope="session")
def site(played: Town) -> Iterator[str]:
    """Return the address at which the played installation is served, for reading alone."""
    with served(played.app) as address:
        yield address

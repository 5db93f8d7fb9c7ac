"""What all tests share: the real pages where they are at hand (counted), and the shipped table of names."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from support import postgres

if TYPE_CHECKING:
    from monitor.domain.participant import Names

ROOT = Path(__file__).resolve().parent.parent
PAGES = Path(os.environ.get("TREATY_PAGES") or ROOT / ".." / "shared" / "untc").resolve()

# how long an example takes says nothing here: no test is timed, and the machine may be busy
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

_read: set[str] = set()


def _note_opened_page(event: str, arguments: tuple[object, ...]) -> None:
    """Note every real page that this process opens, whoever opens it and however."""
    if event == "open" and str(arguments[0]).startswith(f"{PAGES}{os.sep}"):
        _read.add(os.path.relpath(str(arguments[0]), PAGES))


sys.addaudithook(_note_opened_page)

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_BOTH = {ROOT / "tests" / "storage", ROOT / "tests" / "pipeline"}


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder of this run's PostgreSQL before there are workers; none is started until a test needs it."""
    if not hasattr(config, "workerinput"):
        postgres.announce()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End this run's PostgreSQL."""
    if not hasattr(config, "workerinput"):
        postgres.farewell()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what touches the record over the databases that are wanted (TREATY_TEST_DATABASE).

    Without the variable, the tests of storage and pipeline run over both, those of the faces and the reliability
    tests over SQLite; with "postgresql" or "sqlite" all of them run over that one alone. A test marked `sqlite` is
    about SQLite's own file.
    """
    if "database" not in metafunc.fixturenames:
        return
    wanted = os.environ.get("TREATY_TEST_DATABASE")
    usual = [SQLITE, POSTGRESQL] if metafunc.definition.path.parent in _BOTH else [SQLITE]
    kinds: list[Any] = [wanted] if wanted else usual
    if metafunc.definition.get_closest_marker("sqlite"):
        unfit = pytest.mark.skipif(wanted == POSTGRESQL, reason="this test is about SQLite's own file")
        kinds = [pytest.param(SQLITE, marks=unfit)]
    metafunc.parametrize("database", kinds, indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Return the address of an empty PostgreSQL database, or None where the record is SQLite in the state folder."""
    if request.param == SQLITE:
        yield None
        return
    with postgres.shared_cluster().database() as address:
        yield address


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the worker's reads to the process that reports (pytest-xdist)."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["real_pages"] = sorted(_read)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take over the reads of a worker that has ended (pytest-xdist)."""
    _read.update(getattr(node, "workeroutput", {}).get("real_pages", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many different real pages the run has read; `.ci/run` looks for this line."""
    pages = [name for name in _read if name.endswith((".html", ".xml"))]
    terminalreporter.write_line(f"real pages read: {len(pages)}")


@pytest.fixture(scope="session")
def treaty_pages() -> Path:
    """Return the folder of the depositary's real pages (`html/`, `xml/`, `notes.json`), or skip."""
    if not PAGES.is_dir():
        pytest.skip(f"the real pages are not at hand: no folder {PAGES} (set TREATY_PAGES to where they are)")
    return PAGES


@pytest.fixture(scope="session")
def real_page(treaty_pages: Path) -> Callable[[str], bytes]:
    """Return a reader of one real page by its name in the folder, `html/ottawa.html`."""
    return lambda name: (treaty_pages / name).read_bytes()


@pytest.fixture(scope="session")
def names() -> Names:
    """Return the table of participants' names that the program ships."""
    from monitor.settings import shipped_names  # noqa: PLC0415 - a test without names loads no settings

    return shipped_names()

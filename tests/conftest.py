"""What all tests share: the real pages where they are at hand (counted), and the shipped table of names."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from monitor.domain.participant import Names

ROOT = Path(__file__).resolve().parent.parent
PAGES = Path(os.environ.get("TREATY_PAGES") or ROOT / ".." / "shared" / "untc").resolve()

_read: set[str] = set()


def _note_opened_page(event: str, arguments: tuple[object, ...]) -> None:
    """Note every real page that this process opens, whoever opens it and however."""
    if event == "open" and str(arguments[0]).startswith(f"{PAGES}{os.sep}"):
        _read.add(os.path.relpath(str(arguments[0]), PAGES))


sys.addaudithook(_note_opened_page)


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

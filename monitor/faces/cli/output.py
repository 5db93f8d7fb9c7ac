"""Prints answers: one JSON document for programs, tables for people that stay readable at 80 columns and in a pipe."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

from monitor.faces.cli.trouble import told

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Shape = dict[str, Any]

NEVER_BROKEN = {"act of", "effective", "learned", "date", "number", "code", "goes out"}
"""Headings of columns whose short values are unreadable in two lines."""

NARROWEST, ORDINARY = 20, 80
"""Columns. In fewer than the first nothing can be read, in none (COLUMNS=0, as some terminals say) nothing is shown at
all, as if nothing were known: then it is the second."""


def hide_nothing() -> None:
    """Let all texts be seen, help and usage errors too: in any width, and by escapes where stdout takes few letters."""
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")
    for name in ("COLUMNS", "TERMINAL_WIDTH"):  # the second is Typer's
        if not _wide_enough(os.environ.get(name, "")):
            os.environ.pop(name, None)


def _wide_enough(columns: str) -> bool:
    return columns.isascii() and columns.isdecimal() and int(columns) >= NARROWEST


def answer(shape: Shape, render: Callable[[Console, Shape], None] | None) -> None:
    """Print the answer on stdout: as JSON, or as `render` shows it. Raises MonitorError where it cannot be written."""
    with told():
        if render is None:
            print(_as_json(shape))  # noqa: T201 - a command line talks
        else:
            render(console(), shape)


def _as_json(shape: Shape) -> str:
    """Return the document, indented; the plain library takes eight times as long for that, and is kept for ASCII."""
    if _ascii_only():
        return json.dumps(shape, indent=2)
    from pydantic_core import to_json

    return to_json(shape, indent=2).decode()


def console(*, stderr: bool = False) -> Console:
    """Return a console that takes nothing in a text for markup, and highlights nothing."""
    from monitor.faces.cli.paper import Paper

    paper = Paper(stderr=stderr, markup=False, highlight=False, emoji=False, soft_wrap=False)
    if paper.width < NARROWEST:
        paper.width = ORDINARY
    return paper


def table(title: str | None, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Return a table whose cells are plain text; None is an empty cell."""
    from rich.table import Table
    from rich.text import Text

    shown = Table(
        title=Text(title) if title else None, title_justify="left", header_style="bold", box=None, pad_edge=False
    )
    for column in columns:
        shown.add_column(column, overflow="fold", no_wrap=column in NEVER_BROKEN)
    for row in rows:
        shown.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return shown


def _ascii_only() -> bool:
    """Whether stdout takes no more than ASCII: then JSON escapes the rest."""
    return (sys.stdout.encoding or "ascii").lower().replace("-", "") not in {"utf8", "utf16", "utf32"}

"""Commands on saved pages: extract and compare. They need no configuration and store nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.domain.errors import UsageError
from monitor.faces.cli import words
from monitor.faces.cli.face import Face, command
from monitor.faces.cli.trouble import DONE, REFUSED

File = Annotated[Path, typer.Argument(metavar="FILE", help='A saved page or export; "-" is stdin.', show_default=False)]
Before = Annotated[Path, typer.Argument(metavar="BEFORE", help="The earlier one.", show_default=False)]
After = Annotated[Path, typer.Argument(metavar="AFTER", help="The later one.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    for work in (extract, compare):
        app.command(rich_help_panel="Saved pages")(command(work))


def extract(face: Face, file: File, source: words.SourceKey = None) -> int:
    """Read one saved page; stores nothing.

    Example: treaty-monitor extract page.html --json
    """
    from monitor.faces.cli import files, saved, views

    reading = saved.readings(face.maybe_settings(), (files.read(file),), source)[0]
    shape = saved.extracted(reading)
    face.show(shape, views.extracted)
    return REFUSED if reading.refused else DONE


def compare(face: Face, before: Before, after: After, source: words.SourceKey = None) -> int:
    """The typed changes between two saved pages; stores nothing.

    Example: treaty-monitor compare before.html after.html --json
    """
    from monitor.faces.cli import files, saved, views

    if str(before) == str(after) == "-":
        raise UsageError("stdin gives one page; name a file for the other")
    bodies, settings = (files.read(before), files.read(after)), face.maybe_settings()
    shape = saved.compared(settings, saved.readings(settings, bodies, source))
    face.show(shape, views.compared)
    return REFUSED if saved.is_refused(shape) else DONE

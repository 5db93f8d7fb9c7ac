"""What users write after options: days, treaties, countries, kinds of change; a wrong one gets a clear sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from monitor.faces.cli.trouble import among


def a_day(text: str) -> date:
    """Return the date that YYYY-MM-DD means."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or text != day.isoformat():
        raise typer.BadParameter(f'"{text}" is no date; write YYYY-MM-DD, such as 2025-12-27')
    return day


def a_kind(text: str) -> str:
    """Return the kind of change, in small letters and with underscores."""
    from monitor.domain.change import ChangeKind

    word = text.strip().lower().replace("-", "_").replace(" ", "_")
    kinds = tuple(kind.value for kind in ChangeKind)
    if word not in kinds:
        raise typer.BadParameter(f'"{text}" is no kind of change{among(word, kinds)}')
    return word


Treaty = Annotated[
    str | None,
    typer.Option("--treaty", "-t", metavar="T", help="Slug, number or part of the title.", show_default=False),
]
Country = Annotated[
    str | None, typer.Option("--country", "-c", metavar="C", help="Code, English name, alias, or a group.")
]
Kind = Annotated[
    list[str] | None, typer.Option("--kind", "-k", metavar="KIND", parser=a_kind, help="Kind of change; repeatable.")
]
On = Annotated[date | None, typer.Option("--on", metavar="DATE", parser=a_day, help="A legal date.  [default: today]")]
Known = Annotated[
    date | None, typer.Option("--known", metavar="DATE", parser=a_day, help="As known at the end of this day.")
]
Since = Annotated[
    date | None, typer.Option("--since", metavar="DATE", parser=a_day, help="Learned on this day or later.")
]
Limit = Annotated[
    int | None, typer.Option("--limit", metavar="N", min=1, help="No more than the newest so many.  [default: all]")
]
SourceKey = Annotated[
    str | None, typer.Option("--source", metavar="KEY", help="Reader to use.  [default: recognised from the content]")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of to stdout.")]

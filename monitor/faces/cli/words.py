"""What users write after options: days, treaties, countries, kinds of change; a wrong one gets a clear sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
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


def a_number(text: str) -> int:
    """Return a whole number from 1 on, of a size that every database counts with."""
    if not re.fullmatch(r"[1-9][0-9]{0,17}", text):
        raise typer.BadParameter(f'"{text}" is no number of items; write a whole number from 1 on, such as 100')
    return int(text)


def an_address(text: str) -> str:
    """Return the address of a mailbox, as the configuration takes it."""
    from monitor.settings.values import mailbox

    return _allowed(mailbox, text)


def a_url(text: str) -> str:
    """Return the address of a page, as the configuration takes it."""
    from monitor.settings.values import web_address

    return _allowed(web_address, text)


def _allowed(check: Callable[[object], str], text: str) -> str:
    from pydantic_core import PydanticCustomError

    try:
        return check(text)
    except PydanticCustomError as error:
        raise typer.BadParameter(f'"{text}" is not {(error.context or {})["allowed"]}') from error


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
On = Annotated[date | None, typer.Option("--on", metavar="DATE", parser=a_day, help="A legal date; today without it.")]
Known = Annotated[
    date | None, typer.Option("--known", metavar="DATE", parser=a_day, help="As known at the end of this day.")
]
Since = Annotated[
    date | None, typer.Option("--since", metavar="DATE", parser=a_day, help="Learned on this day or later.")
]
Limit = Annotated[
    int | None,
    typer.Option("--limit", metavar="N", parser=a_number, help="Only the newest so many; all without it."),
]
SourceKey = Annotated[
    str | None,
    typer.Option("--source", metavar="KEY", help="Reader to use; the one that knows the content without it."),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of to stdout.")]

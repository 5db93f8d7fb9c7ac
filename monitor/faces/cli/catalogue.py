"""Commands on what can be named: treaties, countries and groups of countries."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.faces.cli import words
from monitor.faces.cli.face import Face, command

Treaty = Annotated[str, typer.Argument(metavar="T", help="Slug, number or part of the title.", show_default=False)]
Name = Annotated[str, typer.Argument(metavar="C", help="Code, name, alias or group.", show_default=False)]

Source = Annotated[str, typer.Option(metavar="KEY", help="The source whose collection is listed.")]
Index = Annotated[
    str | None,
    typer.Option("--url", metavar="URL", parser=words.a_url, help="The contents' address, if it has moved."),
]

PANEL = "The catalogue"


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    group = typer.Typer(help="Treaties, watched and known. Example: treaty-monitor treaties show mine-ban")
    group.callback(invoke_without_command=True)(command(treaties))
    group.command("list")(command(treaties))
    group.command("show")(command(treaty))
    group.command("discover")(command(discover))
    app.add_typer(group, name="treaties", rich_help_panel=PANEL)
    group = typer.Typer(help="Countries and groups of them. Example: treaty-monitor countries show Türkiye")
    group.callback(invoke_without_command=True)(command(countries))
    group.command("list")(command(countries))
    group.command("show")(command(country))
    app.add_typer(group, name="countries", rich_help_panel=PANEL)


def treaties(face: Face) -> None:
    """The catalogue of well-known treaties, and which of them are watched.

    Example: treaty-monitor treaties list
    """
    from monitor.faces import known
    from monitor.faces.cli import listings

    face.show(known.treaties(face.maybe_settings()), listings.treaties)


def treaty(face: Face, wanted: Treaty) -> None:
    """One treaty: its number, its final clauses, where it is read.

    Example: treaty-monitor treaties show XXVI-5
    """
    from monitor.faces import known
    from monitor.faces.cli import listings

    face.show(known.treaty(face.maybe_settings(), wanted), listings.treaty)


def discover(face: Face, source: Source = "untc", index: Index = None) -> int:
    """What a collection's own chapter pages list; any of it can be watched by its number alone.

    Example: treaty-monitor treaties discover --json
    """
    from monitor.faces import known
    from monitor.faces.cli import listings

    shape = known.discovered(face.settings(), source, index)
    face.show(shape, listings.discovered)
    return 4 if shape["findings"] else 0


def countries(face: Face) -> None:
    """Participants by code and name, and groups such as nato and baltic.

    Example: treaty-monitor countries list
    """
    from monitor.faces import known
    from monitor.faces.cli import listings

    face.show(known.countries(face.maybe_settings()), listings.countries)


def country(face: Face, wanted: Name) -> None:
    """What a code, a name or an alias stands for, and its groups; of a group, its members.

    Example: treaty-monitor countries show "Ivory Coast"
    """
    from monitor.faces import known
    from monitor.faces.cli import listings

    face.show(known.country(face.maybe_settings(), wanted), listings.country)

"""The command `held`: what the plausibility gate holds back, and a person's decision on it."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.faces.cli.face import Face, command

Id = Annotated[str, typer.Argument(metavar="ID", help="As `held list` shows it.", show_default=False)]
Everything = Annotated[bool, typer.Option("--all", help="Also what was decided or has cleared.")]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    group = typer.Typer(
        help="Readings held back by the plausibility gate. Example: treaty-monitor held accept hld_12ab"
    )
    group.callback(invoke_without_command=True)(command(listed))
    group.command("list")(command(listed))
    group.command("accept")(command(accept))
    group.command("reject")(command(reject))
    app.add_typer(group, name="held", rich_help_panel="The record")


def listed(face: Face, *, everything: Everything = False) -> None:
    """What is held back, and why.

    Example: treaty-monitor held list
    """
    from monitor import bootstrap
    from monitor.faces.cli import views
    from monitor.pipeline import report

    with bootstrap.record(face.settings()) as desk:
        shape = report.held(desk, everything=everything)
    face.show(shape, views.held)


def accept(face: Face, wanted: Id) -> None:
    """Believe it: its changes go out now.

    Example: treaty-monitor held accept hld_0123456789ab
    """
    from monitor.faces.cli import decisions, views

    face.show(decisions.accept(face.settings(), wanted), views.checked)


def reject(face: Face, wanted: Id) -> None:
    """Do not believe it: the same thing is not raised again.

    Example: treaty-monitor held reject hld_0123456789ab
    """
    from monitor.faces.cli import decisions, views

    face.show(decisions.reject(face.settings(), wanted), views.held)

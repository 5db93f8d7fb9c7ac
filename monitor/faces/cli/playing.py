"""The command `demo`."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.faces.cli.face import Face, command
from monitor.faces.cli.trouble import DONE, UNFORESEEN

Pace = Annotated[float, typer.Option("--pace", metavar="SECONDS", min=0, max=4, help="Pause between two days.")]


def register(app: typer.Typer) -> None:
    """Add this family's command."""
    app.command(rich_help_panel="Setting up")(command(demo))


def demo(face: Face, pace: Pace = 1.0) -> int:
    """A local replica of a depositary plays the withdrawals of 2025-26; alerts arrive in a local inbox.

    Needs no network and touches nothing but a temporary directory.

    Example: treaty-monitor demo
    """
    from dataclasses import asdict

    from monitor.faces import logs
    from monitor.faces.cli import views
    from monitor.faces.cli.output import console
    from monitor.faces.cli.trouble import told
    from monitor.faces.demo.play import play

    logs.configure(face.verbosity)
    out = console(stderr=face.json)

    def say(text: str) -> None:
        if not face.quiet:
            with told():
                out.print(text, soft_wrap=True)

    played = play(pace, say)
    face.show(asdict(played), views.played)
    return DONE if played.flawless else UNFORESEEN

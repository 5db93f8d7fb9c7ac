"""The command `treaty-monitor`: its families of commands, and the options that stand before them."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.faces.cli import catalogue, deciding, pages, playing, record, sending, setting_up, watching
from monitor.faces.cli.face import AsJson, Config, Quiet, State, Verbose, shared

app = typer.Typer(
    name="treaty-monitor",
    help="Watches the pages on which depositaries publish who is party to which treaty, and tells people of changes.",
    epilog="Example: treaty-monitor init && treaty-monitor check",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - what Typer calls
    if wanted:
        from importlib.metadata import version

        typer.echo(f"treaty-monitor {version('treaty-monitor')}")
        raise typer.Exit


@app.callback()
def everywhere(
    ctx: typer.Context,
    *,
    config: Config = None,
    state: State = None,
    json: AsJson = False,
    verbose: Verbose = 0,
    quiet: Quiet = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that stand before the command."""
    del version  # its callback has done the work
    ctx.obj = shared(ctx, config=config, state=state, json=json, verbose=verbose, quiet=quiet)


for family in (setting_up, watching, record, pages, deciding, sending, catalogue, playing):
    family.register(app)

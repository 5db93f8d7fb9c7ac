"""Commands around the configuration and the state: init, config, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.faces.cli.face import Face, command
from monitor.faces.cli.trouble import DONE, USAGE

Dir = Annotated[Path | None, typer.Argument(metavar="DIR", help="Where; here without it.", show_default=False)]
Target = Annotated[Path, typer.Argument(metavar="FILE", help="A tar.gz file.", show_default=False)]
Address = Annotated[
    str, typer.Argument(metavar="URL", help="postgresql://…, env:NAME or file:PATH.", show_default=False)
]
Replace = Annotated[bool, typer.Option("--replace", help="Put it in the place of a record that is there.")]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    panel = "Setting up"
    app.command(rich_help_panel=panel)(command(init))
    group = typer.Typer(help="Checks and shows the configuration. Example: treaty-monitor config check")
    group.callback(invoke_without_command=True)(command(check))
    for work in (check, show, schema):
        group.command()(command(work))
    app.add_typer(group, name="config", rich_help_panel=panel)
    app.command(rich_help_panel=panel)(command(backup))
    app.command(rich_help_panel=panel)(command(restore))
    app.command("migrate-state", rich_help_panel=panel)(command(migrate_state))


def init(face: Face, directory: Dir = None) -> None:
    """Write a commented starter configuration to DIR/config and the seed to DIR/state; never overwrites.

    Example: treaty-monitor init /srv/treaties
    """
    from monitor.faces.cli import starter

    face.show(starter.write(*starter.places(face, directory)), starter.render)


def check(face: Face) -> int:
    """Validate the configuration, secrets included; every mistake is listed at once.

    Example: treaty-monitor config check
    """
    from monitor.faces.cli import configuration

    shape = configuration.check(face)
    face.show(shape, configuration.render)
    return DONE if shape["valid"] else USAGE


def show(face: Face) -> None:
    """The configuration in effect, secrets masked.

    Example: treaty-monitor config show --json
    """
    from monitor.faces.cli import configuration
    from monitor.settings import effective

    face.show(effective(face.settings()), configuration.as_json)


def schema(face: Face) -> None:
    """JSON Schema of each file, for editors.

    Example: treaty-monitor config schema
    """
    from monitor.faces.cli import configuration
    from monitor.settings import json_schema

    face.show(json_schema(), configuration.as_json)


def backup(face: Face, file: Target) -> None:
    """Write a consistent copy of the record and its evidence, also while a daemon runs.

    Example: treaty-monitor backup record.tar.gz
    """
    from monitor import bootstrap
    from monitor.faces.cli import configuration

    bootstrap.backup(face.settings(), file)
    face.show({"backup": str(file), "bytes": file.stat().st_size}, configuration.told("{backup}: {bytes} bytes"))


def restore(face: Face, file: Target, *, replace: Replace = False) -> None:
    """Bring a copy back into the state directory. Stop the daemon first.

    Example: treaty-monitor restore record.tar.gz
    """
    from monitor import bootstrap
    from monitor.faces.cli import configuration
    from monitor.faces.lock import only_one

    state = face.dirs()[1]
    with only_one(state):
        bootstrap.restore(file, state, face.maybe_settings(), replace=replace)
    face.show({"restored": str(file), "state": str(state)}, configuration.told("{restored} is back in {state}"))


def migrate_state(face: Face, url: Address) -> None:
    """Move the SQLite record of the state folder to PostgreSQL, and compare every row of it there.

    Example: treaty-monitor migrate-state env:DATABASE_URL
    """
    from monitor import bootstrap
    from monitor.faces.cli import moving
    from monitor.faces.lock import only_one

    config, state = face.dirs()
    with only_one(state):
        moved = bootstrap.migrate_state(state, moving.address(url, config))
    face.show(moving.shape(moved, state), moving.render)

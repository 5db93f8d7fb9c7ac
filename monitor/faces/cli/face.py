"""What every command shares: the options that are allowed everywhere, where answers go, and what errors become."""

from __future__ import annotations

import inspect
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from monitor.faces.cli import trouble

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.settings import Settings

logger = logging.getLogger(__name__)

PANEL = "Options of every command"

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="DIR",
        envvar="TREATY_MONITOR_CONFIG",
        help="The configuration's folder; without it ./config, else the user's own.",
        rich_help_panel=PANEL,
    ),
]
State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="DIR",
        envvar="TREATY_MONITOR_STATE",
        help="The record's folder; without it ./state, else the user's own.",
        rich_help_panel=PANEL,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.", rich_help_panel=PANEL)]
Verbose = Annotated[int, typer.Option("--verbose", "-v", count=True, help="Say more.", rich_help_panel=PANEL)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only errors.", rich_help_panel=PANEL)]

Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Face:
    """Where one command finds its configuration and puts its answer. Options before and after the command join."""

    config: Path | None = None
    state: Path | None = None
    json: bool = False
    verbose: int = 0
    quiet: bool = False

    def dirs(self) -> tuple[Path, Path]:
        """Return the folders of configuration and state."""
        from monitor.settings import find_dirs

        return find_dirs(self.config, self.state)

    def settings(self) -> Settings:
        """Return the configuration. Raises ConfigurationError."""
        from monitor.settings import load_settings

        return load_settings(*self.dirs())

    def maybe_settings(self) -> Settings | None:
        """Return the configuration, or None where there is none or a wrong one: for commands that can do without."""
        from monitor.domain.errors import ConfigurationError

        try:
            return self.settings()
        except ConfigurationError as error:
            logger.info("going on with what the program ships: %s", error)
            return None

    @property
    def verbosity(self) -> int:
        """How much the log says: -1 errors, 0 warnings, 1 what happens, 2 everything."""
        return -1 if self.quiet else self.verbose

    def show(self, shape: Shape, render: Callable[[Console, Shape], None]) -> None:
        """Answer: one JSON document on stdout, or what `render` prints there for people."""
        from monitor.faces.cli.output import answer

        answer(shape, None if self.json else render)

    def say(self, text: str) -> None:
        """Tell a person something that is no part of the answer, on stderr."""
        if not self.quiet:
            print(text, file=sys.stderr)  # noqa: T201 - a command line talks


def shared(ctx: typer.Context, *, config: Config, state: State, json: AsJson, verbose: Verbose, quiet: Quiet) -> Face:
    """Return the face for these options, joined with what was given before the command."""
    before = ctx.find_object(Face) or Face()
    return Face(
        config=config or before.config,
        state=state or before.state,
        json=json or before.json,
        verbose=verbose or before.verbose,
        quiet=quiet or before.quiet,
    )


SHARED = {"config": (Config, None), "state": (State, None), "json": (AsJson, False), "verbose": (Verbose, 0)} | {
    "quiet": (Quiet, False)
}


def command(work: Callable[..., int | None]) -> Callable[..., None]:
    """Give a command the shared options: `work` takes a Face first and returns its exit code, None for 0.

    What goes wrong becomes a sentence on stderr and an exit code (see `trouble`), never a traceback. As the callback
    of a group it works only where none of the group's commands is named.
    """

    @wraps(work)
    def run(ctx: typer.Context, **given: Any) -> None:
        face = shared(ctx, **{name: given.pop(name) for name in SHARED})
        ctx.obj = face
        if ctx.invoked_subcommand is not None:
            return
        if face.verbosity:
            from monitor.faces import logs

            logs.configure(face.verbosity)
        code = trouble.guarded(lambda: work(face, **given), verbosity=face.verbosity)
        if code:
            raise typer.Exit(code)

    parameters = _parameters(work)
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": None}
    del run.__wrapped__  # typer would look behind the signature
    return run


def _parameters(work: Callable[..., int | None]) -> list[inspect.Parameter]:
    """Return what typer reads: its context, the command's own parameters without the face, the shared options."""
    _, *own = inspect.signature(work).parameters.values()
    hints = get_type_hints(work, include_extras=True)
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    shared_options = (
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=option)
        for name, (option, default) in SHARED.items()
    )
    renewed = (p.replace(annotation=hints[p.name], kind=inspect.Parameter.KEYWORD_ONLY) for p in own)
    return [context, *renewed, *shared_options]

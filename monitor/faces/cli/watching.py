"""Commands that watch: run, the daemon, and check, one round now."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from monitor.faces.cli.face import Face, command


class LogFormat(StrEnum):
    """How a line of the log is written."""

    TEXT = "text"
    JSON = "json"


Treaties = Annotated[
    list[str] | None,
    typer.Argument(metavar="TREATY", help="Slugs, numbers or titles; all without.", show_default=False),
]
Deliver = Annotated[bool, typer.Option("--deliver", help="Send at once what the round gives to send.")]
Format = Annotated[
    LogFormat,
    typer.Option("--log-format", envvar="TREATY_MONITOR_LOG_FORMAT", help="How the log on stderr is written."),
]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    for work in (run, check, worker):
        app.command(rich_help_panel="Watching")(command(work))


def run(face: Face, log_format: Format = LogFormat.TEXT) -> int:
    """The daemon: checks what is due, delivers what is due, until SIGTERM or SIGINT; SIGHUP re-reads the configuration.

    Example: treaty-monitor run --log-format json
    """
    from monitor import bootstrap
    from monitor.faces import daemon, logs

    logs.configure(face.verbosity + 1, as_json=log_format is LogFormat.JSON)
    settings = face.settings()
    if not bootstrap.distributed(settings):
        return daemon.run(face.settings, settings)
    from monitor.faces import replica

    return replica.run(face.settings, settings)


def worker(face: Face, log_format: Format = LogFormat.TEXT) -> int:
    """A worker of the distributed mode, on any machine: does what the replicas (run) find due. Needs PostgreSQL.

    Example: treaty-monitor worker --log-format json
    """
    from monitor.faces import logs, replica

    logs.configure(face.verbosity + 1, as_json=log_format is LogFormat.JSON)
    return replica.work(face.settings)


def check(face: Face, treaties: Treaties = None, *, deliver: Deliver = False) -> int:
    """One round now; prints what changed. Ends within 30 seconds when nothing can be reached.

    Example: treaty-monitor check mine-ban --deliver
    """
    from monitor.faces import logs
    from monitor.faces.cli import round as one_round
    from monitor.faces.cli import views

    logs.configure(face.verbosity - 1)  # what a round comes to is its answer; the log would only repeat it
    shape, code = one_round.check(face, tuple(treaties or ()), deliver=deliver)
    face.show(shape, views.checked)
    return code

"""What `check` does: one impatient round with its progress, and the delivery of what it gave to send."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, TextIO

from monitor import bootstrap
from monitor.faces.cli.face import Face
from monitor.faces.cli.output import console
from monitor.faces.cli.trouble import DONE, UNDELIVERED, worst
from monitor.faces.clock import utc_now
from monitor.pipeline import outbox, rounds
from monitor.pipeline.outcome import Checked
from monitor.settings import Settings


def check(face: Face, wanted: tuple[str, ...], *, deliver: bool) -> tuple[dict[str, Any], int]:
    """Return what `check` prints, and its exit code. Raises UsageError, ConfigurationError, StorageError."""
    settings = face.settings()
    slugs = tuple(settings.find_treaty(word).slug for word in wanted)
    return asyncio.run(_round(settings, slugs, alerts_to(face), deliver=deliver, quiet=face.quiet))


def alerts_to(face: Face) -> TextIO:
    """Return where the console channel writes: stdout, unless that is for one JSON document."""
    return sys.stderr if face.json else sys.stdout


async def _round(
    settings: Settings, slugs: tuple[str, ...], stream: TextIO, *, deliver: bool, quiet: bool
) -> tuple[dict[str, Any], int]:
    async with bootstrap.build(settings, patient=False, stream=stream) as desk:
        watched = desk.watched(slugs)
        with _progress(len(watched), quiet=quiet) as done:
            results = await rounds.check_round(desk, watched, utc_now, done)
        shape, code = rounds.shape(results), rounds.exit_code(results)
        if deliver:
            sent = await outbox.deliver_due(desk, utc_now)
            shape["deliveries"] = asdict(sent)
            code = worst((code, UNDELIVERED if sent.dead else DONE))
    return shape, code


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[[Checked], None]]:
    """Show a bar on a terminal, and nothing elsewhere; yields what is called as each check ends."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading pages", total=total)

        def done(result: Checked) -> None:
            bar.update(task, advance=1, description=f"{result.treaty.slug}: {result.outcome}")

        yield done

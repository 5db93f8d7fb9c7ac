"""Commands that answer from the record: status, changes, upcoming, claims, sources, export."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.domain.errors import UsageError
from monitor.faces.cli import words
from monitor.faces.cli.face import Face, command


class Form(StrEnum):
    """Forms in which the record is exported."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    for work in (status, changes, upcoming, claims, sources, export):
        app.command(rich_help_panel="The record")(command(work))


def status(
    face: Face,
    treaty: words.Treaty = None,
    country: words.Country = None,
    on: words.On = None,
    known: words.Known = None,
) -> None:
    """Who stands where, on a legal date, as known on a date.

    Example: treaty-monitor status --country PL --on 2026-03-01
    """
    from monitor.faces.cli import questions, views

    face.show(questions.status(face.settings(), treaty, country, on, known), views.status)


def changes(
    face: Face,
    treaty: words.Treaty = None,
    country: words.Country = None,
    kind: words.Kind = None,
    since: words.Since = None,
    limit: words.Limit = None,
) -> None:
    """The record of changes, newest first, with evidence.

    Example: treaty-monitor changes --country baltic --since 2025-06-01
    """
    from monitor.faces.cli import questions, views

    face.show(questions.changes(face.settings(), treaty, country, kind, since, limit), views.changes)


def upcoming(
    face: Face,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help="Also write a calendar; - prints it alone.")
    ] = None,
) -> None:
    """Acts that will take effect: date, treaty, State, the clause they rest on.

    Example: treaty-monitor upcoming --ics upcoming.ics
    """
    from monitor import bootstrap
    from monitor.faces.cli import files, views
    from monitor.faces.clock import utc_now
    from monitor.faces.ics import calendar
    from monitor.pipeline import report

    alone = ics is not None and files.is_stdout(ics)  # stdout takes one answer and no other
    if alone and face.json:
        raise UsageError("--ics - and --json both want stdout; name a file for the calendar")
    now = utc_now()
    with bootstrap.record(face.settings()) as desk:
        shape = report.upcoming(desk, now)
    if ics:
        files.write(ics, calendar(shape["upcoming"], now))
    if ics and not alone:
        face.say(f"{ics}: the calendar of what is to come")
    if not alone:
        face.show(shape, views.upcoming)


def claims(face: Face) -> None:
    """Each claim of the seed article with its verdict and evidence.

    Example: treaty-monitor claims
    """
    from monitor import bootstrap
    from monitor.faces.cli import views
    from monitor.faces.clock import utc_now
    from monitor.pipeline import report

    with bootstrap.record(face.settings()) as desk:
        shape = report.claims(desk, utc_now())
    face.show(shape, views.claims)


def sources(face: Face) -> None:
    """Per source: last good reading, age, next due, failures in a row, what is wrong.

    Example: treaty-monitor sources --json
    """
    from monitor import bootstrap
    from monitor.faces.cli import views
    from monitor.faces.clock import utc_now
    from monitor.pipeline import report

    with bootstrap.record(face.settings()) as desk:
        shape = report.sources(desk, utc_now())
    face.show(shape, views.sources)


def export(
    face: Face,
    form: Annotated[Form, typer.Option("--format", "-f", help="Form of the export.")],
    output: words.Output = None,
) -> None:
    """The record for analysts: every act of every participation as it is known now, and every change.

    CSV and Parquet are one flat table; its column `record` says "participation" or "change".

    Example: treaty-monitor export --format csv --output record.csv
    """
    from monitor.faces.cli import configuration, files, questions
    from monitor.faces.export import exported

    in_file = output is not None and not files.is_stdout(output)
    if face.json and not in_file and form is not Form.JSON:
        raise UsageError(f"--format {form} and --json both want stdout; name a file with --output")
    settings = face.settings()
    standing = questions.status(settings)
    body = exported(form.value, standing, questions.changes(settings))
    files.write(output, body)
    if in_file:
        shape = {"export": str(output), "format": form.value, "bytes": len(body)}
        face.show(shape, configuration.told("{export}: the record as {format}, {bytes} bytes"))

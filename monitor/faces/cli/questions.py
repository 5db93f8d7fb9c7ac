"""The questions of the command line: each opens the record, asks once, and closes it."""

from __future__ import annotations

from datetime import date
from typing import Any

from monitor import bootstrap
from monitor.faces import questions
from monitor.faces.clock import utc_now
from monitor.pipeline import report
from monitor.settings import Settings

Shape = dict[str, Any]


def status(
    settings: Settings,
    treaty: str | None = None,
    country: str | None = None,
    on: date | None = None,
    known: date | None = None,
) -> Shape:
    """Return who stands where; for a group of countries the items of each of them. Raises UsageError."""
    with bootstrap.record(settings) as desk:
        return questions.status(questions.Office(desk, settings, utc_now()), treaty, country, on, known)


def changes(
    settings: Settings,
    treaty: str | None = None,
    country: str | None = None,
    kinds: list[str] | None = None,
    since: date | None = None,
    limit: int | None = None,
) -> Shape:
    """Return the record of changes, newest first; with `limit`, no more than so many. Raises UsageError."""
    with bootstrap.record(settings) as desk:
        return report.changes(desk, questions.wanted(settings, treaty, country, kinds, since), limit)

"""From users' words to the record's answers: which treaties, which countries, which days."""

from __future__ import annotations

from datetime import date
from typing import Any

from monitor import bootstrap
from monitor.domain.change import ChangeKind
from monitor.domain.participant import Participant
from monitor.faces.clock import utc_now
from monitor.pipeline import report
from monitor.settings import Settings

Shape = dict[str, Any]


def people(settings: Settings, word: str) -> tuple[Participant, ...]:
    """Return the participants that a code, a name or a group means, ordered by name. Raises UsageError."""
    found = (settings.names.entry(code).participant for code in settings.find_countries(word))
    return tuple(sorted(found, key=lambda p: p.name))


def status(settings: Settings, treaty: str | None, country: str | None, on: date | None, known: date | None) -> Shape:
    """Return who stands where; for a group of countries the items of each of them. Raises UsageError."""
    now = utc_now()
    treaties = (settings.find_treaty(treaty),) if treaty else settings.treaties
    asked: tuple[Participant | None, ...] = people(settings, country) if country else (None,)
    with bootstrap.record(settings) as desk:
        shapes = [report.status(desk, report.Question(treaties, on or now.date(), known, who), now) for who in asked]
    return shapes[0] | {"participations": [item for shape in shapes for item in shape["participations"]]}


def changes(
    settings: Settings, treaty: str | None, country: str | None, kinds: list[str] | None, since: date | None
) -> Shape:
    """Return the record of changes, newest first. Raises UsageError."""
    codes = settings.find_countries(country) if country else None
    wanted = report.Wanted(
        treaty=settings.find_treaty(treaty) if treaty else None,
        kinds=frozenset(ChangeKind(kind) for kind in kinds) if kinds else None,
        since=since,
    )
    with bootstrap.record(settings) as desk:
        shape = report.changes(desk, wanted)
    return {"changes": [c for c in shape["changes"] if codes is None or _code(c) in codes]}


def _code(change: Shape) -> str | None:
    who = change["participant"]
    return who["code"] if who else None

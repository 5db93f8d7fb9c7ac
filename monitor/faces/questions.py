"""From users' words to the record's answers: which treaties, which countries, which days. Every face asks by these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from monitor.domain.change import ChangeKind
from monitor.domain.participant import Participant
from monitor.pipeline import report
from monitor.pipeline.desk import Desk
from monitor.settings import Settings, effective

Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Office:
    """Who answers: the record's desk, the configuration that knows the words, and the present instant."""

    desk: Desk
    settings: Settings
    now: datetime


def people(settings: Settings, word: str) -> tuple[Participant, ...]:
    """Return the participants that a code, a name or a group means, ordered by name. Raises UsageError."""
    found = (settings.names.entry(code).participant for code in settings.find_countries(word))
    return tuple(sorted(found, key=lambda p: p.name))


def status(
    office: Office,
    treaty: str | None = None,
    country: str | None = None,
    on: date | None = None,
    known: date | None = None,
) -> Shape:
    """Return who stands where; for a group of countries the items of each of them. Raises UsageError."""
    settings, now = office.settings, office.now
    treaties = (settings.find_treaty(treaty),) if treaty else settings.treaties
    asked: tuple[Participant | None, ...] = people(settings, country) if country else (None,)
    questions = (report.Question(treaties, on or now.date(), known, who) for who in asked)
    shapes = [report.status(office.desk, question, now) for question in questions]
    return shapes[0] | {"participations": [item for shape in shapes for item in shape["participations"]]}


def changes(
    office: Office,
    treaty: str | None = None,
    country: str | None = None,
    kinds: list[str] | None = None,
    since: date | None = None,
) -> Shape:
    """Return the record of changes, newest first. Raises UsageError."""
    codes = office.settings.find_countries(country) if country else None
    wanted = report.Wanted(
        treaty=office.settings.find_treaty(treaty) if treaty else None,
        kinds=frozenset(ChangeKind(kind) for kind in kinds) if kinds else None,
        since=since,
    )
    shape = report.changes(office.desk, wanted)
    return {"changes": [c for c in shape["changes"] if codes is None or _code(c) in codes]}


def upcoming(office: Office, treaty: str | None = None, country: str | None = None) -> list[Shape]:
    """Return what will take effect, soonest first. Raises UsageError."""
    reference = office.settings.find_treaty(treaty).reference if treaty else None
    codes = office.settings.find_countries(country) if country else None
    items = report.upcoming(office.desk, office.now)["upcoming"]
    return [
        item
        for item in items
        if reference in {None, item["treaty"]} and (codes is None or item["participant"]["code"] in codes)
    ]


def channels(office: Office) -> Shape:
    """Return the configured channels, each with how the record knows it: failing, or disabled, since when and why."""
    known = report.channels(office.desk)
    return {"channels": [one | known.get(one["name"], report.SOUND) for one in effective(office.settings)["channels"]]}


def subscriptions(office: Office) -> Shape:
    """Return who hears of what, over which channels and when, each with the recipients who have left it."""
    gone = report.departures(office.desk)
    every = effective(office.settings)["subscriptions"]
    return {"subscriptions": [one | {"left": gone.get(one["name"], [])} for one in every]}


def _code(change: Shape) -> str | None:
    who = change["participant"]
    return who["code"] if who else None

"""From users' words to the record's answers: which treaties, which countries, which days. Every face asks by these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from monitor.domain.change import ChangeKind
from monitor.domain.names import alphabetical
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
    return tuple(sorted(found, key=lambda p: alphabetical(p.name)))


def status(
    office: Office,
    treaty: str | None = None,
    country: str | None = None,
    on: date | None = None,
    known: date | None = None,
) -> Shape:
    """Return who stands where; for a group of countries the items of each of them. Raises UsageError."""
    return report.status(office.desk, asked(office, treaty, country, on, known), office.now)


def asked(
    office: Office,
    treaty: str | None = None,
    country: str | None = None,
    on: date | None = None,
    known: date | None = None,
) -> report.Question:
    """Return what these words ask of who stands where. Raises UsageError."""
    settings = office.settings
    treaties = (settings.find_treaty(treaty),) if treaty is not None else settings.treaties
    who = people(settings, country) if country is not None else None
    return report.Question(treaties, on or office.now.date(), known, who)


def wanted(
    settings: Settings,
    treaty: str | None = None,
    country: str | None = None,
    kinds: list[str] | None = None,
    since: date | None = None,
) -> report.Wanted:
    """Return which changes these words ask for. Raises UsageError."""
    return report.Wanted(
        treaty=settings.find_treaty(treaty) if treaty is not None else None,
        participants=settings.find_countries(country) if country is not None else None,
        kinds=frozenset(ChangeKind(kind) for kind in kinds) if kinds else None,
        since=since,
    )


def channels(office: Office) -> Shape:
    """Return the configured channels, each with how the record knows it: failing, or disabled, since when and why."""
    known = report.channels(office.desk)
    return {"channels": [one | known.get(one["name"], report.SOUND) for one in effective(office.settings)["channels"]]}


def subscriptions(office: Office) -> Shape:
    """Return who hears of what, over which channels and when, each with the recipients who have left it."""
    gone = report.departures(office.desk)
    every = effective(office.settings)["subscriptions"]
    return {"subscriptions": [one | {"left": gone.get(one["name"], [])} for one in every]}

"""What can be named: the catalogue's treaties, participants and groups, with what the configuration adds to them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from monitor import bootstrap
from monitor.domain import wire
from monitor.domain.errors import UsageError, did_you_mean
from monitor.domain.names import NameTable, alphabetical, normalised
from monitor.domain.participant import Participant
from monitor.domain.treaty import Period, Rules, Treaty
from monitor.settings import CatalogueEntry, Settings, shipped_catalogue, shipped_groups, shipped_names
from monitor.settings.resolve import expanded, matching_treaties, nearest_country, nearest_treaty

Shape = dict[str, Any]


def treaties(settings: Settings | None) -> Shape:
    """Return the watched treaties, then the rest of the catalogue."""
    return {"treaties": [_treaty(t, settings) for t in _all(settings)]}


def treaty(settings: Settings | None, wanted: str) -> Shape:
    """Return one treaty, watched or only known. Raises UsageError."""
    every = _all(settings)
    found = matching_treaties(every, wanted)
    if len(found) == 1:
        return _treaty(found[0], settings)
    if found:
        raise UsageError(f'"{wanted}" fits several treaties: {", ".join(t.slug for t in found)}')
    raise UsageError(f'"{wanted}" is no known treaty{did_you_mean(nearest_treaty(every, wanted))}')


def _all(settings: Settings | None) -> tuple[Treaty, ...]:
    watched = settings.treaties if settings else ()
    known = {t.reference for t in watched}
    return (*watched, *(_entry(e) for e in shipped_catalogue().values() if e.reference not in known))


def _entry(entry: CatalogueEntry) -> Treaty:
    return Treaty(entry.reference, entry.slug, entry.title, rules=entry.rules)


def _treaty(treaty: Treaty, settings: Settings | None) -> Shape:
    entry = shipped_catalogue().get(treaty.reference)
    return {
        "reference": treaty.reference,
        "slug": treaty.slug,
        "title": treaty.title,
        "full_title": entry.full_title if entry else None,
        "watched": settings is not None and treaty in settings.treaties,
        **_rules(treaty.rules),
        "sources": [
            {"source": s.key, "url": s.url, "every_seconds": s.every, "when_quiet_seconds": s.when_quiet}
            | {"obey_robots": s.obey_robots}
            for s in treaty.sources
        ],
    }


def _rules(rules: Rules) -> Shape:
    leaving, entry = rules.withdrawal, rules.entry
    return {
        "withdrawal": leaving
        and {
            "article": leaving.article,
            "notice": _period(leaving.period),
            "conditional": leaving.conditional,
            "remark": leaving.remark,
        },
        "entry_into_force": entry and {"article": entry.article, "after": _period(entry.period)},
    }


def _period(period: Period | None) -> Shape | None:
    if period is None:
        return None
    return {"amount": period.amount, "unit": period.unit.value, "rounding": period.rounding.value}


def countries(settings: Settings | None) -> Shape:
    """Return every participant, and every group with its members' codes."""
    names, groups = _people(settings)
    return {
        "countries": [_person(p, groups) for p in names.all()],
        "groups": {name: sorted(codes) for name, codes in sorted(groups.items())},
    }


def country(settings: Settings | None, wanted: str) -> Shape:
    """Return one participant with its groups, or a group with its members. Raises UsageError with the nearest name.

    Of a word that is both the members stand beside the participant; its code in capitals means the participant alone.
    """
    names, groups = _people(settings)
    found, group = names.lookup(wanted), normalised(wanted)
    person = _person(found, groups) if found else {}
    if group not in groups and not person:
        near = did_you_mean(nearest_country(wanted, names, groups))
        raise UsageError(f'"{wanted}" is no known country or group{near}')
    if group not in groups or person.get("code") == wanted:
        return person
    people = sorted((names.entry(code).participant for code in groups[group]), key=lambda p: alphabetical(p.name))
    return person | {"group": group, "countries": [_person(p, groups) for p in people]}


def _people(settings: Settings | None) -> tuple[NameTable, Mapping[str, frozenset[str]]]:
    if settings:
        return settings.names, settings.groups
    names = shipped_names()
    return names, expanded(dict(shipped_groups()), names)


def _person(who: Participant, groups: Mapping[str, frozenset[str]]) -> Shape:
    within = sorted(name for name, codes in groups.items() if who.code in codes)
    return {"code": who.code, "name": who.name, "kind": who.kind.value, "groups": within}


def discovered(settings: Settings, source: str, index: str | None) -> dict[str, Any]:
    """Return what a collection lists: number, title, address, and whether the treaty is watched."""
    found = asyncio.run(bootstrap.discovered(settings, source, index))
    watched = {t.reference for t in settings.treaties}
    treaties = [
        {"reference": t.reference, "title": t.title, "url": t.url, "watched": t.reference in watched}
        for t in found.treaties
    ]
    return {"source": source, "treaties": treaties, "findings": [wire.finding(f) for f in found.findings]}

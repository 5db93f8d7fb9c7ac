"""Finds what a user's word means: a treaty by slug, number or part of its title; countries by code, name or group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monitor.domain.names import NameTable, normalised
from monitor.domain.treaty import Treaty
from monitor.settings.shipped import shipped_catalogue
from monitor.settings.values import nearest


def matching_treaties(treaties: Iterable[Treaty], word: str) -> tuple[Treaty, ...]:
    """Return the treaty with this slug or number, or every treaty whose title contains the word, in any case."""
    known = tuple(treaties)
    key = normalised(word)
    exact = tuple(treaty for treaty in known if key in {treaty.slug, normalised(treaty.reference)})
    if exact or not key:
        return exact
    return tuple(treaty for treaty in known if any(key in normalised(title) for title in _titles(treaty)))


def nearest_treaty(treaties: Iterable[Treaty], word: str) -> str | None:
    """Return the slug or number that is most like a mistyped one, or None."""
    return nearest(word, [name for treaty in treaties for name in (treaty.slug, treaty.reference, treaty.title)])


def _titles(treaty: Treaty) -> tuple[str, ...]:
    entry = shipped_catalogue().get(treaty.reference)
    return (treaty.title, *(title for title in (entry.title, entry.full_title) if title)) if entry else (treaty.title,)


def codes_of(word: str, names: NameTable, groups: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    """Return the participant codes that a group, code or name stands for, or None if it is not known."""
    group = groups.get(normalised(word))
    if group is not None:
        return group
    participant = names.lookup(word)
    return frozenset({participant.code}) if participant and participant.code else None


def nearest_country(word: str, names: NameTable, groups: Iterable[str]) -> str | None:
    """Return the group or name that is most like a mistyped one, or None."""
    return nearest(word, [found for found in (nearest(word, groups), names.nearest(word)) if found])


def circles(groups: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return the groups that contain themselves, whichever way round."""
    return tuple(name for name in groups if name in _below(groups, name, set()))


def _below(groups: Mapping[str, list[str]], name: str, seen: set[str]) -> set[str]:
    for member in map(normalised, groups[name]):
        if member in groups and member not in seen:
            seen.add(member)
            _below(groups, member, seen)
    return seen


def expanded(groups: Mapping[str, list[str]], names: NameTable) -> dict[str, frozenset[str]]:
    """Return every group's participant codes, groups within groups included, unknown members left out."""
    direct = {
        name: {person.code for member in members if (person := names.lookup(member)) and person.code}
        for name, members in groups.items()
    }
    return {
        name: frozenset().union(*(direct[part] for part in {name} | _below(groups, name, set()))) for name in groups
    }

"""Finds what a user's word means: a treaty by slug, number or part of its title; countries by code, name or group."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

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


def _titles(treaty: Treaty) -> Iterator[str]:
    """Yield what a treaty is called; not its number, of which "XXVI-5" is a part of "XXVI-5-b"."""
    entry = shipped_catalogue().get(treaty.reference)
    titles = (treaty.title, entry.title, entry.full_title) if entry else (treaty.title,)
    return (title for title in titles if title and title != treaty.reference)


def codes_of(word: str, names: NameTable, groups: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    """Return the participant codes that a group, code or name stands for, or None if it is not known.

    A code in capitals is the participant, also where a group has that name: `EU` the Union, `eu` its members.
    """
    group = _group(word, names, groups)
    if group is not None:
        return groups[group]
    participant = names.lookup(word)
    return frozenset({participant.code}) if participant and participant.code else None


def _group(word: str, names: NameTable, groups: Container[str]) -> str | None:
    """Return the group that a word names, or None."""
    participant = names.lookup(word)
    is_code = participant is not None and participant.code == word
    return normalised(word) if not is_code and normalised(word) in groups else None


def nearest_country(word: str, names: NameTable, groups: Iterable[str]) -> str | None:
    """Return the group or name that is most like a mistyped one, or None."""
    return nearest(word, [found for found in (nearest(word, groups), names.nearest(word)) if found])


def circles(groups: Mapping[str, list[str]], names: NameTable) -> tuple[str, ...]:
    """Return the groups that contain themselves, whichever way round."""
    return tuple(name for name in groups if name in _below(groups, names, name, set()))


def _below(groups: Mapping[str, list[str]], names: NameTable, name: str, seen: set[str]) -> set[str]:
    """Return the groups within a group, at any depth."""
    for word in groups[name]:
        group = _group(word, names, groups)
        if group is not None and group not in seen:
            seen.add(group)
            _below(groups, names, group, seen)
    return seen


def expanded(groups: Mapping[str, list[str]], names: NameTable) -> dict[str, frozenset[str]]:
    """Return every group's participant codes, groups within groups included, unknown members left out."""
    direct = {name: _members(words, names, groups) for name, words in groups.items()}
    return {name: direct[name].union(*(direct[part] for part in _below(groups, names, name, set()))) for name in groups}


def _members(words: Iterable[str], names: NameTable, groups: Container[str]) -> frozenset[str]:
    people = (names.lookup(word) for word in words if _group(word, names, groups) is None)
    return frozenset(person.code for person in people if person and person.code)

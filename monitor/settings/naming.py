"""Participants and groups: the shipped tables, and what the user's files add to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from monitor.domain.names import NameEntry, NameTable, normalised
from monitor.domain.participant import ParticipantKind
from monitor.settings.files import Files
from monitor.settings.model import GroupsFile, ParticipantsFile
from monitor.settings.resolve import circles, expanded
from monitor.settings.shipped import shipped_groups, shipped_names, shipped_participants
from monitor.settings.vocabulary import NEW_CODE, Vocabulary


def read_names(files: Files) -> NameTable:
    """Return the shipped table with the spellings that participants.toml adds; what is wrong is noted and left out."""
    shipped = shipped_names()
    raw = files.toml("participants.toml")
    files.parse(ParticipantsFile, "participants.toml", raw, Vocabulary(shipped))
    extra: dict[str, str] = {}
    added: dict[str, NameEntry] = {}
    for spelling, written in (raw or {}).items():
        known = shipped.lookup(spelling)
        meant = shipped.lookup(written) if isinstance(written, str) else None
        code = meant.code if meant else written
        if known and known.code != code and normalised(known.name) == normalised(spelling):
            files.add("participants.toml", spelling, f'"{written}"', f"{known.code}, whose own name this is")
        elif meant and meant.code:
            extra[spelling] = meant.code
        elif isinstance(written, str) and NEW_CODE.fullmatch(written):
            added.setdefault(written, NameEntry(written, written, ParticipantKind.ORGANISATION))
            extra[spelling] = written
    named = [replace(entry, name=_first(extra, entry.code)) for entry in added.values()]
    return NameTable((*shipped_participants(), *named), extra)


def _first(extra: Mapping[str, str], code: str) -> str:
    return next(spelling for spelling, meant in extra.items() if meant == code)


def read_groups(files: Files, names: NameTable) -> dict[str, frozenset[str]]:
    """Return the shipped groups and those of groups.toml, expanded to codes; what is wrong is noted and left out."""
    raw = files.toml("groups.toml") or {}
    own = {normalised(name): members for name, members in raw.items()}
    groups = {**shipped_groups(), **{name: [str(m) for m in ms] for name, ms in own.items() if isinstance(ms, list)}}
    words = {name: frozenset[str]() for name in {*groups, *own}}
    files.parse(GroupsFile, "groups.toml", raw, Vocabulary(names, words))
    taken = [name for name in raw if names.lookup(name) and normalised(name) not in shipped_groups()]
    for name in taken:
        files.add("groups.toml", name, "the name of a participant", "a name that no participant has")
    for name in sorted(set(circles(groups, names)).difference(map(normalised, taken))):
        files.add("groups.toml", name, "a group that contains itself", "groups within groups, but no circle")
    return expanded(groups, names)

"""What the program brings along: participants, catalogue, groups, and the starter configuration that `init` writes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import monitor
from monitor.domain.names import NameEntry, NameTable
from monitor.domain.participant import ParticipantKind
from monitor.domain.treaty import Rules
from monitor.settings.clauses import CatalogueTable

_PACKAGE = Path(monitor.__file__).parent
_SHIPPED = _PACKAGE / "shipped"
"""Where the wheel holds `config/` and `state/seed/`; in a checkout they lie beside the package."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A well-known treaty: the depositary's number, a short name, its usual and its full title, its final clauses."""

    reference: str
    slug: str
    title: str
    full_title: str | None
    rules: Rules


@cache
def _data(name: str) -> Mapping[str, Any]:
    return tomllib.loads((_PACKAGE / "data" / name).read_text("utf-8"))


@cache
def shipped_participants() -> tuple[NameEntry, ...]:
    """Return the rows of the curated table of names."""
    return tuple(
        NameEntry(code, row["name"], ParticipantKind(kind), row.get("alpha3"), tuple(row.get("aliases", ())))
        for kind, rows in _data("participants.toml").items()
        for code, row in rows.items()
    )


@cache
def shipped_names() -> NameTable:
    """Return the curated table of names, without a user's additions."""
    return NameTable(shipped_participants())


@cache
def shipped_groups() -> Mapping[str, list[str]]:
    """Return the shipped groups as written: names of groups to codes and names of other groups."""
    groups: Mapping[str, list[str]] = _data("groups.toml")
    return groups


@cache
def shipped_catalogue() -> Mapping[str, CatalogueEntry]:
    """Return the catalogue of well-known treaties by the depositary's number."""
    data = _data("catalogue.toml")
    split = frozenset(data["split_tracks"])
    tables = {reference: CatalogueTable.model_validate(row) for reference, row in data["treaty"].items()}
    return {
        reference: CatalogueEntry(
            reference, table.slug, table.title, table.full_title, table.rules(split_tracks=reference in split)
        )
        for reference, table in tables.items()
    }


@cache
def _split_tracks() -> frozenset[str]:
    return frozenset(_data("catalogue.toml")["split_tracks"])


def rules_for(reference: str) -> Rules:
    """Return what is known of a treaty's final clauses; every rule None for a treaty outside the catalogue."""
    entry = shipped_catalogue().get(reference)
    return entry.rules if entry else Rules(split_tracks=reference in _split_tracks())


def starter_root() -> Path:
    """Return the folder that holds the starter `config/` and `state/seed/`: in the wheel, or the repository's own."""
    return _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent


def starter_files() -> dict[str, str]:
    """Return what `init` writes: paths relative to its folder (`config/monitor.toml`, …) to their text."""
    root = starter_root()
    paths = sorted([*(root / "config").rglob("*.toml"), *(root / "state" / "seed").glob("*.toml")])
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in paths}

"""Reads seeds: the claims of a secondary text, in our own words, which are the first baseline of a treaty."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from monitor.domain.claim import Claim, ClaimKind, Seed
from monitor.settings.clauses import Table
from monitor.settings.files import Files
from monitor.settings.shipped import shipped_names, starter_root
from monitor.settings.values import Line, Reference
from monitor.settings.vocabulary import ParticipantCode, Vocabulary


class ClaimTable(Table):
    """One of the `[[claims]]`."""

    id: StrictInt
    kind: ClaimKind
    statement: Line
    about: tuple[ParticipantCode, ...] = ()
    year: StrictInt | None = None
    number: StrictInt | None = None
    never_signed: StrictBool = False
    groups: tuple[Line, ...] = ()

    def claim(self) -> Claim:
        """Return the domain's claim."""
        return Claim(
            id=self.id,
            statement=self.statement,
            about=self.about,
            kind=self.kind,
            year=self.year,
            number=self.number,
            never_signed=self.never_signed,
            groups=self.groups,
        )


class SeedFile(Table):
    """state/seed/*.toml."""

    reference: Reference
    dated: dt.date
    title: Line
    claims: Annotated[list[ClaimTable], Field(min_length=1)]

    def seed(self) -> Seed:
        """Return the domain's seed, claims in the order of their numbers."""
        claims = sorted((row.claim() for row in self.claims), key=lambda claim: claim.id)
        return Seed(self.reference, self.dated, self.title, tuple(claims))


def load_seeds(state_dir: Path | None) -> tuple[Seed, ...]:
    """Return the seeds of `<state>/seed/` where that folder exists, else those that the program ships.

    Raises ConfigurationError with every mistake of every file.
    """
    folder = state_dir / "seed" if state_dir else None
    if folder is None or not folder.is_dir():
        folder = starter_root() / "state" / "seed"
    files = Files(folder)
    known = Vocabulary(shipped_names())
    files.listed()
    tables = [files.parse(SeedFile, p.name, files.toml(p.name), known) for p in files.visible("*.toml")]
    files.settle()
    return tuple(table.seed() for table in tables if table is not None)

"""Who takes part in a treaty: States, organisations, territories, and States that no longer exist."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ParticipantKind(StrEnum):
    """What a participant is, in the depositary's sense."""

    STATE = "state"
    ORGANISATION = "organisation"
    TERRITORY = "territory"
    FORMER_STATE = "former_state"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Participant:
    """One participant of a treaty.

    `code` is ISO 3166-1 alpha-2 (ISO 3166-3 for dissolved States, `X-…` for organisations without a code),
    or None for a name that is not known. `name` is the canonical name (the written one if not known),
    `as_written` the page's own, without footnote marks.
    """

    code: str | None
    name: str
    as_written: str
    kind: ParticipantKind

    @property
    def key(self) -> str:
        """What matches rows of two readings: the code, or the written name where no code is known."""
        return self.code or self.as_written


class Names(Protocol):
    """Resolves names by exact match on a curated table, never by guessing. Hashable: answers are kept by table."""

    def __hash__(self) -> int: ...

    @property
    def edition(self) -> str:
        """What tells this table from one by which any name is read otherwise."""
        ...

    def lookup(self, text: str) -> Participant | None:
        """Return the participant with this code or name, in any case, or None."""
        ...

    def resolve(self, written: str) -> Participant:
        """Return the participant, of kind UNKNOWN and without code if the name is not in the table."""
        ...

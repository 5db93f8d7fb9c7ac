"""What one reading of one page says, whole: header, participations, statements, and what the reader found odd."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.participant import Participant
from monitor.domain.participation import Participation


class Level(StrEnum):
    """What a finding does to a reading."""

    REFUSE = "refuse"  # nothing is stored as fact
    HOLD = "hold"  # nothing goes out until a second reading agrees or a person decides
    NOTE = "note"  # told, stops nothing


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd about a reading.

    `rule` is a stable word, `text` a sentence; `row` the participant's key it concerns, None for the whole page.
    """

    level: Level
    rule: str
    text: str
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Signatories and parties, printed or counted; None where the page prints none or has no such column."""

    signatories: int | None
    parties: int | None


@dataclass(frozen=True, slots=True)
class Header:
    """The page's own word about itself.

    `stamp` is the page's "status as at" (local to the depositary, None in an export); `concluded` the date of
    adoption; `earliest` the adoption of the oldest instrument that the title or a heading names (its first day
    where only a year is named), before which no act can be dated; `entry_into_force` None if not in force.
    """

    reference: str
    title: str
    stamp: datetime | None
    concluded: date | None
    earliest: date | None
    entry_into_force: date | None
    stated: Totals

    @property
    def as_at(self) -> date | None:
        """The day of the page's stamp."""
        return self.stamp.date() if self.stamp else None


class StatementKind(StrEnum):
    """The sections in which a page carries what participants have said."""

    DECLARATION = "declaration"  # declarations and reservations
    OBJECTION = "objection"
    ARTICLE_DECLARATION = "article_declaration"  # declarations under a named article
    NOTIFICATION = "notification"
    TERRITORY = "territory"  # territorial application: `text` is "date: territories"
    WITHDRAWN = "withdrawn"  # an end note: a reservation or declaration has been withdrawn


@dataclass(frozen=True, slots=True)
class Statement:
    """One participant's text in one section, whitespace folded, footnote marks and markup removed."""

    participant: Participant
    kind: StatementKind
    text: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One page as read. `counted` is what the rows add up to, for the gate; `form` is "page" or "export"."""

    header: Header
    participations: tuple[Participation, ...]
    statements: tuple[Statement, ...] = ()
    counted: Totals = Totals(None, None)
    columns: tuple[str, ...] = ()
    form: str = "page"

    def find(self, key: str) -> Participation | None:
        """Return the participation whose participant has this key, or None."""
        return next((p for p in self.participations if p.participant.key == key), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a document: a snapshot, or None if the page was unreadable, and the findings."""

    snapshot: Snapshot | None
    findings: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether nothing of this reading may be taken as fact."""
        return self.snapshot is None or any(f.level is Level.REFUSE for f in self.findings)

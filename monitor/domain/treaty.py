"""A treaty as it is watched: its number, its names, and the rules of its final clauses."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Unit(StrEnum):
    """Units in which treaties count notice."""

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


class Rounding(StrEnum):
    """The day on which a counted period leads to an effect."""

    EXACT = "exact"  # the counted day itself
    FIRST_OF_MONTH = "first_of_month"  # the first day of the month counted to (Mine Ban, article 17 (2))
    FIRST_OF_NEXT_MONTH = "first_of_next_month"  # the first day of the month after the counted day


@dataclass(frozen=True, slots=True)
class Period:
    """A period counted from a deposit: days from the day after receipt, months to the same or the last day."""

    amount: int
    unit: Unit
    rounding: Rounding = Rounding.EXACT


@dataclass(frozen=True, slots=True)
class WithdrawalClause:
    """How a State may leave. `period` is None where the clause gives no countable notice."""

    article: str | None
    period: Period | None
    conditional: bool = False
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class EntryRule:
    """When a treaty in force enters into force for a State that consents later."""

    article: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class Rules:
    """Final clauses of one treaty; None means not known, never "none exists"."""

    withdrawal: WithdrawalClause | None = None
    entry: EntryRule | None = None
    most_parties: int = 250
    """More parties than this is not believable: there are not so many States and organisations."""
    split_tracks: bool = False
    """Parties are spread over several columns, so that the last one does not give the printed total."""


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """One page to read: the reader's key, the address, how often (seconds), whether robots.txt is obeyed.

    With `when_quiet` (seconds, not below `every`) it is asked less often the longer there is no news, down to that.
    """

    key: str
    url: str
    every: float
    obey_robots: bool = True
    when_quiet: float | None = None

    @property
    def longest(self) -> float:
        """The longest that it is ever left alone while it is read well, in seconds."""
        return self.when_quiet or self.every


@dataclass(frozen=True, slots=True)
class Treaty:
    """One watched treaty. `reference` is the depositary's number (`XXVI-5`), `slug` the user's short name."""

    reference: str
    slug: str
    title: str
    sources: tuple[WatchedSource, ...] = ()
    rules: Rules = field(default_factory=Rules)

"""Acts by which a State changes its position towards a treaty (VCLT 2(1)(b), 11-15, 54-58)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class ActionKind(StrEnum):
    """The kinds of act that a depositary's page records."""

    SIGNATURE = "signature"
    DEFINITIVE_SIGNATURE = "definitive_signature"
    RATIFICATION = "ratification"
    ACCEPTANCE = "acceptance"
    APPROVAL = "approval"
    ACCESSION = "accession"
    SUCCESSION = "succession"
    SUCCESSION_TO_SIGNATURE = "succession_to_signature"
    FORMAL_CONFIRMATION = "formal_confirmation"
    CONSENT_TO_BE_BOUND = "consent_to_be_bound"
    PROVISIONAL_APPLICATION = "provisional_application"
    PARTICIPATION = "participation"
    CONFIRMATION_OF_SIGNATURE = "confirmation_of_signature"
    WITHDRAWAL = "withdrawal"
    PARTIAL_WITHDRAWAL = "partial_withdrawal"
    WITHDRAWAL_RETRACTED = "withdrawal_retracted"
    SUSPENSION = "suspension"
    INTENTION_NOT_TO_BECOME_PARTY = "intention_not_to_become_party"
    OTHER = "other"


CONSENT = frozenset(
    {
        ActionKind.DEFINITIVE_SIGNATURE,
        ActionKind.RATIFICATION,
        ActionKind.ACCEPTANCE,
        ActionKind.APPROVAL,
        ActionKind.ACCESSION,
        ActionKind.SUCCESSION,
        ActionKind.FORMAL_CONFIRMATION,
        ActionKind.CONSENT_TO_BE_BOUND,
        ActionKind.PARTICIPATION,
    }
)
"""Means of expressing consent to be bound (VCLT 11)."""

SIGNING = frozenset({ActionKind.SIGNATURE, ActionKind.SUCCESSION_TO_SIGNATURE, ActionKind.CONFIRMATION_OF_SIGNATURE})
"""Acts that make a signatory and are no consent to be bound (VCLT 18 (a))."""


class Basis(StrEnum):
    """On what a date or an effect rests."""

    STATED = "stated"  # the depositary says so
    COMPUTED = "computed"  # from the treaty's own rule, or a period that a note states
    CALENDAR = "calendar"  # the stated day has come; the page does not yet confirm it


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyAction:
    """One act. `date` is that of deposit or notification; None only for brackets that no note explains.

    `bracketed` is True or False for an act read from a cell of the grid, None for one read from a note.
    `effective` is when the act takes effect, resting on `basis`; `took_effect` says that the depositary's
    words put the effect in the past, `without_effect` that they deny it. `note` is the page's own number of the
    end note, `heading` the column's heading (kept for kind OTHER). Not here: when this program learned of the act
    (see RecordedChange).
    """

    kind: ActionKind
    date: dt.date | None
    bracketed: bool | None = None
    effective: dt.date | None = None
    basis: Basis | None = None
    conditional: bool = False
    took_effect: bool = False
    without_effect: bool = False
    notification: str | None = None
    article: str | None = None
    note: int | None = None
    heading: str | None = None

    @property
    def column(self) -> str:
        """The heading's letters and digits alone, by which two columns are told apart; empty for kinds but OTHER."""
        return "".join(filter(str.isalnum, self.heading or "")).casefold()

    @property
    def from_grid(self) -> bool:
        """Whether a cell of the grid, and not a note, shows the act."""
        return self.bracketed is not None

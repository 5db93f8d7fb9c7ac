"""One participant's acts towards one treaty, as one reading of a page gives them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.participant import Participant


class Status(StrEnum):
    """Where a participant stands towards a treaty on a day (VCLT 2(1)(f), (g))."""

    NONE = "none"
    SIGNATORY = "signatory"
    PROVISIONAL = "provisional"
    CONTRACTING = "contracting"
    PARTY = "party"
    SUSPENDED = "suspended"
    FORMER_PARTY = "former_party"


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a secondary text claims of a participant, where no official page has been read yet.

    `since` is the first day on which the claim certainly holds (a year claimed alone: its 31 December).
    """

    status: Status
    since: date | None


@dataclass(frozen=True, slots=True)
class Participation:
    """A participant and its acts, ordered as the page shows them: grid first, then notes by number.

    `in_grid` is False for a participant that only a note names (Jamaica in IV-5). `claimed` is set only by the seed.
    """

    participant: Participant
    actions: tuple[TreatyAction, ...]
    in_grid: bool = True
    claimed: Claimed | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """What has been notified and has not yet taken effect; `effective` None where nothing tells the day."""

    kind: ActionKind
    effective: date | None
    conditional: bool
    basis: Basis
    action: TreatyAction


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer to "where does it stand on that day": status, what the answer rests on, what is still to come."""

    status: Status
    basis: Basis
    conditional: bool = False
    pending: Pending | None = None
    remark: str | None = None
    """Why the status is not what the row alone would suggest, for a finding of level note."""

"""Claims of a secondary text about a treaty, and the verdict that the depositary's page gives on each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class ClaimKind(StrEnum):
    """What a claim says, so that it can be checked."""

    WITHDRAWAL_ANNOUNCED = "withdrawal_announced"  # a political statement, not yet a legal act
    BOUND = "bound"  # joined in, or not later than, a year
    SIGNED_BY = "signed_by"  # "signed" not later than a year
    NOT_PARTICIPANT = "not_participant"  # absent; with `never_signed` also said never to have signed
    COUNT = "count"  # more than so many signatories or parties
    SIGNED = "signed"
    IDENTITY = "identity"  # year, name and purpose of the treaty
    GROUP = "group"  # about neighbours and alliances
    OUTSIDE = "outside"  # what no membership page can show


class VerdictKind(StrEnum):
    """What the official page says of a claim."""

    SUPPORTED = "supported"
    SUPPORTED_IN_PART = "supported_in_part"
    CONTRADICTED = "contradicted"
    OVERTAKEN = "overtaken"
    NOT_CHECKABLE = "not_checkable"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, in our own words.

    `about` are participant keys, empty for the treaty itself; `year` and `number` are what the claim counts;
    `never_signed` sharpens NOT_PARTICIPANT.
    """

    id: int
    statement: str
    about: tuple[str, ...]
    kind: ClaimKind
    year: int | None = None
    number: int | None = None
    never_signed: bool = False
    groups: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Seed:
    """A secondary text's claims about one treaty, as the first baseline. `dated` is the day it is known from."""

    reference: str
    dated: date
    title: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one claim, with the sentence that explains it and the page's rows and notes as evidence."""

    claim: Claim
    kind: VerdictKind
    explanation: str
    evidence: tuple[dict[str, object], ...] = ()

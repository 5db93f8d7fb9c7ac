"""What has changed between two readings, and the record of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from monitor.domain.action import Basis, TreatyAction
from monitor.domain.participant import Participant
from monitor.domain.participation import Status
from monitor.domain.snapshot import Finding


class ChangeKind(StrEnum):
    """Typed changes; the words of the outer contract."""

    SIGNED = "signed"
    CONSENTED = "consented"
    ENTERED_INTO_FORCE = "entered_into_force"
    PROVISIONALLY_APPLIED = "provisionally_applied"
    WITHDRAWAL_NOTIFIED = "withdrawal_notified"
    WITHDRAWAL_RETRACTED = "withdrawal_retracted"
    WITHDRAWAL_EFFECTIVE = "withdrawal_effective"
    SUSPENSION_NOTIFIED = "suspension_notified"
    CONSENT_REVOKED = "consent_revoked"
    SIGNATURE_DISAVOWED = "signature_disavowed"
    CORRECTED = "corrected"
    RENAMED = "renamed"
    STATEMENT_MADE = "statement_made"
    STATEMENT_WITHDRAWN = "statement_withdrawn"
    TERRITORY_EXTENDED = "territory_extended"
    ACT_RECORDED = "act_recorded"
    TREATY_IN_FORCE = "treaty_in_force"
    RECORD_VANISHED = "record_vanished"


EFFECTS = frozenset({ChangeKind.WITHDRAWAL_EFFECTIVE, ChangeKind.ENTERED_INTO_FORCE})
"""What a day alone may bring to a participant, without a new word on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one participant's position (participant None: of the treaty itself).

    `treaty` is the depositary's number. `action` is the act concerned, `action_before` what a correction
    replaces, `name_before` what a rename replaces, `text` a statement's text. `basis` says on what an
    effect rests.
    """

    kind: ChangeKind
    treaty: str
    participant: Participant | None
    action: TreatyAction | None = None
    status_before: Status | None = None
    status_after: Status | None = None
    basis: Basis | None = None
    conditional: bool = False
    action_before: TreatyAction | None = None
    name_before: str | None = None
    text: str | None = None

    @property
    def key(self) -> str | None:
        """The participant's key, or None for a change of the treaty itself."""
        return self.participant.key if self.participant else None

    @property
    def act_date(self) -> date | None:
        """The date that tells this change from another of the same kind: that of the act."""
        return self.action.date if self.action else None

    @property
    def id(self) -> str:
        """Stable over sources, runs and machines: treaty, participant, kind, act date (a text where no act is).

        A correction that puts nothing in the place of an act goes by the act that it takes out. One day may bring acts
        under several headings.
        """
        act = self.action or self.action_before
        told_apart = str(act.date) if act else (self.text or self.name_before or "")
        parts = [self.treaty, self.key or "", self.kind.value, told_apart]
        if self.kind is ChangeKind.CORRECTED and act:
            parts += [act.kind.value, str(act.effective)] + ([] if self.action else ["taken out"])
            parts += ["without effect"] if act.without_effect else []
        parts += [act.column] if act and act.column else []
        return "chg_" + sha256("\x1f".join(parts).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The typed changes between two readings, those that only a person or a second reading may confirm, and why."""

    changes: tuple[Change, ...]
    held: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """One document that shows a change: its SHA-256, when it was fetched, and the row and note it shows."""

    document: str | None
    fetched_at: datetime | None
    excerpt: str


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A change in the record. `first_seen` is when this installation learned it, never the act's own date."""

    change: Change
    first_seen: datetime
    treaty_slug: str
    treaty_title: str
    source: str
    url: str
    before: Proof | None = None
    after: Proof | None = None
    notification_url: str | None = None
    """Where the depositary's own notification of the act can be read."""
    corrects: str | None = None
    """Id of the change that this one corrects or takes back, for threading."""

    @property
    def id(self) -> str:
        """The change's own id."""
        return self.change.id

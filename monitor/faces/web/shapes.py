"""The shapes of the outer contract as models, for the API's description alone: answers are written by `domain.wire`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict

from monitor.domain.action import ActionKind, Basis
from monitor.domain.change import ChangeKind
from monitor.domain.claim import VerdictKind
from monitor.domain.delivery import DeliveryState, Outcome
from monitor.domain.participant import ParticipantKind
from monitor.domain.participation import Status
from monitor.domain.snapshot import Level
from monitor.storage.interface import Condition, HeldState


class _Open(BaseModel):
    """A shape to which fields may be added at any time."""

    model_config = ConfigDict(extra="allow")


class Problem(_Open):
    """RFC 9457: why a request failed."""

    type: str
    title: str
    status: int
    detail: str
    instance: str


class Participant(_Open):
    """A State, organisation or territory; `code` is null for a name that is not known."""

    code: str | None
    name: str
    as_written: str
    kind: ParticipantKind


class Action(_Open):
    """One act of a State."""

    kind: ActionKind
    date: dt.date | None
    bracketed: bool | None = None
    effective: dt.date | None = None
    conditional: bool | None = None
    basis: Basis | None = None
    notification: str | None = None
    article: str | None = None
    note: int | None = None
    heading: str | None = None
    without_effect: bool | None = None


class Pending(_Open):
    """What is notified and not yet effective."""

    kind: ActionKind
    effective: dt.date | None
    conditional: bool
    basis: Basis


class SourceAge(_Open):
    """On which reading an answer rests, and how old it is."""

    source: str
    as_at: dt.date | None
    known_from: dt.datetime
    last_good: dt.datetime
    age_seconds: int
    document: str | None


class Participation(_Open):
    """Where one participant stands."""

    participant: Participant
    status: Status
    actions: list[Action]
    pending: Pending | None
    treaty: str
    treaty_slug: str
    basis: Basis
    conditional: bool
    sources: list[SourceAge]


class StatusAnswer(_Open):
    """Who stands where, on a legal date, as known on a date."""

    on: dt.date
    known: dt.date
    participations: list[Participation]


class Proof(_Open):
    """A document that shows a change, with the row as it reads there."""

    document: str | None
    fetched_at: dt.datetime | None
    excerpt: str


class Evidence(_Open):
    """The documents before and after."""

    before: Proof | None
    after: Proof | None


class HeldChange(_Open):
    """A change that is held back."""

    kind: ChangeKind
    treaty: str
    participant: Participant | None
    action: Action | None
    status_before: Status | None
    status_after: Status | None


class Change(HeldChange):
    """A change of the record."""

    id: str
    first_seen: dt.datetime
    treaty_slug: str
    source: str
    evidence: Evidence


class ChangesAnswer(_Open):
    """The record of changes, newest first."""

    changes: list[Change]


class Coming(_Open):
    """An effect to come."""

    date: dt.date | None
    kind: str
    treaty: str
    treaty_slug: str
    participant: Participant
    action: Action
    clause: str | None
    basis: Basis
    conditional: bool


class UpcomingAnswer(_Open):
    """What will take effect, soonest first."""

    upcoming: list[Coming]


class Claim(_Open):
    """A claim of the seed article with its verdict."""

    id: int
    statement: str
    about: list[str]
    verdict: VerdictKind
    explanation: str
    evidence: list[dict[str, Any]]


class ClaimsAnswer(_Open):
    """Every claim."""

    claims: list[Claim]


class Source(_Open):
    """A watched page and how it is."""

    treaty: str
    treaty_slug: str
    title: str
    source: str
    url: str
    condition: Condition
    last_checked: dt.datetime | None
    last_good: dt.datetime | None
    age_seconds: int | None
    next_due: dt.datetime | None
    failures: int
    problem: str | None
    every_seconds: float
    when_quiet_seconds: float | None
    stale: bool


class SourcesAnswer(_Open):
    """Every watched page."""

    sources: list[Source]


class Finding(_Open):
    """Something odd about a reading."""

    level: Level
    rule: str
    text: str
    row: str | None = None


class Held(_Open):
    """A row or a reading that the gate holds back."""

    id: str
    treaty: str
    source: str
    row: str | None
    since: dt.datetime
    state: HeldState
    document: str | None
    findings: list[Finding]
    changes: list[HeldChange]


class HeldAnswer(_Open):
    """What is held back, oldest first."""

    held: list[Held]


class Checked(_Open):
    """What one check came to."""

    treaty: str
    source: str
    outcome: str
    findings: list[Finding]


class ChecksAnswer(_Open):
    """What accepting a reading has published."""

    checks: list[Checked]
    changes: list[Change]


class Attempt(_Open):
    """One attempt of a delivery."""

    at: dt.datetime
    outcome: Outcome
    detail: str


class Delivery(_Open):
    """A row of the outbox."""

    id: str
    channel: str
    recipient: str
    state: DeliveryState
    subscription: str
    created: dt.datetime
    next_attempt: dt.datetime | None
    attempts: list[Attempt]


class DeliveriesAnswer(_Open):
    """The outbox, newest first."""

    deliveries: list[Delivery]


class RetriedAnswer(_Open):
    """What is due again."""

    retried: list[str]


class Subscription(_Open):
    """Who hears of what: "all", or lists of numbers, codes and kinds."""

    name: str
    treaties: list[str] | str
    countries: list[str] | str
    kinds: list[str] | str
    channels: list[str]
    recipients: list[str]
    left: list[Any]


class SubscriptionsAnswer(_Open):
    """Every subscription."""

    subscriptions: list[Subscription]


class Channel(_Open):
    """A channel with its options; secrets are "***"."""

    name: str
    type: str
    options: dict[str, Any]
    disabled: dt.datetime | None
    failing_since: dt.datetime | None
    problem: str | None


class ChannelsAnswer(_Open):
    """Every channel."""

    channels: list[Channel]


class Treaty(_Open):
    """A treaty of the catalogue, watched or only known."""

    reference: str
    slug: str
    title: str
    full_title: str | None
    watched: bool
    withdrawal: dict[str, Any] | None
    entry_into_force: dict[str, Any] | None
    sources: list[dict[str, Any]]


class TreatiesAnswer(_Open):
    """The watched treaties, then the rest of the catalogue."""

    treaties: list[Treaty]


class Country(_Open):
    """A participant by code and name, with its groups."""

    code: str | None
    name: str
    kind: ParticipantKind
    groups: list[str]


class Group(_Open):
    """A group of countries."""

    group: str
    countries: list[Country]


class CountriesAnswer(_Open):
    """Every participant, and every group with its members' codes."""

    countries: list[Country]
    groups: dict[str, list[str]]

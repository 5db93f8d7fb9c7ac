"""Values for the tests of the record: a few plain ones, and strategies that reach into every corner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.change import Change, ChangeKind, Proof, RecordedChange
from monitor.domain.delivery import Attempt, Delivery, DeliveryState, Outcome
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.participation import Claimed, Participation, Status
from monitor.domain.snapshot import Finding, Header, Level, Snapshot, Statement, StatementKind, Totals

T0 = datetime(2025, 3, 18, tzinfo=UTC)


def day(number: int) -> datetime:
    """Return an instant so many days after the first."""
    return T0 + timedelta(days=number)


def header(stamp: datetime | None = None, parties: int | None = None) -> Header:
    return Header("XXVI-5", "A convention", stamp, None, None, None, Totals(None, parties))


def row(code: str, *actions: TreatyAction) -> Participation:
    return Participation(Participant(code, f"State {code}", f"State {code}", ParticipantKind.STATE), actions)


def withdrawal(number: int) -> TreatyAction:
    return TreatyAction(kind=ActionKind.WITHDRAWAL, date=day(number).date(), effective=day(number + 180).date())


def snapshot(*rows: Participation, stamp: datetime | None = None, statements: tuple[Statement, ...] = ()) -> Snapshot:
    return Snapshot(header(stamp), rows, statements)


def change(code: str = "PL", kind: ChangeKind = ChangeKind.WITHDRAWAL_NOTIFIED, *, on: int = 1) -> Change:
    return Change(kind=kind, treaty="XXVI-5", participant=row(code).participant, action=withdrawal(on))


def recorded(what: Change, seen: datetime = T0) -> RecordedChange:
    return RecordedChange(what, seen, "mine-ban", "Mine Ban Convention", "untc", "https://depositary.example/page")


def delivery(number: int, *, due: datetime = T0, body: str = '{"a": 1}', created: datetime = T0) -> Delivery:
    return Delivery(f"msg_{number:06}", "desk", f"reader{number}@example.org", body, created, due)


# Strategies. Text is anything that a page can hold once read (no reader lets NUL pass); days are any that Python has.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
maybe_text = st.none() | texts
days = st.none() | st.dates()
zones = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-9, minutes=-30))])
instants = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=zones)  # noqa: DTZ001 bounds are naive by definition
counts = st.none() | st.integers(0, 300)
bases = st.none() | st.sampled_from(Basis)
statuses = st.none() | st.sampled_from(Status)

participants = st.builds(
    Participant,
    code=st.none() | st.sampled_from(["PL", "EE", "X-EURATOM"]),
    name=texts,
    as_written=texts,
    kind=st.sampled_from(ParticipantKind),
)
actions = st.builds(
    TreatyAction,
    kind=st.sampled_from(ActionKind),
    date=days,
    bracketed=st.none() | st.booleans(),
    effective=days,
    basis=bases,
    conditional=st.booleans(),
    took_effect=st.booleans(),
    notification=maybe_text,
    article=maybe_text,
    note=st.none() | st.integers(),
    heading=maybe_text,
)
participations = st.builds(
    Participation,
    participant=participants,
    actions=st.lists(actions, max_size=3).map(tuple),
    in_grid=st.booleans(),
    claimed=st.none() | st.builds(Claimed, status=st.sampled_from(Status), since=days),
)
totals = st.builds(Totals, signatories=counts, parties=counts)
statements = st.builds(Statement, participant=participants, kind=st.sampled_from(StatementKind), text=texts)
snapshots = st.builds(
    Snapshot,
    header=st.builds(
        Header,
        reference=texts,
        title=texts,
        stamp=st.none() | st.datetimes(),
        concluded=days,
        earliest=days,
        entry_into_force=days,
        stated=totals,
    ),
    participations=st.lists(participations, max_size=5).map(tuple),
    statements=st.lists(statements, max_size=4).map(tuple),
    counted=totals,
    columns=st.lists(texts, max_size=3).map(tuple),
    form=st.sampled_from(["page", "export"]),
)
findings = st.builds(Finding, level=st.sampled_from(Level), rule=texts, text=texts, row=maybe_text)
changes = st.builds(
    Change,
    kind=st.sampled_from(ChangeKind),
    treaty=texts,
    participant=st.none() | participants,
    action=st.none() | actions,
    status_before=statuses,
    status_after=statuses,
    basis=bases,
    conditional=st.booleans(),
    action_before=st.none() | actions,
    name_before=maybe_text,
    text=maybe_text,
)
_proofs = st.none() | st.builds(Proof, document=maybe_text, fetched_at=st.none() | instants, excerpt=texts)
recorded_changes = st.builds(
    RecordedChange,
    change=changes,
    first_seen=instants,
    treaty_slug=texts,
    treaty_title=texts,
    source=texts,
    url=texts,
    before=_proofs,
    after=_proofs,
    corrects=maybe_text,
)
attempts = st.builds(Attempt, at=instants, outcome=st.sampled_from(Outcome), detail=texts)
deliveries = st.builds(
    Delivery,
    id=texts,
    channel=texts,
    recipient=texts,
    body=texts,
    created=instants,
    next_attempt=instants,
    state=st.sampled_from(DeliveryState),
    alert=texts,
    subscription=texts,
    change_ids=st.lists(texts, max_size=3).map(tuple),
    attempts=st.lists(attempts, max_size=3).map(tuple),
    lease_until=st.none() | instants,
)

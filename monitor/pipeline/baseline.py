"""The seed as a snapshot: what a secondary text claims, until an official page has been read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from monitor.domain.claim import Claim, ClaimKind, Seed
from monitor.domain.participant import Names, Participant, ParticipantKind
from monitor.domain.participation import Claimed, Participation, Status
from monitor.domain.snapshot import Header, Snapshot, Totals
from monitor.storage.interface import Known

SOURCE = "seed"
"""The name under which reports show what rests on the seed alone."""


def known_from(seed: Seed) -> datetime:
    """Return the instant from which the seed counts as known: the beginning of its day."""
    return datetime.combine(seed.dated, time.min, UTC)


def as_known(seed: Seed, names: Names) -> Known:
    """Return the seed as if it were a reading, with claimed standings and no acts: it tells of none."""
    rows = {}
    for claim in seed.claims:
        for key in claim.about:
            status = _claimed(claim)
            if status and key not in rows:
                rows[key] = Participation(_participant(names, key), (), claimed=status)
    header = Header(seed.reference, seed.title, None, None, None, None, Totals(None, None))
    return Known(seed.reference, SOURCE, Snapshot(header, tuple(rows.values()), form=SOURCE), known_from(seed), None)


def _claimed(claim: Claim) -> Claimed | None:
    """Return the standing that a claim gives: bound by the end of a year, or party; absence is no row."""
    if claim.kind in {ClaimKind.BOUND, ClaimKind.SIGNED_BY} and claim.year:
        return Claimed(Status.PARTY, date(claim.year, 12, 31))
    return Claimed(Status.SIGNATORY, None) if claim.kind is ClaimKind.SIGNED else None


def _participant(names: Names, key: str) -> Participant:
    return names.lookup(key) or Participant(key, key, key, ParticipantKind.UNKNOWN)

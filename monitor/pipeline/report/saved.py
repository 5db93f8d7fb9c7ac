"""Says what a saved page holds; needs no record."""

from __future__ import annotations

from typing import Any

from monitor.domain import wire
from monitor.domain.snapshot import Finding, Level, Reading
from monitor.domain.standing import complete, judging_day, law_of, standing
from monitor.domain.treaty import Rules


def extracted(reading: Reading, rules: Rules) -> dict[str, Any]:
    """Return what `extract` prints of a saved page: statuses judged on the page's own day, remarks as notes."""
    if reading.refused or reading.snapshot is None:
        return wire.extracted(reading, None, rules, ())
    snapshot = complete(reading.snapshot, rules)
    return wire.extracted(reading, snapshot, rules, remarks(reading, rules))


def remarks(reading: Reading, rules: Rules) -> tuple[Finding, ...]:
    """Return a note for every row whose status is not what a note alone would suggest."""
    if reading.snapshot is None:
        return ()
    snapshot = complete(reading.snapshot, rules)
    law, day = law_of(snapshot, rules), judging_day(snapshot)
    standings = ((p, standing(p, day, law)) for p in snapshot.participations)
    return tuple(Finding(Level.NOTE, "status", s.remark, p.participant.key) for p, s in standings if s.remark)

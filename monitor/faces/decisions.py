"""What a person decides: accept or reject what is held, try deliveries again. Every face decides by these."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from monitor.domain.errors import UsageError
from monitor.pipeline import decide, report, rounds
from monitor.pipeline.desk import Desk

Shape = dict[str, Any]


def accept(desk: Desk, wanted: str, now: datetime) -> Shape:
    """Believe what is held under this id; return the shape of the check that publishes it. Raises UsageError."""
    return rounds.shape((decide.accept(desk, wanted, now),))


def reject(desk: Desk, wanted: str) -> Shape:
    """Do not believe what is held under this id; return it. Raises UsageError."""
    decided = decide.reject(desk, wanted)
    every = report.held(desk, everything=True)["held"]
    return {"held": [item for item in every if item["id"] == decided.id]}


def retry(desk: Desk, wanted: Iterable[str], now: datetime) -> Shape:
    """Make deliveries due now. Raises UsageError, and changes nothing, if one is unknown or was sent."""
    ids = tuple(wanted)
    with desk.storage.begin() as tx:
        found = tx.retry(frozenset(ids), now)
        missing = [one for one in ids if one not in found]
        if missing:
            raise UsageError(f"not to be tried again, unknown or sent already: {', '.join(missing)}")
    return {"retried": list(found)}

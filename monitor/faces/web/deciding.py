"""What a person decides over the counter: accept or reject what is held back, try a delivery again."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from monitor.domain.errors import UsageError
from monitor.faces.web import asking, shapes
from monitor.faces.web.api import done
from monitor.faces.web.counter import AtCounter, Counter
from monitor.pipeline import decide, report, rounds

Shape = dict[str, Any]

decisions = APIRouter(prefix="/api/v1", tags=["decisions"])


def accept(counter: Counter, wanted: str) -> Shape:
    """Believe what is held under this id; return the shape of the check that publishes it. Raises UsageError."""
    return rounds.shape((decide.accept(counter.desk_of(), wanted, counter.clock()),))


def reject(counter: Counter, wanted: str) -> Shape:
    """Do not believe it; return it. Raises UsageError."""
    decided = decide.reject(counter.desk_of(), wanted)
    every = report.held(counter.office().desk, everything=True)["held"]
    return {"held": [item for item in every if item["id"] == decided.id]}


def retry(counter: Counter, wanted: str) -> Shape:
    """Make a delivery due now. Raises UsageError for one that is unknown or was sent."""
    with counter.desk_of().storage.begin() as tx:
        found = tx.retry(frozenset({wanted}), counter.clock())
    if not found:
        raise UsageError(f"not to be tried again, unknown or sent already: {wanted}")
    return {"retried": list(found)}


@decisions.post("/held/{held}/accept", responses=done(shapes.ChecksAnswer))
def accept_held(counter: AtCounter, held: asking.IdPart) -> Shape:
    """Accept a held reading or row: its changes go out now."""
    return accept(counter, held)


@decisions.post("/held/{held}/reject", responses=done(shapes.HeldAnswer))
def reject_held(counter: AtCounter, held: asking.IdPart) -> Shape:
    """Reject it: the same thing is not raised again."""
    return reject(counter, held)


@decisions.post("/deliveries/{delivery}/retry", responses=done(shapes.RetriedAnswer))
def retry_delivery(counter: AtCounter, delivery: asking.IdPart) -> Shape:
    """Make a delivery due again at once."""
    return retry(counter, delivery)

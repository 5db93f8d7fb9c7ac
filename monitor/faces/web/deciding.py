"""What a person decides over the counter: accept or reject what is held back, try a delivery again."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from monitor.faces import decisions
from monitor.faces.web import asking, shapes
from monitor.faces.web.api import done
from monitor.faces.web.counter import AtCounter

Shape = dict[str, Any]

deciding = APIRouter(prefix="/api/v1", tags=["decisions"])


@deciding.post("/held/{held}/accept", responses=done(shapes.ChecksAnswer))
def accept_held(counter: AtCounter, held: asking.IdPart) -> Shape:
    """Accept a held reading or row: its changes go out now."""
    return decisions.accept(counter.desk_of(), held, counter.clock())


@deciding.post("/held/{held}/reject", responses=done(shapes.HeldAnswer))
def reject_held(counter: AtCounter, held: asking.IdPart) -> Shape:
    """Reject it: the same thing is not raised again."""
    return decisions.reject(counter.desk_of(), held)


@deciding.post("/deliveries/{delivery}/retry", responses=done(shapes.RetriedAnswer))
def retry_delivery(counter: AtCounter, delivery: asking.IdPart) -> Shape:
    """Make a delivery due again at once."""
    return decisions.retry(counter.desk_of(), (delivery,), counter.clock())

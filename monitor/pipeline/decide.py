"""A person's decision on what the gate holds back: accepted things go out by the very path of a check."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from monitor.domain.document import Document
from monitor.domain.errors import UsageError
from monitor.pipeline.desk import Desk
from monitor.pipeline.examine import examined
from monitor.pipeline.holds import stood_still
from monitor.pipeline.outcome import Checked
from monitor.storage.interface import Held, HeldState, Transaction


def accept(desk: Desk, wanted: str, now: datetime) -> Checked:
    """Accept a held reading or row, and publish it at once from the page that was kept.

    Raises UsageError; of what is no longer watched nothing is accepted.
    """
    with desk.storage.begin(read_only=True) as tx:
        held = _open(tx, wanted)
    treaty = desk.treaty(held.treaty)
    source = next((s for s in treaty.sources if s.key == held.source), None)
    if source is None:
        raise UsageError(f"{wanted}: {treaty.slug} is no longer watched over {held.source}; put it back to accept this")
    _decided(desk, wanted, HeldState.ACCEPTED)
    if held.document is None:
        raise UsageError(f"{wanted}: its page is no longer there; the next check decides")
    body = desk.archive.read(held.document)
    return examined(desk, treaty, source, Document(source.url, body, now), now)


def reject(desk: Desk, wanted: str) -> Held:
    """Reject it: the same thing is not raised again. Raises UsageError."""
    return _decided(desk, wanted, HeldState.REJECTED)


def _decided(desk: Desk, wanted: str, decision: HeldState) -> Held:
    with desk.storage.begin() as tx:
        held = _open(tx, wanted)
        decided = replace(held, state=decision, halted=stood_still(held))
        tx.hold(decided)
    return decided


def _open(tx: Transaction, wanted: str) -> Held:
    found = [h for h in tx.held(frozenset({HeldState.OPEN})) if h.id == wanted]
    if not found:
        raise UsageError(f'nothing is held under "{wanted}"; see: treaty-monitor held list')
    return found[0]

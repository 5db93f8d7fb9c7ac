"""The JSON shapes of the outer contract: what commands print, webhooks carry and the API serves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from monitor.domain.action import ActionKind, TreatyAction
from monitor.domain.change import Change, ChangeKind, Proof, RecordedChange
from monitor.domain.claim import Verdict
from monitor.domain.delivery import Delivery
from monitor.domain.participant import Participant
from monitor.domain.participation import Participation, Pending, Standing
from monitor.domain.snapshot import Finding, Header, Reading, Snapshot
from monitor.domain.standing import law_of, standing
from monitor.domain.treaty import Rules

Json = dict[str, Any]


def day(value: date | None) -> str | None:
    """Return a legal date as YYYY-MM-DD."""
    return value.isoformat() if value else None


def instant(value: datetime | None) -> str | None:
    """Return an instant as RFC 3339 in UTC, to the second."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def participant(who: Participant) -> Json:
    """Return code, name, as_written, kind."""
    return {"code": who.code, "name": who.name, "as_written": who.as_written, "kind": who.kind.value}


_LEAVING = {ActionKind.WITHDRAWAL, ActionKind.PARTIAL_WITHDRAWAL, ActionKind.SUSPENSION}


def action(act: TreatyAction | None) -> Json | None:
    """Return an act; `bracketed` only for a cell of the grid, `effective` and `conditional` where they have meaning."""
    if act is None:
        return None
    shape: Json = {"kind": act.kind.value, "date": day(act.date)}
    if act.bracketed is not None:
        shape["bracketed"] = act.bracketed
    if act.effective or act.kind in _LEAVING:
        shape["effective"] = day(act.effective)
    if act.kind in _LEAVING:
        shape["conditional"] = act.conditional
    optional = {
        "basis": act.basis.value if act.basis else None,
        "notification": act.notification,
        "article": act.article,
        "note": act.note,
        "heading": act.heading,
        "without_effect": act.without_effect or None,
    }
    return shape | {k: v for k, v in optional.items() if v is not None}


def pending(waiting: Pending | None) -> Json | None:
    """Return what is notified and not yet effective."""
    if waiting is None:
        return None
    return {
        "kind": waiting.kind.value,
        "effective": day(waiting.effective),
        "conditional": waiting.conditional,
        "basis": waiting.basis.value,
    }


def participation(row: Participation, where: Standing) -> Json:
    """Return one participant with its status, acts and what is pending."""
    return {
        "participant": participant(row.participant),
        "status": where.status.value,
        "actions": [action(a) for a in row.actions],
        "pending": pending(where.pending),
    }


def finding(found: Finding) -> Json:
    """Return level, rule, text, and the row concerned."""
    shape: Json = {"level": found.level.value, "rule": found.rule, "text": found.text}
    return shape | ({"row": found.row} if found.row else {})


def header(head: Header) -> Json:
    """Return the treaty as its page presents it."""
    return {
        "reference": head.reference,
        "title": head.title,
        "as_at": day(head.as_at),
        "concluded": day(head.concluded),
        "entry_into_force": day(head.entry_into_force),
        "stated_totals": {"signatories": head.stated.signatories, "parties": head.stated.parties},
    }


def extracted(reading: Reading, snapshot: Snapshot | None, rules: Rules, remarks: tuple[Finding, ...]) -> Json:
    """Return what `extract` prints; a refused reading has no treaty and no participations."""
    findings = [finding(f) for f in (*reading.findings, *remarks)]
    if snapshot is None or reading.refused:
        return {"treaty": None, "participations": [], "findings": findings}
    law = law_of(snapshot, rules)
    rows = [participation(p, standing(p, law.page_day, law)) for p in snapshot.participations]
    return {"treaty": header(snapshot.header), "participations": rows, "findings": findings}


def change(item: Change) -> Json:
    """Return a change; `basis`, `action_before`, `name_before` and `text` only where they apply."""
    shape: Json = {
        "kind": item.kind.value,
        "treaty": item.treaty,
        "participant": participant(item.participant) if item.participant else None,
        "action": action(item.action),
        "status_before": item.status_before.value if item.status_before else None,
        "status_after": item.status_after.value if item.status_after else None,
    }
    if item.conditional or item.kind is ChangeKind.WITHDRAWAL_EFFECTIVE:
        shape["conditional"] = item.conditional
    optional = {
        "basis": item.basis.value if item.basis else None,
        "action_before": action(item.action_before),
        "name_before": item.name_before,
        "text": item.text,
    }
    return shape | {k: v for k, v in optional.items() if v is not None}


def proof(shown: Proof | None) -> Json | None:
    """Return a document that shows a change."""
    if shown is None:
        return None
    return {"document": shown.document, "fetched_at": instant(shown.fetched_at), "excerpt": shown.excerpt}


def recorded(item: RecordedChange) -> Json:
    """Return a change of the record, with when it was learned and its evidence."""
    return change(item.change) | {
        "id": item.id,
        "first_seen": instant(item.first_seen),
        "treaty_slug": item.treaty_slug,
        "source": item.source,
        "corrects": item.corrects,
        "evidence": {"before": proof(item.before), "after": proof(item.after)},
    }


def verdict(given: Verdict) -> Json:
    """Return a claim with its verdict."""
    return {
        "id": given.claim.id,
        "statement": given.claim.statement,
        "about": list(given.claim.about),
        "verdict": given.kind.value,
        "explanation": given.explanation,
        "evidence": list(given.evidence),
    }


def delivery(item: Delivery) -> Json:
    """Return a row of the outbox with every attempt."""
    return {
        "id": item.id,
        "channel": item.channel,
        "recipient": item.recipient,
        "state": item.state.value,
        "subscription": item.subscription,
        "alert": item.alert,
        "changes": list(item.change_ids),
        "created": instant(item.created),
        "next_attempt": instant(item.next_attempt),
        "attempts": [{"at": instant(a.at), "outcome": a.outcome.value, "detail": a.detail} for a in item.attempts],
    }

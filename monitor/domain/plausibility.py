"""The gate between reading and comparing: whether a page is believable, and which of its changes may go out.

It does not judge eligibility, a closed signature or a missing withdrawal clause: such acts are reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitor.domain.action import TreatyAction
from monitor.domain.change import EFFECTS, Change, ChangeKind, Comparison
from monitor.domain.compare import match_rows
from monitor.domain.participation import Participation
from monitor.domain.snapshot import Finding, Level, Snapshot
from monitor.domain.treaty import Rules


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may change at once without a second look; data of the configuration, never of the code.

    `departures`: the most that go out unexplained by a note; `corrections`: the most acts that are corrected
    at once; `old_after`: days after which a page's stamp is called old.
    """

    departures: int = 1
    corrections: int = 20
    old_after: int = 60


def examine(snapshot: Snapshot, rules: Rules, today: date, limits: Limits = Limits()) -> tuple[Finding, ...]:
    """Return what is implausible about one page by itself: dates out of time, totals out of bounds, an old stamp."""
    latest = min(today, snapshot.header.as_at) if snapshot.header.as_at else today
    rows = (f for p in snapshot.participations for f in _out_of_time(p, snapshot, latest))
    return (*rows, *_out_of_bounds(snapshot, rules), *_old(snapshot, today, limits))


def _out_of_time(row: Participation, snapshot: Snapshot, latest: date) -> Iterator[Finding]:
    """Yield a hold for each act before the oldest instrument that the page names, or after the page itself."""
    for act in row.actions:
        if act.date is None:
            continue
        if snapshot.header.earliest and act.date < snapshot.header.earliest and act.from_grid:
            yield _hold("before-adoption", row, act, f"lies before the treaty's adoption on {snapshot.header.earliest}")
        elif act.date > latest + timedelta(days=1):  # a depositary's day may begin before ours
            yield _hold("future-date", row, act, "lies in the future of the page")


def _hold(rule: str, row: Participation, act: TreatyAction, why: str) -> Finding:
    who = row.participant
    return Finding(Level.HOLD, rule, f"{who.name}: {act.kind.value} of {act.date} {why}", who.key)


def _out_of_bounds(snapshot: Snapshot, rules: Rules) -> Iterator[Finding]:
    for word, count in (("parties", snapshot.counted.parties), ("signatories", snapshot.counted.signatories)):
        if count is not None and count > rules.most_parties:
            text = f"{count} {word}: more than the {rules.most_parties} that this treaty can have"
            yield Finding(Level.HOLD, "out-of-bounds", text)


def _old(snapshot: Snapshot, today: date, limits: Limits) -> Iterator[Finding]:
    day = snapshot.header.as_at
    if day and day < today - timedelta(days=limits.old_after):
        yield Finding(Level.NOTE, "old-stamp", f"the page's status is as at {day}, {(today - day).days} days ago")


ILLEGIBLE = frozenset({"unreadable-note", "unclear-leaving", "missing-note", "note-twice"})
"""Holds on words that could not be read: no snapshot shows them, so none can tell whether they were there before."""


def already_accepted(finding: Finding, before: Snapshot, after: Snapshot) -> bool:
    """Whether a hold concerns only what was accepted before: the same row, or the same columns and totals."""
    if finding.rule in ILLEGIBLE:
        return False
    if finding.row is not None:
        return before.find(finding.row) == after.find(finding.row)
    same = {"unknown-column": before.columns == after.columns, "out-of-bounds": before.counted == after.counted}
    return same.get(finding.rule, False)


_TAKEN = frozenset({ChangeKind.CONSENT_REVOKED, ChangeKind.SIGNATURE_DISAVOWED, ChangeKind.CORRECTED})
_OF_THE_PAGE = frozenset(ChangeKind) - EFFECTS
BEYOND = "more-than-rejected"
_DOUBTED = frozenset({"note-moved", "unknown-successor", BEYOND})
"""Rules of findings that no second fetch clears, whatever they hold: a slip in a note's mark or in a name may stand
for weeks, and of what was rejected a person has decided otherwise."""
_UNCONFIRMED = {
    "unknown-column": _TAKEN,
    "older-page": _OF_THE_PAGE,
    "page-lost": _OF_THE_PAGE,
}
"""Kinds that a second fetch does not confirm beside a finding of these rules.

A slip in a heading may stand for weeks, and a cache may be asked twice.
"""


def beyond_rejected(row: str | None) -> Finding:
    """Return the hold on what a person has rejected where more has come to it: to its row, or (None) with the page."""
    text = "a part of this was rejected before, and more has come to it; accepted is all or nothing of it"
    return Finding(Level.HOLD, BEYOND, text, row)


def needs_a_person(findings: tuple[Finding, ...], changes: tuple[Change, ...]) -> bool:
    """Whether no second fetch confirms what is held: what has vanished, and what a slip or an old page would bring."""
    rules = {f.rule for f in findings}
    doubted = {ChangeKind.RECORD_VANISHED}.union(*(_UNCONFIRMED.get(rule, frozenset()) for rule in rules))
    return bool(rules & _DOUBTED) or any(c.kind in doubted for c in changes)


def weigh(
    comparison: Comparison,
    findings: tuple[Finding, ...],
    limits: Limits = Limits(),
) -> Comparison:
    """Return the comparison with everything moved to `held` that a hold concerns: a row, or the whole reading."""
    found = (*findings, *comparison.findings, *_too_much(comparison, limits))
    holds = [f for f in found if f.level is Level.HOLD]
    rows = {f.row for f in holds if f.row is not None}
    if any(f.row is None for f in holds):
        return Comparison((), (*comparison.changes, *comparison.held), found)
    return Comparison(
        tuple(c for c in comparison.changes if c.key not in rows),
        (*(c for c in comparison.changes if c.key in rows), *comparison.held),
        found,
    )


def _too_much(comparison: Comparison, limits: Limits) -> Iterator[Finding]:
    departures = [c for c in comparison.changes if _unexplained(c)]
    departures += [c for c in comparison.held if c.kind is ChangeKind.RECORD_VANISHED]
    if len({c.key for c in departures}) > limits.departures:
        names = ", ".join(sorted({c.participant.name for c in departures if c.participant})[:8])
        text = f"{len(departures)} departures, or acts gone, at once that no note explains: {names}"
        yield Finding(Level.HOLD, "mass-departure", text)
    corrected = sum(c.kind is ChangeKind.CORRECTED for c in comparison.changes)
    if corrected > limits.corrections:
        yield Finding(Level.HOLD, "mass-correction", f"{corrected} acts corrected at once")


def _unexplained(change: Change) -> bool:
    if change.kind in {ChangeKind.CONSENT_REVOKED, ChangeKind.SIGNATURE_DISAVOWED}:
        return change.action is None or change.action.from_grid
    if change.kind is ChangeKind.CORRECTED:
        return change.action is None
    return change.kind is ChangeKind.WITHDRAWAL_EFFECTIVE and (change.action is None or change.action.date is None)


def stale(before: Snapshot, after: Snapshot) -> Finding | None:
    """Return a hold if the page's stamp is earlier than that of the last accepted one: a cache would undo acts."""
    then, now = before.header.stamp, after.header.stamp
    if then is None or now is None or now >= then:
        return None
    return Finding(Level.HOLD, "older-page", f"the page is as at {now}, but one as at {then} was read before")


def not_older(after: Snapshot, before: Snapshot) -> Snapshot:
    """Return a page that says what the last page read said, under the later of their stamps.

    Of pages that say the same only the first is kept: what is read again from it is as new as the last of them.
    """
    then, now = before.header.stamp, after.header.stamp
    return (
        after
        if then is None or now is None or now >= then
        else replace(after, header=replace(after.header, stamp=then))
    )


def settle(before: Snapshot, after: Snapshot, held_rows: frozenset[str]) -> Snapshot:
    """Return what may be stored of a reading: held rows stay as they were known, and are absent if they were not.

    So do the statements of those who have them: what they change is held, too, and must still differ when it goes out.
    A row that was renamed is one row under both names.
    """
    if not held_rows:
        return after
    held = [m for m in match_rows(before, after) if m.keys & held_rows]
    known = {key: match.before for match in held for key in match.keys}
    rows = [known.get(p.participant.key, p) for p in after.participations]
    rows += [match.before for match in held if match.after is None]
    keys = held_rows | known.keys()
    said = [s for s in after.statements if s.participant.key not in keys]
    said += [s for s in before.statements if s.participant.key in keys]
    return replace(after, participations=tuple(p for p in rows if p), statements=tuple(said))

"""Reads and compares saved pages: the pipeline's own steps without a record. Stores and sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from monitor.domain import wire
from monitor.domain.change import Comparison
from monitor.domain.compare import compare
from monitor.domain.plausibility import ILLEGIBLE, Limits, already_accepted, examine, stale, weigh
from monitor.domain.snapshot import Finding, Level, Reading, Snapshot
from monitor.domain.standing import complete, judging_day
from monitor.domain.treaty import Rules
from monitor.sources.interface import Reader, recognise

RulesOf = Callable[[str], Rules]
"""What gives a treaty's final clauses by its number."""


def read_saved(body: bytes, readers: Iterable[Reader]) -> Reading:
    """Return the reading by the first of these readers that takes the document for its own; refused if none does."""
    reader = recognise(body, readers)
    if reader is None:
        text = "the file is no page and no export that any reader knows; --source KEY says which one is to read it"
        return Reading(None, (Finding(Level.REFUSE, "unrecognised", text),))
    return reader.read(body)


def compare_files(before: Reading, after: Reading, rules_of: RulesOf, limits: Limits) -> Comparison:
    """Return the typed changes between two saved pages of one treaty; refused: no changes, and findings that say why.

    The later page is examined as if read on its own day. A hold that concerns only what the earlier page shows as
    well is none: whoever compares takes that page as given. A later page with an earlier stamp is held.
    """
    findings = (*_given(_told("before", before)), *_told("after", after))
    old, new = before.snapshot, after.snapshot
    if before.refused or after.refused or old is None or new is None:
        return Comparison((), (), findings)
    if old.header.reference != new.header.reference:
        text = f"the files are of two treaties: {old.header.reference} and {new.header.reference}"
        return Comparison((), (), (*findings, Finding(Level.REFUSE, "other-treaty", text)))
    rules = rules_of(new.header.reference)
    old, new = complete(old, rules), complete(new, rules)
    findings = (*findings, *examine(new, rules, judging_day(new), limits))
    older = stale(old, new)
    known = frozenset((f.rule, f.row) for f in before.findings if f.rule in ILLEGIBLE)
    held = (*_still_held(findings, old, new, known), *((older,) if older else ()))
    return weigh(compare(old, new, rules), held, limits)


def compared(comparison: Comparison) -> dict[str, Any]:
    """Return what `compare` prints."""
    return {
        "changes": [wire.change(c) for c in comparison.changes],
        "held": [wire.change(c) for c in comparison.held],
        "findings": [wire.finding(f) for f in comparison.findings],
    }


def is_refused(findings: Iterable[Finding | Mapping[str, Any]]) -> bool:
    """Return whether one of these findings refuses a page; they may be shapes as printed."""
    return any((f["level"] if isinstance(f, Mapping) else f.level) == Level.REFUSE for f in findings)


def _told(side: str, reading: Reading) -> tuple[Finding, ...]:
    """Return a reading's findings; one that concerns a whole file says which of the two."""
    return tuple(f if f.row else replace(f, text=f"{side}: {f.text}") for f in reading.findings)


def _given(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings on the earlier page, none of which holds anything: that page is taken as given."""
    return tuple(replace(f, level=Level.NOTE) if f.level is Level.HOLD else f for f in findings)


def _still_held(
    findings: tuple[Finding, ...], before: Snapshot, after: Snapshot, known: frozenset[tuple[str, str | None]]
) -> tuple[Finding, ...]:
    """Return the findings without the holds on what the earlier page shows as well; `known` are its illegible rows."""
    held = (f for f in findings if f.level is Level.HOLD)
    given = {f for f in held if (f.rule, f.row) in known or already_accepted(f, before, after)}
    return tuple(f for f in findings if f not in given)

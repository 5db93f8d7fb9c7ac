"""Exports of January 2018 against pages of February 2026: eight years of true acts, and nothing but true acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from mutations.forms import Doc
from mutations.scene import Mutant, day_of, standing
from mutations.stage import Stage, answer, stage
from mutations.truth import Verdict

from monitor.domain.action import TreatyAction
from monitor.domain.change import Change, ChangeKind

PAIRS = {
    "XXVI-8.en.xml": "att.html",
    "XXVI-6.en.xml": "ccm.html",
    "XXVI-2-c.en.xml": "ccw_art1.html",
    "XXVI-2-a.en.xml": "ccw_p4.html",
    "IV-13.en.xml": "cmw.html",
    "XXVI-4.en.xml": "ctbt.html",
    "XXVI-1.en.xml": "enmod.html",
    "IV-5.en.xml": "iccpr_op1.html",
    "XXVI-5.en.xml": "ottawa.html",
}
NEW_NAMES = {
    "Turkey": "Türkiye",
    "Swaziland": "Eswatini",
    "The former Yugoslav Republic of Macedonia": "North Macedonia",
    "Netherlands": "Netherlands (Kingdom of the)",
    "Bahamas": "Bahamas (The)",
}
DEPARTURES = {
    "att.html": {("signature_disavowed", "US", date(2019, 7, 18), None)},
    "ccm.html": {("withdrawal", "LT", date(2024, 9, 6), date(2025, 3, 6))},
    "ctbt.html": {("consent_revoked", "RU", date(2000, 6, 30), None)},
    "iccpr_op1.html": {("withdrawal", "BY", date(2022, 11, 8), date(2023, 2, 8))},
    "ottawa.html": {
        ("withdrawal", "EE", date(2025, 6, 27), date(2025, 12, 27)),
        ("withdrawal", "FI", date(2025, 7, 10), date(2026, 1, 10)),
        ("withdrawal", "LV", date(2025, 6, 27), date(2025, 12, 27)),
        ("withdrawal", "LT", date(2025, 6, 27), date(2025, 12, 27)),
        ("withdrawal", "PL", date(2025, 8, 20), date(2026, 2, 20)),
    },
}
LEAVING = {ChangeKind.WITHDRAWAL_NOTIFIED, ChangeKind.CONSENT_REVOKED, ChangeKind.SIGNATURE_DISAVOWED}
JOINING = {ChangeKind.SIGNED, ChangeKind.CONSENTED, ChangeKind.PROVISIONALLY_APPLIED}


@pytest.fixture(scope="session")
def real(treaty_pages: Path) -> Stage:
    return stage(treaty_pages)


@pytest.fixture(params=PAIRS, scope="session")
def pair(request: pytest.FixtureRequest, real: Stage) -> tuple[str, Doc, Doc, tuple[Change, ...]]:
    page = PAIRS[request.param]
    before, after = real.documents[request.param], real.documents[page]
    told = answer(Mutant(before, after, Verdict.SILENT))
    assert not told.held
    return page, before, after, told.changes


Pair = tuple[str, Doc, Doc, tuple[Change, ...]]


def _days(doc: Doc) -> Mapping[str, list[date]]:
    """The days in each row, by the name of 2026."""
    return {NEW_NAMES.get(r.who, r.who): [d for c in r.cells if (d := day_of(c))] for r in doc.rows}


def _written(change: Change) -> str:
    assert change.participant
    return change.participant.as_written


def _act(change: Change) -> TreatyAction:
    assert change.action
    return change.action


def test_exactly_the_names_that_changed_are_renamed(pair: Pair) -> None:
    _, before, after, changes = pair
    told = {(c.name_before, _written(c)) for c in changes if c.kind is ChangeKind.RENAMED}
    present, later = {r.who for r in before.rows}, {r.who for r in after.rows}
    assert told == {(old, new) for old, new in NEW_NAMES.items() if old in present and new in later}


def test_exactly_the_acts_that_only_the_later_page_shows_are_told(pair: Pair) -> None:
    _, before, after, changes = pair
    old, new = _days(before), _days(after)
    fresh = {(who, day) for who, days in new.items() for day in days if day not in old.get(who, ())}
    assert {(_written(c), _act(c).date) for c in changes if c.kind in JOINING} == fresh


def test_exactly_the_departures_of_these_years_are_told(pair: Pair) -> None:
    page, _, _, changes = pair
    told = set()
    for change in changes:
        if change.kind in LEAVING:
            act, who = _act(change), change.participant
            kind = "withdrawal" if change.kind is ChangeKind.WITHDRAWAL_NOTIFIED else change.kind.value
            told.add((kind, who.code if who else None, act.date, act.effective))
    assert told == DEPARTURES.get(page, set())


def test_a_departure_in_effect_is_one_that_the_page_shows_in_brackets(pair: Pair) -> None:
    _, _, after, changes = pair
    gone = {_written(c) for c in changes if c.kind is ChangeKind.WITHDRAWAL_EFFECTIVE}
    left = {r.who for r in after.rows if r.who in gone and not any(map(standing, r.cells))}
    assert left == gone


def test_an_entry_into_force_follows_a_consent_that_the_page_shows(pair: Pair) -> None:
    _, _, after, changes = pair
    rows = _days(after)
    entries = [c for c in changes if c.kind is ChangeKind.ENTERED_INTO_FORCE]
    assert all(_act(c).date in rows[_written(c)] for c in entries)
    assert all(after.stamp and (_act(c).effective or date.max) <= after.stamp.date() for c in entries)


def test_nothing_of_any_other_kind_is_told(pair: Pair) -> None:
    told = {c.kind for c in pair[3]}
    other = (
        told - LEAVING - JOINING - {ChangeKind.RENAMED, ChangeKind.WITHDRAWAL_EFFECTIVE, ChangeKind.ENTERED_INTO_FORCE}
    )
    assert other <= {ChangeKind.STATEMENT_WITHDRAWN, ChangeKind.CORRECTED}, other

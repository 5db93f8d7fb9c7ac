"""The gate: what is held, what concerns a row only, and what was accepted before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from builders import MINE_BAN, NO_RULES, acceded, day, notice, page, ratified, row, signed, state

from monitor.domain.change import Change, ChangeKind
from monitor.domain.compare import compare
from monitor.domain.participation import Participation
from monitor.domain.plausibility import (
    Limits,
    already_accepted,
    examine,
    needs_a_person,
    not_older,
    settle,
    stale,
    weigh,
)
from monitor.domain.snapshot import Finding, Level, Snapshot, Statement, StatementKind, Totals

TODAY = day("2026-02-04")
HELD = row("FJ", acceded("2028-01-15"))


def rules_of(snapshot: Snapshot) -> list[tuple[str, str | None]]:
    return [(f.rule, f.row) for f in examine(snapshot, NO_RULES, TODAY) if f.level is Level.HOLD]


@pytest.mark.parametrize(
    ("one", "rule"),
    [
        (HELD, "future-date"),
        (row("FJ", signed("2026-02-10")), "future-date"),
        (row("FJ", ratified("2000-01-01"), notice("2027-01-01", "2027-07-01")), "future-date"),
        (row("FJ", acceded("1997-09-17")), "before-adoption"),
    ],
)
def test_an_act_out_of_time_holds_its_row(one: Participation, rule: str) -> None:
    assert rules_of(page(one)) == [(rule, "FJ")]


def test_an_effect_in_the_future_and_a_deposit_of_the_pages_own_day_are_normal() -> None:
    one = row("PL", acceded("2026-02-03"), notice("2026-02-01", "2027-02-01"))
    assert rules_of(page(one)) == []


def test_an_old_stamp_is_a_note_and_holds_nothing() -> None:
    found = examine(page(), NO_RULES, day("2026-11-23"))
    assert [(f.level, f.rule) for f in found] == [(Level.NOTE, "old-stamp")]


def test_more_parties_than_there_are_states_hold_the_reading() -> None:
    assert rules_of(replace(page(), counted=Totals(None, 400))) == [("out-of-bounds", None)]


def test_a_held_row_lets_the_others_out() -> None:
    before, after = page(), page(HELD, row("TO", acceded("2026-01-05")))
    weighed = weigh(compare(before, after, MINE_BAN), examine(after, MINE_BAN, TODAY))
    assert [c.key for c in weighed.changes] == ["TO"]
    assert [c.key for c in weighed.held] == ["FJ"]


def bracketed(code: str) -> Participation:
    return row(code, ratified("2000-01-01", bracketed=True))


def test_one_unexplained_departure_goes_out_and_several_are_held() -> None:
    plain = [row(c, ratified("2000-01-01")) for c in ("FR", "DE")]
    one = weigh(compare(page(*plain), page(bracketed("FR"), plain[1]), NO_RULES), ())
    assert [c.kind for c in one.changes] == [ChangeKind.WITHDRAWAL_EFFECTIVE]
    both = weigh(compare(page(*plain), page(bracketed("FR"), bracketed("DE")), NO_RULES), ())
    assert (both.changes, len(both.held)) == ((), 2)


def test_one_signature_of_a_party_that_is_gone_goes_out_and_several_are_held() -> None:
    signatories = [row(c, signed("1997-12-03"), ratified("2000-01-01")) for c in ("FR", "DE")]
    without = [row(c, ratified("2000-01-01")) for c in ("FR", "DE")]
    one = weigh(compare(page(*signatories), page(signatories[0], without[1]), NO_RULES), ())
    assert [c.kind for c in one.changes] == [ChangeKind.CORRECTED]
    both = weigh(compare(page(*signatories), page(*without), NO_RULES), ())
    assert (both.changes, len(both.held)) == ((), 2)


def test_departures_that_notes_explain_go_out_however_many() -> None:
    codes = ("FR", "DE", "PL", "EE", "LV", "LT")
    before = page(*(row(c, ratified("2000-01-01")) for c in codes))
    left = [row(c, ratified("2000-01-01", bracketed=True), notice("2025-06-27", "2025-12-27")) for c in codes]
    assert len(weigh(compare(before, page(*left), NO_RULES), ()).changes) == 12


def test_the_limit_is_the_configurations() -> None:
    plain = [row(c, ratified("2000-01-01")) for c in ("FR", "DE")]
    after = page(bracketed("FR"), bracketed("DE"))
    assert len(weigh(compare(page(*plain), after, NO_RULES), (), Limits(departures=2)).changes) == 2


def test_an_earlier_stamp_than_before_is_held() -> None:
    older = stale(page(as_at="2026-02-03"), page(as_at="2026-02-01"))
    assert older is not None
    assert older.level is Level.HOLD
    assert stale(page(as_at="2026-02-01"), page(as_at="2026-02-01")) is None


def test_what_was_accepted_before_holds_no_second_time() -> None:
    finding = Finding(Level.HOLD, "future-date", "", "FJ")
    assert already_accepted(finding, page(HELD), page(HELD, row("TO", acceded("2026-01-05"))))
    assert not already_accepted(finding, page(), page(HELD))


def test_words_that_cannot_be_read_are_not_accepted_by_a_row_that_looks_the_same() -> None:
    finding = Finding(Level.HOLD, "unreadable-note", "", "FJ")
    assert not already_accepted(finding, page(HELD), page(HELD))


def test_a_held_row_stays_as_it_was_known() -> None:
    known = row("FJ", signed("1998-01-01"))
    assert settle(page(known), page(HELD), frozenset({"FJ"})).participations == (known,)
    assert settle(page(), page(HELD), frozenset({"FJ"})).participations == ()
    assert settle(page(known), page(), frozenset({"FJ"})).participations == (known,)


def test_a_held_row_keeps_its_place_among_the_others() -> None:
    first, last = row("AL", acceded("2000-02-29")), row("TO", acceded("2001-02-28"))
    known = row("FJ", signed("1998-01-01"))
    assert settle(page(known), page(first, HELD, last), frozenset({"FJ"})).participations == (first, known, last)


def test_a_held_row_stays_as_it_was_known_under_its_old_name() -> None:
    known, renamed = row("FI", acceded("2012-01-09")), row("Fynland", acceded("2012-01-09"))
    for name in ("FI", "Fynland"):
        assert settle(page(known), page(renamed), frozenset({name})).participations == (known,)


def test_what_the_participant_of_a_held_row_has_said_stays_as_it_was_known() -> None:
    declared, other = (Statement(state(c), StatementKind.DECLARATION, c) for c in ("FJ", "DE"))
    known, shown = replace(page(), statements=(other,)), replace(page(HELD), statements=(declared, other))
    assert settle(known, shown, frozenset({"FJ"})).statements == (other,)
    assert set(settle(shown, known, frozenset({"FJ"})).statements) == {declared, other}
    assert settle(known, shown, frozenset({"DE"})).statements == (declared, other)


def test_a_page_that_says_what_the_last_one_said_is_as_new_as_that() -> None:
    first, last = (replace(page(HELD), header=replace(page().header, stamp=datetime(2026, 1, d))) for d in (1, 2))  # noqa: DTZ001 - pages print no zone
    assert not_older(first, last) == last
    assert not_older(last, first) == last
    unstamped = replace(first, header=replace(first.header, stamp=None))
    assert not_older(first, unstamped) == first


@pytest.mark.parametrize(
    ("rule", "kind", "person"),
    [
        ("row-vanished", ChangeKind.RECORD_VANISHED, True),
        ("future-date", ChangeKind.CONSENTED, False),
        ("mass-departure", ChangeKind.CONSENT_REVOKED, False),
        ("unknown-column", ChangeKind.CONSENT_REVOKED, True),
        ("unknown-column", ChangeKind.CORRECTED, True),
        ("unknown-column", ChangeKind.ACT_RECORDED, False),
        ("older-page", ChangeKind.CONSENT_REVOKED, True),
        ("older-page", ChangeKind.STATEMENT_MADE, True),
        ("older-page", ChangeKind.ENTERED_INTO_FORCE, False),
        ("page-lost", ChangeKind.CORRECTED, True),
        ("note-moved", ChangeKind.WITHDRAWAL_NOTIFIED, True),
        ("unknown-successor", ChangeKind.CONSENTED, True),
    ],
)
def test_what_a_slip_or_an_old_page_would_bring_waits_for_a_person(
    rule: str, kind: ChangeKind, *, person: bool
) -> None:
    held = Change(kind=kind, treaty="XXVI-5", participant=state("PL"))
    assert needs_a_person((Finding(Level.HOLD, rule, "why"),), (held,)) is person

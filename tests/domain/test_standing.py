"""Where a State stands on a day: brackets, notes and the calendar."""

from __future__ import annotations

from builders import MINE_BAN, NO_RULES, acceded, cell, day, notice, page, ratified, row, signed, told

from monitor.domain.action import ActionKind, Basis
from monitor.domain.participation import Participation, Standing, Status
from monitor.domain.snapshot import Snapshot
from monitor.domain.standing import complete, judging_day, law_of, standing
from monitor.domain.treaty import Rules


def stands(one: Participation, on: str, rules: Rules = MINE_BAN, snapshot: Snapshot | None = None) -> Standing:
    return standing(one, day(on), law_of(snapshot or page(one), rules))


ESTONIA = row("EE", acceded("2004-05-12", bracketed=True), notice("2025-06-27", "2025-12-27", took_effect=True))
POLAND = row("PL", signed("1997-12-04"), ratified("2012-12-27"), notice("2025-08-20", "2026-02-20", conditional=True))


def test_a_bracketed_row_whose_notice_has_taken_effect_is_a_former_party() -> None:
    assert stands(ESTONIA, "2026-02-03").status is Status.FORMER_PARTY
    assert stands(ESTONIA, "2026-02-03").basis is Basis.STATED


def test_a_former_party_was_a_party_with_a_pending_withdrawal_between_notice_and_effect() -> None:
    then = stands(ESTONIA, "2025-10-01")
    assert then.status is Status.PARTY
    assert then.pending is not None
    assert then.pending.effective == day("2025-12-27")


def test_before_its_notice_nothing_is_pending() -> None:
    assert stands(ESTONIA, "2025-06-26").pending is None


def test_a_notified_withdrawal_is_pending_until_its_day_and_then_rests_on_the_calendar() -> None:
    assert stands(POLAND, "2025-12-31").status is Status.PARTY
    assert stands(POLAND, "2025-12-31").pending is not None
    after = stands(POLAND, "2026-03-01")
    assert (after.status, after.basis, after.conditional, after.pending) == (
        Status.FORMER_PARTY,
        Basis.CALENDAR,
        True,
        None,
    )


def test_the_day_of_effect_itself_is_the_first_day_outside() -> None:
    assert stands(POLAND, "2026-02-19").status is Status.PARTY
    assert stands(POLAND, "2026-02-20").status is Status.FORMER_PARTY


def test_a_year_after_the_effect_missing_brackets_win_with_a_remark() -> None:
    late = page(POLAND, as_at="2027-02-20")
    found = stands(POLAND, "2027-02-20", snapshot=late)
    assert found.status is Status.PARTY
    assert found.pending is None
    assert found.remark is not None
    assert stands(POLAND, "2027-02-19", snapshot=page(POLAND, as_at="2027-02-19")).status is Status.FORMER_PARTY


def test_an_unbracketed_consent_on_the_day_of_the_notice_is_a_reaccession() -> None:
    guyana = row(
        "GY", acceded("1999-01-05"), notice("1999-01-05", "1999-04-05"), told(ActionKind.ACCESSION, "1993-05-10")
    )
    assert stands(guyana, "2026-02-03", NO_RULES).status is Status.PARTY
    assert stands(guyana, "2026-02-03", NO_RULES).pending is None


def test_a_state_that_left_and_came_back_was_outside_in_between() -> None:
    canada = row(
        "CA",
        signed("1994-10-14"),
        acceded("2016-12-21"),
        told(ActionKind.RATIFICATION, "1995-12-01"),
        notice("2013-03-28", "2014-03-28", took_effect=True),
    )
    seen = page(canada, in_force="1996-12-26")
    assert stands(canada, "2000-01-01", NO_RULES, seen).status is Status.PARTY
    assert stands(canada, "2015-01-01", NO_RULES, seen).status is Status.FORMER_PARTY
    assert stands(canada, "2018-01-01", NO_RULES, seen).status is Status.PARTY


def test_a_participant_that_only_a_note_names_stands_by_its_acts() -> None:
    trinidad = row(
        "TT",
        told(ActionKind.ACCESSION, "1980-11-14"),
        notice("1998-05-26", "1998-08-26"),
        told(ActionKind.ACCESSION, "1998-08-26"),
        notice("2000-03-27", "2000-06-27"),
        in_grid=False,
    )
    seen = page(trinidad, in_force="1976-03-23")
    assert stands(trinidad, "1999-01-01", NO_RULES, seen).status is Status.PARTY
    assert stands(trinidad, "2026-02-03", NO_RULES, seen).status is Status.FORMER_PARTY


def test_a_retracted_notice_never_takes_effect() -> None:
    brazil = row(
        "BR",
        ratified("1990-03-09"),
        notice("2001-05-15", "2002-05-14"),
        told(ActionKind.WITHDRAWAL_RETRACTED, "2002-05-09"),
    )
    seen = page(brazil, in_force="1994-02-03")
    assert stands(brazil, "2002-01-01", NO_RULES, seen).pending is not None
    assert stands(brazil, "2002-05-20", NO_RULES, seen).status is Status.PARTY
    assert stands(brazil, "2002-05-20", NO_RULES, seen).pending is None


def test_a_later_state_is_contracting_until_the_day_that_the_rule_gives() -> None:
    tonga = row("TO", acceded("2025-06-25"))
    assert stands(tonga, "2025-11-30").status is Status.CONTRACTING
    assert stands(tonga, "2025-12-01").status is Status.PARTY


def test_without_a_known_rule_consent_makes_a_party() -> None:
    assert stands(row("TO", acceded("2025-06-25")), "2025-06-25", NO_RULES).status is Status.PARTY


def test_while_the_treaty_is_not_in_force_everybody_is_contracting() -> None:
    one = row("TO", ratified("2018-06-25"))
    assert stands(one, "2026-02-03", snapshot=page(one, in_force=None)).status is Status.CONTRACTING


def test_a_signature_alone_makes_a_signatory_and_provisional_application_shows() -> None:
    assert stands(row("MH", signed("1997-12-04")), "2000-01-01").status is Status.SIGNATORY
    applied = row("MH", signed("1997-12-04"), cell(ActionKind.PROVISIONAL_APPLICATION, "1998-01-01"))
    assert stands(applied, "2000-01-01").status is Status.PROVISIONAL


def test_a_bracketed_signature_alone_is_nothing() -> None:
    assert stands(row("US", signed("2013-09-25", bracketed=True)), "2026-02-03").status is Status.NONE


def test_an_intention_not_to_become_party_leaves_the_unbracketed_signature_standing() -> None:
    one = row("US", signed("2013-09-25"), told(ActionKind.INTENTION_NOT_TO_BECOME_PARTY, "2019-07-18"))
    assert stands(one, "2026-02-03").status is Status.SIGNATORY


def test_brackets_without_a_note_make_a_former_party() -> None:
    assert stands(row("EC", ratified("2000-01-01", bracketed=True)), "2026-02-03").status is Status.FORMER_PARTY


def test_a_partial_withdrawal_leaves_a_party_with_a_remark() -> None:
    one = row("NL", ratified("1950-01-01"), told(ActionKind.PARTIAL_WITHDRAWAL, "1985-07-30"))
    found = stands(one, "2026-02-03", NO_RULES, page(one, in_force="1947-11-12"))
    assert found.status is Status.PARTY
    assert found.remark


def test_an_effect_that_nobody_states_is_computed_from_the_clause() -> None:
    jamaica = complete(page(row("JM", ratified("2000-01-01"), notice("2025-10-23"))), MINE_BAN).participations[0]
    act = jamaica.actions[1]
    assert (act.effective, act.basis, act.article) == (day("2026-04-23"), Basis.COMPUTED, "20 (3)")


def test_a_stated_effect_outranks_the_clause() -> None:
    kept = complete(page(row("PL", ratified("2000-01-01"), notice("2025-08-20", "2026-02-21"))), MINE_BAN)
    assert kept.participations[0].actions[1].effective == day("2026-02-21")


def test_an_export_is_judged_on_its_latest_act() -> None:
    assert judging_day(page(POLAND, row("FJ", acceded("2017-01-01")), form="export")) == day("2025-08-20")


def test_a_partial_withdrawal_leaves_a_party_even_in_brackets() -> None:
    one = row("NL", ratified("1950-01-01", bracketed=True), told(ActionKind.PARTIAL_WITHDRAWAL, "1985-07-30"))
    assert stands(one, "2026-02-03", NO_RULES, page(one, in_force="1947-11-12")).status is Status.PARTY

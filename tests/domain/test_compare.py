"""Typed changes between two readings: every act found, no noise reported."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import MINE_BAN, NO_RULES, acceded, cell, day, notice, page, ratified, row, signed, state, told
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.change import Change, ChangeKind, Comparison
from monitor.domain.compare import compare, rewind
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.participation import Participation, Status
from monitor.domain.snapshot import Snapshot, Statement, StatementKind
from monitor.domain.standing import law_of, standing
from monitor.domain.treaty import EntryRule, Period, Rules, Unit

FRANCE = row("FR", signed("1997-12-03"), ratified("1998-07-23"))


def between(before: Snapshot, after: Snapshot, rules: Rules = MINE_BAN) -> Comparison:
    return compare(before, after, rules)


def kinds(found: Comparison) -> list[str]:
    return [c.kind.value for c in found.changes]


def only(found: Comparison) -> Change:
    assert len(found.changes) == 1, kinds(found)
    return found.changes[0]


def test_a_new_row_with_a_consent_is_one_consent() -> None:
    change = only(between(page(FRANCE), page(FRANCE, row("TO", acceded("2026-01-25")))))
    assert (change.kind, change.key, change.action.kind) == (ChangeKind.CONSENTED, "TO", ActionKind.ACCESSION)
    assert (change.status_before, change.status_after) == (Status.NONE, Status.CONTRACTING)


def test_a_signature_then_ratification_are_two_acts() -> None:
    before, after = row("TO"), row("TO", signed("2026-01-02"), ratified("2026-01-25"))
    assert kinds(between(page(FRANCE, before), page(FRANCE, after))) == ["signed", "consented"]


def test_a_notice_of_withdrawal_leaves_the_status_until_it_takes_effect() -> None:
    after = row("FR", *FRANCE.actions, notice("2025-08-20", "2026-02-20", conditional=True))
    change = only(between(page(FRANCE), page(after)))
    assert change.kind is ChangeKind.WITHDRAWAL_NOTIFIED
    assert (change.status_before, change.status_after, change.conditional) == (Status.PARTY, Status.PARTY, True)


def test_a_notice_that_is_new_and_already_effective_gives_both() -> None:
    after = row(
        "FR",
        signed("1997-12-03", bracketed=True),
        ratified("1998-07-23", bracketed=True),
        notice("2025-06-27", "2025-12-27", took_effect=True),
    )
    found = between(page(FRANCE), page(after))
    assert kinds(found) == ["withdrawal_notified", "withdrawal_effective"]
    assert [c.status_after for c in found.changes] == [Status.PARTY, Status.FORMER_PARTY]
    assert found.changes[1].basis is Basis.STATED


def test_the_day_of_effect_is_news_by_the_calendar_though_the_page_says_nothing_new() -> None:
    pending = page(row("PL", ratified("2012-12-27"), notice("2025-08-20", "2026-02-20", conditional=True)))
    change = only(compare(pending, pending, MINE_BAN, since=day("2026-02-19"), until=day("2026-02-20")))
    assert (change.kind, change.basis, change.conditional) == (
        ChangeKind.WITHDRAWAL_EFFECTIVE,
        Basis.CALENDAR,
        True,
    )
    assert not compare(pending, pending, MINE_BAN, since=day("2026-02-20"), until=day("2026-05-20")).changes


def test_brackets_that_follow_an_effect_of_the_calendar_are_no_second_news() -> None:
    before = page(row("PL", ratified("2012-12-27"), notice("2025-08-20", "2026-02-20")), as_at="2026-02-25")
    after = row("PL", ratified("2012-12-27", bracketed=True), notice("2025-08-20", "2026-02-20", took_effect=True))
    assert not between(before, page(after, as_at="2026-03-05")).changes


def test_entry_into_force_by_the_rule_is_news_on_its_day_and_carries_the_consent() -> None:
    tonga = page(row("TO", acceded("2025-06-25")), as_at="2025-11-01")
    change = only(compare(tonga, tonga, MINE_BAN, since=day("2025-11-30"), until=day("2025-12-01")))
    assert (change.kind, change.basis) == (ChangeKind.ENTERED_INTO_FORCE, Basis.COMPUTED)
    assert change.action.date == day("2025-06-25")
    assert change.action.effective == day("2025-12-01")


def test_a_consent_that_is_silently_gone_is_revoked() -> None:
    change = only(between(page(FRANCE), page(row("FR", signed("1997-12-03")))))
    assert change.kind is ChangeKind.CONSENT_REVOKED
    assert change.action.date == day("1998-07-23")
    assert change.status_after is Status.SIGNATORY


@pytest.mark.parametrize("consent", [ratified("1998-07-23"), acceded("1998-07-23"), acceded("1999-01-05")])
def test_a_party_whose_signature_is_silently_gone_has_disavowed_nothing(consent: TreatyAction) -> None:
    found = between(page(FRANCE), page(row("FR", consent)))
    assert set(kinds(found)) == {"corrected"}
    gone = found.changes[0]
    assert (gone.action, gone.action_before) == (None, signed("1997-12-03"))
    assert {(c.status_before, c.status_after) for c in found.changes} == {(Status.PARTY, Status.PARTY)}


def test_a_signatory_whose_page_shows_an_accession_in_its_place_has_disavowed_nothing() -> None:
    found = between(page(row("TO", signed("1997-12-03"))), page(row("TO", acceded("2026-01-20"))))
    assert kinds(found) == ["corrected", "consented"]


def test_a_signature_that_is_silently_gone_and_was_all_there_was_is_disavowed() -> None:
    change = only(between(page(FRANCE, row("US", signed("1997-12-03"))), page(FRANCE, row("US"))))
    assert (change.kind, change.status_after) == (ChangeKind.SIGNATURE_DISAVOWED, Status.NONE)


def test_two_acts_taken_out_of_one_row_are_two_corrections() -> None:
    provisional = cell(ActionKind.PROVISIONAL_APPLICATION, "1998-01-01")
    whole, less = row("FR", *FRANCE.actions, provisional), row("FR", FRANCE.actions[0], FRANCE.actions[1])
    first, second = (
        only(between(page(whole), page(less))),
        only(between(page(FRANCE), page(row("FR", FRANCE.actions[1])))),
    )
    assert (first.kind, second.kind) == (ChangeKind.CORRECTED, ChangeKind.CORRECTED)
    assert first.id != second.id


def test_another_date_in_the_same_cell_is_a_correction_with_the_act_before() -> None:
    change = only(between(page(FRANCE), page(row("FR", signed("1997-12-03"), ratified("1998-07-24")))))
    assert change.kind is ChangeKind.CORRECTED
    assert (change.action.date, change.action_before.date) == (day("1998-07-24"), day("1998-07-23"))


def test_another_code_for_the_same_date_is_a_correction() -> None:
    after = row("FR", signed("1997-12-03"), cell(ActionKind.APPROVAL, "1998-07-23"))
    assert only(between(page(FRANCE), page(after))).kind is ChangeKind.CORRECTED


def test_another_stated_effect_is_a_correction_of_the_notice() -> None:
    before = page(row("PL", ratified("2012-12-27"), notice("2025-08-20", "2026-02-20")))
    after = page(row("PL", ratified("2012-12-27"), notice("2025-08-20", "2026-03-01")))
    change = only(between(before, after))
    assert change.kind is ChangeKind.CORRECTED
    assert change.action_before.effective == day("2026-02-20")


def test_a_retraction_carries_the_notice_that_it_takes_back() -> None:
    before = row("PL", ratified("2012-12-27"), notice("2025-08-20", "2026-08-20"))
    after = row("PL", *before.actions, told(ActionKind.WITHDRAWAL_RETRACTED, "2026-01-10"))
    change = only(between(page(before), page(after)))
    assert change.kind is ChangeKind.WITHDRAWAL_RETRACTED
    assert change.action.kind is ActionKind.WITHDRAWAL
    assert change.action.date == day("2025-08-20")


def test_a_reaccession_that_overwrites_the_row_is_a_consent_and_no_correction() -> None:
    before = page(row("BO", acceded("1976-09-23")), as_at="2011-01-01", in_force="1975-08-08")
    after = row("BO", acceded("2013-01-11"), notice("2011-06-29", "2012-01-01", took_effect=True))
    found = between(before, page(after, as_at="2014-01-01", in_force="1975-08-08"), NO_RULES)
    assert kinds(found) == ["withdrawal_notified", "withdrawal_effective", "consented"]
    assert found.changes[-1].status_after is Status.PARTY


def test_a_reaccession_overwrites_the_bracketed_signature_too() -> None:
    left = row("FR", signed("1997-12-03", bracketed=True), ratified("1998-07-23", bracketed=True))
    change = only(between(page(left), page(row("FR", acceded("2026-01-30")))))
    assert (change.kind, change.status_before) == (ChangeKind.CONSENTED, Status.FORMER_PARTY)


def test_a_consent_that_binds_from_its_own_day_is_one_change() -> None:
    at_once = Rules(entry=EntryRule("IX (4)", Period(0, Unit.DAYS)))
    after = page(FRANCE, row("TO", acceded("2026-02-05")), as_at="2026-02-08")
    change = only(between(page(FRANCE), after, at_once))
    assert (change.kind, change.status_after) == (ChangeKind.CONSENTED, Status.PARTY)


def test_a_history_told_by_a_new_note_is_no_news() -> None:
    after = row(
        "FR", *FRANCE.actions, told(ActionKind.SIGNATURE, "1997-12-03"), told(ActionKind.ACCESSION, "1990-01-01")
    )
    assert not between(page(FRANCE), page(after)).changes


def test_brackets_without_a_note_are_a_departure_without_a_date() -> None:
    after = row("FR", signed("1997-12-03", bracketed=True), ratified("1998-07-23", bracketed=True))
    change = only(between(page(FRANCE), page(after)))
    assert change.kind is ChangeKind.WITHDRAWAL_EFFECTIVE
    assert change.action.date is None


def test_a_notice_that_slips_out_of_a_row_that_vanishes_is_held() -> None:
    told, plain = (acceded("2001-05-02"), notice("2025-08-20", "2026-02-20")), acceded("2003-03-04")
    found = between(page(row("TO", *told), row("FJ", plain)), page(row("FJ", plain, told[1])))
    assert ("note-moved", "FJ") in {(f.rule, f.row) for f in found.findings}


def test_brackets_that_take_the_place_of_a_note_are_the_departure_that_it_announced() -> None:
    before = page(row("PL", ratified("2012-12-27"), notice("2025-08-20", "2026-02-20")))
    after = page(row("PL", ratified("2012-12-27", bracketed=True)), as_at="2026-02-21")
    (left,) = compare(before, after, NO_RULES).changes
    assert (left.kind, left.act_date) == (ChangeKind.WITHDRAWAL_EFFECTIVE, day("2025-08-20"))


def test_a_bracketed_signature_alone_is_disavowed() -> None:
    before = row("US", signed("1997-12-03"))
    change = only(between(page(FRANCE, before), page(FRANCE, row("US", signed("1997-12-03", bracketed=True)))))
    assert (change.kind, change.status_after) == (ChangeKind.SIGNATURE_DISAVOWED, Status.NONE)


def test_an_intention_not_to_become_a_party_is_told() -> None:
    before = row("US", signed("2013-09-25"))
    after = row("US", signed("2013-09-25"), told(ActionKind.INTENTION_NOT_TO_BECOME_PARTY, "2019-07-18"))
    change = only(between(page(before), page(after)))
    assert change.kind is ChangeKind.SIGNATURE_DISAVOWED
    assert change.action.kind is ActionKind.INTENTION_NOT_TO_BECOME_PARTY


def test_a_known_new_name_is_a_rename_and_nothing_else() -> None:
    before = Participation(state("TR", "Turkey"), (ratified("2003-09-25"),))
    after = Participation(state("TR", "Türkiye"), (ratified("2003-09-25"),))
    change = only(between(page(before), page(after)))
    assert (change.kind, change.name_before) == (ChangeKind.RENAMED, "Turkey")
    assert change.participant.as_written == "Türkiye"


def test_an_unknown_new_name_with_the_same_dates_is_a_rename_too() -> None:
    before = row("NR", acceded("2000-08-07"), name="Nauru")
    unknown = Participant(None, "Newname", "Newname", ParticipantKind.UNKNOWN)
    found = between(page(FRANCE, before), page(FRANCE, Participation(unknown, (acceded("2000-08-07"),))))
    assert (only(found).kind, only(found).name_before, found.held) == (ChangeKind.RENAMED, "Nauru", ())


def test_a_row_of_which_only_a_note_is_left_is_held_as_vanished() -> None:
    left = (acceded("2001-05-02", bracketed=True), notice("2020-01-05", "2020-07-05", took_effect=True))
    found = between(page(FRANCE, row("TO", *left)), page(FRANCE, row("TO", left[1], in_grid=False)))
    assert (kinds(found), [c.kind for c in found.held]) == ([], [ChangeKind.RECORD_VANISHED])


def test_a_row_under_the_name_of_another_state_is_no_rename() -> None:
    found = between(page(FRANCE, row("TO", acceded("2001-05-02"))), page(FRANCE, row("FJ", acceded("2001-05-02"))))
    assert [f.rule for f in found.findings] == ["unknown-successor", "row-vanished"]
    assert [c.kind for c in found.held] == [ChangeKind.RECORD_VANISHED]


def test_a_vanished_row_is_only_ever_held() -> None:
    found = between(page(FRANCE, row("DE", ratified("1998-07-23"))), page(FRANCE))
    assert not found.changes
    assert [c.kind for c in found.held] == [ChangeKind.RECORD_VANISHED]


def test_a_notice_that_vanishes_from_an_unbracketed_row_is_held() -> None:
    before = page(row("PL", ratified("2012-12-27"), notice("2025-08-20", "2026-02-20")))
    found = between(before, page(row("PL", ratified("2012-12-27"))))
    assert not found.changes
    assert [f.rule for f in found.findings] == ["note-vanished"]


@pytest.mark.parametrize("kind", [ActionKind.SUSPENSION, ActionKind.INTENTION_NOT_TO_BECOME_PARTY])
def test_a_suspension_or_disavowal_that_vanishes_is_held(kind: ActionKind) -> None:
    found = between(
        page(row("PL", signed("1997-12-04"), told(kind, "2025-08-20"))), page(row("PL", signed("1997-12-04")))
    )
    assert not found.changes
    assert [(f.rule, f.row) for f in found.findings] == [("note-vanished", "PL")]


def test_a_disavowal_lapses_with_a_consent() -> None:
    disavowed = told(ActionKind.INTENTION_NOT_TO_BECOME_PARTY, "2025-08-20")
    consented = row("PL", signed("1997-12-04"), ratified("2026-02-01"))
    found = between(page(row("PL", signed("1997-12-04"), disavowed)), page(consented))
    assert kinds(found) == ["consented"]
    assert not found.findings


def test_a_retraction_must_stand_as_long_as_its_notice() -> None:
    given, taken = notice("2025-08-20", "2026-08-20"), told(ActionKind.WITHDRAWAL_RETRACTED, "2025-12-01")
    before = page(row("PL", ratified("2012-12-27"), given, taken))
    assert [f.rule for f in between(before, page(row("PL", ratified("2012-12-27"), given))).findings] == [
        "note-vanished"
    ]


def test_a_date_in_brackets_that_vanishes_is_held_and_no_new_departure() -> None:
    left = row("LT", signed("1999-02-26", bracketed=True), ratified("2003-05-12", bracketed=True))
    found = between(page(left), page(row("LT", signed("1999-02-26", bracketed=True))))
    assert not found.changes
    assert [(c.kind, c.action.date) for c in found.held if c.action] == [
        (ChangeKind.RECORD_VANISHED, day("2003-05-12"))
    ]


def test_a_former_party_that_signs_anew_has_signed() -> None:
    left = row("LT", signed("1999-02-26", bracketed=True), ratified("2003-05-12", bracketed=True))
    found = between(page(left), page(row("LT", signed("2026-02-01"))))
    assert (kinds(found), found.held) == (["signed"], ())


def test_the_treatys_own_entry_into_force_is_one_change() -> None:
    rows = (row("FR", ratified("1998-07-23")), row("DE", ratified("1998-07-23")))
    found = between(page(*rows, in_force=None, as_at="1999-01-01"), page(*rows, as_at="1999-04-01"), NO_RULES)
    assert kinds(found) == ["treaty_in_force"]
    assert found.changes[0].participant is None


def statement(text: str, kind: StatementKind = StatementKind.DECLARATION) -> Statement:
    return Statement(FRANCE.participant, kind, text)


def test_statements_made_extended_and_withdrawn_are_told_with_their_text() -> None:
    first, more = "We declare this.", "We declare this. We also declare that."
    assert kinds(between(page(FRANCE), page(FRANCE, statements=(statement(first),)))) == ["statement_made"]
    added = only(between(page(FRANCE, statements=(statement(first),)), page(FRANCE, statements=(statement(more),))))
    assert (added.kind, added.text) == (ChangeKind.STATEMENT_MADE, "We also declare that.")
    gone = only(between(page(FRANCE, statements=(statement(first),)), page(FRANCE)))
    assert gone.kind is ChangeKind.STATEMENT_WITHDRAWN


def test_spacing_and_typography_of_a_statement_are_no_news() -> None:
    texts = "We  declare: “this”.", 'We declare: "this".'
    assert not between(*(page(FRANCE, statements=(statement(t),)) for t in texts)).changes


def test_a_sentence_that_goes_on_is_only_something_said_more() -> None:
    before, after = statement("We declare this"), statement("We declare this and that we mean it.")
    found = between(page(FRANCE, statements=(before,)), page(FRANCE, statements=(after,)))
    assert kinds(found) == ["statement_made"]


def test_statements_follow_a_row_to_its_unheard_name() -> None:
    unheard = Participant(None, "Zemlandia", "Zemlandia", ParticipantKind.UNKNOWN)
    said = statement("We declare this.")
    before = page(row("TO", acceded("2001-05-02")), statements=(replace(said, participant=state("TO")),))
    after = Participation(unheard, (acceded("2001-05-02"),))
    for where in (unheard, state("TO")):
        found = between(before, page(after, statements=(replace(said, participant=where),)))
        assert kinds(found) == ["renamed"]


def test_a_notice_that_slips_into_another_row_is_held_in_both() -> None:
    told, plain = (acceded("2001-05-02"), notice("2025-08-20", "2026-02-20")), acceded("2003-03-04")
    found = between(page(row("TO", *told), row("FJ", plain)), page(row("TO", told[0]), row("FJ", plain, told[1])))
    assert {(f.rule, f.row) for f in found.findings} == {
        ("note-vanished", "TO"),
        ("note-moved", "TO"),
        ("note-moved", "FJ"),
    }


def test_a_new_territory_is_an_extension() -> None:
    new = statement("2012-03-28: Bermuda", StatementKind.TERRITORY)
    assert kinds(between(page(FRANCE), page(FRANCE, statements=(new,)))) == ["territory_extended"]


def test_rewound_to_the_day_of_the_seed_only_later_acts_are_news() -> None:
    seen = page(
        row("EE", acceded("2004-05-12", bracketed=True), notice("2025-06-27", "2025-12-27", took_effect=True)),
        row("MH", signed("1997-12-04"), ratified("2025-03-12")),
        row("PL", ratified("2012-12-27"), notice("2025-08-20", "2026-02-20", conditional=True)),
        row("TO", acceded("2025-06-25")),
    )
    found = compare(rewind(seen, day("2025-03-18")), seen, MINE_BAN, since=day("2025-03-18"), until=day("2026-11-23"))
    assert {(c.key, c.kind.value) for c in found.changes} == {
        ("EE", "withdrawal_notified"),
        ("EE", "withdrawal_effective"),
        ("MH", "entered_into_force"),
        ("PL", "withdrawal_notified"),
        ("PL", "withdrawal_effective"),
        ("TO", "consented"),
        ("TO", "entered_into_force"),
    }


DAYS = st.dates(day("1997-12-03"), day("2026-02-01"))
CONSENTS = st.sampled_from([ActionKind.RATIFICATION, ActionKind.ACCESSION, ActionKind.APPROVAL, ActionKind.SUCCESSION])


@st.composite
def rows(draw: st.DrawFn) -> Participation:
    code = draw(st.sampled_from(["FR", "DE", "PL", "EE", "TO", "US"]))
    acts = [signed(draw(DAYS).isoformat())] if draw(st.booleans()) else []
    bracketed = draw(st.booleans())
    if draw(st.booleans()):
        acts.append(cell(draw(CONSENTS), draw(DAYS).isoformat(), bracketed=bracketed))
    if draw(st.booleans()):
        given_on = draw(DAYS)
        acts.append(notice(given_on.isoformat(), replace_year(given_on), conditional=draw(st.booleans())))
    return row(code, *acts)


def replace_year(when: object) -> str:
    return (day(str(when)).replace(day=1, year=day(str(when)).year + 1)).isoformat()


pages = st.lists(rows(), max_size=6, unique_by=lambda r: r.participant.key).map(lambda rs: page(*rs))


@given(pages)
def test_a_page_compared_with_itself_gives_nothing(one: Snapshot) -> None:
    assert between(one, one) == Comparison(())


@given(pages, pages, st.randoms())
def test_the_order_of_rows_never_matters(before: Snapshot, after: Snapshot, chance: object) -> None:
    shuffled = list(after.participations)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    mixed = replace(after, participations=tuple(shuffled))
    one, other = between(before, after), between(before, mixed)
    assert {c.id for c in one.changes} == {c.id for c in other.changes}
    assert {c.id for c in one.held} == {c.id for c in other.held}


@given(pages, pages)
def test_the_changes_lead_from_the_statuses_before_to_those_after(before: Snapshot, after: Snapshot) -> None:
    found = between(before, after)
    vanished = {c.key for c in found.held}
    reached = {
        p.participant.key: standing(p, day("2026-02-03"), law_of(before, MINE_BAN)).status
        for p in before.participations
    }
    for change in found.changes:
        assert change.status_before is None or reached.get(change.key, Status.NONE) is change.status_before
        if change.status_after:
            reached[change.key] = change.status_after
    for p in after.participations:
        if p.participant.key not in vanished:
            expected = standing(p, day("2026-02-03"), law_of(after, MINE_BAN)).status
            assert reached.get(p.participant.key, Status.NONE) is expected


def other(when: str, heading: str) -> TreatyAction:
    return replace(cell(ActionKind.OTHER, when), heading=heading)


def test_acts_of_one_day_under_two_headings_are_two_changes() -> None:
    acts = (other("2025-06-30", "Application"), other("2025-06-30", "Notification under article 4"))
    found = between(page(FRANCE), page(replace(FRANCE, actions=(*FRANCE.actions, *acts))))
    assert kinds(found) == ["act_recorded"] * 2
    assert len({c.id for c in found.changes}) == 2


@pytest.mark.parametrize(("heading", "news"), [("Notification, under article 4", []), ("Notices", ["corrected"])])
def test_a_heading_in_other_words_makes_no_new_act_of_an_old_one(heading: str, news: list[str]) -> None:
    sides = (other("2025-06-30", text) for text in ("Notification under article 4", heading))
    assert kinds(between(*(page(replace(FRANCE, actions=(*FRANCE.actions, act))) for act in sides))) == news

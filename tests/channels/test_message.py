from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from monitor.channels.message import read
from monitor.channels.render import as_html, as_text
from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.change import ChangeKind
from monitor.domain.delivery import Delivery
from monitor.domain.errors import DeliveryError
from monitor.domain.participation import Status

Make = Callable[..., Any]


def facts(delivery: Delivery, entry: int = 0) -> dict[str, str]:
    return {fact.label: fact.value for fact in read(delivery).entries[entry].facts}


def test_a_message_says_everything_a_reader_must_know_about_a_withdrawal(deliver: Make) -> None:
    assert facts(deliver()) == {
        "What changed": "withdrawal notified",
        "State": "Poland",
        "Date of notification": "2025-08-20",
        "Date of effect": "2026-02-20",
        "Condition": "the effect depends on a condition of the withdrawal clause and may come later",
        "Rests on": "article 20 (3)",
        "Status": "party before and after",
        "Confidence": "stated by the depositary",
        "Depositary's page": "treaties.example.org",
        "Depositary notification": "C.N.421.2025.TREATIES-XXVI-5",
        "First seen on": "2025-08-21T06:00:00Z, in source untc",
    }


def test_a_consent_names_the_act_and_its_deposit(deliver: Make, change: Make, join: Make) -> None:
    act = TreatyAction(kind=ActionKind.ACCESSION, date=date(2025, 12, 10), bracketed=False)
    said = facts(
        deliver(
            join(
                change(
                    "Tonga",
                    ChangeKind.CONSENTED,
                    action=act,
                    status_before=Status.NONE,
                    status_after=Status.CONTRACTING,
                )
            )
        )
    )
    assert (said["What changed"], said["Act"], said["Date of deposit"]) == ("consented", "accession", "2025-12-10")
    assert said["Status"] == "none before, contracting after"


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        (Basis.STATED, "stated by the depositary"),
        (Basis.COMPUTED, "computed from the treaty's own rule"),
        (Basis.CALENDAR, "its page does not yet confirm it"),
    ],
)
def test_confidence_says_on_what_the_change_rests(
    basis: Basis, words: str, deliver: Make, change: Make, join: Make
) -> None:
    assert words in facts(deliver(join(change(basis=basis))))["Confidence"]


def test_a_date_of_effect_that_was_computed_is_never_passed_off_as_stated(
    deliver: Make, change: Make, join: Make
) -> None:
    one = change(basis=None)
    one["action"]["basis"] = "computed"
    assert "computed" in facts(deliver(join(one)))["Confidence"]


def test_a_correction_shows_what_was_there_before(deliver: Make, change: Make, join: Make) -> None:
    old = TreatyAction(kind=ActionKind.WITHDRAWAL, date=date(2025, 8, 19), effective=date(2026, 2, 19))
    said = facts(deliver(join(change(kind=ChangeKind.CORRECTED, action_before=old))))
    assert said["Before this correction"] == "withdrawal of 2025-08-19, with effect on 2026-02-19"


def test_a_change_of_the_treaty_itself_names_no_state(deliver: Make, change: Make, join: Make) -> None:
    one = change(kind=ChangeKind.TREATY_IN_FORCE, participant=None, action=None, status_before=None, status_after=None)
    assert not {"State", "Participant", "Status"} & set(facts(deliver(join(one))))


def test_an_effect_to_come_says_its_day_and_the_clause_it_rests_on(deliver: Make, change: Make) -> None:
    act = TreatyAction(kind=ActionKind.ACCESSION, date=date(2025, 12, 10), bracketed=False)
    said = change(kind=ChangeKind.ENTERED_INTO_FORCE, action=act, basis=Basis.COMPUTED)
    keys = ("kind", "treaty", "participant", "action", "basis", "title", "summary", "links")
    data = {key: said[key] for key in keys} | {"date": "2026-06-01", "clause": "17 (2)", "conditional": False}
    shown = facts(deliver(data, kind="treaty.effect_upcoming"))
    assert (shown["What is to come"], shown["Date of effect"]) == ("entered into force", "2026-06-01")
    assert (shown["Act"], shown["Rests on"]) == ("accession", "article 17 (2)")
    assert shown["Confidence"].startswith("computed")


def test_text_and_html_carry_the_same_facts_links_and_reason(deliver: Make) -> None:
    message = read(deliver())
    for shown in (as_text(message), as_html(message).replace("&amp;", "&").replace("&#39;", "'")):
        assert all(fact.value in " ".join(shown.split()) for fact in message.entries[0].facts)
        assert "https://treaties.example.org/page?number=XXVI-5&lang=en" in shown
        assert "https://treaties.example.org/CN.421.pdf" in shown
        assert "eastern flank" in shown
        assert "Mine Ban Convention (XXVI-5)" in shown
        assert "ratification 27 December 2012" in shown


def test_several_changes_stand_one_after_the_other_under_their_titles(deliver: Make, change: Make, join: Make) -> None:
    second = change(kind=ChangeKind.WITHDRAWAL_EFFECTIVE, status_after=Status.FORMER_PARTY)
    text = as_text(read(deliver(join(change(), second))))
    assert "1. Poland: withdrawal notified" in text
    assert "2. Poland: withdrawal effective" in text


def test_plain_text_keeps_to_its_width_except_for_addresses(deliver: Make) -> None:
    assert all(len(line) <= 76 or "https://" in line for line in as_text(read(deliver())).splitlines())


@pytest.mark.parametrize(
    "kind", ["source.stale", "source.recovered", "treaty.reading_held", "coverage", "test", "treaty.effect_upcoming"]
)
def test_messages_without_a_change_show_title_summary_details_and_links(kind: str, deliver: Make) -> None:
    data = {
        "title": "untc has not been read",
        "summary": "Nothing for two days.",
        "details": ["Asked 4 times.", "Next at noon."],
        "links": {"page": "https://treaties.example.org/", "other": None},
    }
    message = read(deliver(data, kind=kind, subscription=""))
    for shown in (as_text(message), as_html(message)):
        for words in ("untc has not been read", "Nothing for two days.", "Asked 4 times.", "Next at noon.", "operator"):
            assert words in shown
        assert "https://treaties.example.org/" in shown


def test_a_test_message_is_clearly_marked(deliver: Make) -> None:
    text = as_text(read(deliver({"title": "Test", "summary": "It works."}, kind="test")))
    assert text.startswith("TEST MESSAGE: NO TREATY HAS CHANGED")


HOSTILE = "<script>alert(1)</script><img src=https://evil.example/x onerror=a>\" onload='b' {{ 7*7 }} {% raw %}"


def test_text_of_a_page_never_becomes_markup(deliver: Make, change: Make, join: Make) -> None:
    one = change(HOSTILE, text=HOSTILE, name_before=HOSTILE)
    one["evidence"]["after"]["excerpt"] = HOSTILE
    one["links"] = {"page": "javascript:alert(1)", "notification": 'https://evil.example/"onmouseover="x'}
    html = as_html(
        read(deliver(join(one, title=HOSTILE, subscription=HOSTILE, treaty={"title": HOSTILE, "reference": "<b>"})))
    )
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert '"onmouseover' not in html
    assert 'href="javascript' not in html
    assert "{{ 7*7 }}" in html  # shown as it is, never evaluated


def test_a_page_with_terminal_escapes_cannot_touch_a_terminal(deliver: Make, change: Make, join: Make) -> None:
    text = as_text(read(deliver(join(change("Pol\x1b]0;owned\x07and")))))
    assert "\x1b" not in text
    assert "\x07" not in text


def test_html_needs_nothing_from_the_network(deliver: Make) -> None:
    html = as_html(read(deliver()))
    assert not any(word in html for word in ("<img", "<link", "src=", "@import", "url(", "<script"))
    assert "prefers-color-scheme: dark" in html
    assert 'name="viewport"' in html


@pytest.mark.parametrize(
    "body", ["", "[]", '{"type": "test"}', '{"type": "test", "timestamp": "x", "data": {"title": 1}}', "null"]
)
def test_a_body_that_cannot_be_read_is_final_and_said_clearly(body: str, deliver: Make) -> None:
    with pytest.raises(DeliveryError, match="cannot be read") as caught:
        read(replace(deliver(), body=body))
    assert caught.value.permanent

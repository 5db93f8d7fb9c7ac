from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import lxml.html
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
        "First seen on": "2025-08-21 06:00 UTC, in source untc",
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


def test_a_correction_shows_each_value_that_differs_before_and_after(deliver: Make, change: Make, join: Make) -> None:
    old = TreatyAction(
        kind=ActionKind.WITHDRAWAL,
        date=date(2025, 8, 19),
        effective=date(2026, 2, 20),
        notification="C.N.420.2025.TREATIES-XXVI-5",
    )
    one = change(kind=ChangeKind.CORRECTED, action_before=old) | {"corrects": "chg_1"}
    said = facts(deliver(join(one)))
    assert said["Date of notification"] == "2025-08-19 → 2025-08-20"
    assert said["Date of effect"] == "2026-02-20"
    assert said["Rests on"] == "article 20 (3)"
    assert said["Depositary notification"] == "C.N.420.2025.TREATIES-XXVI-5 → C.N.421.2025.TREATIES-XXVI-5"
    assert said["Told before"] == "this corrects what an earlier message said"


def test_a_correction_of_the_kind_of_act_shows_both_kinds(deliver: Make, change: Make, join: Make) -> None:
    old = TreatyAction(kind=ActionKind.ACCESSION, date=None)
    new = TreatyAction(kind=ActionKind.RATIFICATION, date=date(2025, 8, 19))
    said = facts(deliver(join(change(kind=ChangeKind.CORRECTED, action=new, action_before=old))))
    assert (said["Act"], said["Date of deposit"]) == ("accession → ratification", "none → 2025-08-19")


def test_a_correction_that_only_takes_an_act_out_says_which(deliver: Make, change: Make, join: Make) -> None:
    gone = TreatyAction(kind=ActionKind.SIGNATURE, date=date(1997, 12, 3), bracketed=False)
    one = change(kind=ChangeKind.CORRECTED, action=None, action_before=gone)
    assert one["summary"].endswith("record corrected, no longer shown: signature 3 December 1997.")
    assert facts(deliver(join(one)))["No longer shown"] == "signature of 1997-12-03"


def test_a_retraction_names_the_notice_that_is_taken_back(deliver: Make, change: Make, join: Make) -> None:
    said = facts(deliver(join(change(kind=ChangeKind.WITHDRAWAL_RETRACTED) | {"corrects": "chg_1"})))
    assert (said["Withdrawal notified on"], said["Would have had effect"]) == ("2025-08-20", "2026-02-20")
    assert not {"Date of notification", "Date of effect"} & set(said)
    assert "Told before" in said


def test_an_effect_by_the_calendar_says_that_a_condition_may_have_put_it_off(
    deliver: Make, change: Make, join: Make
) -> None:
    one = change(kind=ChangeKind.WITHDRAWAL_EFFECTIVE, basis=Basis.CALENDAR, conditional=True)
    said = facts(deliver(join(one)))
    assert "does not yet confirm it" in said["Confidence"]
    assert "may put the effect off" in said["Condition"]


def test_a_long_statement_stands_below_the_facts_as_a_quotation(deliver: Make, change: Make, join: Make) -> None:
    words = "The Government understands these words so. " * 100
    delivery = deliver(join(change(kind=ChangeKind.STATEMENT_MADE, action=None, text=words)))
    (entry,) = read(delivery).entries
    assert [quote.label for quote in entry.quotes] == [
        "The text as read from the page",
        "The row as read from the page",
    ]
    assert entry.quotes[0].text.endswith("…")
    assert all(len(fact.value) < 100 for fact in entry.facts)
    assert "\n> The Government understands" in as_text(read(delivery))


def test_a_change_of_the_treaty_itself_names_no_state(deliver: Make, change: Make, join: Make) -> None:
    one = change(
        kind=ChangeKind.TREATY_IN_FORCE,
        participant=None,
        action=None,
        status_before=None,
        status_after=None,
        text="in force since 2025-08-20",
    )
    said = facts(deliver(join(one)))
    assert not {"State", "Participant", "Status"} & set(said)
    assert said["Details"] == "in force since 2025-08-20"
    assert one["title"] == "Mine Ban Convention: treaty in force"
    assert one["summary"].startswith("Mine Ban Convention: treaty in force, in force since 2025-08-20.")


@pytest.mark.parametrize(
    ("link", "url"),
    [
        (
            "https://treaties.example.org/CN/2025/CN.421.2025-Eng.pdf",
            "https://treaties.example.org/CN/2025/CN.421.2025-Eng.pdf",
        ),
        ("http://treaties.example.org/CN.pdf", None),
        ("C.N.421.2025.TREATIES-XXVI-5", None),
        (None, None),
    ],
)
def test_the_notifications_number_is_a_link_where_there_is_an_https_address(
    link: str | None, url: str | None, deliver: Make, change: Make, join: Make
) -> None:
    one = change()
    one["links"]["notification"] = link
    (fact,) = [f for f in read(deliver(join(one))).entries[0].facts if f.label == "Depositary notification"]
    assert (fact.value, fact.url) == ("C.N.421.2025.TREATIES-XXVI-5", url)
    html = as_html(read(deliver(join(one))))
    assert (f'href="{url}"' in html) is (url is not None)
    assert html.count("C.N.421.2025.TREATIES-XXVI-5") >= 1


def digest(*changes: Any) -> dict[str, Any]:
    return {
        "title": "4 changes in the week to 21 August 2025",
        "summary": "What changed since 14 August 2025.",
        "subscription": "eastern flank",
        "thread": "digest/eastern flank",
        "changes": list(changes),
    }


def test_a_digest_groups_by_treaty_and_state_and_begins_with_an_overview(deliver: Make, change: Make) -> None:
    ccm = {"treaty": "XXVI-6", "treaty_title": "Convention on Cluster Munitions"}
    ban = {"treaty_title": "Mine Ban Convention"}
    poland, estonia = change() | ban, change("Estonia") | ban
    statement = change(kind=ChangeKind.STATEMENT_MADE, action=None, text="We understand it so.") | ban
    message = read(deliver(digest(poland, change("Poland") | ccm, estonia, statement), kind="treaty.digest"))
    assert [(section.title, len(section.entries)) for section in message.sections] == [
        ("Convention on Cluster Munitions (XXVI-6): Poland", 1),
        ("Mine Ban Convention (XXVI-5): Estonia", 1),
        ("Mine Ban Convention (XXVI-5): Poland", 2),
    ]
    text, html = as_text(message), as_html(message)
    assert text.startswith("DIGEST\n4 changes in the week to 21 August 2025\n")
    assert "- Estonia: withdrawal notified, Mine Ban Convention\n" in text
    assert "\nMine Ban Convention (XXVI-5): Poland\n------------------------------------\n" in text
    assert "> We understand it so." in text
    for section in message.sections:
        assert html.count(f">{section.title}</h2>") == 1
    assert html.count("<li") == 4


def test_a_digest_tells_changes_of_the_treaty_itself_and_effects_to_come_as_well(deliver: Make, change: Make) -> None:
    whole = change(kind=ChangeKind.TREATY_IN_FORCE, participant=None, action=None) | {
        "treaty_title": "Mine Ban Convention"
    }
    effect = change() | {"date": "2026-02-20", "treaty": {"title": "Mine Ban Convention", "reference": "XXVI-5"}}
    message = read(deliver(digest(whole, effect), kind="treaty.digest"))
    assert [section.title for section in message.sections] == [
        "Mine Ban Convention (XXVI-5)",
        "Mine Ban Convention (XXVI-5): Poland",
    ]
    assert "What is to come" in as_text(message)


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


WORDS = {"kind", "basis", "status_before", "status_after", "type", "thread"}


def poisoned(value: Any, text: str) -> Any:
    """Return the data of a message in which every text that comes from elsewhere is hostile."""
    if isinstance(value, dict):
        return {key: inner if key in WORDS else poisoned(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, text) for inner in value]
    return text if isinstance(value, str) else value


ATTACKS = [
    HOSTILE,
    'x" style="display:none" onmouseover="alert(1)',
    "</p></div></body></html><h1>The treaty is void</h1>",
    "javascript:alert(1)",
    'https://evil.example/?a="><script>',
    "data:text/html;base64,PHNjcmlwdD4=",
    "Poland\r\nBcc: victim@example.org\r\n\r\n<p>",
    "\x1b]0;owned\x07\u202edetrevni\u2066\x9b31m",
    "{{ message.thread }}{% include 'message.txt' %}",
]
SHOWN = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "div",
    "p",
    "h1",
    "h2",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "a",
    "blockquote",
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("kind", ["treaty.status_changed", "treaty.digest", "source.stale", "coverage"])
def test_no_text_from_anywhere_becomes_markup_a_link_or_a_control_character(
    kind: str, attack: str, deliver: Make, change: Make, join: Make
) -> None:
    one = change(text="x", name_before="y", action_before=TreatyAction(kind=ActionKind.WITHDRAWAL, date=None))
    data = digest(one, one) if kind == "treaty.digest" else join(one, one)
    if kind in {"source.stale", "coverage"}:
        data = {"title": "t", "summary": "s", "details": ["d"], "links": {"page": "p"}}
    message = read(deliver(poisoned(data, attack), kind=kind, subscription=attack))
    page = lxml.html.document_fromstring(as_html(message))
    assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= SHOWN
    assert not [name for element in page.iter() for name in element.attrib if name.startswith("on")]
    assert all(a.get("href", "").startswith(("https://", "http://")) for a in page.iter("a"))
    assert len(list(page.iter("style"))) == 1
    text = as_text(message)
    assert not [c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} and c != "\n"]
    assert "The treaty is void</h1>" not in as_html(message)

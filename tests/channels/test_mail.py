from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from monitor.channels.mail import AddressError, Letterhead, _Policy, compose, parse_address
from monitor.domain.errors import DeliveryError

Make = Callable[..., Any]
LETTERHEAD = Letterhead(sender="Treaty Monitor <treaty-monitor@example.org>")


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def test_headers_say_who_what_when_and_that_a_machine_wrote_it(deliver: Make) -> None:
    mail = compose(deliver(), LETTERHEAD)
    message = parsed(mail.content)
    assert (mail.sender, mail.recipient) == ("treaty-monitor@example.org", "desk@example.org")
    assert message["From"] == "Treaty Monitor <treaty-monitor@example.org>"
    assert message["To"] == "desk@example.org"
    assert message["Subject"] == "[treaty-monitor] Poland: withdrawal notified, Mine Ban Convention"
    assert message["Date"].datetime.isoformat() == "2025-08-21T06:00:00+00:00"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Id"] == "<eastern-flank.treaty-monitor.example.org>"
    assert "List-Unsubscribe" not in message


def test_text_comes_first_and_html_second(deliver: Make) -> None:
    message = parsed(compose(deliver(), LETTERHEAD).content)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_repeat_is_the_same_mail_byte_for_byte(deliver: Make) -> None:
    assert compose(deliver(), LETTERHEAD) == compose(deliver(), LETTERHEAD)


def test_the_message_id_is_the_deliverys_and_all_mail_about_one_state_and_treaty_has_one_root(
    deliver: Make, change: Make, join: Make
) -> None:
    first, second, other = (
        parsed(compose(deliver(join(change(), thread=thread), name=name), LETTERHEAD).content)
        for name, thread in (("msg_1", "XXVI-5/PL"), ("msg_2", "XXVI-5/PL"), ("msg_3", "XXVI-5/FI"))
    )
    assert (first["Message-ID"], second["Message-ID"]) == ("<msg_1@example.org>", "<msg_2@example.org>")
    assert first["References"] == first["In-Reply-To"] == second["References"] != other["References"]


def test_long_identifiers_and_addresses_are_never_broken_up(deliver: Make) -> None:
    head = replace(
        LETTERHEAD,
        sender="a@" + "long-label." * 8 + "example.org",
        unsubscribe="https://example.org/leave/{subscription}/{recipient}?" + "x" * 90,
    )
    raw = compose(deliver(), head).content.split(b"\r\n\r\n")[0]
    lines = raw.split(b"\r\n")
    assert any(line.startswith(b"Message-ID: <msg_") and line.endswith(b"example.org>") for line in lines)
    assert (
        b"List-Unsubscribe: <https://example.org/leave/eastern%20flank/desk%40example.org?" + b"x" * 90 + b">" in lines
    )


def test_one_click_is_offered_for_https_only(deliver: Make) -> None:
    def leaving(address: str) -> tuple[str, str | None]:
        message = parsed(compose(deliver(), replace(LETTERHEAD, unsubscribe=address)).content)
        return message["List-Unsubscribe"], message["List-Unsubscribe-Post"]

    assert leaving("https://example.org/u") == ("<https://example.org/u>", "List-Unsubscribe=One-Click")
    assert leaving("mailto:leave@example.org") == ("<mailto:leave@example.org>", None)


@pytest.mark.parametrize("name", ["Türkiye", "Côte d'Ivoire", "日本", "الجزائر"])
def test_names_beyond_ascii_survive_in_subject_and_both_bodies(
    name: str, deliver: Make, change: Make, join: Make
) -> None:
    raw = compose(deliver(join(change(name))), LETTERHEAD).content
    assert raw.isascii()
    message = parsed(raw)
    assert name in message["Subject"]
    text, html = (part.get_content() for part in message.iter_parts())
    assert name in text
    assert name.replace("'", "&#39;") in html


@pytest.mark.parametrize("breaking", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x85", "\x0b"])
def test_no_text_can_add_a_header(breaking: str, deliver: Make, change: Make, join: Make) -> None:
    attack = f"Poland{breaking}Bcc: victim@example.org{breaking}{breaking}<p>body"
    data = join(change(attack), title=attack, thread=attack, subscription=attack)
    message = parsed(compose(deliver(data, subscription=attack), LETTERHEAD).content)
    assert "Bcc" not in message
    assert message["Subject"].startswith("[treaty-monitor] Poland")
    assert message["To"] == "desk@example.org"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "address",
    ["", "desk", "desk@", "@example.org", "a@example.org, b@example.org", "a@example.org\r\nBcc: b@example.org",
     "a@example.org\nRCPT TO:<b@example.org>", "a b@example.org>", "a@exa mple.org", "a@" + "ü" * 70 + ".org"],
)  # fmt: skip
def test_what_is_not_one_address_is_refused_for_good(address: str, deliver: Make) -> None:
    with pytest.raises(DeliveryError, match="not a mail address") as caught:
        compose(deliver(to=address), LETTERHEAD)
    assert caught.value.permanent


def test_a_sender_that_is_no_address_is_found_at_start() -> None:
    with pytest.raises(AddressError, match="not a mail address"):
        Letterhead(sender="treaty monitor")


def test_an_international_domain_goes_out_in_ascii_and_only_an_international_mailbox_needs_utf8(deliver: Make) -> None:
    assert parse_address("desk@bücher.example").addr_spec == "desk@xn--bcher-kva.example"
    assert not compose(deliver(to="desk@bücher.example"), LETTERHEAD).utf8
    mail = compose(deliver(to="jörg@example.org"), LETTERHEAD)
    assert (mail.utf8, mail.recipient) == (True, "jörg@example.org")


def test_bounces_go_to_the_envelope_sender_where_one_is_configured(deliver: Make) -> None:
    mail = compose(deliver(), replace(LETTERHEAD, envelope_sender="bounces@example.org"))
    assert mail.sender == "bounces@example.org"
    assert parsed(mail.content)["From"].addresses[0].addr_spec == "treaty-monitor@example.org"


def test_mail_to_the_operator_has_a_list_of_its_own_and_no_thread(deliver: Make) -> None:
    data = {"title": "untc has not been read", "summary": "Nothing for two days."}
    message = parsed(compose(deliver(data, kind="source.stale", subscription=""), LETTERHEAD).content)
    assert message["List-Id"] == "<operator.treaty-monitor.example.org>"
    assert "References" not in message


@pytest.mark.parametrize(
    "title",
    [
        "Marshall Islands: entry into force takes effect on 1 September 2025, Mine Ban Convention",
        "Côte d'Ivoire: withdrawal notified and withdrawal effective, Convention of Côte d'Ivoire and Türkiye " * 3,
        "x" * 300,
    ],
)
def test_a_long_subject_is_read_back_to_the_letter(title: str) -> None:
    mail = EmailMessage(policy=_Policy(linesep="\r\n"))
    mail["Subject"] = title.strip()
    assert message_from_bytes(mail.as_bytes(), policy=policy.default)["Subject"] == title.strip()

"""The link in a mail: a look changes nothing, one click leaves, whatever name or page it comes from."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from desk_in_town import Town

from monitor.pipeline.leaving import Words
from monitor.storage.interface import Departure

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
READER = "desk@example.org"
PUBLIC = "http://alerts.example.org"


@pytest.fixture
def address(town: Town) -> str:
    return "/unsubscribe/" + Words(town.office.storage).word("eastern flank", READER)


def gone(town: Town) -> tuple[Departure, ...]:
    with town.office.storage.begin() as tx:
        return tx.departures()


def test_a_look_shows_a_form_and_changes_nothing(town: Town, address: str) -> None:
    with town.client() as client:
        page = client.get(address)
        assert client.head(address).status_code == 200
    assert (page.status_code, READER in page.text, '<form class="bar" method="post">' in page.text) == (200, True, True)
    assert gone(town) == ()


def test_one_click_leaves_from_any_mail_program_and_again_is_as_good_as_once(town: Town, address: str) -> None:
    with town.client(PUBLIC) as client:
        for origin in ({}, {"origin": "https://mail.example.net", "sec-fetch-site": "cross-site"}):
            answer = client.post(address, data=ONE_CLICK, headers=origin)
            assert (answer.status_code, "gets no more mail" in answer.text) == (200, True)
    assert [(d.subscription, d.recipient) for d in gone(town)] == [("eastern flank", READER)]


def test_a_damaged_link_is_not_found_and_changes_nothing(town: Town, address: str) -> None:
    with town.client(PUBLIC) as client:
        assert client.post(address + "x", data=ONE_CLICK).status_code == 404
        assert client.get("/unsubscribe/<script>").status_code == 404
    assert gone(town) == ()


def test_it_needs_no_token_where_everything_else_does_and_opens_nothing_else(tmp_path: Path) -> None:
    hashed = "sha256:" + sha256(b"geheim").hexdigest()
    town = Town.build(tmp_path, f'[web]\nlisten = "0.0.0.0:8477"\ntoken_hash = "{hashed}"\n')
    word = Words(town.office.storage).word("eastern flank", READER)
    with town.client(PUBLIC) as client:
        assert client.get(f"/unsubscribe/{word}").status_code == 200
        assert client.get("/static/style.css").status_code == 200
        assert client.get("/deliveries").status_code == 401
    town.office.storage.close()


def test_on_loopback_the_public_name_reaches_the_link_and_nothing_else(town: Town, address: str) -> None:
    with town.client(PUBLIC) as client:
        assert client.get(address).status_code == 200
        assert client.get("/changes").status_code == 421


def test_names_in_the_word_never_become_markup(town: Town) -> None:
    town.office.with_(subscriptions=(replace(town.office.desk.subscriptions[0], name="<b>"),))
    word = Words(town.office.storage).word("<b>", '"><script>@example.org')
    with town.client() as client:
        text = client.get(f"/unsubscribe/{word}").text
    assert "<b>" not in text
    assert "<script>@" not in text

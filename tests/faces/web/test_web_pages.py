"""The pages: each says what the record says, works without script, and runs nothing that a depositary's page brings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk_in_town import SCENES, Town
from starlette.testclient import TestClient

from monitor.domain.document import Document
from monitor.faces.demo.replica import ReplicaStatement
from monitor.faces.web import rendering
from monitor.storage.interface import KeptPage


@pytest.mark.parametrize(
    "path", ["/", "/treaties/mine-ban", "/countries/PL", "/changes", "/claims", "/sources", "/held", "/deliveries"]
)
def test_every_page_is_there(reader: TestClient, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1" in answer.text


def test_head_answers_like_get_without_a_body(reader: TestClient) -> None:
    head, get = reader.head("/"), reader.get("/")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]


def test_the_overview_shows_who_has_left(reader: TestClient) -> None:
    page = (reader.get("/")).text
    assert '<th scope="row"><a href="/countries/EE">Estonia</a></th><td class="s-former_party">Left</td>' in page
    assert "Fiji" not in page


def test_countries_stand_in_the_order_of_the_alphabet(reader: TestClient) -> None:
    names = re.findall(r'<tr><th scope="row"><a href="/countries/[^"]+">([^<]+)', reader.get("/?countries=all").text)
    marked = next(at for at, name in enumerate(names) if name.startswith("Côte"))
    assert names[marked - 1] < "Co"
    assert names[marked + 1] > "Cr"


def test_a_past_date_shows_what_was_then(reader: TestClient) -> None:
    page = (reader.get("/?on=2025-09-01")).text
    assert '<td class="s-leaving">Party<small>leaves 27 December 2025</small></td>' in page
    assert "Shown as of" in page


def test_as_known_on_a_day_before_the_notice_nothing_is_pending(reader: TestClient) -> None:
    page = (reader.get("/?on=2025-09-01&known=2025-06-01")).text
    assert "leaves" not in page.partition("</table>")[0]


def test_an_unknown_thing_is_not_found_and_a_wrong_date_is_told(reader: TestClient) -> None:
    for path, status in {
        "/treaties/atlantis": 404,
        "/countries/atlantis": 404,
        "/changes/chg_00000000": 404,
        "/nowhere": 404,
        "/?on=yesterday": 422,
    }.items():
        answer = reader.get(path, headers={"accept": "text/html"})
        assert answer.status_code == status, path
        assert "<h1>" in answer.text


def test_the_final_clauses_are_said_with_their_periods(reader: TestClient) -> None:
    page = reader.get("/treaties/mine-ban").text
    assert "Withdrawal: article 20, 6 months after receipt" in page
    assert "article 17 (2), 6 months after deposit" in page


def test_the_table_filters_and_sorts(reader: TestClient) -> None:
    page = (reader.get("/treaties/mine-ban?status=former_party&sort=-name")).text
    table = page.partition('id="participations"')[2].partition("</table>")[0]
    rows = [part.partition("<")[0] for part in table.split('<th scope="row">')[1:] for part in [part.partition(">")[2]]]
    assert rows == ["Poland", "Lithuania", "Latvia", "Finland", "Estonia"]
    assert 'aria-sort="descending"' in page


def test_a_change_stands_beside_what_was_before_with_its_kept_pages(reader: TestClient, played: Town) -> None:
    changes = (reader.get("/api/v1/changes?country=PL&kind=withdrawal_notified")).json()["changes"]
    page = (reader.get(f"/changes/{changes[0]['id']}")).text
    assert "C.N.421.2025" in page
    for side in ("before", "after"):
        sha = changes[0]["evidence"][side]["document"]
        assert f"/documents/{sha}" in page
        kept = reader.get(f"/documents/{sha}")
        assert kept.content == played.office.desk.archive.read(sha)
        assert kept.headers["content-type"].startswith("text/plain")
        assert kept.headers["content-security-policy"].startswith("sandbox")
    assert "desk@example.org" in page


def test_a_page_that_was_given_up_is_said_to_be_so(town: Town) -> None:
    desk, now = town.office.desk, town.office.now
    shown = [
        Document("https://depositary.example/", body, now + timedelta(days=n)) for n, body in enumerate((b"a", b"b"))
    ]
    with desk.storage.begin() as tx:
        for page in shown:
            tx.store_document("I-1", "untc", page)
        tx.forget([KeptPage("I-1", "untc", shown[0].sha256)], now + timedelta(days=9), now)
    with town.client() as reader:
        given_up, kept = (reader.get(f"/documents/{page.sha256}") for page in shown)
    assert (given_up.status_code, kept.status_code) == (404, 404)
    assert f"is no longer kept: [retention] gave it up on {now:%Y-%m-%d}" in given_up.text
    assert "no kept page" in kept.text


def test_script_in_a_pages_text_is_shown_not_run(town: Town) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    treaty = SCENES[-1].treaty
    town.office.later(days=1).show(replace(treaty, declarations=(ReplicaStatement("Poland", evil),)), seed=7)
    town.office.check()
    with town.client() as client:
        for path in ("/treaties/mine-ban", "/changes", "/countries/PL"):
            page = (client.get(path)).text
            assert "<script>alert" not in page
            assert "<img src=x" not in page
        assert "&lt;script&gt;alert" in (client.get("/treaties/mine-ban")).text


def test_no_page_has_script_or_style_of_its_own_or_asks_another_host(reader: TestClient) -> None:
    for path in ("/", "/treaties/mine-ban", "/countries/PL", "/held"):
        page = (reader.get(path)).text
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert re.findall(r'src="(?!/static/)', page) == []
        assert re.findall(r"<script>|<script [^>]*>[^<]", page) == []


def test_the_table_comes_as_csv_too(reader: TestClient) -> None:
    answer = reader.get("/treaties/mine-ban/participations.csv?on=2025-03-18")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("record,treaty,treaty_slug,code,name")
    assert "participation,XXVI-5,mine-ban,PL,Poland" in answer.text


def test_accepting_by_the_form_publishes_what_was_held(town: Town) -> None:
    held = town.lose_a_row()
    with town.client() as client:
        page = (client.get("/held")).text
        assert f"/held/{held}/accept" in page
        token = page.partition('name="token" value="')[2].partition('"')[0]
        done = client.post(f"/held/{held}/accept", data={"token": token})
        assert (done.status_code, done.headers["location"]) == (303, "/held")
        assert "Nothing is held back" in (client.get("/held")).text
        kinds = [c["kind"] for c in (client.get("/api/v1/changes")).json()["changes"]]
    assert "record_vanished" in kinds


def test_a_dead_delivery_is_tried_again_by_the_form(town: Town) -> None:
    dead = town.fail_a_delivery()
    with town.client() as client:
        page = (client.get("/deliveries?state=dead")).text
        assert "550 no such mailbox" in page
        token = page.partition('name="token" value="')[2].partition('"')[0]
        client.post(f"/deliveries/{dead}/retry", data={"token": token})
    town.office.deliver()
    assert dead in {d.id for d in town.office.mail.sent}


def test_the_depositarys_own_page_is_shown_whole(tmp_path: Path, real_page: Callable[[str], bytes]) -> None:
    town = Town.build(tmp_path)
    town.office.now = datetime(2026, 2, 3, 9, tzinfo=UTC)
    town.office.show(real_page("html/ottawa.html"))
    town.office.check()
    with town.client() as client:
        page = client.get("/treaties/mine-ban").text
        assert "162 parties, 132 signatories" in page
        assert "166 of 166 participants" in page
        assert "C.N.421.2025" in client.get("/countries/PL").text
    town.office.storage.close()


def test_every_template_is_compiled_before_anybody_looks() -> None:
    rendering.prepare()
    made = rendering.environment()
    assert {name for _, name in made.cache or ()} == set(made.list_templates())

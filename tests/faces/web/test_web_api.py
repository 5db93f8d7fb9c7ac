"""The API: the command line's shapes, page by page, cheap to ask again, and problems instead of tracebacks."""

from __future__ import annotations

import pytest
from desk_in_town import Town
from starlette.testclient import TestClient

from monitor.faces import questions
from monitor.pipeline import report

ALL = (
    "status",
    "changes",
    "upcoming",
    "claims",
    "sources",
    "held",
    "deliveries",
    "treaties",
    "countries",
    "subscriptions",
    "channels",
)


@pytest.mark.parametrize("name", ALL)
def test_every_list_answers_get_and_head_in_json_with_a_mark(reader: TestClient, name: str) -> None:
    get, head = reader.get(f"/api/v1/{name}"), reader.head(f"/api/v1/{name}")
    assert (get.status_code, head.status_code, head.content) == (200, 200, b"")
    assert get.headers["content-type"] == "application/json"
    again = reader.get(f"/api/v1/{name}", headers={"If-None-Match": get.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_shapes_are_those_of_the_command_line(reader: TestClient, played: Town) -> None:
    office = questions.Office(played.office.desk, played.settings, played.office.now)
    assert reader.get("/api/v1/status").json() == questions.status(office)
    assert reader.get("/api/v1/changes?country=baltic&kind=withdrawal_notified").json() == report.changes(
        office.desk, questions.wanted(office.settings, None, "baltic", ["withdrawal_notified"])
    )
    assert reader.get("/api/v1/claims").json() == report.claims(office.desk, office.now)
    assert reader.get("/api/v1/sources").json() == report.sources(office.desk, office.now)
    assert reader.get("/api/v1/deliveries").json() == report.deliveries(office.desk)


def test_status_is_asked_on_a_date_and_as_known_on_a_date(reader: TestClient) -> None:
    def poland(**asked: str) -> tuple[str, bool]:
        [item] = reader.get("/api/v1/status", params={"treaty": "XXVI-5", "country": "pol"} | asked).json()[
            "participations"
        ]
        return item["status"], item["pending"] is not None

    assert poland(on="2025-09-01") == ("party", True)
    assert poland(on="2025-09-01", known="2025-07-01") == ("party", False)
    assert poland(on="9999-12-31", known="9999-12-31")[0] == "former_party"


def test_an_absent_state_is_one_item_with_status_none(reader: TestClient) -> None:
    [item] = reader.get("/api/v1/status?country=US").json()["participations"]
    assert (item["status"], item["actions"]) == ("none", [])


def test_a_long_list_comes_in_parts_that_lead_to_one_another(reader: TestClient) -> None:
    whole = reader.get("/api/v1/changes").json()["changes"]
    found, there = [], "/api/v1/changes?limit=4"
    for _ in range(10):
        answer = reader.get(there)
        found += answer.json()["changes"]
        links = dict(reversed(part.strip().split("; rel=")) for part in answer.headers["link"].split(","))
        if '"next"' not in links:
            break
        there = links['"next"'].strip("<>")
    assert found == whole
    assert answer.headers["x-total-count"] == str(len(whole))


@pytest.mark.parametrize(
    ("there", "status", "said"),
    [
        ("status?treaty=atlantis", 404, 'no treaty "atlantis" is configured'),
        ("status?country=Polnad", 404, 'did you mean "Poland"'),
        ("status?on=20250901", 422, "write YYYY-MM-DD"),
        ("status?on=", 422, "YYYY-MM-DD"),
        ("changes?kind=left", 422, "withdrawal_notified"),
        ("changes?limit=0", 422, "greater than or equal to 1"),
        ("treaties/atlantis", 404, "no known treaty"),
        ("countries/atlantis", 404, "no known country"),
        ("nothing", 404, "Not Found"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(reader: TestClient, there: str, status: int, said: str) -> None:
    answer = reader.get(f"/api/v1/{there}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    shape = answer.json()
    assert (shape["status"], shape["type"]) == (status, "about:blank")
    assert said in shape["detail"]


def test_a_wrong_method_is_a_problem_too(reader: TestClient) -> None:
    answer = reader.delete("/api/v1/status")
    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
    assert answer.headers["allow"] == "GET, HEAD"


def test_what_nobody_foresaw_is_told_without_its_trace(town: Town) -> None:
    town.office.with_(seeds=(None,))
    with town.client() as client:
        answer = client.get("/api/v1/claims")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "NoneType" not in answer.text


def test_a_group_and_a_country_are_told_apart(reader: TestClient) -> None:
    assert reader.get("/api/v1/countries/pl").json()["code"] == "PL"
    assert {c["code"] for c in reader.get("/api/v1/countries/baltic").json()["countries"]} == {"EE", "LV", "LT"}


def test_held_rows_are_accepted_and_rejected_over_the_api(town: Town) -> None:
    held = town.lose_a_row()
    with town.client() as client:
        assert [h["id"] for h in client.get("/api/v1/held").json()["held"]] == [held]
        assert client.post(f"/api/v1/held/{held}/reject").json()["held"][0]["state"] == "rejected"
        assert client.post(f"/api/v1/held/{held}/accept").status_code == 404
        assert client.get("/api/v1/held").json() == {"held": []}
        assert len(client.get("/api/v1/held?everything=true").json()["held"]) == 1


def test_a_delivery_is_tried_again_over_the_api(town: Town) -> None:
    dead = town.fail_a_delivery()
    with town.client() as client:
        assert client.post(f"/api/v1/deliveries/{dead}/retry").json() == {"retried": [dead]}
        town.office.deliver()
        assert client.post(f"/api/v1/deliveries/{dead}/retry").status_code == 404
        assert client.post("/api/v1/deliveries/..%2f/retry").status_code in {404, 405, 422}


def test_ready_means_fresh_and_says_which_source_is_not(town: Town) -> None:
    with town.client() as client:
        assert client.get("/readyz").json() == {"status": "ready", "stale": []}
        town.office.later(days=4)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["stale"][0]["treaty"]) == (503, "XXVI-5")
        assert client.get("/healthz").json() == {"status": "ok"}


def test_metrics_count_sources_changes_and_deliveries(reader: TestClient, played: Town) -> None:
    played.app.state.tally.over(["unchanged"], played.office.now)
    text = reader.get("/metrics").text
    with played.office.storage.begin() as tx:
        changes = tx.number_of_changes()
    assert f"treaty_monitor_changes {float(changes)}" in text
    assert 'treaty_monitor_sources{condition="ok"} 1.0' in text
    assert 'treaty_monitor_deliveries{state="dead"} 0.0' in text
    assert 'treaty_monitor_source_age_seconds{source="untc",treaty="XXVI-5"} 0.0' in text
    assert "treaty_monitor_rounds_total 1.0" in text
    assert 'treaty_monitor_checks_total{outcome="unchanged"} 1.0' in text


def test_a_new_reading_is_seen_at_once_though_pages_are_remembered(town: Town) -> None:
    with town.client() as client:
        before = client.get("/api/v1/status?country=PL").json()["participations"][0]["sources"]
        town.office.later(hours=1).check()
        after = client.get("/api/v1/status?country=PL").json()["participations"][0]["sources"]
    assert before[0]["last_good"] < after[0]["last_good"]


def test_a_reload_takes_effect_for_the_next_request(town: Town) -> None:
    with town.client() as client:
        assert client.get("/").status_code == 200
        town.office.with_(treaties=())
        assert client.get("/api/v1/sources").json() == {"sources": []}


def test_one_change_is_asked_by_its_id(reader: TestClient) -> None:
    [first, *_] = reader.get("/api/v1/changes").json()["changes"]
    assert reader.get(f"/api/v1/changes/{first['id']}").json() == first
    assert reader.get("/api/v1/changes/chg_0000000000000000").status_code == 404


def test_deliveries_come_in_parts_too(reader: TestClient) -> None:
    whole = reader.get("/api/v1/deliveries?state=sent").json()["deliveries"]
    part = reader.get("/api/v1/deliveries?state=sent&limit=3&offset=2")
    assert part.json()["deliveries"] == whole[2:5]
    assert part.headers["x-total-count"] == str(len(whole))

"""What is refused: askers without the token, other sites' posts, other names of the machine, ways to other files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from desk_in_town import BASE, Town
from starlette.testclient import TestClient

TOKEN = "correct horse battery staple"
OUTSIDE = "http://desk.example.org"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
PATHS = ["/", "/api/v1/status", "/api/v1/changes", "/metrics", "/readyz", "/openapi.json", "/feeds/changes.atom"]


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Town]:
    """Return an installation that listens on every address."""
    digest = sha256(TOKEN.encode()).hexdigest()
    town = Town.build(tmp_path, f'[web]\nlisten = "0.0.0.0:8477"\ntoken_hash = "sha256:{digest}"\n').play(2)
    yield town
    town.office.storage.close()


@pytest.fixture
def stranger(outside: Town) -> Iterator[TestClient]:
    with outside.client(OUTSIDE, "203.0.113.7") as client:
        yield client


@pytest.mark.parametrize("path", PATHS)
def test_without_the_token_nothing_of_the_record_is_told(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert stranger.get(path, headers=BEARER).status_code == 200
    assert stranger.get(path, headers={"Host": "127.0.0.1"}).status_code == 401


def test_only_life_the_form_and_the_style_are_open(stranger: TestClient) -> None:
    for path in ("/healthz", "/login", "/static/style.css"):
        assert stranger.get(path).status_code == 200


def test_a_feed_reader_may_bring_the_token_as_a_password(stranger: TestClient) -> None:
    assert stranger.get("/feeds/changes.atom", auth=("anybody", TOKEN)).status_code == 200
    assert stranger.get("/feeds/changes.atom", auth=("anybody", "guess")).status_code == 401
    assert stranger.get("/feeds/changes.atom", headers={"Authorization": "Basic ***"}).status_code == 401


def sign_in(client: TestClient, token: str, there: str = "/") -> int:
    page = client.get("/login").text
    form = page.partition('name="token" value="')[2].partition('"')[0]
    return client.post("/login", data={"token": form, "access_token": token, "next": there}).status_code


def test_a_browser_is_led_to_the_form_and_exchanges_the_token_for_a_cookie(stranger: TestClient) -> None:
    led = stranger.get("/treaties/mine-ban?on=2025-01-01", headers={"Accept": "text/html"})
    assert (led.status_code, led.headers["location"]) == (303, "/login?next=/treaties/mine-ban%3Fon%3D2025-01-01")
    assert sign_in(stranger, TOKEN) == 303
    assert stranger.get("/").status_code == 200
    assert TOKEN not in str(stranger.cookies)
    assert stranger.post("/logout").status_code == 303
    assert stranger.get("/").status_code == 401


def test_the_cookie_is_out_of_reach_for_script_and_other_sites(outside: Town) -> None:
    with outside.client("https://desk.example.org", "203.0.113.9") as client:
        form = client.get("/login").text.partition('name="token" value="')[2].partition('"')[0]
        answer = client.post("/login", data={"token": form, "access_token": TOKEN, "next": "//evil.example"})
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "secure"))
    assert answer.headers["location"] == "/"


def test_a_forged_cookie_opens_nothing(stranger: TestClient) -> None:
    stranger.cookies.set("treaty_monitor_session", "ImFkbWluIg.aaaa.bbbb")
    assert stranger.get("/").status_code == 401


def test_guessing_is_slowed_down_by_address_and_ends(outside: Town, stranger: TestClient) -> None:
    assert [sign_in(stranger, "guess") for _ in range(6)] == [401] * 5 + [429]
    refused = stranger.get("/api/v1/status", headers=BEARER)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    with outside.client(OUTSIDE, "203.0.113.8") as other:
        assert other.get("/api/v1/status", headers=BEARER).status_code == 200
    outside.office.now += timedelta(minutes=6)
    assert sign_in(stranger, TOKEN) == 303


def test_another_token_ends_every_session(outside: Town, stranger: TestClient) -> None:
    assert sign_in(stranger, TOKEN) == 303
    outside.settings = replace(
        outside.settings, web=replace(outside.settings.web, token_hash="sha256:" + sha256(b"new").hexdigest())
    )
    assert stranger.get("/").status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8477", "[::1", ""])
def test_on_loopback_another_name_is_refused(reader: TestClient, host: str) -> None:
    assert reader.get("/api/v1/status", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8477", "127.0.0.1", "[::1]:8477"])
def test_on_loopback_this_machines_names_are_taken(reader: TestClient, host: str) -> None:
    assert reader.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": BASE},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_post_of_another_site_is_refused(town: Town, headers: dict[str, str]) -> None:
    held = town.lose_a_row()
    with town.client() as client:
        for path in (f"/api/v1/held/{held}/accept", f"/held/{held}/accept"):
            assert client.post(path, headers=headers).status_code == 403
        assert client.get("/api/v1/held").json()["held"][0]["state"] == "open"
        own = {"Origin": "https://treaties.example.org", "Sec-Fetch-Site": "same-origin"}  # by way of a web server
        assert client.post(f"/api/v1/held/{held}/accept", headers=own).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "InNlZWQi.bad"])
def test_a_form_without_its_field_is_refused(town: Town, token: str) -> None:
    held = town.lose_a_row()
    with town.client() as client:
        client.get("/held")
        assert client.post(f"/held/{held}/accept", data={"token": token} if token else {}).status_code in {403, 422}
        client.cookies.clear()
        page = client.get("/held").text.partition('name="token" value="')[2].partition('"')[0]
        client.cookies.clear()
        assert client.post(f"/held/{held}/accept", data={"token": page}).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/documents/../../etc/passwd",
        "/documents/..%2f..%2fmonitor.sqlite3",
        "/documents/%2e%2e%2fmonitor.sqlite3",
        "/documents/" + "a" * 63,
        "/documents/" + "A" * 64,
        "/documents/" + "a" * 64,
        "/documents/" + "a" * 62 + "/x",
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/world.json",
    ],
)
def test_no_path_leads_out_of_the_archive(reader: TestClient, path: str) -> None:
    assert reader.get(path).status_code in {404, 405, 422}


@pytest.mark.parametrize("path", ["/", "/api/v1/status", "/static/style.css", "/nowhere", "/healthz", "/login"])
def test_every_answer_says_what_it_may_not_do(reader: TestClient, path: str) -> None:
    headers = reader.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert headers["referrer-policy"] == "same-origin"

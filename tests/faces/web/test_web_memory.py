"""What the pages remember: nothing is read twice that has not changed, and nothing is shown that has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from desk_in_town import SCENES, Town
from sqlalchemy import event
from starlette.testclient import TestClient

from monitor.faces.web.app import prepare


@pytest.fixture
def pending(tmp_path: Path) -> Iterator[Town]:
    """Return an installation that knows of Poland's notice, on the day of its reading."""
    made = Town.build(tmp_path).play(5)
    yield made
    made.office.storage.close()


LOOKS = ("/", "/?countries=all", "/api/v1/upcoming", "/treaties/mine-ban")


@contextmanager
def read_rows(town: Town, table: str = "participation") -> Iterator[list[str]]:
    """Note every query for the rows of pages, or of another table."""
    found: list[str] = []

    def note(_c: object, _r: object, statement: str, *_: object) -> None:
        if re.search(rf"FROM\s+{table}\b", statement):
            found.append(statement)

    event.listen(town.office.storage.engine, "before_cursor_execute", note)
    yield found
    event.remove(town.office.storage.engine, "before_cursor_execute", note)


def matrix(client: TestClient) -> str:
    return client.get("/?countries=all").text.partition("</table>")[0].partition("<table")[2]


@pytest.mark.parametrize("path", LOOKS)
def test_a_check_that_finds_nothing_new_makes_no_look_read_the_page_again(pending: Town, path: str) -> None:
    client = pending.client()
    before = client.get(path)
    pending.office.later(hours=1).check()
    with read_rows(pending) as found:
        after = client.get(path)
    assert (before.status_code, after.status_code, found) == (200, 200, [])


def test_what_is_to_come_is_in_hand_before_anybody_looks(pending: Town) -> None:
    prepare(pending.app)
    with read_rows(pending, "outlook") as found:
        told = pending.client().get("/api/v1/upcoming").json()["upcoming"]
    assert "PL" in {item["participant"]["code"] for item in told}
    assert found == []


def test_a_record_that_cannot_be_read_keeps_no_page_from_coming_up(pending: Town) -> None:
    pending.office.storage.close()
    for file in (pending.settings.state_dir).glob("monitor.sqlite3*"):
        file.write_bytes(b"no record" * 1000)
    prepare(pending.app)
    client = pending.client()
    assert (client.get("/healthz").status_code, client.get("/api/v1/upcoming").status_code) == (200, 503)


def test_a_new_day_that_brings_nothing_reads_nothing_either(pending: Town) -> None:
    client = pending.client()
    before = matrix(client)
    pending.office.later(days=1)
    with read_rows(pending) as found:
        assert matrix(client) == before
    assert found == []


def test_the_day_of_an_effect_is_seen_at_once(pending: Town) -> None:
    client = pending.client()
    assert "leaves 20 February 2026" in matrix(client)
    pending.office.later(days=(date(2026, 2, 20) - pending.office.now.date()).days)
    assert "leaves 20 February 2026" not in matrix(client)
    assert re.search(r'countries/PL">Poland</a></th><td class="s-former_party">Left', matrix(client))


def test_a_page_that_says_something_new_is_seen_at_once(tmp_path: Path) -> None:
    town = Town.build(tmp_path).play(4)
    client = town.client()
    before = matrix(client)
    coming = client.get("/api/v1/upcoming").json()
    town.office.now = datetime.combine(SCENES[4].day, time(9), UTC)
    town.office.show(SCENES[4].treaty, seed=9)
    town.office.check()
    assert matrix(client) != before
    assert client.get("/api/v1/upcoming").json() != coming


def test_every_day_is_shown_as_it_is_shown_to_whoever_comes_first(town: Town) -> None:
    client = town.client()
    for days in range(0, 500, 7):
        path = f"/?countries=all&on={date(2025, 1, 1) + timedelta(days=days)}"
        table = client.get(path).text.partition("</table>")[0]
        fresh = Town(town.office, town.settings, town.app)
        fresh.app.state.counter._kept = None
        assert fresh.client().get(path).text.partition("</table>")[0] == table

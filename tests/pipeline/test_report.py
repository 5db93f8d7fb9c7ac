"""Questions answered from the record: on a legal date, as known on a date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from builders import day
from office import NAMES, SEED, Office

from monitor.domain.change import ChangeKind
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.faces.demo.scenes import mine_ban
from monitor.pipeline.report import (
    Question,
    Wanted,
    changes,
    claims,
    excerpts_of,
    part_of_status,
    sources,
    status,
    upcoming,
)
from monitor.settings import load_seeds

URL = "https://depositary.example/mine-ban"


@pytest.fixture
def informed(office: Office, real_page: Callable[[str], bytes]) -> Office:
    """An office with the shipped seed that read the real page on 4 February 2026."""
    office.with_(seeds=load_seeds(None))
    office.now = datetime(2026, 2, 4, 8, tzinfo=UTC)
    office.fetcher.pages[URL] = real_page("html/ottawa.html")
    office.check()
    return office


def asked(office: Office, country: str, on: str = "2026-02-04", known: str | None = None) -> dict[str, object]:
    who = NAMES.lookup(country)
    question = Question(office.desk.treaties, day(on), day(known) if known else None, (who,) if who else None)
    found = status(office.desk, question, office.now)["participations"]
    assert len(found) == 1
    return found[0]


def test_between_notice_and_effect_a_state_is_a_party_with_a_pending_withdrawal(informed: Office) -> None:
    poland = asked(informed, "PL", "2025-12-31")
    assert poland["status"] == "party"
    assert poland["pending"] == {
        "kind": "withdrawal",
        "effective": "2026-02-20",
        "conditional": True,
        "basis": "stated",
    }


@pytest.mark.parametrize("stamped", [True, False])
def test_only_of_a_page_without_a_stamp_are_all_rows_read_for_one_country(informed: Office, *, stamped: bool) -> None:
    with informed.storage.begin() as tx:
        (known,) = tx.known("XXVI-5", informed.now)
        header = replace(known.snapshot.header, stamp=known.snapshot.header.stamp if stamped else None)
        bare = replace(known.snapshot, header=header)
        tx.store_snapshot("XXVI-5", "untc", bare, informed.now, known.document)
        (found,) = excerpts_of(informed.desk, tx, informed.desk.treaties, informed.now, ("PL",))["XXVI-5"]
    rows = tuple(row for row in bare.participations if not stamped or row.participant.key == "PL")
    assert (found.snapshot.participations, len(rows)) == (rows, 1 if stamped else 166)


def test_after_the_day_of_effect_the_answer_rests_on_the_calendar_and_is_conditional(informed: Office) -> None:
    poland = asked(informed, "POL", "2026-03-01")
    assert (poland["status"], poland["basis"], poland["conditional"]) == ("former_party", "calendar", True)


def test_before_the_first_official_reading_only_the_seed_is_known(informed: Office) -> None:
    poland = asked(informed, "poland", known="2025-06-01")
    assert (poland["status"], poland["actions"], poland["pending"]) == ("party", [], None)
    assert poland["participant"]["name"] == "Poland"
    assert [s["source"] for s in poland["sources"]] == ["seed"]


def test_a_state_that_the_page_does_not_name_has_status_none_and_no_actions(informed: Office) -> None:
    russia = asked(informed, "RU")
    assert (russia["status"], russia["actions"]) == ("none", [])


def test_the_upcoming_effect_rests_on_its_article(informed: Office) -> None:
    items = upcoming(informed.desk, informed.now)["upcoming"]
    assert [(i["participant"]["code"], i["date"], i["clause"]) for i in items] == [("PL", "2026-02-20", "20 (3)")]


def test_recorded_changes_carry_their_evidence(informed: Office) -> None:
    wanted = Wanted(participants=frozenset({"EE"}), kinds=frozenset({ChangeKind.WITHDRAWAL_NOTIFIED}))
    (change,) = changes(informed.desk, wanted)["changes"]
    assert change["first_seen"] == "2026-02-04T08:00:00Z"
    shown = change["evidence"]["after"]
    assert informed.desk.archive.read(shown["document"]) == informed.fetcher.pages[URL]
    assert "27 June 2025" in shown["excerpt"]


def test_each_of_the_22_claims_gets_its_verdict(informed: Office) -> None:
    verdicts = {c["id"]: c["verdict"] for c in claims(informed.desk, informed.now)["claims"]}
    assert len(verdicts) == 22
    assert {i for i, v in verdicts.items() if v == "overtaken"} == {1, 2, 3, 4}
    assert {i for i, v in verdicts.items() if v == "supported"} == {5, 9, 10, 11, 12, 13, 16}
    assert {i for i, v in verdicts.items() if v == "supported_in_part"} == {6, 7, 8, 14, 15}
    assert {i for i, v in verdicts.items() if v == "not_checkable"} == {17, 18, 19, 20, 21, 22}


def test_every_verdict_on_a_readable_page_carries_evidence(informed: Office) -> None:
    found = claims(informed.desk, informed.now)["claims"]
    assert all(c["evidence"] for c in found)
    poland = next(c for c in found if c["id"] == 1)
    assert poland["evidence"][0]["notifications"] == ["C.N.421.2025.TREATIES-XXVI-5"]


def test_before_an_official_page_no_claim_can_be_checked(office: Office) -> None:
    found = claims(office.with_(seeds=load_seeds(None)).desk, office.now)["claims"]
    assert {(c["verdict"], c["explanation"]) for c in found} == {("not_checkable", "no official page read yet")}


def test_a_source_that_was_never_read_shows_its_baseline(office: Office) -> None:
    (source,) = sources(office.desk, office.now)["sources"]
    assert (source["condition"], source["last_good"], source["baseline"]) == ("new", None, "2025-03-18")


@pytest.mark.parametrize("known", [None, day("2025-06-01"), day("2024-01-01")])
@pytest.mark.parametrize("limit", [1, 7, 40, 10_000])
def test_a_status_in_parts_is_the_whole_status(office: Office, known: date | None, limit: int) -> None:
    """Of three treaties one is read, one has a seed alone, of one nothing is known."""
    others = tuple(
        Treaty(f"XXVI-{n}", f"t{n}", f"Treaty {n}", (WatchedSource("untc", f"https://d.example/{n}", 60.0),))
        for n in (6, 7)
    )
    office.with_(seeds=(SEED, replace(SEED, reference="XXVI-6")))
    office.show(mine_ban()[0].treaty)
    office.now = office.now.replace(year=2026)
    office.check()
    office.with_(treaties=(others[1], *office.desk.treaties, others[0]))
    question = Question(office.desk.treaties, day("2026-01-01"), known)
    whole = status(office.desk, question, office.now)
    parts, offset, total = [], 0, 1
    while offset < total:
        part, total = part_of_status(office.desk, question, office.now, limit, offset)
        assert part | {"participations": []} == whole | {"participations": []}
        parts += part["participations"]
        offset += limit
    assert (parts, total) == (whole["participations"], len(whole["participations"]))
    assert part_of_status(office.desk, question, office.now, limit, 10_000)[0]["participations"] == []

"""What the operator hears beside alerts: each trouble once and its end once, never once per run."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from office import EVERYBODY, Office

from monitor.channels.message import read
from monitor.channels.render import as_text
from monitor.domain.change import ChangeKind
from monitor.domain.errors import DeliveryError, SourceError, StorageError
from monitor.domain.treaty import WatchedSource
from monitor.faces.demo.replica import Cell, ReplicaRow
from monitor.faces.demo.scenes import mine_ban
from monitor.pipeline import chores as chores_module
from monitor.pipeline import report
from monitor.pipeline.chores import chores
from monitor.pipeline.desk import Operator
from monitor.pipeline.rounds import check_round
from monitor.storage.interface import Condition

SCENES = mine_ban()
OPS = "ops@example.org"
NO_SUCH_USER = DeliveryError("550 no such user", permanent=True)
DOWN = SourceError("down", temporary=True)


def kinds(office: Office) -> list[str]:
    """Return the types of what the operator was sent so far."""
    office.deliver()
    return [body["type"] for body in office.bodies(OPS)]


MAIL = Operator(("mail",), (OPS,))


@pytest.fixture
def known(office: Office) -> Office:
    """Return an office that has read its page once, and done its chores; its operator wants no monthly mail."""
    office.with_(operator=replace(MAIL, coverage=False))
    office.show(SCENES[0].treaty)
    office.check()
    office.do_chores()
    return office


# dead letters


def letters_die(office: Office) -> None:
    office.with_(
        subscriptions=(replace(EVERYBODY, kinds=frozenset({ChangeKind.WITHDRAWAL_NOTIFIED, ChangeKind.CONSENTED})),)
    )
    office.mail.refused = {"desk@example.org": NO_SUCH_USER}
    office.now = datetime(2025, 6, 27, 12, tzinfo=UTC)
    office.show(SCENES[2].treaty)
    office.check()
    office.deliver()


def test_alerts_that_failed_for_good_are_told_once_and_together(known: Office) -> None:
    letters_die(known)
    for _ in range(5):
        known.later(minutes=1).do_chores()
    assert kinds(known) == ["delivery.dead"]
    [body] = known.bodies(OPS)
    assert body["data"]["title"] == "5 alerts could not be delivered"
    assert "550 no such user" in body["data"]["details"][0]


def test_a_dead_message_to_the_operator_gives_no_further_one(known: Office) -> None:
    letters_die(known)
    known.mail.refused[OPS] = NO_SUCH_USER
    for _ in range(5):
        known.later(minutes=1).do_chores()
        known.deliver()
    with known.storage.begin() as tx:
        assert sum("delivery.dead" in d.alert for d in tx.deliveries()) == 1


# unknown names


def test_a_name_that_is_not_known_is_told_once_ever(known: Office) -> None:
    strange = SCENES[0].treaty.with_row(
        ReplicaRow("Ruritania", (None, Cell(datetime(2024, 5, 1, tzinfo=UTC).date(), "a")))
    )
    for hours in range(12, 60, 12):
        known.later(hours=12).show(replace(strange, title=f"{strange.title}{'!' * (hours // 12)}"))
        known.check()
    assert kinds(known).count("name.unknown") == 1
    body = next(b for b in known.bodies(OPS) if b["type"] == "name.unknown")
    assert "Ruritania" in body["data"]["summary"]
    assert "participants.toml" in body["data"]["summary"]


# standstill


def test_a_source_that_nobody_checks_is_told_once_and_its_recovery_once(known: Office) -> None:
    for _ in range(24 * 6):
        known.later(hours=1).do_chores()
    assert kinds(known).count("source.stale") == 1
    known.check()
    for _ in range(5):
        known.later(hours=1).do_chores()
    assert kinds(known).count("source.stale") == 1
    assert kinds(known).count("source.recovered") == 1


def test_it_is_told_after_the_set_age_and_not_before(known: Office) -> None:
    known.later(hours=71).do_chores()
    known.later(minutes=59).do_chores()
    assert kinds(known) == []
    known.later(minutes=1).do_chores()
    known.later(hours=1).do_chores()
    assert kinds(known) == ["source.stale"]


def test_a_daemon_that_was_off_for_a_week_may_read_before_it_complains(known: Office) -> None:
    known.later(days=8).do_chores()
    known.check()
    for _ in range(4):
        known.later(hours=1).do_chores()
    assert kinds(known) == []


def test_a_source_that_is_stale_and_then_unreachable_has_one_trouble(known: Office) -> None:
    for _ in range(80):
        known.later(hours=1).do_chores()
    known.show(DOWN)
    for _ in range(10):
        known.later(hours=12).check()
        known.do_chores()
    assert kinds(known) == ["source.stale"]


def test_a_source_refused_today_and_down_tomorrow_is_told_once(known: Office) -> None:
    for number in range(8):
        known.later(days=1).show(b"<html>maintenance</html>" if number % 2 == 0 else DOWN)
        known.check()
        known.do_chores()
    assert kinds(known) == ["source.stale"]
    known.later(days=1).show(SCENES[0].treaty)
    known.check()
    assert kinds(known) == ["source.stale", "source.recovered"]


def test_what_is_wrong_stands_in_a_sentence_of_its_own(known: Office) -> None:
    known.show(SourceError("host.test refused the connection", temporary=True))
    for _ in range(8):
        known.later(hours=12).check()
    assert kinds(known) == ["source.stale"]
    said = known.bodies(OPS)[0]["data"]["summary"]
    assert "host.test refused the connection. Last good reading: 2025-" in said


@pytest.mark.parametrize("how_often", [{"every": 10 * 86400.0}, {"when_quiet": 10 * 86400.0}])
def test_a_page_that_may_be_left_alone_for_ten_days_is_not_stale_after_three(
    known: Office, how_often: dict[str, float]
) -> None:
    treaty = known.desk.treaties[0]
    rare = replace(treaty, sources=(replace(treaty.sources[0], **how_often),))  # type: ignore[arg-type]
    known.with_(treaties=(rare,))
    for days in range(12):
        assert report.sources(known.desk, known.now)["sources"][0]["stale"] is False, f"after {days} days"
        known.later(days=1).do_chores()
    assert kinds(known) == []
    for _ in range(3):
        known.later(days=1).do_chores()
    assert kinds(known) == ["source.stale"]
    assert report.sources(known.desk, known.now)["sources"][0]["stale"] is True


def test_a_source_that_was_never_read_because_nobody_asks_is_told_too(office: Office) -> None:
    for _ in range(24 * 4):
        office.later(hours=1).do_chores()
    assert kinds(office) == ["source.stale"]
    with office.storage.begin() as tx:
        assert tx.sources()[0].told is Condition.STALE
    office.show(SCENES[0].treaty)
    office.check()
    assert kinds(office)[-1] == "source.recovered"


# coverage


def test_the_coverage_comes_at_the_first_look_of_a_month_where_the_operator_lives(known: Office) -> None:
    known.with_(zone=ZoneInfo("Europe/Warsaw"), operator=MAIL)
    known.now = datetime(2025, 3, 31, 21, 59, tzinfo=UTC)
    known.check()
    known.do_chores()
    assert kinds(known) == []
    for _ in range(60):
        known.later(minutes=1).do_chores()
    assert kinds(known) == ["coverage"]
    [body] = known.bodies(OPS)
    assert body["data"]["title"] == "What is watched, April 2025"
    assert "last read well 2025-03-31 21:59 UTC" in body["data"]["details"][0]
    with known.storage.begin(read_only=True) as tx:
        [state] = tx.sources()
    assert f"next due {state.next_due:%Y-%m-%d %H:%M} UTC" in body["data"]["details"][0]


def test_the_coverage_comes_every_month_of_a_leap_year_once(known: Office) -> None:
    known.with_(operator=MAIL)
    for day in range(0, 380, 3):
        known.now = datetime(2028, 1, 1, 3, tzinfo=UTC) + timedelta(days=day)
        known.check()
        known.do_chores()
    known.deliver()
    months = [b["data"]["title"].split(", ")[1] for b in known.bodies(OPS) if b["type"] == "coverage"]
    assert months[1:3] == ["February 2028", "March 2028"]
    assert len(months) == len(set(months)) == 13


def test_the_month_in_which_the_record_begins_is_not_told(known: Office) -> None:
    known.with_(operator=MAIL)
    for _ in range(10):
        known.later(hours=12)
        known.check()
        known.do_chores()
    assert kinds(known) == []


def test_who_wants_no_coverage_gets_none(known: Office) -> None:
    known.now = datetime(2025, 5, 1, 12, tzinfo=UTC)
    known.check()
    known.do_chores()
    assert kinds(known) == []


def test_the_coverage_names_what_is_held_and_reads_well(known: Office) -> None:
    known.with_(operator=MAIL)
    known.now = datetime(2025, 4, 1, 12, tzinfo=UTC)
    rows = tuple(r for r in SCENES[0].treaty.rows if r.name != "Poland")
    known.show(replace(SCENES[0].treaty, rows=rows))
    known.check()
    known.do_chores()
    known.deliver()
    letter = next(d for d in known.mail.sent if "coverage" in d.alert)
    text = as_text(read(letter))
    assert text.startswith("WHAT IS WATCHED")
    assert "held back: 1." in " ".join(text.split())
    assert "Held back since 2025-04-01: XXVI-5, PL (hld_" in " ".join(text.split())


# the outside service, and rounds


class Outside:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self) -> None:
        self.asked += 1


def a_round(office: Office) -> None:
    asyncio.run(check_round(office.desk, office.desk.watched(), office.clock, lambda _: None))


def test_an_outside_service_is_asked_after_each_round_in_which_every_source_was_read_well(office: Office) -> None:
    outside = Outside()
    office.with_(ping=outside)
    office.show(SCENES[0].treaty)
    a_round(office)
    assert outside.asked == 1
    office.later(hours=12).show(DOWN)
    a_round(office)
    assert outside.asked == 1
    office.later(hours=12).show(SCENES[0].treaty)
    a_round(office)
    assert outside.asked == 2


def test_it_is_not_asked_while_another_source_is_not_read(office: Office) -> None:
    outside = Outside()
    treaty = office.desk.treaties[0]
    second = replace(
        treaty, sources=(*treaty.sources, WatchedSource("untc-xml", "https://depositary.example/x", 43200.0))
    )
    office.with_(ping=outside, treaties=(second,))
    office.show(SCENES[0].treaty)
    watched = office.desk.watched()[:1]
    asyncio.run(check_round(office.desk, watched, office.clock, lambda _: None))
    assert outside.asked == 0


def test_one_chore_that_fails_keeps_no_other_from_being_done(known: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("a bug")

    monkeypatch.setattr(chores_module, "introduce", broken)
    known.with_(operator=MAIL)
    known.now = datetime(2025, 4, 1, 12, tzinfo=UTC)
    chores(known.desk, known.now)
    assert "coverage" in kinds(known)


def test_a_record_that_cannot_be_written_is_no_chores_own_trouble(
    known: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise StorageError("the disk is full")

    monkeypatch.setattr(chores_module, "introduce", full)
    with pytest.raises(StorageError, match="full"):
        chores(known.desk, known.now)

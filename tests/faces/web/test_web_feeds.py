"""Feeds and calendars, read by parsers that are not ours: ids that stay, dates that move, effects taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import feedparser
import pytest
import vobject
from desk_in_town import SCENES, Town
from icalendar import Calendar
from starlette.testclient import TestClient

from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.change import Change, ChangeKind, RecordedChange
from monitor.faces.web.agenda import agenda


@pytest.mark.parametrize(
    "path", ["changes.atom", "treaties/mine-ban.atom", "countries/PL.atom", "countries/baltic.atom"]
)
def test_a_feed_is_well_formed_atom(reader: TestClient, path: str) -> None:
    answer = reader.get(f"/feeds/{path}")
    feed = feedparser.parse(answer.content)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert feed.entries
    for entry in [feed.feed, *feed.entries]:
        assert entry.id.startswith("urn:uuid:")
        assert entry.updated_parsed is not None
        assert entry.title
        assert entry.links
    assert feed.feed.updated == feed.entries[0].updated


def test_a_subscriptions_feed_has_what_it_asks_for(reader: TestClient) -> None:
    feed = feedparser.parse(reader.get("/feeds/subscriptions/eastern%20flank.atom").content)
    assert {e.title.partition(":")[0] for e in feed.entries} == {"Poland", "Finland", "Estonia", "Latvia", "Lithuania"}
    assert feed.feed.links[0].href.endswith("/feeds/subscriptions/eastern%20flank.atom")  # no address has a space
    assert reader.get("/feeds/subscriptions/nobody.atom").status_code == 404


def test_ids_stay_and_a_repeat_costs_nothing(reader: TestClient) -> None:
    first = reader.get("/feeds/changes.atom")
    assert reader.get("/feeds/changes.atom", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_the_calendar_has_every_effect_once_under_an_id_that_stays(town: Town) -> None:
    def events() -> dict[str, tuple[str, date, str, int]]:
        with town.client() as client:
            book = Calendar.from_ical(client.get("/feeds/upcoming.ics").content)
        return {
            str(e["UID"]): (str(e["SUMMARY"]), e.decoded("DTSTART"), str(e["STATUS"]), int(e["SEQUENCE"]))
            for e in book.walk("VEVENT")
        }

    late = events()
    [poland] = [e for e in late.values() if e[0].startswith("Poland")]
    assert poland[1] == date(2026, 2, 20)
    assert len(late) == len({(e[0], e[1]) for e in late.values()}) == 7


def test_another_parser_reads_the_calendar_too_and_finds_it_valid(reader: TestClient) -> None:
    book = vobject.readOne(reader.get("/feeds/upcoming.ics").text, validate=True)
    assert {"27 December 2025"} < {f"{e.dtstart.value:%d %B %Y}" for e in book.vevent_list}
    assert all(e.uid.value and e.dtstamp.value and e.dtend.value > e.dtstart.value for e in book.vevent_list)


def test_before_the_day_an_effect_is_to_come_under_the_same_id(town: Town) -> None:
    later = _uids(town)
    earlier = Town.build(town.settings.state_dir.parent / "earlier").play(6)
    assert _uids(earlier) <= later
    earlier.office.storage.close()


def _uids(town: Town) -> set[str]:
    with town.client() as client:
        return {str(e["UID"]) for e in Calendar.from_ical(client.get("/feeds/upcoming.ics").content).walk("VEVENT")}


def _recorded(town: Town, kind: ChangeKind, act: TreatyAction, before: TreatyAction | None = None) -> RecordedChange:
    with town.office.storage.begin(read_only=True) as tx:
        [some, *_] = tx.changes(kinds=frozenset({ChangeKind.WITHDRAWAL_NOTIFIED}), participant="PL")
    change = Change(kind=kind, treaty="XXVI-5", participant=some.change.participant, action=act, action_before=before)
    return replace(some, change=change)


NOTICE = TreatyAction(kind=ActionKind.WITHDRAWAL, date=date(2026, 3, 1), effective=date(2026, 9, 1), basis=Basis.STATED)


def test_a_notice_taken_back_is_a_cancelled_event_with_a_higher_number(played: Town) -> None:
    notified = _recorded(played, ChangeKind.WITHDRAWAL_NOTIFIED, NOTICE)
    retracted = _recorded(played, ChangeKind.WITHDRAWAL_RETRACTED, NOTICE)
    [item] = agenda([], [notified, retracted])
    assert (item["cancelled"], item["sequence"], item["date"]) == (True, 1, "2026-09-01")


def test_a_moved_effect_keeps_its_event_and_a_corrected_notice_cancels_the_old_one(played: Town) -> None:
    notified = _recorded(played, ChangeKind.WITHDRAWAL_NOTIFIED, NOTICE)
    moved = replace(NOTICE, effective=date(2026, 10, 1))
    [item] = agenda([], [notified, _recorded(played, ChangeKind.CORRECTED, moved, NOTICE)])
    assert (item["cancelled"], item["sequence"], item["date"]) == (False, 1, "2026-10-01")
    other = replace(NOTICE, date=date(2026, 3, 2))
    items = agenda([], [notified, _recorded(played, ChangeKind.CORRECTED, other, NOTICE)])
    assert sorted((i["cancelled"], i["sequence"]) for i in items) == [(False, 0), (True, 1)]


def test_a_cancelled_event_says_so_in_the_calendar(town: Town) -> None:
    retracted = _recorded(town, ChangeKind.WITHDRAWAL_RETRACTED, NOTICE)
    with town.office.storage.begin() as tx:
        tx.record([retracted])
    with town.client() as client:
        book = Calendar.from_ical(client.get("/feeds/upcoming.ics?country=PL").content)
    assert [str(e["STATUS"]) for e in book.walk("VEVENT") if e.decoded("DTSTART") == date(2026, 9, 1)] == ["CANCELLED"]


def test_the_play_has_as_many_scenes_as_these_tests_expect() -> None:
    assert len(SCENES) > 6

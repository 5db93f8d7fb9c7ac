"""The calendar that is written here says what a library says, and is read back by it word for word."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from monitor.faces.ics import LINE, PRODUCT, calendar, uid

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200) | st.text(
    "ab\\;,\r\n\u00e9\u6f22 ", max_size=200
)
INSTANTS = st.datetimes(min_value=datetime(1970, 1, 2), timezones=st.just(UTC))  # noqa: DTZ001 - the zone stands beside


def item(**said: Any) -> dict[str, Any]:
    who = {"code": "PL", "name": "Poland", "as_written": "Poland"}
    act = {"kind": "withdrawal", "date": "2025-08-20", "notification": None}
    return {
        "kind": "withdrawal_effective",
        "date": "2026-02-20",
        "treaty": "XXVI-5",
        "treaty_slug": "mine-ban",
        "participant": who | said.pop("participant", {}),
        "action": act | said.pop("action", {}),
        "clause": "20 (3)",
        "basis": "stated",
        "conditional": False,
    } | said


def events(*items: dict[str, Any]) -> list[Any]:
    return Calendar.from_ical(calendar(items, NOW)).walk("VEVENT")


@given(name=WORDS, notification=WORDS)
def test_every_text_comes_through(name: str, notification: str) -> None:
    (event,) = events(item(participant={"name": name}, action={"notification": notification}))
    assert str(event["summary"]) == one_line_end(f"{name}: withdrawal effective, mine-ban (XXVI-5)")
    told = ["withdrawal of 2025-08-20", "Basis: stated", "Clause: article 20 (3)", *filter(None, [notification])]
    assert str(event["description"]) == one_line_end("\n".join(told))


def one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(day=st.dates(max_value=date(9999, 12, 30)), stamp=INSTANTS, sequence=st.integers(0, 99), cancelled=st.booleans())
def test_an_event_is_that_of_the_library(day: date, stamp: datetime, sequence: int, *, cancelled: bool) -> None:
    one = item(date=day.isoformat(), stamp=stamp, sequence=sequence, cancelled=cancelled)
    book, event = Calendar(), Event()
    book.add("prodid", PRODUCT)
    book.add("version", "2.0")
    book.add("x-wr-calname", "Treaties: upcoming effects")
    event.add("uid", uid(one))
    event.add("dtstamp", stamp)
    event.add("sequence", sequence)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", "Poland: withdrawal effective, mine-ban (XXVI-5)")
    event.add("description", "withdrawal of 2025-08-20\nBasis: stated\nClause: article 20 (3)")
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    book.add_component(event)
    assert calendar([one], NOW) == book.to_ical()


@given(name=WORDS)
def test_no_line_is_longer_than_readers_take(name: str) -> None:
    lines = calendar([item(participant={"name": name})], NOW).split(b"\r\n")
    assert all(len(line) <= LINE for line in lines)
    assert all(b"\r" not in line and b"\n" not in line for line in lines)


def test_an_effect_whose_day_nothing_tells_stands_in_no_calendar() -> None:
    assert events(item(date=None)) == []
    assert len(events(item(date=None), item())) == 1

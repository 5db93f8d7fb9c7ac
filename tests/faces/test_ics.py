"""The calendar as bytes: the library's own form, each event on every day as it is written on the first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar

from monitor.faces.ics import calendar

NOW = datetime(2026, 2, 4, tzinfo=UTC)


def item(name: str, **more: Any) -> dict[str, Any]:
    """Return an item of `upcoming`."""
    return {
        "date": "2026-02-20",
        "kind": "withdrawal_effective",
        "treaty": "XXVI-5",
        "treaty_slug": "mine-ban",
        "participant": {"code": None, "name": name, "as_written": name},
        "action": {"kind": "withdrawal", "date": "2025-08-20", "notification": "C.N.1.2025; a, b"},
        "clause": "20",
        "basis": "stated",
        "conditional": True,
    } | more


LONG = "A State with a name\\of; many, words " * 4 + "\N{LATIN SMALL LETTER E WITH ACUTE}" * 60
MOVED = item("Poland", stamp=NOW - timedelta(days=9), sequence=2, cancelled=True)
ITEMS = [MOVED, item(LONG), item("no day", date=None)]


def test_the_calendar_is_what_the_library_itself_would_write() -> None:
    for some in (ITEMS, ITEMS[:1], []):
        written = calendar(some, NOW)
        assert Calendar.from_ical(written).to_ical() == written
        assert len(Calendar.from_ical(written).walk("VEVENT")) == sum(bool(each["date"]) for each in some)


def test_on_another_day_only_the_event_that_no_change_has_stamped_bears_that_day() -> None:
    first, later = (calendar(ITEMS, NOW + timedelta(days=days)).splitlines() for days in (0, 1))
    assert [pair for pair in zip(first, later, strict=True) if pair[0] != pair[1]] == [
        (b"DTSTAMP:20260204T000000Z", b"DTSTAMP:20260205T000000Z")
    ]


def test_an_event_that_has_moved_is_written_anew() -> None:
    moved = calendar([MOVED | {"date": "2026-03-01", "sequence": 3, "cancelled": False}], NOW)
    (event,) = Calendar.from_ical(moved).walk("VEVENT")
    assert (event["dtstart"].dt.isoformat(), event["dtend"].dt.isoformat()) == ("2026-03-01", "2026-03-02")
    assert (event["sequence"], event["status"], event["dtstamp"].dt) == (3, "TENTATIVE", NOW - timedelta(days=9))

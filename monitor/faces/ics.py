"""What is to come as an iCalendar (RFC 5545): one all-day event per effect, under an id that stays the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icalendar import Event

Shape = dict[str, Any]

PRODUCT = "-//treaty-monitor//upcoming effects//EN"


def calendar(items: Iterable[Shape], now: datetime) -> bytes:
    """Return the calendar of these items of `upcoming`; one without a day cannot stand in a calendar.

    An item may carry `cancelled`, `sequence` and `stamp` (an instant), for calendars that are asked for again.
    """
    from icalendar import Calendar  # noqa: PLC0415 - 3 MB, for those who ask for a calendar

    book = Calendar()
    book.add("prodid", PRODUCT)
    book.add("version", "2.0")
    book.add("x-wr-calname", "Treaties: upcoming effects")
    for item in items:
        if item["date"]:
            book.add_component(_event(item, now))
    body: bytes = book.to_ical()
    return body


def uid(item: Shape) -> str:
    """Return the event's id: of treaty, participant, kind and act, so that a moved date moves the same event."""
    who, act = item["participant"], item["action"]
    parts = (item["treaty"], who["code"] or who["as_written"], item["kind"], str(act["date"]))
    return sha256("\x1f".join(parts).encode()).hexdigest()[:24] + "@treaty-monitor"


def _event(item: Shape, now: datetime) -> Event:
    day, who = date.fromisoformat(item["date"]), item["participant"]["name"]
    from icalendar import Event  # noqa: PLC0415 - see above

    event = Event()
    event.add("uid", uid(item))
    event.add("dtstamp", item.get("stamp") or now)
    event.add("sequence", item.get("sequence", 0))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{who}: {item['kind'].replace('_', ' ')}, {item['treaty_slug']} ({item['treaty']})")
    event.add("description", _described(item))
    event.add("transp", "TRANSPARENT")
    event.add("status", _state(item))
    return event


def _state(item: Shape) -> str:
    if item.get("cancelled", False):
        return "CANCELLED"
    return "TENTATIVE" if item["conditional"] else "CONFIRMED"


def _described(item: Shape) -> str:
    act = item["action"]
    lines = [f"{act['kind'].replace('_', ' ')} of {act['date']}", f"Basis: {item['basis']}"]
    lines += [f"Clause: article {item['clause']}"] if item["clause"] else []
    lines += ["Subject to a condition of the treaty."] if item["conditional"] else []
    lines += [act["notification"]] if act.get("notification") else []
    return "\n".join(lines)

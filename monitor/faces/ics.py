"""What is to come as an iCalendar (RFC 5545): one all-day event per effect, under an id that stays the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from monitor.faces.spans import spaced

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
    head, *end = book.to_ical().partition(b"END:VCALENDAR")
    return b"".join((head, *(_event(item, now) for item in items if item["date"]), *end))


def uid(item: Shape) -> str:
    """Return the event's id: of treaty, participant, kind and act, so that a moved date moves the same event."""
    who, act = item["participant"], item["action"]
    parts = (item["treaty"], who["code"] or who["as_written"], item["kind"], str(act["date"]))
    return sha256("\x1f".join(parts).encode()).hexdigest()[:24] + "@treaty-monitor"


def _event(item: Shape, now: datetime) -> bytes:
    day, who = date.fromisoformat(item["date"]), item["participant"]["name"]
    summary = f"{who}: {spaced(item['kind'])}, {item['treaty_slug']} ({item['treaty']})"
    stamp, sequence = item.get("stamp") or now, item.get("sequence", 0)
    return _written(uid(item), stamp, sequence, day, summary, _described(item), _state(item))


@lru_cache(maxsize=1000)  # on another day nearly every event is the same, and to write one takes the library 0.1 ms
def _written(key: str, stamp: datetime, sequence: int, day: date, summary: str, description: str, status: str) -> bytes:
    from icalendar import Event, vDDDTypes  # noqa: PLC0415 - see above

    event = Event(
        uid=key,
        dtstamp=vDDDTypes(stamp.astimezone(UTC)),
        sequence=str(sequence),
        dtstart=vDDDTypes(day),
        dtend=vDDDTypes(day + timedelta(days=1)),
        summary=summary,
        description=description,
        transp="TRANSPARENT",
        status=status,
    )
    written: bytes = event.to_ical()
    return written


def _state(item: Shape) -> str:
    if item.get("cancelled", False):
        return "CANCELLED"
    return "TENTATIVE" if item["conditional"] else "CONFIRMED"


def _described(item: Shape) -> str:
    act = item["action"]
    lines = [f"{spaced(act['kind'])} of {act['date']}", f"Basis: {item['basis']}"]
    lines += [f"Clause: article {item['clause']}"] if item["clause"] else []
    lines += ["Subject to a condition of the treaty."] if item["conditional"] else []
    lines += [act["notification"]] if act.get("notification") else []
    return "\n".join(lines)

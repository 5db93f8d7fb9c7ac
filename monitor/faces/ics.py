"""What is to come as an iCalendar (RFC 5545): one all-day event per effect, under an id that stays the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

Shape = dict[str, Any]

PRODUCT = "-//treaty-monitor//upcoming effects//EN"
NAME = "Treaties: upcoming effects"
LINE = 75
"""Octets in a line, a folded line's first space included (RFC 5545, 3.1)."""
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": "\\n"})


def calendar(items: Iterable[Shape], now: datetime) -> bytes:
    """Return the calendar of these items of `upcoming`; one without a day cannot stand in a calendar.

    An item may carry `cancelled`, `sequence` and `stamp` (an instant), for calendars that are asked for again.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", f"X-WR-CALNAME:{NAME}"]
    for item in items:
        if item["date"]:
            lines += _event(item, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def uid(item: Shape) -> str:
    """Return the event's id: of treaty, participant, kind and act, so that a moved date moves the same event."""
    who, act = item["participant"], item["action"]
    parts = (item["treaty"], who["code"] or who["as_written"], item["kind"], str(act["date"]))
    return sha256("\x1f".join(parts).encode()).hexdigest()[:24] + "@treaty-monitor"


def _event(item: Shape, now: datetime) -> tuple[str, ...]:
    who, what = item["participant"]["name"], item["kind"].replace("_", " ")
    title = f"{who}: {what}, {item['treaty_slug']} ({item['treaty']})"
    end = date.fromisoformat(item["date"]) + timedelta(days=1)
    return (
        "BEGIN:VEVENT",
        f"SUMMARY:{_text(title)}",
        f"DTSTART;VALUE=DATE:{_digits(item['date'])}",
        f"DTEND;VALUE=DATE:{_digits(end.isoformat())}",
        f"DTSTAMP:{(item.get('stamp') or now).astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"UID:{uid(item)}",
        f"SEQUENCE:{item.get('sequence', 0)}",
        f"DESCRIPTION:{_text(_described(item))}",
        f"STATUS:{_state(item)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def _digits(day: str) -> str:
    return day.replace("-", "")


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


def _text(words: str) -> str:
    """Return words as a calendar's text (RFC 5545, 3.3.11), which knows one end of a line."""
    return words.replace("\r\n", "\n").translate(_ESCAPES)


def _folded(line: str) -> str:
    """Return a line in pieces that are short enough, broken between two characters and never within an escape."""
    pieces, begin, size = [], 0, 0
    for at, char in enumerate(line if len(line.encode()) >= LINE else ""):
        octets = len(char.encode())
        if size + octets >= LINE:
            cut = at - (line[at - 1] == "\\")
            pieces.append(line[begin:cut])
            begin, size = cut, at - cut
        size += octets
    return "\r\n ".join([*pieces, line[begin:]])

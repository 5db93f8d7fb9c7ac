"""Ages, intervals, instants, numbers of things and words of the contract as people read them."""

from __future__ import annotations

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def counted(number: int, what: str) -> str:
    """Return "1 change", "2 changes"."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def ago(seconds: float | None) -> str:
    """Return an age in its largest unit: "3 h ago", "2 days ago"."""
    if seconds is None:
        return "never"
    for size, unit in ((_DAY, "days"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {'day' if unit == 'days' and count == 1 else unit} ago"
    return "just now"


def _span(seconds: float) -> str:
    """Return an interval as the configuration writes it: "12h", "30m"."""
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "m")):
        if seconds >= size and seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{seconds:g}s"


def how_often(seconds: float, when_quiet: float | None) -> str:
    """Return how often a page is asked for: "every 12h", "every 1h, when quiet 1d"."""
    return f"every {_span(seconds)}" + (f", when quiet {_span(when_quiet)}" if when_quiet else "")


def spaced(word: str | None) -> str:
    """Return a word of the contract: "withdrawal_notified" is "withdrawal notified"."""
    return (word or "").replace("_", " ")


def minute(instant: str | None) -> str:
    """Return an instant to the minute: "2026-02-20 08:15Z"."""
    return f"{instant[:10]} {instant[11:16]}Z" if instant else ""

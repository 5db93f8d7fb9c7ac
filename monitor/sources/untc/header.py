"""The treaty's own lines: title, conclusion, entry into force, and the oldest instrument that they name."""

from __future__ import annotations

import re
from datetime import date, datetime

from monitor.domain.snapshot import Header, Totals
from monitor.sources.untc.dates import concluded_on, instruments_in, leading_date
from monitor.sources.untc.printed import PrintedHeader

_STAMP = re.compile(
    rb"STATUS AS AT\s*:\s*(?P<day>(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})|[0-9]{2}-[0-9]{2}-[0-9]{4})"
    rb"(?:\s+|T)(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})"
)
_SIGNATORIES = re.compile(r"\bSignator(?:ies|y)\s*:?\s*([0-9]{1,4})\b", re.IGNORECASE)
_PARTIES = re.compile(r"\bPart(?:ies|y)\s*:?\s*([0-9]{1,4})\b", re.IGNORECASE)


def read_stamp(body: bytes) -> datetime | None:
    """Return the page's "status as at" (local to the depositary, so naive), None where none can be read."""
    if not (found := _STAMP.search(body)):
        return None
    form = "%Y-%m-%d %H:%M:%S" if found["iso"] else "%d-%m-%Y %H:%M:%S"
    try:
        return datetime.strptime(f"{found['day'].decode()} {found['time'].decode()}", form)  # noqa: DTZ007 - the page says EDT all year round, which is no time zone
    except ValueError:
        return None


def read_totals(text: str) -> Totals:
    """Return what a status line states: "Signatories : 132. Parties : 162"; None for what it does not print."""
    signatories, parties = _SIGNATORIES.search(text), _PARTIES.search(text)
    return Totals(int(signatories[1]) if signatories else None, int(parties[1]) if parties else None)


def read_header(printed: PrintedHeader, headings: tuple[str, ...]) -> Header:
    """Return the header with its dates read."""
    concluded = concluded_on(printed.place_and_date)
    return Header(
        reference=printed.reference,
        title=printed.title,
        stamp=printed.stamp,
        concluded=concluded,
        earliest=earliest(printed, headings, concluded),
        entry_into_force=_entry(printed),
        stated=printed.stated,
    )


def _entry(printed: PrintedHeader) -> date | None:
    """Return when the treaty entered into force; "see article XIV …" and "Not yet in force" are None."""
    if printed.entry_label.lower().startswith("not yet"):
        return None
    return leading_date(printed.entry)


def earliest(printed: PrintedHeader, headings: tuple[str, ...], concluded: date | None) -> date | None:
    """Return the adoption of the oldest instrument that the title or a heading names.

    VI-18 lists acts under the Convention of 1961, which its heading names; where title or headings speak of a
    treaty "as amended", the remarks under the header may name the unamended one.
    """
    lines = [printed.title, *headings]
    if any("as amended" in line.lower() for line in lines):
        lines.append(printed.remarks)
    named = [day for line in lines for day in instruments_in(line)]
    return min([*named, concluded] if concluded else named, default=None)

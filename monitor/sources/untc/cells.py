"""The grammar of a date cell, which is closed: one date, perhaps a code, perhaps brackets, or nothing at all."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CELL = re.compile(
    r"(?P<open>\[)? ?(?P<day>[0-9]{1,2}) (?P<month>" + "|".join(MONTHS) + r") (?P<year>[0-9]{4})"
    r"(?: (?P<code>[A-Za-z]{1,2}))? ?(?(open)\]|)"
)


class DateCell(NamedTuple):
    """What one cell prints. `code` is empty where none is printed; its meaning is for the column's heading."""

    day: date
    code: str
    bracketed: bool


def read_cell(text: str) -> DateCell | None:
    """Return what a cell with this text (white space folded) says, or None for an empty one.

    In 21,138 rows of exports and on every page seen no other form occurs; so anything else, an impossible date
    or an unbalanced bracket raises ValueError.
    """
    if not text:
        return None
    found = _CELL.fullmatch(text)
    if not found:
        raise ValueError("it is not one date with an optional code and brackets")
    opened, day, month, year, code = found.groups(default="")
    return DateCell(date(int(year), MONTHS.index(month) + 1, int(day)), code, bool(opened))

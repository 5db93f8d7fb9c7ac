"""The participants' grid: every cell read or the page refused; nothing is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from monitor.domain.action import ActionKind, TreatyAction
from monitor.domain.participant import Names, Participant
from monitor.domain.snapshot import Finding
from monitor.sources.untc.cells import read_cell
from monitor.sources.untc.headings import Column, read_heading
from monitor.sources.untc.printed import Printed, PrintedRow
from monitor.sources.untc.refusal import Unreadable, hold, note, refuse

_NO_NAME = re.compile(r"[^\w\s&'\u2019()*,./:-]|[0-9_]|[\u00c2\u00c3\u00e2][^\x00-\x7f]")
"""What no participant's name holds: rests of markup, digits, undecodable bytes, letters that were encoded twice.

A damaged name would be a newcomer.
"""


class Row(NamedTuple):
    """One participant with its note numbers and one entry per column, None for an empty cell."""

    participant: Participant
    notes: tuple[int, ...]
    entries: tuple[TreatyAction | None, ...]

    @property
    def actions(self) -> tuple[TreatyAction, ...]:
        """The acts that the row shows, from left to right."""
        return tuple(e for e in self.entries if e)


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole table, read. `blanks` counts rows without any date."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    blanks: int
    findings: tuple[Finding, ...]


def read_grid(printed: Printed, names: Names) -> Grid:
    """Return the grid; Unreadable with every fault at once if one row or cell cannot be read with certainty."""
    if not printed.rows:
        raise Unreadable(refuse("empty-grid", "the participants' table has no rows"))
    columns = tuple(read_heading(h) for h in printed.headings[1:])
    findings = list(_heading_findings(printed.headings, columns))
    rows = []
    for number, row in enumerate(printed.rows, start=1):
        read, found = _read_row(row, number, columns, names)
        rows += [read] if read else []
        findings += found
    findings += _duplicates(rows)
    if faults := [f for f in findings if f.level == "refuse"]:
        raise Unreadable(*faults)
    return Grid(columns, tuple(rows), len(printed.rows) - sum(any(r.entries) for r in rows), tuple(findings))


def _heading_findings(headings: tuple[str, ...], columns: tuple[Column, ...]) -> list[Finding]:
    findings = [
        hold("unknown-column", f'the heading "{column.heading}" has a part that no rule knows: "{word}"')
        for column in columns
        for word in column.unknown
    ]
    if any(not column.words for column in columns):
        findings.append(hold("unknown-column", "a column of acts has no heading"))
    if not columns:
        findings.append(refuse("no-columns", "the participants' table has no column of acts"))
    if not headings or not headings[0].lower().startswith("participant"):
        found = headings[0] if headings else ""
        findings.append(refuse("no-participants", f'the first column is headed "{found}", not "Participant"'))
    return findings


def _read_row(
    row: PrintedRow, number: int, columns: tuple[Column, ...], names: Names
) -> tuple[Row | None, list[Finding]]:
    if len(row.cells) != len(columns):
        text = f'row {number} ("{row.name.text}") has {len(row.cells) + 1} cells, the header has {len(columns) + 1}'
        return None, [refuse("row-shape", text)]
    if not row.name.text:
        return _unnamed(row, number)
    if _NO_NAME.search(row.name.text):
        return None, [refuse("unreadable-name", f'row {number}: "{row.name.text}" can be nobody\'s name')]
    who = names.resolve(row.name.text)
    findings = [] if who.code else [unknown_name(who)]
    try:
        entries = [_entry(column.heading, cell) for column, cell in zip(columns, row.cells, strict=True)]
    except (ValueError, KeyError):
        return Row(who, row.name.notes, ()), [*findings, *_unreadable(who, columns, row.cells)]
    shown = zip(columns, entries, strict=True)
    findings += [_ambiguous(who, column, act, doubt) for column, (act, doubt) in shown if act and doubt]
    if not any(row.cells):
        findings.append(note("blank-row", f"the row of {who.as_written} shows no date at all", who.key))
    return Row(who, row.name.notes, tuple(act for act, _ in entries)), findings


def _unnamed(row: PrintedRow, number: int) -> tuple[None, list[Finding]]:
    if any(row.cells):
        return None, [
            refuse("unnamed-row", f"row {number} shows dates for nobody: {', '.join(filter(None, row.cells))}")
        ]
    return None, [note("blank-row", f"row {number} is wholly blank")]


def unknown_name(who: Participant) -> Finding:
    """Return the finding for a name that is not in the table of names."""
    return note("unknown-name", f'"{who.as_written}" is not in the table of participants\' names', who.key)


def _unreadable(who: Participant, columns: tuple[Column, ...], cells: tuple[str, ...]) -> Iterator[Finding]:
    """Yield a refusal for each cell of a row that no rule can read."""
    for column, text in zip(columns, cells, strict=True):
        where = f'{who.as_written}, column "{column.heading}"'
        try:
            _entry(column.heading, text)
        except ValueError as error:
            yield refuse("unreadable-cell", f'{where}: "{text}" cannot be read: {error}', who.key)
        except KeyError as error:
            yield refuse("unknown-code", f'{where}: nothing explains the code "{error.args[0]}"', who.key)


def _ambiguous(who: Participant, column: Column, act: TreatyAction, doubt: str) -> Finding:
    text = f'{who.as_written}, column "{column.heading}": a date without a code, and {doubt}; taken as {act.kind}'
    return note("ambiguous-code", text, who.key)


@lru_cache(maxsize=8192)
def _entry(heading: str, text: str) -> tuple[TreatyAction | None, str]:
    """Return the act that a cell shows (None for an empty one), and why its kind is in doubt (empty: it is not).

    Raises ValueError for what is no date, KeyError for a code that nothing explains.

    The days on which many States signed stand in many rows, and a page that changed differs in a few cells.
    """
    cell = read_cell(text)
    if cell is None:
        return None, ""
    kind, doubt = _meaning(heading, cell.code)
    named = heading if kind is ActionKind.OTHER else None
    return TreatyAction(kind=kind, date=cell.day, bracketed=cell.bracketed, heading=named), doubt


@lru_cache(maxsize=1024)
def _meaning(heading: str, code: str) -> tuple[ActionKind, str]:
    """Return the kind of act that a date with this code shows, and why it is in doubt. Raises KeyError."""
    column = read_heading(heading)
    return column.meaning(code), "" if code else _doubt(column)


def _doubt(column: Column) -> str:
    if column.bare:
        return "every word of the heading has a code"
    return "several words of the heading have no code" if column.ambiguous else ""


def _duplicates(rows: list[Row]) -> list[Finding]:
    seen: dict[str, Participant] = {}
    findings = []
    for row in rows:
        who = row.participant
        if before := seen.get(who.key):
            text = f"{who.as_written} has a second row (the first is {before.as_written})"
            findings.append(refuse("duplicate-row", text, who.key))
        seen.setdefault(who.key, who)
    return findings

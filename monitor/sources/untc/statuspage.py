"""Reads the collection's status page: HTML sliced by ids, then each slice read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from monitor.domain.snapshot import Finding
from monitor.sources.untc.encoding import declared, decode
from monitor.sources.untc.header import read_stamp, read_totals
from monitor.sources.untc.markup import plain
from monitor.sources.untc.notes import EndNote
from monitor.sources.untc.printed import Printed, PrintedHeader, PrintedRow, PrintedStatement
from monitor.sources.untc.reference import compose, split_title, with_part
from monitor.sources.untc.refusal import Unreadable, refuse
from monitor.sources.untc.regions import between, core, element, ends, own_export, slices
from monitor.sources.untc.sections import SECTIONS, end_notes, statements, territories
from monitor.sources.untc.tables import rows

_MAINTENANCE = re.compile(rb"(?:urgent|scheduled|under) maintenance|currently unavailable", re.IGNORECASE)
_LOGIN = re.compile(rb"<input\b[^<>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)
_CLOSING = re.compile(r"</table\b", re.IGNORECASE)
_SUPERSCRIPT = re.compile(r"<(sup|superscript)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


def printed(body: bytes) -> Printed:
    """Return what a page prints. Raises Unreadable."""
    piece = core(body)
    if piece is None:
        raise Unreadable(_no_page(body))
    text, findings = decode(piece, declared(body))
    if b"\x00" in piece and "\x00" in text:  # text of two bytes a letter has them, and holds none
        raise Unreadable(refuse("not-a-page", "the document holds zero bytes: it is no text, or a damaged one"))
    pieces = slices(text)
    grid = _grid(pieces)
    headings, printed_rows = _rows(grid)
    return Printed(
        form="page",
        header=_header(text[: text.find(grid)], read_stamp(body), own_export(body)),
        headings=headings,
        rows=printed_rows,
        statements=tuple(_statements(pieces)),
        notes=_notes(pieces),
        findings=findings,
    )


def _grid(pieces: dict[str, tuple[str, ...]]) -> str:
    """Return the grid's markup; Unreadable where there is not exactly one whole grid."""
    found = pieces.get("tblgrid", ())
    if len(found) != 1:
        rule, what = ("several-grids", f"{len(found)} tables") if found else ("no-grid", "no table")
        raise Unreadable(refuse(rule, f"the page has {what} of participants"))
    closing = _CLOSING.search(found[0])
    if not closing:
        raise Unreadable(refuse("truncated", "the page was cut: the participants' table has no end"))
    return found[0][: closing.start()]


def _no_page(body: bytes) -> Finding:
    """Return the likeliest reason why a document is not a whole page with a participants' table."""
    grid = b"tblgrid" in body
    reasons = (
        (not body.strip(), "empty-document", "the document is empty"),
        (b"<" not in body or b"\x00" in body, "not-a-page", "the document is no HTML page"),
        (not grid and _MAINTENANCE.search(body), "maintenance", "the collection answers with a maintenance page"),
        (not grid and _LOGIN.search(body), "login-page", "the collection answers with a login page"),
        (not ends(body), "truncated", "the page was cut: its end is missing"),
        (grid, "no-number", "the page does not print the treaty's chapter and number"),
        (True, "no-grid", "the page has no participants' table (an unknown number is answered so, too)"),
    )
    return next(refuse(rule, text) for holds, rule, text in reasons if holds)


def _rows(grid: str) -> tuple[tuple[str, ...], tuple[PrintedRow, ...]]:
    table = [row for row in rows(grid) if row.texts]
    if not table:
        raise Unreadable(refuse("empty-grid", "the participants' table is empty"))
    printed = tuple(PrintedRow(row.name(0), row.texts[1:]) for row in table[1:])
    return tuple(table[0].label(place).text for place in range(len(table[0].texts))), printed


def _statements(pieces: dict[str, tuple[str, ...]]) -> Iterator[PrintedStatement]:
    for name in SECTIONS:
        for piece in pieces.get(name, ()):
            yield from statements(name, piece)
    for piece in pieces.get("tblDec", ()):
        yield from territories(piece)


def _notes(pieces: dict[str, tuple[str, ...]]) -> tuple[EndNote, ...]:
    return tuple(note for piece in pieces.get("dgNotesAll", ()) for note in end_notes(piece))


def _header(lines: str, stamp: datetime | None, export: str) -> PrintedHeader:
    """Return the lines above the grid. `export` is the number under which the page links its own export."""
    title = split_title(_title_lines(lines))
    chapter = plain(element(lines, "rptHead_ctl00_tcHead") or "")
    part = plain(between(lines, "Td1", "tc"))
    reference = compose(chapter, part, title.number, title.sub) if title else None
    if not title or not reference:
        raise Unreadable(refuse("no-number", "the page does not print the treaty's chapter and number"))
    return PrintedHeader(
        reference=with_part(reference, export),
        title=title.title,
        place_and_date=_line(lines, "rptTreaty_ctl00_tcText"),
        entry_label=_line(lines, "rptEIF_ctl00_tcEifLabel"),
        entry=_line(lines, "rptEIF_ctl00_tcText"),
        stated=read_totals(_line(lines, "rptStatus_ctl00_tcText")),
        stamp=stamp,
        remarks=_line(lines, "rptNotes_ctl00_tcText"),
    )


def _title_lines(lines: str) -> tuple[str, ...]:
    inner = _SUPERSCRIPT.sub("", element(lines, "rptTreaty_ctl00_tcTreaty") or "")
    return tuple(line for line in map(plain, inner.splitlines()) if line)


def _line(lines: str, name: str) -> str:
    return plain(element(lines, name) or "")

"""What a page or an export prints, before any of it is given a meaning: the same nouns for both forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from monitor.domain.snapshot import Finding, StatementKind, Totals
from monitor.sources.untc.markup import Label
from monitor.sources.untc.notes import EndNote


class PrintedRow(NamedTuple):
    """One row of the participants' grid: the first cell as a label, the others as folded texts."""

    name: Label
    cells: tuple[str, ...]


class PrintedStatement(NamedTuple):
    """One participant's text in one section; `text` is plain already."""

    kind: StatementKind
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintedHeader:
    """The lines above the grid. `entry` is the text on entry into force, `entry_label` what stands before it.

    `remarks` are the notes on the treaty as a whole, printed under the header.
    """

    reference: str
    title: str
    place_and_date: str
    entry_label: str
    entry: str
    stated: Totals
    stamp: datetime | None
    remarks: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A whole document. `form` is "page" or "export"; `findings` tell what reading its bytes and markup took."""

    form: str
    header: PrintedHeader
    headings: tuple[str, ...]
    rows: tuple[PrintedRow, ...]
    statements: tuple[PrintedStatement, ...]
    notes: tuple[EndNote, ...]
    findings: tuple[Finding, ...] = ()

"""Writes a treaty's status page in the form in which the depositary publishes it, every word of it our own.

The form (ids, classes, line ends, the TAB in a date, superscript marks, the noise of the page's state) is what a
reader has to survive; the sentences are the project's. A page is a pure function of the treaty, stamp and seed.
"""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.domain.snapshot import Totals

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SIGNATURE = "Signature"
LAST_CHAPTER_OF_FIRST_VOLUME = 12
MINE_BAN_COLUMNS = (SIGNATURE, "Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)")


@dataclass(frozen=True, slots=True)
class Cell:
    """One date of the grid with its code (`a`, `A`, `AA`, `d`, …; empty for none), bracketed or not."""

    date: date
    code: str = ""
    bracketed: bool = False


@dataclass(frozen=True, slots=True)
class ReplicaRow:
    """One participant: one cell per column, and the texts of its end notes (markup as the page would carry it).

    A cell is None where the page has no date, a string where a test wants something that no page should have.
    """

    name: str
    cells: tuple[Cell | str | None, ...]
    notes: tuple[str, ...] = ()

    def bracketed(self) -> ReplicaRow:
        """Return the row as it looks once the participant has left: every date in brackets."""
        return replace(self, cells=tuple(replace(c, bracketed=True) if isinstance(c, Cell) else c for c in self.cells))


@dataclass(frozen=True, slots=True)
class ReplicaStatement:
    """What one participant says in one section, one paragraph of plain text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ReplicaTerritory:
    """One line of the territorial application."""

    name: str
    received: date
    territories: str


@dataclass(frozen=True, slots=True)
class ReplicaTreaty:
    """Everything that a page shows. `stated` None: the totals that the rows add up to, as an honest page prints them.

    `stated` with None inside leaves that total out. `in_force` empty: not yet in force. `place_and_date` reads
    "Oslo, 18 September 1997".
    """

    reference: str
    title: str
    chapter_name: str
    place_and_date: str
    in_force: str
    columns: tuple[str, ...]
    rows: tuple[ReplicaRow, ...]
    declarations: tuple[ReplicaStatement, ...] = ()
    objections: tuple[ReplicaStatement, ...] = ()
    article_declarations: tuple[ReplicaStatement, ...] = ()
    notifications: tuple[ReplicaStatement, ...] = ()
    territories: tuple[ReplicaTerritory, ...] = ()
    stated: Totals | None = None

    @property
    def totals(self) -> Totals:
        """The totals to print."""
        return self.stated or self.counted

    @property
    def counted(self) -> Totals:
        """What the rows add up to: dates without brackets under the signature and in the last column."""
        signatures = _standing(self.rows, 0) if self.columns[0].startswith(SIGNATURE) else None
        return Totals(signatures, _standing(self.rows, -1))

    @property
    def notes(self) -> tuple[str, ...]:
        """The end notes in their order: the first is number 1."""
        return tuple(note for row in self.rows for note in row.notes)

    @property
    def path(self) -> str:
        """Path and query under which the depositary serves the page."""
        return f"/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no={self.reference}&chapter={self.chapter}&clang=_en"

    @property
    def export_path(self) -> str:
        """Path of the treaty's XML export, which every page links."""
        volume = "I" if self.chapter <= LAST_CHAPTER_OF_FIRST_VOLUME else "II"
        folder = f"/doc/Publication/MTDSG/Volume%20{volume}/Chapter%20{self.chapter_numeral}"
        return f"{folder}/{self.reference}.en.xml"

    @property
    def chapter_numeral(self) -> str:
        """The chapter as the reference gives it, `XXVI`."""
        return self.reference.split("-")[0]

    @property
    def chapter(self) -> int:
        """The chapter as a number."""
        return _from_roman(self.chapter_numeral)

    @property
    def number(self) -> str:
        """The treaty's number in its chapter as the page prints it, `5. ` or `2. c`."""
        section, *sub = self.reference.split("-")[1:]
        return f"{section}. {' '.join(sub)}"

    def with_row(self, row: ReplicaRow) -> ReplicaTreaty:
        """Return the treaty with this row in place of that of the same name, or added in the order of names."""
        others = tuple(r for r in self.rows if r.name != row.name)
        return replace(self, rows=tuple(sorted((*others, row), key=lambda r: r.name)))

    def row(self, name: str) -> ReplicaRow:
        """Return the row of this name. Raises KeyError if there is none."""
        rows = {row.name: row for row in self.rows}
        return rows[name]


def write_page(treaty: ReplicaTreaty, stamp: datetime, seed: int = 0, noise: int = 4096) -> bytes:
    """Return the page as UTF-8 with CRLF. `stamp` is the depositary's local time; `seed` decides the page's noise.

    `noise` is the length of the page's state in bytes: real pages carry 50,000 to 450,000.
    """
    chance = random.Random(seed)  # noqa: S311 - noise, no secret
    text = _TEMPLATE.render(
        treaty=treaty,
        rows=_numbered(treaty),
        months=MONTHS,
        stamp=f"{stamp:%d-%m-%Y %H:%M:%S}",
        state=_blob(chance, noise),
        validation=_blob(chance, noise // 8),
    )
    return text.replace("\n", "\r\n").encode()


def _standing(rows: tuple[ReplicaRow, ...], column: int) -> int:
    cells = (row.cells[column] for row in rows)
    return sum(isinstance(cell, Cell) and not cell.bracketed for cell in cells)


def _from_roman(numeral: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10, "L": 50}[letter] for letter in numeral]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def _numbered(treaty: ReplicaTreaty) -> list[tuple[str, list[str]]]:
    """Return per row the participant's cell and its date cells, notes numbered through the page."""
    speakers = {s.name for s in (*treaty.declarations, *treaty.article_declarations)}
    rows, number = [], 1
    for row in treaty.rows:
        marks = range(number, number := number + len(row.notes))
        rows.append((_participant(row.name, marks, linked=row.name in speakers), [_cell(c) for c in row.cells]))
    return rows


def _participant(name: str, marks: range, *, linked: bool) -> str:
    written = escape(name, quote=False)
    if linked:
        call = "return ShowDeclarationsNew(getInnerText(this));"
        written = f"<A href='#EndDec' class='noteIndex' onclick='{call}'>{written}</A>"
    if not marks:
        return f"{written}<br>"
    links = ", ".join(f"<A onclick='ShowNoteAll()' href='#{n}' class='noteIndex'>{n}</A>" for n in marks)
    return f"{written} <SUP>{links} </SUP><br>"


def _cell(cell: Cell | str | None) -> str:
    match cell:
        case None:
            return "&nbsp;"
        case str():
            return f"{cell}<br>"
        case Cell(day, code, bracketed):
            padded = f"{day.day}" if day.day > 9 else f" &nbsp;{day.day}"  # noqa: PLR2004 - two digits are not padded
            text = f"{padded} {MONTHS[day.month - 1][:3]}\t {day.year} {code}"
            return f"[{text}]<br>" if bracketed else f"{text}<br>"


def _blob(chance: random.Random, length: int) -> str:
    return base64.b64encode(chance.randbytes(length)).decode()


def _template_environment() -> Environment:
    return Environment(
        loader=PackageLoader(__package__),
        keep_trailing_newline=True,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


_TEMPLATE = _template_environment().get_template("page.html.j2")

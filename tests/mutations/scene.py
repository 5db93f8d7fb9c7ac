"""One real document on which a mutation is played: who stands where in it, read by the eye of this suite alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from mutations.forms import Doc, Row
from mutations.phrases import MONTHS, NOTICES, Notice, in_cell
from mutations.truth import Expected

_CELL = re.compile(r"(\[?) ?(\d{1,2}) (\w{3}) (\d{4})(?: (\w{1,2}))? ?\]?")
HALF = 0.5
RENAMED = frozenset(
    {"Türkiye", "Eswatini", "North Macedonia", "Cabo Verde", "Czech Republic", "Bahamas (The)", "Nauru"}
)
"""States that an older export may list under another name."""
_LEAVING = re.compile(r"withdr|denou|denun|suspen|terminat|become a party", re.IGNORECASE)
_CONSENT = {
    "Ratification": "ratification", "Acceptance": "acceptance", "Approval": "approval", "Accession": "accession",
    "Succession": "succession", "Formal confirmation": "formal_confirmation",
    "Consent to be bound": "consent_to_be_bound", "Definitive signature": "definitive_signature",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """Two documents and what lies between them."""

    before: Doc
    after: Doc
    expected: Expected


class Scene:
    """A document, a source of chance, and the States that it does not list."""

    def __init__(self, doc: Doc, rng: Random, states: tuple[str, ...], taken: frozenset[str] = frozenset()) -> None:
        self.doc, self.rng, self.states, self.taken = doc, rng, states, taken
        self.today = doc.stamp.date() if doc.stamp else max(d for r in doc.rows for c in r.cells if (d := day_of(c)))

    def lately(self) -> date:
        """A day that the page can just know of."""
        return self.today - timedelta(days=self.rng.randrange(14))

    def newcomer(self) -> str | None:
        """A State without a row."""
        present = {r.who for r in self.doc.rows} | self.taken
        absent = [
            s for s in self.states if s not in present and s not in RENAMED and not any(s[:5] == p[:5] for p in present)
        ]
        return self.rng.choice(absent) if absent else None

    @property
    def signing(self) -> int | None:
        found = [i for i, h in enumerate(self.doc.headings) if re.match(r"Signature\b", h)]
        return found[0] if found else None

    @property
    def provisional(self) -> int | None:
        found = [i for i, h in enumerate(self.doc.headings) if h.startswith("Provisional application")]
        return found[0] if found else None

    @property
    def consenting(self) -> int:
        return max(i for i, h in enumerate(self.doc.headings) if means(h))

    def bound(self) -> list[Row]:
        """Rows that show a consent without brackets, and no note that may tell of leaving."""
        return [r for r in self._quiet() if standing(r.cells[self.consenting])]

    def signatories(self) -> list[Row]:
        """Rows that show a signature and nothing more."""
        place = self.signing
        if place is None:
            return []
        return [
            r
            for r in self._quiet()
            if standing(r.cells[place]) and not any(c for i, c in enumerate(r.cells) if i != place)
        ]

    def _quiet(self) -> list[Row]:
        rows = (r for r in self.doc.rows if r.who not in self.taken and "[" not in "".join(r.cells))
        return [r for r in rows if not any(self._tells_of_leaving(n) for n in r.marks)]

    def _tells_of_leaving(self, number: int) -> bool:
        note = self.doc.note(number)
        return note is None or bool(_LEAVING.search(note.markup))

    def pick(self, rows: list[Row]) -> Row | None:
        return self.rng.choice(rows) if rows else None

    def notice(self, row: Row, day: date, effect: date) -> Notice:
        title = self.doc.head
        word = "Protocol" if "Protocol" in title and "Convention" not in title else "Convention"
        number, year = self.rng.randrange(10, 900), day.year
        link = (
            f"<a href='https://treaties.un.org/doc/Publication/CN/{year}/CN.{number}.{year}-Eng.pdf' target='_blank'>"
            f"C.N.{number}.{year}</a>.TREATIES-XXVI-5"
        )
        return Notice(plain_name(row), word, day, effect, f"C.N.{number}.{year}.TREATIES-XXVI-5", link)

    def phrase(self) -> str:
        return self.rng.choice(sorted(NOTICES))

    def told(self, doc: Doc, row: Row, markup: str) -> tuple[Doc, int]:
        """Add a note to a row, somewhere among the others; return the document and the note's number."""
        numbers = [n.number for n in doc.notes]
        number = self.rng.choice([1, *numbers, max(numbers, default=0) + 1]) if numbers else 1
        shifted = doc.with_new_note(number, markup)
        own = shifted.find(row.who)
        return shifted.with_row(own, own.mark(number)), number


Mutator = Callable[[Scene], Mutant | None]
"""Returns a mutant of the scene's document, or None where it does not apply."""


def plain_name(row: Row) -> str:
    return row.who.rstrip("*")


def means(heading: str) -> dict[str, str]:
    """Return the acts of consent that a heading names, by code."""
    parts = (re.fullmatch(r"(.+?)(?:\s*\((\w{1,2})\))?", p) for p in heading.split(", "))
    return {p[2] or "": _CONSENT[p[1]] for p in parts if p and p[1] in _CONSENT}


def day_of(cell: str) -> date | None:
    found = _CELL.fullmatch(cell)
    if not found:
        return None
    return date(int(found[4]), [m[:3] for m in MONTHS].index(found[3]) + 1, int(found[2]))


def code_of(cell: str) -> str:
    found = _CELL.fullmatch(cell)
    return (found[5] or "") if found else ""


def standing(cell: str) -> bool:
    return bool(cell) and not cell.startswith("[")


def bracketed(row: Row) -> Row:
    """The row with every date of it in brackets."""
    for i, cell in enumerate(row.cells):
        if standing(cell):
            row = row.put(i, f"[{cell}]" if code_of(cell) else f"[{cell} ]")
    return row


def moved(cell: str, day: date) -> str:
    """The cell with another day."""
    return in_cell(day, code_of(cell))


def left(scene: Scene, doc: Doc, who: str) -> Doc:
    """The document with the row in brackets and the totals less by what stood in it."""
    row, place = doc.find(who), scene.signing
    signed = int(place is not None and standing(row.cells[place]))
    return doc.with_row(row, bracketed(row)).add(-signed, -1)

"""Writes the origin's pages in the depositary's form, every word our own: big, noisy, and changed in five known places.

A page is about 280 KB: 195 rows, 40 end notes, 150 KB of declarations, 42 KB of the page's own state. Three states of
the site are written: `first`; `unchanged`, in which only the page's state and stamp differ; `changed`, in which five
tables differ besides. `conditional-changed` is `first` with the five changed pages alone, all others the same file.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from monitor.domain.change import ChangeKind
from monitor.domain.participant import ParticipantKind
from monitor.faces.demo.replica import Cell, ReplicaRow, ReplicaStatement, ReplicaTreaty, write_page
from monitor.settings.shipped import shipped_participants

CHANGED = 5
LEAST = 60
ROWS, NOTES = 195, 40
DECLARATIONS = 98_000
"""Letters said; with their markup they are 150 KB."""
STATE = 31_500
"""Bytes behind the page's state; written in base64 they are 42 KB."""
FIRST_NUMBER = 101
"""The treaties are IV-101, IV-102, …: numbers that no catalogue knows."""
ADOPTED = "New York, 7 March 1959"
LAYOUTS = (
    ("Signature", "Ratification, Accession(a), Succession(d)"),
    ("Signature", "Acceptance(A), Approval(AA), Accession(a), Ratification"),
    ("Signature", "Provisional application(n)", "Ratification, Accession(a), Succession(d)"),
    ("Accession(a), Succession(d), Ratification",),
)
CODES = (("", "", "a", "d"), ("", "", "a", "A", "AA"), ("", "", "a", "d"), ("", "a", "a", "d"))
STATES = tuple(e.name for e in shipped_participants() if e.kind is ParticipantKind.STATE)
CODE_OF = {e.name: e.code for e in shipped_participants()}

NOTES_TEXT = (
    (
        "The former Union of {a} and {b} had signed and ratified the Convention on {day}. See also note 1 under “{a}” "
        "in the part of this volume on historical information."
    ),
    (
        "On {day}, the Government of {a} informed the Secretary-General that the Convention shall apply to the islands "
        "for whose international relations it is responsible."
    ),
    (
        "In a communication received on {day}, the Government of {a} told the Secretary-General that it had decided to "
        "withdraw the reservation to article {n} made upon signature."
    ),
    (
        "The instrument of {a} was accompanied by a translation into French, of which the depositary has received "
        "a corrected copy on {day}."
    ),
    (
        "With regard to the declaration made by {a}, the Secretary-General received from {b} on {day} a communication "
        "that refers to article {n} ({n})."
    ),
    (
        "Upon deposit the Government of {a} designated its ministry of justice as authority meant by article {n}; "
        "the designation was renewed on {day}."
    ),
    "By a note of {day} the Permanent Mission of {a} asked that its name be written in this form.",
)
SENTENCES = (
    "The Government of {a} understands article {n} to leave untouched the duties that arise from its constitution.",
    "{a} does not consider itself bound by article {n}, paragraph 2, under which a dispute may go to the Court.",
    "In becoming bound, {a} repeats that the words “competent authority” in article {n} mean its courts alone.",
    "Nothing in this Convention shall be read as recognition of any régime or entity by {a}.",
    "The provisions of article {n} are applied by {a} within the limits that its law on public order has set.",
    "As regards article {n}, {a} reserves the right to keep in force those rules that favour the person concerned.",
    "The said article, in the view of {a}, asks of each Party no more than diligence in proportion to its means.",
    "{a} takes note that the travaux préparatoires, in particular those on article {n}, support this understanding.",
    "Until its parliament has passed the law now before it, {a} will give effect to article {n} by decree.",
    "The authorities of {a} will transmit the reports under article {n} in the language in which they were drawn up.",
)


@dataclass(frozen=True, slots=True)
class News:
    """What the program must report of one changed page: the treaty, its page, the kind, the participant's code."""

    page: int
    kind: ChangeKind
    participant: str

    @property
    def reference(self) -> str:
        """The treaty's number."""
        return reference(self.page)


@dataclass(frozen=True, slots=True)
class Site:
    """The written pages: where they lie, how many, and what is news once the third state is served."""

    folder: Path
    pages: int
    bytes_per_page: int
    news: tuple[News, ...]


def reference(page: int) -> str:
    """Return the number of the treaty on a page, 0 and on."""
    return f"IV-{FIRST_NUMBER + page}"


def file_name(page: int) -> str:
    """Return the name under which the origin serves a page."""
    return f"{page:04d}.html"


def write_site(folder: Path, pages: int, day: date, *, progress: Callable[[int], None] | None = None) -> Site:
    """Write every state of the site under `folder`; `day` is the day before which all acts lie.

    `pages` is a multiple of 20, so that the changed pages are of every layout; at least 60. ValueError otherwise.
    """
    if pages < LEAST or pages % 20:
        raise ValueError(f"{pages} pages: the number must be a multiple of 20, at least {LEAST}")
    for state in ("first", "unchanged", "changed", "conditional-changed"):
        (folder / state).mkdir(parents=True)
    changed = [7 + i * (pages // CHANGED + 1) for i in range(CHANGED)]
    news, size = [], 0
    for page in range(pages):
        before = treaty(page, day)
        after = before
        if page in changed:
            after, kind, who = _ACTS[changed.index(page)](before, day)
            news.append(News(page, kind, CODE_OF[who]))
        size += _write_states(folder, page, (before, after), day)
        if progress:
            progress(page + 1)
    return Site(folder, pages, size // pages, tuple(news))


def _write_states(folder: Path, page: int, treaties: tuple[ReplicaTreaty, ReplicaTreaty], day: date) -> int:
    before, after = treaties
    at = datetime.combine(day - timedelta(days=1), time(3)) + timedelta(seconds=page)
    name = file_name(page)
    first = folder / "first" / name
    size = first.write_bytes(write_page(before, at, seed=page, noise=STATE))
    for i, (state, shown) in enumerate((("unchanged", before), ("changed", after)), start=1):
        noise = page + i * 100_000
        (folder / state / name).write_bytes(write_page(shown, at + timedelta(hours=i), seed=noise, noise=STATE))
    conditional = folder / "conditional-changed" / name
    if after is before:
        os.link(first, conditional)
    else:
        conditional.write_bytes(write_page(after, at + timedelta(hours=2), seed=page, noise=STATE))
        os.utime(conditional, ns=(0, first.stat().st_mtime_ns + 3_600_000_000_000))
    return size


def treaty(page: int, day: date) -> ReplicaTreaty:
    """Return the treaty of a page: always the same for the same page and day."""
    chance = random.Random(page)  # noqa: S311 - material, no secret
    layout = page % len(LAYOUTS)
    names = sorted(chance.sample(STATES, ROWS))
    bearers = set(chance.sample(names, NOTES))
    rows = tuple(
        ReplicaRow(name, _cells(chance, layout, day), (_note(chance, name),) if name in bearers else ())
        for name in names
    )
    return ReplicaTreaty(
        reference=reference(page),
        title=f"Convention on the Exchange of Matters of Kind {page}",
        chapter_name="HUMAN RIGHTS",
        place_and_date=ADOPTED,
        in_force="23 March 1976, in accordance with article 49.",
        columns=LAYOUTS[layout],
        rows=rows,
        declarations=_declarations(chance, names),
    )


def _cells(chance: random.Random, layout: int, day: date) -> tuple[Cell | None, ...]:
    until = day - timedelta(days=400)
    consent = Cell(_day(chance, date(1966, 1, 1), until), chance.choice(CODES[layout]))
    if len(LAYOUTS[layout]) == 1:
        return (consent,)
    signed = Cell(_day(chance, date(1959, 3, 7), date(1963, 12, 31))) if consent.code not in {"a", "d"} else None
    provisional = Cell(_day(chance, date(1964, 1, 1), date(1965, 12, 31)), "n")
    between = [_sometimes(chance, 0.1, provisional)] * (len(LAYOUTS[layout]) - 2)
    return (signed, *between, _sometimes(chance, 0.8, consent) if signed else consent)


def _sometimes(chance: random.Random, share: float, cell: Cell) -> Cell | None:
    return cell if chance.random() < share else None


def _day(chance: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randrange((last - first).days))


def _note(chance: random.Random, bearer: str) -> str:
    return _said(chance, chance.choice(NOTES_TEXT), bearer)


def _said(chance: random.Random, text: str, who: str) -> str:
    day = _day(chance, date(1966, 1, 1), date(2024, 1, 1))
    return text.format(a=who, b=chance.choice(STATES), n=chance.randint(1, 40), day=f"{day.day} {day:%B %Y}")


def _declarations(chance: random.Random, names: Sequence[str]) -> tuple[ReplicaStatement, ...]:
    speakers = sorted(chance.sample(list(names), 90))
    each = DECLARATIONS // len(speakers)
    statements = []
    for who in speakers:
        said: list[str] = []
        while sum(map(len, said)) < each:
            said.append(_said(chance, chance.choice(SENTENCES), who))
        statements.append(ReplicaStatement(who, " ".join(said)))
    return tuple(statements)


Act = Callable[[ReplicaTreaty, date], tuple[ReplicaTreaty, ChangeKind, str]]


def _with(shown: ReplicaTreaty, row: ReplicaRow, place: int, cell: Cell) -> ReplicaTreaty:
    at = place % len(row.cells)
    return shown.with_row(replace(row, cells=(*row.cells[:at], cell, *row.cells[at + 1 :])))


def _newcomer(shown: ReplicaTreaty) -> ReplicaRow:
    present = {row.name for row in shown.rows}
    return ReplicaRow(next(name for name in STATES if name not in present), (None,) * len(shown.columns))


def _accession(shown: ReplicaTreaty, day: date) -> tuple[ReplicaTreaty, ChangeKind, str]:
    row = _newcomer(shown)
    return _with(shown, row, -1, Cell(day - timedelta(days=9), "a")), ChangeKind.CONSENTED, row.name


def _ratification(shown: ReplicaTreaty, day: date) -> tuple[ReplicaTreaty, ChangeKind, str]:
    row = next(r for r in shown.rows if r.cells[0] and not r.cells[-1])
    return _with(shown, row, -1, Cell(day - timedelta(days=8))), ChangeKind.CONSENTED, row.name


def _withdrawal(shown: ReplicaTreaty, day: date) -> tuple[ReplicaTreaty, ChangeKind, str]:
    row = next(r for r in shown.rows if r.cells[-1] and not r.notes)
    received, effective = day - timedelta(days=7), day + timedelta(days=358)
    text = (
        f"On {received.day} {received:%B %Y}, the Government of {row.name} notified the Secretary-General of its "
        f"withdrawal from the Convention. This withdrawal will take effect on {effective.day} {effective:%B %Y}, in "
        "accordance with article 51."
    )
    return shown.with_row(replace(row, notes=(text,))), ChangeKind.WITHDRAWAL_NOTIFIED, row.name


def _signature(shown: ReplicaTreaty, day: date) -> tuple[ReplicaTreaty, ChangeKind, str]:
    row = _newcomer(shown)
    return _with(shown, row, 0, Cell(day - timedelta(days=6))), ChangeKind.SIGNED, row.name


def _correction(shown: ReplicaTreaty, _: date) -> tuple[ReplicaTreaty, ChangeKind, str]:
    row, cell = next((r, cell) for r in shown.rows if isinstance(cell := r.cells[-1], Cell))
    return _with(shown, row, -1, replace(cell, date=cell.date + timedelta(days=1))), ChangeKind.CORRECTED, row.name


_ACTS: tuple[Act, ...] = (_accession, _ratification, _withdrawal, _signature, _correction)

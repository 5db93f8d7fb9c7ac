"""The page's built-in checksum: what the rows add up to, against the totals that the depositary prints."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.action import CONSENT, SIGNING, ActionKind, TreatyAction
from monitor.domain.snapshot import Finding, Totals
from monitor.sources.untc.grid import Grid
from monitor.sources.untc.refusal import note, refuse


@dataclass(frozen=True, slots=True)
class Count:
    """One way of counting, and what in the table makes it possible ("" for the usual way)."""

    number: int
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Every way of counting that a table allows, the usual one first; no signatories without such a column.

    `spread`: parties are spread over several columns, so that perhaps none of the ways gives the total; it is then
    at most this number of rows with an un-bracketed act other than a signature (0 for one column of consent).
    """

    signatories: tuple[Count, ...]
    parties: tuple[Count, ...]
    spread: int = 0


BLANK = {"V-3": 1}
"""Rows without any date that the depositary counts all the same, by treaty: one export of 407 has one, no page."""


def tally(grid: Grid, reference: str) -> Tally:
    """Count a grid. Brackets exclude: on 30 of 30 pages the last column's un-bracketed dates are the parties."""
    consent = [i for i, column in enumerate(grid.columns) if column.consent]
    parties = _parties(grid, consent)
    if grid.blanks == BLANK.get(reference):
        blank = f"{grid.blanks} row(s) show no date at all"
        parties += [Count(c.number + grid.blanks, "; ".join(filter(None, (c.cause, blank)))) for c in parties]
    return Tally(_signatories(grid), tuple(parties), _acting(grid) if len(consent) > 1 else 0)


def _parties(grid: Grid, consent: list[int]) -> list[Count]:
    last = len(grid.columns) - 1
    counts = [Count(_dates(grid, last))]
    if consent and consent[-1] != last:
        counts.append(Count(_dates(grid, consent[-1]), "the last column shows no consent to be bound"))
    if len(consent) > 1:
        bound = sum(any(_stands(e) and e.kind in CONSENT for e in row.actions) for row in grid.rows)
        counts.append(Count(bound, "parties are spread over several columns"))
        counts += [Count(_dates(grid, i), f"the parties are those of column {i + 2}") for i in consent[:-1]]
    return counts


def _signatories(grid: Grid) -> tuple[Count, ...]:
    place = next((i for i, column in enumerate(grid.columns) if column.signing), None)
    if place is None:
        return ()
    counts = [Count(_dates(grid, place))]
    if ActionKind.DEFINITIVE_SIGNATURE in grid.columns[place].kinds:
        entries = [row.entries[place] for row in grid.rows]
        simple = sum(_stands(e) and e is not None and e.kind is ActionKind.SIGNATURE for e in entries)
        counts.append(Count(simple, "definitive signatures stand in the column of signatures"))
    return tuple(counts)


def _acting(grid: Grid) -> int:
    return sum(any(_stands(e) and e.kind not in SIGNING for e in row.actions) for row in grid.rows)


def _dates(grid: Grid, column: int) -> int:
    return sum(_stands(row.entries[column]) for row in grid.rows)


def _stands(entry: TreatyAction | None) -> bool:
    return entry is not None and not entry.bracketed


def reconcile(stated: Totals, counted: Tally, form: str) -> tuple[Totals, tuple[Finding, ...]]:
    """Return the totals that the rows give, and what is to be said about them.

    A way of counting that agrees with the printed figure is the right one; it is told if it is not the usual way.
    Disagreement refuses the reading, save an export whose parties are spread over several columns, and which has
    rows enough for them.
    """
    lenient = form == "export" and (stated.parties or 0) <= counted.spread
    parties, found = _compare("Parties", stated.parties, counted.parties, lenient=lenient)
    signatories, more = _compare("Signatories", stated.signatories, counted.signatories, lenient=False)
    if stated.parties is None:
        found = (note("no-totals", "the document prints no total of parties to check the rows against"), *found)
    return Totals(signatories, parties), (*found, *more)


def _compare(
    what: str, stated: int | None, counts: tuple[Count, ...], *, lenient: bool
) -> tuple[int | None, tuple[Finding, ...]]:
    usual = counts[0].number if counts else None
    if stated is None or usual == stated or (not counts and stated == 0):  # no column, none counted: that agrees
        return usual, ()
    if agreeing := next((c for c in counts if c.number == stated), None):
        text = f"{what}: {stated} printed; the usual count gives {usual}, but {agreeing.cause}"
        return agreeing.number, (note("totals-otherwise", text),)
    text = f"{what}: {stated} printed, {usual if counts else 'no such column'} counted in the rows"
    if lenient:
        return usual, (note("totals-differ", f"{text}; parties are spread over several columns"),)
    return usual, (refuse("totals-disagree", text),)

"""Says who stands where, on a legal date, as known on a date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import accumulate
from typing import Any

from monitor.domain import wire
from monitor.domain.action import Basis
from monitor.domain.participant import Participant
from monitor.domain.participation import Participation, Standing, Status
from monitor.domain.standing import law_of, standing
from monitor.domain.treaty import Treaty
from monitor.pipeline.desk import Desk
from monitor.pipeline.report.readings import end_of, excerpts_of, of_seed
from monitor.storage.interface import Known, Transaction


@dataclass(frozen=True, slots=True)
class Question:
    """Whom and when a status question is about. `known` None means all that is known now, `participants` None all."""

    treaties: tuple[Treaty, ...]
    on: date
    known: date | None = None
    participants: tuple[Participant, ...] | None = None

    def instant(self, now: datetime) -> datetime:
        """Return until when what was learned counts."""
        return min(end_of(self.known), now) if self.known else now

    @property
    def keys(self) -> frozenset[str] | None:
        """The keys of whom it is about."""
        return None if self.participants is None else frozenset(who.key for who in self.participants)


def status(desk: Desk, question: Question, now: datetime) -> dict[str, Any]:
    """Return who stands where on a legal date, as known on a date."""
    at = question.instant(now)
    with desk.storage.begin(read_only=True) as tx:
        known = excerpts_of(desk, tx, question.treaties, at, question.keys)
        good = tx.last_good(t.reference for t in question.treaties)
    sources = {reference: [_age(good, k, now) for k in found] for reference, found in known.items()}
    rows = [
        row
        for who in question.participants or (None,)
        for t in question.treaties
        for row in _rows(t, known[t.reference], sources[t.reference], who, question.on)
    ]
    return {"on": wire.day(question.on), "known": wire.day(question.known or now.date()), "participations": rows}


def part_of_status(
    desk: Desk, question: Question, now: datetime, limit: int, offset: int
) -> tuple[dict[str, Any], int]:
    """Return so many of the rows that `status` returns of all participants, after the first `offset`; and their number.

    The pages that have none of these rows are not read.
    """
    with desk.storage.begin(read_only=True) as tx:
        sizes = _sizes(desk, tx, question.treaties, question.instant(now))
    ends = list(accumulate(sizes))
    begins = [end - size for end, size in zip(ends, sizes, strict=True)]
    shown = [n for n, end in enumerate(ends) if end > offset and begins[n] < offset + limit]
    shape = status(desk, replace(question, treaties=tuple(question.treaties[n] for n in shown)), now)
    skipped = offset - begins[shown[0]] if shown else 0
    return shape | {"participations": shape["participations"][skipped : skipped + limit]}, sum(sizes)


def _sizes(desk: Desk, tx: Transaction, treaties: tuple[Treaty, ...], at: datetime) -> list[int]:
    """Return how many rows there are of each treaty: of the first official reading, else of the seed."""
    found = tx.sizes([treaty.reference for treaty in treaties], at)
    return [
        found[t.reference]
        if t.reference in found
        else sum(len(known.snapshot.participations) for known in of_seed(desk, t, at))
        for t in treaties
    ]


def _rows(
    treaty: Treaty, known: tuple[Known, ...], sources: list[dict[str, Any]], asked: Participant | None, on: date
) -> Iterable[dict[str, Any]]:
    if not known:
        return [_absent(treaty, asked, sources)] if asked else []
    best = known[0]
    law = law_of(best.snapshot, treaty.rules)
    chosen = [p for p in best.snapshot.participations if asked is None or p.participant.key == asked.key]
    if asked and not chosen:
        return [_absent(treaty, asked, sources)]
    return [_item(treaty, p, standing(p, on, law), on, sources) for p in chosen]


def _item(
    treaty: Treaty, row: Participation, where: Standing, on: date, sources: list[dict[str, Any]]
) -> dict[str, Any]:
    acts = tuple(a for a in row.actions if a.date is None or a.date <= on)
    done = row if acts == row.actions else replace(row, actions=acts)
    return wire.participation(done, where) | {
        "treaty": treaty.reference,
        "treaty_slug": treaty.slug,
        "basis": where.basis.value,
        "conditional": where.conditional,
        "sources": sources,
    }


def _absent(treaty: Treaty, who: Participant | None, sources: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the answer for a State that the page does not name."""
    if who is None:
        raise ValueError("only a named participant can be absent")
    row = Participation(who, ())
    return _item(treaty, row, Standing(Status.NONE, Basis.STATED), date.min, sources)


def _age(good: dict[tuple[str, str], datetime], known: Known, now: datetime) -> dict[str, Any]:
    """Return which reading an answer rests on and how old it is; a page read again unchanged is as young as that."""
    read = good.get((known.treaty, known.source), known.fetched_at)
    return {
        "source": known.source,
        "as_at": wire.day(known.snapshot.header.as_at),
        "known_from": wire.instant(known.fetched_at),
        "last_good": wire.instant(read),
        "age_seconds": max(0, int((now - read).total_seconds())),
        "document": known.document,
    }

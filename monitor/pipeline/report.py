"""Answers questions from the record: who stands where, what changed, what is to come, what the claims are worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import accumulate
from typing import Any

from monitor.domain import wire
from monitor.domain.action import Basis
from monitor.domain.change import ChangeKind
from monitor.domain.delivery import DeliveryState
from monitor.domain.participant import Participant
from monitor.domain.participation import Participation, Standing, Status
from monitor.domain.snapshot import Finding, Level, Reading
from monitor.domain.standing import complete, judging_day, law_of, standing
from monitor.domain.treaty import Rules, Treaty
from monitor.domain.verdicts import Official, judge
from monitor.pipeline.baseline import as_known
from monitor.pipeline.desk import Desk
from monitor.pipeline.trouble import stale_from
from monitor.pipeline.upcoming import every_coming
from monitor.storage.interface import HeldState, Known, Transaction


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


def end_of(day: date) -> datetime:
    """Return the last instant of a day, in UTC."""
    return datetime.combine(day, time.max, UTC)


def known_of(desk: Desk, tx: Transaction, treaty: Treaty, at: datetime) -> tuple[Known, ...]:
    """Return what was known of a treaty at an instant: the official readings, else the seed, else nothing."""
    return tx.known(treaty.reference, at) or _of_seed(desk, treaty, at)


def excerpts_of(
    desk: Desk,
    tx: Transaction,
    treaties: Iterable[Treaty],
    at: datetime,
    participants: Iterable[str] | None = None,
) -> dict[str, tuple[Known, ...]]:
    """Return, by number, what was known of treaties as `known_of` does, without statements, at one go.

    With `participants` (keys), no rows of others need be there.
    """
    asked = tuple(treaties)
    found = tx.excerpts([treaty.reference for treaty in asked], at, participants)
    return {t.reference: judged(tx, found.get(t.reference, ()), at) or _of_seed(desk, t, at) for t in asked}


def judged(tx: Transaction, found: tuple[Known, ...], at: datetime) -> tuple[Known, ...]:
    """Return the excerpts of a treaty, or all rows where one has no stamp: its own day is that of its latest act."""
    return found if all(known.snapshot.header.stamp for known in found) else tx.known(found[0].treaty, at)


def _of_seed(desk: Desk, treaty: Treaty, at: datetime) -> tuple[Known, ...]:
    seed = desk.seed(treaty.reference)
    if seed is None:
        return ()
    baseline = as_known(seed, desk.names)
    return (baseline,) if baseline.fetched_at <= at else ()


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
        else sum(len(known.snapshot.participations) for known in _of_seed(desk, t, at))
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which recorded changes are asked for. `participants` are keys."""

    treaty: Treaty | None = None
    participants: frozenset[str] | None = None
    kinds: frozenset[ChangeKind] | None = None
    since: date | None = None


def changes(desk: Desk, wanted: Wanted, limit: int | None = None, offset: int = 0) -> dict[str, Any]:
    """Return the record of changes, newest first, with evidence; with `limit`, so many after the first `offset`."""
    with desk.storage.begin(read_only=True) as tx:
        found = tx.changes(
            treaty=wanted.treaty.reference if wanted.treaty else None,
            participant=wanted.participants,
            kinds=wanted.kinds,
            since=wanted.since,
            limit=limit,
            offset=offset,
        )
    return {"changes": [wire.recorded(c) for c in found]}


def number_of_changes(desk: Desk, wanted: Wanted) -> int:
    """Return how many changes `changes` would return without a limit."""
    with desk.storage.begin(read_only=True) as tx:
        return tx.number_of_changes(
            treaty=wanted.treaty.reference if wanted.treaty else None,
            participant=wanted.participants,
            kinds=wanted.kinds,
            since=wanted.since,
        )


def upcoming(desk: Desk, now: datetime) -> dict[str, Any]:
    """Return what will take effect, soonest first."""
    with desk.storage.begin(read_only=True) as tx:
        items = list(every_coming(desk, tx, desk.treaties, now))
    items.sort(key=lambda i: (i.day or date.max, i.treaty.reference, i.participant.name))
    return {"upcoming": [i.shape() for i in items]}


def claims(desk: Desk, now: datetime) -> dict[str, Any]:
    """Return each claim of the seeds with its verdict and evidence."""
    verdicts = []
    for seed in desk.seeds:
        with desk.storage.begin(read_only=True) as tx:
            readings = tx.known(seed.reference, now)
        official = None
        if readings:
            best = readings[0]
            official = Official(best.snapshot, desk.rules(seed.reference), best.document, now.date())
        verdicts += [wire.verdict(judge(claim, official)) for claim in seed.claims]
    return {"claims": verdicts}


def sources(desk: Desk, now: datetime, treaties: tuple[Treaty, ...] | None = None) -> dict[str, Any]:
    """Return, per watched source (of these treaties): last good reading, age, next due, failures, what is wrong."""
    with desk.storage.begin(read_only=True) as tx:
        found = tx.sources() if treaties is None else tx.sources_of(t.reference for t in treaties)
    states = {(s.treaty, s.source): s for s in found}
    items = []
    for treaty, source in desk.watched() if treaties is None else ((t, s) for t in treaties for s in t.sources):
        s = states.get((treaty.reference, source.key))
        age = int((now - s.last_good).total_seconds()) if s and s.last_good else None
        items.append(
            {
                "treaty": treaty.reference,
                "treaty_slug": treaty.slug,
                "title": treaty.title,
                "source": source.key,
                "url": source.url,
                "condition": s.condition.value if s else "new",
                "last_checked": wire.instant(s.last_checked) if s else None,
                "last_good": wire.instant(s.last_good) if s else None,
                "age_seconds": age,
                "next_due": wire.instant(s.next_due) if s else None,
                "failures": s.failures if s else 0,
                "problem": s.problem if s else None,
                "every_seconds": source.every,
                "when_quiet_seconds": source.when_quiet,
                "stale": s is None or s.last_good is None or now >= stale_from(desk, source, s.last_good),
                "baseline": _baseline(desk, treaty),
            }
        )
    return {"sources": items}


def _baseline(desk: Desk, treaty: Treaty) -> str | None:
    seed = desk.seed(treaty.reference)
    return wire.day(seed.dated) if seed else None


def held(desk: Desk, *, everything: bool = False) -> dict[str, Any]:
    """Return what the gate holds back, oldest first."""
    with desk.storage.begin(read_only=True) as tx:
        items = tx.held(None if everything else frozenset({HeldState.OPEN}))
    return {
        "held": [
            {
                "id": h.id,
                "treaty": h.treaty,
                "source": h.source,
                "row": h.row,
                "since": wire.instant(h.since),
                "state": h.state.value,
                "document": h.document,
                "findings": [wire.finding(f) for f in h.findings],
                "changes": [wire.change(c) for c in h.changes],
            }
            for h in items
        ]
    }


def deliveries(
    desk: Desk, states: frozenset[DeliveryState] | None = None, *, limit: int | None = None, offset: int = 0
) -> dict[str, Any]:
    """Return the outbox with every attempt, newest first; with `limit`, so many after the first `offset`."""
    with desk.storage.begin(read_only=True) as tx:
        found = tx.deliveries(states, limit=limit, offset=offset, bodies=False)
    return {"deliveries": [wire.delivery(d) for d in found]}


SOUND: dict[str, Any] = {"failing_since": None, "disabled": None, "problem": None}
"""How a channel is of which no failure is known."""


def channels(desk: Desk) -> dict[str, dict[str, Any]]:
    """Return, by name, the channels of which failures are known: since when, and since when and why disabled."""
    with desk.storage.begin(read_only=True) as tx:
        states = tx.channels()
    return {
        s.name: {"failing_since": _maybe(s.failing_since), "disabled": _maybe(s.disabled), "problem": s.problem}
        for s in states
    }


def departures(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    """Return, by subscription, the recipients who have left it, and when."""
    with desk.storage.begin(read_only=True) as tx:
        gone = tx.departures()
    named = {d.subscription for d in gone}
    return {
        name: [{"recipient": d.recipient, "at": wire.instant(d.at)} for d in gone if d.subscription == name]
        for name in named
    }


def _maybe(instant: datetime | None) -> str | None:
    return wire.instant(instant) if instant else None


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the record holds: changes, what is held back now, deliveries by state."""

    changes: int
    held: int
    deliveries: dict[DeliveryState, int]


def totals(desk: Desk) -> Totals:
    """Return how much the record holds, without reading it all."""
    with desk.storage.begin(read_only=True) as tx:
        return Totals(tx.number_of_changes(), len(tx.held(frozenset({HeldState.OPEN}))), tx.tally())


def extracted(reading: Reading, rules: Rules) -> dict[str, Any]:
    """Return what `extract` prints of a saved page: statuses judged on the page's own day, remarks as notes."""
    if reading.refused or reading.snapshot is None:
        return wire.extracted(reading, None, rules, ())
    snapshot = complete(reading.snapshot, rules)
    return wire.extracted(reading, snapshot, rules, remarks(reading, rules))


def remarks(reading: Reading, rules: Rules) -> tuple[Finding, ...]:
    """Return a note for every row whose status is not what a note alone would suggest."""
    if reading.snapshot is None:
        return ()
    snapshot = complete(reading.snapshot, rules)
    law, day = law_of(snapshot, rules), judging_day(snapshot)
    standings = ((p, standing(p, day, law)) for p in snapshot.participations)
    return tuple(Finding(Level.NOTE, "status", s.remark, p.participant.key) for p, s in standings if s.remark)

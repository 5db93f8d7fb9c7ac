"""The pages that show the record: overview, treaty, country, change. Each reads the record once and writes nothing."""

from __future__ import annotations

from datetime import date
from itertools import chain

from fastapi import APIRouter, Request
from starlette.responses import Response

from monitor.domain import wire
from monitor.domain.change import RecordedChange
from monitor.domain.errors import StorageError, UsageError
from monitor.domain.wording import say, summary
from monitor.faces import export, questions
from monitor.faces import known as catalogue
from monitor.faces.questions import Office
from monitor.faces.web import asking, drawing, rendering
from monitor.faces.web.board import Board, Seen
from monitor.faces.web.counter import AtCounter
from monitor.faces.web.matrix import Panel, Strip, lines, strips
from monitor.faces.web.memory import Memory
from monitor.faces.web.passages import fresh, passage
from monitor.faces.web.table import Wanted, chosen
from monitor.pipeline import report
from monitor.storage.interface import HeldState

pages = APIRouter(include_in_schema=False)

RECENT, LISTED = 12, 100
"""Changes on the overview, and on a page of their own."""


@pages.get("/")
def overview(
    request: Request,
    counter: AtCounter,
    on: asking.FormDay = None,
    known: asking.FormDay = None,
    countries: asking.FormWord = None,
    part: asking.FormNumber = 1,
) -> Response:
    """The state of the world at a glance: who stands where, what is to come, what has changed, how fresh it is."""
    office = counter.office()
    seen, some = Seen.of(office, on, known), Panel(office.desk.treaties, part)
    with office.desk.storage.begin(read_only=True) as tx:
        columns = strips(office, tx, counter.memory, seen, some.treaties, _watched(office, countries))
        recent = tx.changes(limit=RECENT)
        held = len(tx.held(frozenset({HeldState.OPEN})))
        coming = Board(office, tx, counter.memory).coming(office.desk.treaties)
    return rendering.page(
        request,
        "overview.html",
        seen=_asked(on, known, office),
        countries=countries or "",
        part=some,
        groups=sorted(office.settings.groups),
        columns=columns,
        lines=lines(columns, _names(office, columns, countries, counter.memory)),
        recent=[_row(c) for c in recent],
        held=held,
        coming=coming,
        shown=RECENT,
        today=office.now.date(),
        sources=report.sources(office.desk, office.now)["sources"],
    )


def _asked(on: date | None, known: date | None, office: Office) -> dict[str, object]:
    return {"on": on, "known": known, "day": on or office.now.date()}


def _names(office: Office, columns: tuple[Strip, ...], word: str | None, memory: Memory) -> dict[str, str]:
    """Return the countries that the table shows, by key."""
    codes = _watched(office, word)
    every = chain.from_iterable(zip(strip.cells, strip.names, strict=True) for strip in columns)
    named = memory.about(columns, "names", lambda: dict(every))
    return named if codes is None else {key: named.get(key) or _name(office, key) for key in codes}


def _watched(office: Office, word: str | None) -> frozenset[str] | None:
    """Return the countries that a form names, by default those of the subscriptions; None for all."""
    if word == "all":
        return None
    if word:
        return office.settings.find_countries(word)
    wanted = [s.countries for s in office.settings.subscriptions]
    if not wanted or None in wanted:
        return None
    return frozenset().union(*(codes for codes in wanted if codes is not None))


def _name(office: Office, key: str) -> str:
    found = office.settings.names.lookup(key)
    return found.name if found else key


def _row(recorded: RecordedChange) -> dict[str, object]:
    """Return a change as lists show it."""
    act = recorded.change.action
    more = {"said": say(recorded.change), "title": recorded.treaty_title, "effect": act.effective if act else None}
    return wire.recorded(recorded) | more


@pages.get("/treaties/{treaty}")
def treaty(  # noqa: PLR0913, PLR0917 - the fields of the page's form
    request: Request,
    counter: AtCounter,
    treaty: asking.TreatyPart,
    on: asking.FormDay = None,
    known: asking.FormDay = None,
    q: asking.FormWord = None,
    status: asking.FormWord = None,
    sort: asking.FormWord = None,
) -> Response:
    """One treaty on a date: map, chart, participations, statements, changes, evidence."""
    office = counter.office()
    found, seen = office.settings.find_treaty(treaty), Seen.of(office, on, known)
    with office.desk.storage.begin(read_only=True) as tx:
        board = Board(office, tx, counter.memory)
        column, steps = board.column(found, seen), board.history(found, seen.at)
        changes = tx.changes(treaty=found.reference, limit=LISTED)
        state = tx.sources_of((found.reference,))
    standings = {key: where for key, (_, where) in column.rows.items()}
    names = {key: row.participant.name for key, (row, _) in column.rows.items()}
    wanted = Wanted(q or "", status or "", sort or "name")
    return rendering.page(
        request,
        "treaty.html",
        treaty=found,
        clauses=catalogue.treaty(office.settings, found.reference),
        column=column,
        head=column.known.snapshot.header if column.known else None,
        statements=column.known.snapshot.statements if column.known else (),
        states=state,
        seen=_asked(on, known, office),
        first=min((s.day for s in steps), default=office.now.date()),
        last=max([s.day for s in steps if s.day > office.now.date()], default=office.now.date()),
        map=drawing.map_of(standings, names, f"World map: {found.title} on {seen.on}; the table below says the same"),
        chart=drawing.chart_of(steps, office.now.date(), seen.on),
        rows=chosen(column, wanted),
        wanted=wanted,
        kind_of=drawing.kind_of,
        changes=[_row(c) for c in changes],
    )


@pages.get("/treaties/{treaty}/participations.csv")
def participations(
    counter: AtCounter, treaty: asking.TreatyPart, on: asking.FormDay = None, known: asking.FormDay = None
) -> Response:
    """The table of one treaty for spreadsheets."""
    office = counter.office()
    found = office.settings.find_treaty(treaty)
    shape = questions.status(office, found.slug, None, on, known)
    headers = {"Content-Disposition": f'attachment; filename="{found.slug}-{shape["on"]}.csv"'}
    return Response(export.exported("csv", shape, {"changes": []}), 200, headers, "text/csv; charset=utf-8")


@pages.get("/countries/{country}")
def country(
    request: Request,
    counter: AtCounter,
    country: asking.CountryPart,
    on: asking.FormDay = None,
    known: asking.FormDay = None,
) -> Response:
    """One country: where it stands in every treaty, its acts in order, what has changed."""
    office = counter.office()
    who = office.settings.names.lookup(country)
    if who is None:
        raise UsageError(f'"{country}" is no known country')
    seen = Seen.of(office, on, known)
    with office.desk.storage.begin(read_only=True) as tx:
        board = Board(office, tx, counter.memory)
        columns = board.columns(office.desk.treaties, seen, who.key)
        changes = tx.changes(participant=who.key, limit=LISTED)
        coming = [i for i in board.coming(office.desk.treaties) if i.participant.key == who.key]
    held = [(c, *c.rows[who.key]) for c in columns if who.key in c.rows]
    acts = [(act, c.treaty) for c, row, _ in held for act in row.actions if act.date and act.date <= seen.on]
    return rendering.page(
        request,
        "country.html",
        who=who,
        groups=sorted(name for name, codes in office.settings.groups.items() if who.code in codes),
        seen=_asked(on, known, office),
        standings=held,
        absent=[c.treaty for c in columns if who.key not in c.rows],
        acts=sorted(acts, key=lambda a: (a[0].date or date.min, a[1].slug), reverse=True),
        coming=coming,
        today=office.now.date(),
        changes=[_row(c) for c in changes],
        kind_of=drawing.kind_of,
    )


@pages.get("/changes")
def changes(request: Request, counter: AtCounter, since: asking.FormDay = None) -> Response:
    """The record of changes, newest first."""
    with counter.office().desk.storage.begin(read_only=True) as tx:
        found, every = tx.changes(since=since, limit=LISTED), tx.number_of_changes()
    return rendering.page(request, "changes.html", changes=[_row(c) for c in found], every=every, since=since)


@pages.get("/changes/{change}")
def change(request: Request, counter: AtCounter, change: asking.IdPart) -> Response:
    """One change: before and after side by side, the documents that show it, and who was told."""
    office = counter.office()
    with office.desk.storage.begin(read_only=True) as tx:
        found = tx.change(change)
        told = tx.deliveries(change=change, bodies=False) if found else ()
    if found is None:
        raise UsageError(f"there is no change {change}")
    return rendering.page(
        request,
        "change.html",
        recorded=found,
        change=found.change,
        summary=summary(found.change, found.treaty_title),
        said=say(found.change),
        passages={side: _passage(office, found, side) for side in ("before", "after")},
        rows=_rows(found),
        deliveries=[wire.delivery(d) for d in told],
    )


def _rows(found: RecordedChange) -> dict[str, list[tuple[str, bool]]]:
    """Return the row before and after in parts, each with whether the other side lacks it."""
    before, after = (proof.excerpt if proof else "" for proof in (found.before, found.after))
    return {"before": fresh(before, after), "after": fresh(after, before)}


def _passage(office: Office, found: RecordedChange, side: str) -> str | None:
    """Return the page's own words about the act, from the kept page; None where they are not to be had."""
    proof = found.before if side == "before" else found.after
    if proof is None or proof.document is None:
        return None
    try:
        body = office.desk.archive.read(proof.document)
    except StorageError:
        return None  # the excerpt that the record itself keeps is shown all the same
    return passage(body, found.change)

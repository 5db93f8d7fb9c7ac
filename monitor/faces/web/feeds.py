"""Feeds of changes per treaty, country and subscription, and the calendar of effects, for readers that come again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from monitor.domain.change import RecordedChange
from monitor.domain.errors import UsageError
from monitor.faces import questions
from monitor.faces.ics import calendar
from monitor.faces.web import asking, atom
from monitor.faces.web.agenda import KINDS, agenda
from monitor.faces.web.answering import marked
from monitor.faces.web.api import Responses, refusals
from monitor.faces.web.board import Board
from monitor.faces.web.counter import AtCounter, InOffice
from monitor.pipeline.upcoming import Coming

feeds = APIRouter(prefix="/feeds", tags=["feeds"])

ENTRIES = 100
"""Changes in one feed."""

SHOWN = timedelta(days=366)
"""How long an effect that has come stays in the calendar."""
REMEMBERED = timedelta(days=3 * 366)
"""How far back changes count for the calendar: no notice of withdrawal runs longer than from here to what is shown."""

ATOM, CALENDAR = "application/atom+xml; charset=utf-8", "text/calendar; charset=utf-8"


def described(media_type: str) -> Responses:
    """Return the description of a feed's answers."""
    kind = media_type.partition(";")[0]
    ok = {"description": "Feed", "content": {kind: {"schema": {"type": "string"}}}}
    given: Responses = {200: ok, 304: {"description": "Not modified"}}
    return given | refusals(401, 404, 422)


@feeds.get("/changes.atom", responses=described(ATOM), response_class=Response)
def all_changes(request: Request, office: InOffice) -> Response:
    """Every change."""
    with office.desk.storage.begin(read_only=True) as tx:
        found = tx.changes(limit=ENTRIES)
    return _feed(request, "changes", "Treaty changes", found)


@feeds.get("/treaties/{treaty}.atom", responses=described(ATOM), response_class=Response)
def of_treaty(request: Request, office: InOffice, treaty: asking.TreatyPart) -> Response:
    """The changes of one treaty."""
    chosen = office.settings.find_treaty(treaty)
    with office.desk.storage.begin(read_only=True) as tx:
        found = tx.changes(treaty=chosen.reference, limit=ENTRIES)
    return _feed(request, f"treaty {chosen.reference}", f"Changes: {chosen.title}", found)


@feeds.get("/countries/{country}.atom", responses=described(ATOM), response_class=Response)
def of_country(request: Request, office: InOffice, country: asking.CountryPart) -> Response:
    """The changes of one country, or of a group's countries."""
    people = questions.people(office.settings, country)
    with office.desk.storage.begin(read_only=True) as tx:
        every = [change for who in people for change in tx.changes(participant=who.key, limit=ENTRIES)]
    every.sort(key=lambda c: c.first_seen, reverse=True)
    name = people[0].name if len(people) == 1 else country
    code = people[0].key if len(people) == 1 else country.lower()
    return _feed(request, f"country {code}", f"Changes: {name}", tuple(every[:ENTRIES]))


@feeds.get("/subscriptions/{name}.atom", responses=described(ATOM), response_class=Response)
def of_subscription(
    request: Request, office: InOffice, name: Annotated[str, Path(min_length=1, max_length=200)]
) -> Response:
    """The changes that a subscription tells of, those from before it began included."""
    chosen = next((s for s in office.settings.subscriptions if s.name == name), None)
    if chosen is None:
        raise UsageError(f'there is no subscription "{name}"')
    with office.desk.storage.begin(read_only=True) as tx:
        found = tx.changes_for(chosen, ENTRIES)
    return _feed(request, f"subscription {name}", f"Changes: {name}", found)


@feeds.get("/upcoming.ics", responses=described(CALENDAR), response_class=Response)
def effects(
    request: Request, counter: AtCounter, treaty: asking.TreatyWord = None, country: asking.CountryWord = None
) -> Response:
    """Effects to come, those of the past year, and those taken back (cancelled), each under an id that stays."""
    office = counter.office()
    chosen = office.settings.find_treaty(treaty) if treaty else None
    reference = chosen.reference if chosen else None
    codes, today = office.settings.find_countries(country) if country else None, office.now.date()
    with office.desk.storage.begin(read_only=True) as tx:
        board = Board(office, tx, counter.memory)
        coming = board.coming((chosen,) if chosen else office.desk.treaties)

        def write() -> bytes:
            changes = tx.changes(treaty=reference, participant=codes, kinds=KINDS, since=today - REMEMBERED)
            return _book(coming, changes, codes, today)

        body = counter.memory.about((coming,), ("calendar", reference, codes, today, tx.number_of_changes()), write)
    return marked(request, body, CALENDAR)


def _book(
    coming: Iterable[Coming], changes: tuple[RecordedChange, ...], codes: frozenset[str] | None, today: date
) -> bytes:
    items = (i.shape() for i in coming if codes is None or i.participant.key in codes)
    shown = agenda(items, reversed(changes), since=today - SHOWN)
    return calendar(shown, datetime.combine(today, time.min, UTC))


def _feed(request: Request, name: str, title: str, found: tuple[RecordedChange, ...]) -> Response:
    base = str(request.base_url).rstrip("/")
    return marked(request, atom.write(atom.Feed(name, title, base, quote(request.url.path)), found), ATOM)

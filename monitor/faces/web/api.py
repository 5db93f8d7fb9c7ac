"""The API under /api/v1: what the command line prints as JSON, in the same shapes and by the same words."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from monitor.domain import wire
from monitor.domain.delivery import DeliveryState
from monitor.domain.errors import UsageError
from monitor.faces import known as catalogue
from monitor.faces import questions
from monitor.faces.web import asking, shapes
from monitor.faces.web.answering import Part, answer, listed, one_part
from monitor.faces.web.board import upcoming_effects
from monitor.faces.web.counter import AtCounter, InOffice
from monitor.faces.web.problems import MEDIA_TYPE
from monitor.pipeline import report

Shape = dict[str, Any]

DEFAULT = 1000
"""Items of an answer that asks for no other number: all rows of any one treaty."""


Responses = dict[int | str, dict[str, Any]]


def refusals(*codes: int) -> Responses:
    """Return the descriptions of answers that refuse a request."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {code: {"description": "Problem", "content": {MEDIA_TYPE: {"schema": schema}}} for code in codes}


def answers(model: Any) -> Responses:
    """Return the description of a GET: its shape, 304 for what the asker has already, and its refusals."""
    given: Responses = {200: {"model": model}, 304: {"description": "Not modified"}}
    return given | refusals(401, 404, 422)


def done(model: Any) -> Responses:
    """Return the description of a decision: its shape, and its refusals."""
    given: Responses = {200: {"model": model}}
    return given | refusals(401, 403, 404, 422)


api = APIRouter(prefix="/api/v1")


@api.get("/status", tags=["record"], responses=answers(shapes.StatusAnswer))
def status(  # noqa: PLR0913, PLR0917 - the parameters of the address, each described
    request: Request,
    office: InOffice,
    treaty: asking.TreatyWord = None,
    country: asking.CountryWord = None,
    on: asking.On = None,
    known: asking.AsKnown = None,
    limit: asking.Limit = DEFAULT,
    offset: asking.Offset = 0,
) -> Response:
    """Who stands where, on a legal date, as known on a date."""
    question = questions.asked(office, treaty, country, on, known)
    if question.participants is not None:
        shape = report.status(office.desk, question, office.now)
        return listed(request, shape, "participations", Part(limit, offset))
    shape, total = report.part_of_status(office.desk, question, office.now, limit, offset)
    return one_part(request, shape, Part(limit, offset), total)


@api.get("/changes", tags=["record"], responses=answers(shapes.ChangesAnswer))
def changes(  # noqa: PLR0913, PLR0917 - same
    request: Request,
    office: InOffice,
    treaty: asking.TreatyWord = None,
    country: asking.CountryWord = None,
    kind: asking.Kinds = None,
    since: asking.Since = None,
    limit: asking.Limit = DEFAULT,
    offset: asking.Offset = 0,
) -> Response:
    """The record of changes, newest first, with evidence."""
    wanted = questions.wanted(office.settings, treaty, country, list(kind or ()), since)
    shape, total = report.changes(office.desk, wanted, limit, offset), report.number_of_changes(office.desk, wanted)
    return one_part(request, shape, Part(limit, offset), total)


@api.get("/changes/{change}", tags=["record"], responses=answers(shapes.Change))
def change(request: Request, office: InOffice, change: asking.IdPart) -> Response:
    """One change of the record."""
    with office.desk.storage.begin(read_only=True) as tx:
        found = tx.change(change)
    if found is None:
        raise UsageError(f"there is no change {change}")
    return answer(request, wire.recorded(found))


@api.get("/upcoming", tags=["record"], responses=answers(shapes.UpcomingAnswer))
def upcoming(
    request: Request,
    counter: AtCounter,
    treaty: asking.TreatyWord = None,
    country: asking.CountryWord = None,
    limit: asking.Limit = DEFAULT,
    offset: asking.Offset = 0,
) -> Response:
    """Acts that will take effect: date, treaty, State, the clause they rest on."""
    shape = {"upcoming": [item.shape() for item in upcoming_effects(counter, treaty, country)]}
    return listed(request, shape, "upcoming", Part(limit, offset))


@api.get("/claims", tags=["record"], responses=answers(shapes.ClaimsAnswer))
def claims(request: Request, office: InOffice, limit: asking.Limit = DEFAULT, offset: asking.Offset = 0) -> Response:
    """Each claim of the seed article with its verdict and evidence."""
    return listed(request, report.claims(office.desk, office.now), "claims", Part(limit, offset))


@api.get("/sources", tags=["service"], responses=answers(shapes.SourcesAnswer))
def sources(request: Request, office: InOffice, limit: asking.Limit = DEFAULT, offset: asking.Offset = 0) -> Response:
    """Per source: last good reading, age, next due, failures in a row, what is wrong."""
    return listed(request, report.sources(office.desk, office.now), "sources", Part(limit, offset))


@api.get("/held", tags=["service"], responses=answers(shapes.HeldAnswer))
def held(
    request: Request,
    office: InOffice,
    *,
    everything: bool = False,
    limit: asking.Limit = DEFAULT,
    offset: asking.Offset = 0,
) -> Response:
    """Readings held back by the plausibility gate, oldest first; `everything` adds what was decided or has cleared."""
    return listed(request, report.held(office.desk, everything=everything), "held", Part(limit, offset))


@api.get("/deliveries", tags=["service"], responses=answers(shapes.DeliveriesAnswer))
def deliveries(
    request: Request,
    office: InOffice,
    state: asking.States = None,
    limit: asking.Limit = DEFAULT,
    offset: asking.Offset = 0,
) -> Response:
    """The outbox with every attempt, newest first."""
    tally = report.totals(office.desk).deliveries
    shape = report.deliveries(office.desk, frozenset(state) if state else None, limit=limit, offset=offset)
    return one_part(request, shape, Part(limit, offset), sum(tally.get(s, 0) for s in set(state or DeliveryState)))


@api.get("/subscriptions", tags=["service"], responses=answers(shapes.SubscriptionsAnswer))
def subscriptions(
    request: Request, office: InOffice, limit: asking.Limit = DEFAULT, offset: asking.Offset = 0
) -> Response:
    """Who hears of what, over which channels, and when."""
    return listed(request, questions.subscriptions(office), "subscriptions", Part(limit, offset))


@api.get("/channels", tags=["service"], responses=answers(shapes.ChannelsAnswer))
def channels(request: Request, office: InOffice, limit: asking.Limit = DEFAULT, offset: asking.Offset = 0) -> Response:
    """The channels with their options, secrets masked, and what is wrong with them."""
    return listed(request, questions.channels(office), "channels", Part(limit, offset))


@api.get("/treaties", tags=["catalogue"], responses=answers(shapes.TreatiesAnswer))
def treaties(request: Request, office: InOffice, limit: asking.Limit = DEFAULT, offset: asking.Offset = 0) -> Response:
    """The watched treaties, then the rest of the catalogue."""
    return listed(request, catalogue.treaties(office.settings), "treaties", Part(limit, offset))


@api.get("/treaties/{treaty}", tags=["catalogue"], responses=answers(shapes.Treaty))
def treaty(request: Request, office: InOffice, treaty: asking.TreatyPart) -> Response:
    """One treaty: its number, its final clauses, where it is read."""
    return answer(request, catalogue.treaty(office.settings, treaty))


@api.get("/countries", tags=["catalogue"], responses=answers(shapes.CountriesAnswer))
def countries(request: Request, office: InOffice, limit: asking.Limit = DEFAULT, offset: asking.Offset = 0) -> Response:
    """Participants by code and name, and groups such as nato and baltic."""
    return listed(request, catalogue.countries(office.settings), "countries", Part(limit, offset))


@api.get("/countries/{country}", tags=["catalogue"], responses=answers(shapes.Country | shapes.Group))
def country(request: Request, office: InOffice, country: asking.CountryPart) -> Response:
    """What a code, a name or an alias stands for, and its groups; of a group, its members."""
    return answer(request, catalogue.country(office.settings, country))

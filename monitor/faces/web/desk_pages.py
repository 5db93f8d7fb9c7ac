"""The pages for whoever runs the service: claims, sources, what is held back, deliveries, kept documents."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from monitor.domain.delivery import DeliveryState
from monitor.domain.errors import StorageError, UsageError
from monitor.faces.questions import Office
from monitor.faces.web import asking, deciding, rendering
from monitor.faces.web.access import FORM, Access
from monitor.faces.web.counter import AtCounter, Counter
from monitor.pipeline import report

desk_pages = APIRouter(include_in_schema=False)

LISTED = 200
"""Deliveries on their page."""

FormToken = Annotated[str, Form(max_length=500)]


def with_forms(request: Request, template: str, **values: Any) -> Response:
    """Return a page whose forms are bound to this browser by a cookie."""
    access: Access = request.app.state.access
    seed = request.cookies.get(FORM) or secrets.token_urlsafe(24)
    page = rendering.page(request, template, form_token=access.form_token(seed), **values)
    page.set_cookie(FORM, seed, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return page


def bound(request: Request, token: str) -> None:
    """Raise 403 for a form that no page of ours has given to this browser."""
    access: Access = request.app.state.access
    if not access.form_fits(request.cookies.get(FORM, ""), token):
        raise HTTPException(403, "this form is too old or not one of ours; load the page again and repeat")


@desk_pages.get("/claims")
def claims(request: Request, counter: AtCounter) -> Response:
    """Each claim of the seed article with its verdict and evidence."""
    office = counter.office()
    found = report.claims(office.desk, office.now)["claims"]
    return rendering.page(request, "claims.html", claims=found, seeds=office.desk.seeds)


@desk_pages.get("/sources")
def sources(request: Request, counter: AtCounter) -> Response:
    """Each watched page and how it is."""
    office = counter.office()
    return rendering.page(
        request,
        "sources.html",
        sources=report.sources(office.desk, office.now)["sources"],
    )


@desk_pages.get("/held")
def held(request: Request, counter: AtCounter) -> Response:
    """What the gate holds back, with what a person may decide."""
    return _held(request, counter)


def _held(request: Request, counter: Counter) -> Response:
    office = counter.office()
    items = report.held(office.desk, everything=True)["held"]
    named = {t.reference: t.title for t in office.settings.treaties}
    return with_forms(
        request,
        "held.html",
        waiting=[h for h in items if h["state"] == "open"],
        decided=[h for h in reversed(items) if h["state"] != "open"][:LISTED],
        treaty_of=lambda h: named.get(h["treaty"], h["treaty"]),
        who_of=lambda h: _named(office, h["row"]),
    )


def _named(office: Office, row: str | None) -> str:
    """Return whose row is held, by name; a row is known by its participant's key."""
    if row is None:
        return "The whole reading"
    found = office.settings.names.lookup(row)
    return found.name if found else row


@desk_pages.post("/held/{held}/{decision}")
async def decide(
    request: Request, counter: AtCounter, held: asking.IdPart, decision: str, token: FormToken
) -> Response:
    """Accept or reject by a form of the page."""
    bound(request, token)
    work = {"accept": deciding.accept_held, "reject": deciding.reject_held}.get(decision)
    if work is None:
        raise UsageError(f'"{decision}" is no decision')
    await run_in_threadpool(work, counter, held)
    return RedirectResponse("/held", 303)


@desk_pages.get("/deliveries")
def deliveries(request: Request, counter: AtCounter, state: asking.FormWord = None) -> Response:
    """The outbox with every attempt."""
    chosen = frozenset({DeliveryState(state)}) if state in set(DeliveryState) else None
    office = counter.office()
    return with_forms(
        request,
        "deliveries.html",
        deliveries=report.deliveries(office.desk, chosen, limit=LISTED)["deliveries"],
        totals=report.totals(office.desk).deliveries,
        state=state or "",
        states=list(DeliveryState),
    )


@desk_pages.post("/deliveries/{delivery}/retry")
async def retry(request: Request, counter: AtCounter, delivery: asking.IdPart, token: FormToken) -> Response:
    """Try a delivery again by a form of the page."""
    bound(request, token)
    await run_in_threadpool(deciding.retry_delivery, counter, delivery)
    return RedirectResponse("/deliveries", 303)


@desk_pages.get("/documents/{sha256}")
def document(counter: AtCounter, sha256: asking.ShaPart) -> Response:
    """A kept page as plain text: evidence to read, never a page to run."""
    desk = counter.desk_of()
    try:
        body = desk.archive.read(sha256)
    except StorageError as error:
        with desk.storage.begin(read_only=True) as tx:
            given_up = tx.given_up(sha256)
        known = (
            f"the page {sha256} is no longer kept: [retention] gave it up on {given_up:%Y-%m-%d}" if given_up else None
        )
        raise UsageError(known or f"no kept page {sha256}") from error
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Content-Disposition": f'inline; filename="{sha256}.txt"',
        "Cache-Control": "private, max-age=31536000, immutable",
    }
    return Response(body, 200, headers, "text/plain; charset=utf-8")

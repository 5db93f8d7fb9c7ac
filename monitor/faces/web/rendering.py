"""Turns what the record answers into pages: the templates' environment, and how dates, ages and words are written."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse

from monitor.domain.wording import spoken
from monitor.faces.spans import ago, counted, how_often, spaced
from monitor.faces.web.access import SESSION

STATIC = Path(__file__).parent / "static"

STATUS = {
    "party": "Party",
    "contracting": "Consented",
    "signatory": "Signatory",
    "provisional": "Provisional",
    "suspended": "Suspended",
    "former_party": "Left",
    "none": "None",
}
"""Statuses in one word, in the order in which they are listed."""

STATUS_MEANS = {
    "party": "bound by the treaty",
    "contracting": "has consented to be bound; the treaty is not yet in force for it",
    "signatory": "has signed, is not bound",
    "provisional": "applies the treaty provisionally",
    "suspended": "has suspended the treaty",
    "former_party": "was a party and has left",
    "none": "no act on the page",
}


def page(request: Request, template: str, **values: Any) -> HTMLResponse:
    """Return a page. Everything in `values` is escaped where it is shown."""
    signed_in = SESSION in request.cookies
    return HTMLResponse(environment().get_template(template).render(request=request, signed_in=signed_in, **values))


@cache
def environment() -> Environment:
    """Return the templates' environment; an unknown name in a template is an error, never an empty place."""
    made = Environment(
        loader=PackageLoader("monitor.faces.web"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "legal": legal,
        "instant": instant,
        "ago": ago,
        "how_often": how_often,
        "counted": counted,
        "words": spaced,
        "short": short,
    }
    made.globals |= {"STATUS": STATUS, "STATUS_MEANS": STATUS_MEANS, "asset": asset}
    return made


def prepare() -> None:
    """Compile every template: a page's takes 10 to 40 ms, which no first look should wait for."""
    for name in environment().list_templates():
        environment().get_template(name)


@cache
def asset(name: str) -> str:
    """Return the address of a vendored file, which changes with its content."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


@lru_cache(maxsize=10_000)  # of the days of a long page many are the same
def legal(value: str | date | None) -> Markup:
    """Return a legal date as people write it; no time zone ever moves it."""
    if value is None:
        return Markup('<span class="quiet">no date</span>')
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), spoken(day))


def instant(value: str | None) -> Markup:
    """Return an instant in UTC; the page's script writes it in the viewer's zone."""
    if value is None:
        return Markup('<span class="quiet">never</span>')
    shown = datetime.fromisoformat(value)
    return Markup('<time datetime="{}" data-instant>{:%Y-%m-%d %H:%M} UTC</time>').format(value, shown)


def short(sha: str | None) -> str:
    """Return the beginning of a hash."""
    return (sha or "")[:12]

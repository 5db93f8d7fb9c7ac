"""Exchanges the access token for a signed cookie, so that a browser need not carry the token itself."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from monitor.faces.web.access import HOURS, SESSION, Access, address
from monitor.faces.web.desk_pages import FormToken, bound, with_forms
from monitor.faces.web.problems import problem

signing_in = APIRouter(include_in_schema=False)

Token = Annotated[str, Form(max_length=500)]


@signing_in.get("/login")
def login(request: Request, next: str = "/") -> Response:  # noqa: A002 - the parameter's name in addresses
    """The form that asks for the token."""
    return with_forms(request, "login.html", there=_here(next), wrong=False)


@signing_in.post("/login")
def enter(
    request: Request,
    access_token: Token,
    token: FormToken,
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002 - same
) -> Response:
    """Give the cookie to whoever shows the token; guessing is slowed down by address."""
    bound(request, token)
    access: Access = request.app.state.access
    wait = access.failures.wait(address(request))
    if wait:
        detail = f"too many wrong tokens; try again in {wait} seconds"
        return problem(request, 429, detail, headers={"Retry-After": str(wait)})
    if not access.fits(access_token.strip()):
        access.failures.count(address(request))
        answer = with_forms(request, "login.html", there=_here(next), wrong=True)
        answer.status_code = 401
        return answer
    answer = RedirectResponse(_here(next), 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(SESSION, access.session(), max_age=HOURS * 3600, httponly=True, samesite="strict", secure=secure)
    return answer


@signing_in.post("/logout")
def leave() -> Response:
    """Take the cookie back."""
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(SESSION)
    return answer


def _here(there: str) -> str:
    """Return an address of our own; another site's becomes the overview."""
    parts = urlsplit(there)
    inside = not parts.scheme and not parts.netloc and there.startswith("/") and not there.startswith(("//", "/\\"))
    return there if inside else "/"

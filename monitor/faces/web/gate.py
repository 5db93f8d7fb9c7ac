"""The gate before every request: the right host, the right asker, no other site's post; and what answers may do."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.faces.web.access import Access, address
from monitor.faces.web.problems import problem
from monitor.pipeline.leaving import PATH

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
"""What a page may load: nothing from elsewhere, no script or style within the page itself."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # without any, a browser hides even from us where a form comes from
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "private, no-cache",
}
"""Of every answer that has not its own."""

SAFE = {"GET", "HEAD", "OPTIONS"}
OPEN = ("/healthz", "/login", "/static/", PATH)
"""What anybody may ask for: they tell nothing of the record, save to whom a signed word was sent of themselves."""

LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}


class Gate:
    """Lets through what may pass. Does not know what is behind it."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that may not pass; pass on the others, a HEAD as a GET without its body."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        if scope["type"] != "http":
            return  # there are no websockets here
        request = Request(scope, receive)
        headless = scope["method"] == "HEAD"
        sender = _Sender(send, headless=headless)
        refused = self._refusal(request)
        if refused is not None:
            await refused(scope, receive, sender)
            return
        await self._app({**scope, "method": "GET"} if headless else scope, receive, sender)

    def _refusal(self, request: Request) -> Response | None:
        if request.url.path.startswith((PATH, "/static/")):  # a signed word is the right to it, whoever posts it
            return None
        if self._access.open and not self._right_host(request):
            return problem(request, HTTPStatus.MISDIRECTED_REQUEST, "this service is asked under another name")
        if request.method not in SAFE and not from_here(request):
            return problem(request, HTTPStatus.FORBIDDEN, "another site's page may not decide anything here")
        return self._unadmitted(request)

    def _right_host(self, request: Request) -> bool:
        """Whether the header Host names this machine: a name of somebody else's that leads here is an attack."""
        try:
            name = urlsplit(f"//{request.headers.get('host', '')}").hostname
        except ValueError:
            return False
        return name in LOOPBACK_NAMES | {self._access.web.host.lower()}

    def _unadmitted(self, request: Request) -> Response | None:
        path = request.url.path
        if path.startswith(OPEN) or (self._access.open and self._access.demanded is None):
            return None
        if self._access.admitted(request):
            return None
        wait = self._access.failures.wait(address(request))
        if wait:
            detail = f"too many wrong tokens; try again in {wait} seconds"
            return problem(request, HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(wait)})
        if request.method in SAFE and "text/html" in request.headers.get("accept", ""):
            there = path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?next={quote(there)}", HTTPStatus.SEE_OTHER)
        challenge = {"WWW-Authenticate": 'Bearer realm="treaty-monitor"'}
        return problem(request, HTTPStatus.UNAUTHORIZED, "this address demands the access token", headers=challenge)


def from_here(request: Request) -> bool:
    """Whether a request that changes something comes from one of our pages, or from no page at all.

    What a browser itself says of that (Sec-Fetch-Site) cannot be forged by a page, and holds behind a web server that
    asks us under another name than people do; only where it says nothing does Origin decide.
    """
    said = request.headers.get("sec-fetch-site")
    if said is not None:
        return said in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower() != ""
    except ValueError:
        return False


class _Sender:
    """Adds the headers of every answer, and leaves out the body that a HEAD did not ask for."""

    def __init__(self, send: Send, *, headless: bool) -> None:
        self._send, self._headless = send, headless

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        elif self._headless:
            message = {**message, "body": b""}
        await self._send(message)

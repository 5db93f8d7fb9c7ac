"""Puts the web face together, and serves it in the daemon's own loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from importlib.metadata import version

import uvicorn
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from monitor.domain.errors import StorageError
from monitor.faces.tally import Tally
from monitor.faces.web import problems, rendering
from monitor.faces.web.access import Access
from monitor.faces.web.api import api
from monitor.faces.web.board import upcoming_effects
from monitor.faces.web.counter import Counter
from monitor.faces.web.deciding import deciding
from monitor.faces.web.desk_pages import desk_pages
from monitor.faces.web.feeds import feeds
from monitor.faces.web.gate import Gate
from monitor.faces.web.health import health
from monitor.faces.web.leaving import leaving
from monitor.faces.web.pages import pages
from monitor.faces.web.shapes import Problem
from monitor.faces.web.signing_in import signing_in
from monitor.pipeline.desk import Desk
from monitor.settings import Settings

logger = logging.getLogger(__name__)

ABOUT = """\
Who is party to which treaty, as depositaries' pages say, and what has changed. The shapes are those that the command
line prints as JSON. On an address other than loopback every request needs the access token (`Authorization: Bearer`).
"""


def create_app(
    desk_of: Callable[[], Desk],
    settings_of: Callable[[], Settings],
    clock: Callable[[], datetime],
    tally: Tally | None = None,
) -> FastAPI:
    """Return the application. Desk and configuration are asked for anew by every request: a reload replaces them.

    Raises ConfigurationError for the hash of a token that lies elsewhere and is not there.
    """
    app = FastAPI(
        title="treaty-monitor",
        version=version("treaty-monitor"),
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    access = Access(lambda: settings_of().web, clock)
    _ = access.demanded  # a missing hash is a mistake of the configuration, and said before anybody asks
    app.state.counter, app.state.access = Counter(desk_of, settings_of, clock), access
    app.state.tally = tally or Tally()
    for part in (health, api, deciding, feeds, pages, desk_pages, signing_in, leaving):
        app.include_router(part)
    app.mount("/static", StaticFiles(directory=rendering.STATIC))
    problems.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Gate, access=access)
    _describe(app)
    return app


def _describe(app: FastAPI) -> None:
    """Let the description of the API have the shape of its refusals."""
    described = app.openapi

    def openapi() -> dict[str, object]:
        schema = described()
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        return schema

    app.openapi = openapi  # type: ignore[method-assign] # the way that FastAPI documents


def prepare(app: FastAPI) -> None:
    """Do beforehand what else the first looks would wait for, each some 10 to 40 ms."""
    rendering.prepare()
    with contextlib.suppress(StorageError):  # which a look will tell
        upcoming_effects(app.state.counter)  # shown on nearly every page


@contextlib.asynccontextmanager
async def serving(app: FastAPI, host: str, port: int) -> AsyncIterator[str | None]:
    """Serve while the block lasts, in this loop; yield the page's address, None where it is not to be had."""
    listening = _listening(host, port)
    if listening is None:
        yield None
        return
    server = _Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", server_header=False, timeout_graceful_shutdown=5
        )
    )
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await asyncio.to_thread(prepare, app)
        yield _address(listening)
    finally:
        server.should_exit = True
        await task


class _Server(uvicorn.Server):
    """A server that leaves signals to the daemon."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal."""
        yield


def _listening(host: str, port: int) -> socket.socket | None:
    """Return the listening socket; where there can be none, say so once: the daemon goes on without the page."""
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(place[:2], family=family, backlog=128)
    except OSError as error:
        logger.error(  # noqa: TRY400 - a trace would tell no more
            "the page cannot be served on %s port %d: %s; going on without it (see [web] listen)",
            *(host, port, error.strerror or error),
        )
        return None


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

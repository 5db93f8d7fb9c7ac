"""What goes wrong in a request, as RFC 9457 problem details for programs and as a page for people."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from monitor.domain.errors import ConfigurationError, MonitorError, StorageError, UsageError
from monitor.faces.web.rendering import page as page_of

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, Any]] | None = None,
) -> Response:
    """Return the answer to a request that failed, in the form that its sender reads."""
    title = HTTPStatus(status).phrase
    if _for_people(request):
        page = page_of(request, "problem.html", title=title, status=status, detail=detail)
        page.status_code = status
        page.headers.update(headers or {})
        return page
    shape = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request.url.path}
    shape |= {"errors": errors} if errors else {}
    return JSONResponse(shape, status, dict(headers or {}), MEDIA_TYPE)


def _for_people(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def install(app: FastAPI) -> None:
    """Make every error of the application a problem; what nobody foresaw is logged with its trace, told without."""
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(MonitorError, _of_monitor)
    app.add_exception_handler(Exception, _unforeseen)


async def _of_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError("only for HTTP exceptions")
    headers = dict(error.headers or {})
    if headers.get("Allow") == "GET":
        headers["Allow"] = "GET, HEAD"  # the gate turns a HEAD into a GET, of which the routes know nothing
    return problem(request, error.status_code, str(error.detail), headers=headers)


async def _of_validation(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError("only for requests that do not fit")
    errors = [{"where": ".".join(map(str, e["loc"])), "detail": e["msg"]} for e in error.errors()]
    said = "; ".join(f"{e['where']}: {e['detail']}" for e in errors)
    return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, said, errors=errors)


async def _of_monitor(request: Request, error: Exception) -> Response:
    if isinstance(error, UsageError):  # a treaty, a country, an id that nobody knows; what has no form is told above
        return problem(request, HTTPStatus.NOT_FOUND, str(error))
    logger.error("%s %s: %s", request.method, request.url.path, error)
    unusable = isinstance(error, StorageError | ConfigurationError)
    status = HTTPStatus.SERVICE_UNAVAILABLE if unusable else HTTPStatus.INTERNAL_SERVER_ERROR
    return problem(request, status, "the record cannot be used at present; the log says why")


async def _unforeseen(request: Request, error: Exception) -> Response:
    logger.error("unforeseen in %s %s", request.method, request.url.path, exc_info=error)
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong that nobody foresaw; see the log")

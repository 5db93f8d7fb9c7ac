"""JSON answers of the API: one page of a list, links to its neighbours, and a mark by which a repeat costs nothing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from fastapi import Request
from starlette.responses import Response

Shape = dict[str, Any]

_AGE = re.compile(rb'"age_seconds":\d+')


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is asked for."""

    limit: int
    offset: int


def listed(request: Request, shape: Shape, key: str, part: Part) -> Response:
    """Answer with one part of the list under `key`; the header Link leads to the other parts."""
    items = shape[key]
    return one_part(request, shape | {key: items[part.offset : part.offset + part.limit]}, part, len(items))


def one_part(request: Request, shape: Shape, part: Part, total: int) -> Response:
    """Answer with a part of a list that has been cut out already; `total` is how many items the whole has."""
    links = [f'<{_address(request, offset)}>; rel="{rel}"' for rel, offset in _neighbours(total, part)]
    return answer(request, shape, {"Link": ", ".join(links), "X-Total-Count": str(total)})


def _neighbours(total: int, part: Part) -> list[tuple[str, int]]:
    found = [("first", 0)]
    if part.offset:
        found.append(("prev", max(0, part.offset - part.limit)))
    if part.offset + part.limit < total:
        found.append(("next", part.offset + part.limit))
    return found


def _address(request: Request, offset: int) -> str:
    there = request.url.include_query_params(offset=offset)
    return f"{there.path}?{there.query}"


def answer(request: Request, shape: Shape, headers: dict[str, str] | None = None) -> Response:
    """Answer with one JSON document, or with 304 where the asker has it already."""
    body = json.dumps(shape, ensure_ascii=False, separators=(",", ":")).encode()
    return marked(request, body, "application/json", headers)


def marked(request: Request, body: bytes, media_type: str, headers: dict[str, str] | None = None) -> Response:
    """Answer with a body and its mark, or with 304.

    Ages grow every second and are left out of the mark, which is weak therefore: what differs in ages alone is the
    same answer.
    """
    etag = f'W/"{sha256(_AGE.sub(b"", body)).hexdigest()[:32]}"'
    told = {"ETag": etag, "Cache-Control": "private, no-cache"} | (headers or {})
    asked = {mark.strip() for mark in request.headers.get("if-none-match", "").split(",")}
    if asked & {etag, etag.removeprefix("W/"), "*"}:
        return Response(status_code=304, headers=told)
    return Response(body, 200, told, media_type)

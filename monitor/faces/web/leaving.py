"""Where a recipient leaves a subscription by the link in a mail: a form for people, one click for mail programs.

The word in the address is signed and is all that is needed; a look at it changes nothing, since mail scanners look at
every link (RFC 8058, 1).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from monitor.faces.web import rendering
from monitor.faces.web.counter import AtCounter
from monitor.pipeline import leaving as record

leaving = APIRouter(include_in_schema=False)

Word = Annotated[str, Path(max_length=4000)]


@leaving.get(record.PATH + "{word}")
def ask(request: Request, counter: AtCounter, word: Word) -> Response:
    """The form that asks whether it is meant; changes nothing."""
    subscription, recipient = record.whom(counter.desk_of(), word)
    return rendering.page(request, "leaving.html", subscription=subscription, recipient=recipient, done=False)


@leaving.post(record.PATH + "{word}")
def leave(request: Request, counter: AtCounter, word: Word) -> Response:
    """Take leave; again is as good as once."""
    gone = record.unsubscribe(counter.desk_of(), word, counter.clock())
    return rendering.page(request, "leaving.html", subscription=gone.subscription, recipient=gone.recipient, done=True)

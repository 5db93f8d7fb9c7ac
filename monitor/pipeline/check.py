"""Checks one source: fetch, read, examine, compare, and commit snapshot, changes and deliveries in one transaction.

fetch ──> same as before? ──> read ──> believable? ──> compare ──> hold back? ──> commit
|             |               |           |
v             v               v           v
unreachable    unchanged        refused     refused        (each a value, never the end of the round)
"""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from datetime import datetime

from monitor.domain.document import Document
from monitor.domain.errors import DisallowedError, SourceError
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.fetching.interface import NotModified, Request
from monitor.pipeline.books import Books
from monitor.pipeline.desk import Desk
from monitor.pipeline.examine import examined
from monitor.pipeline.outcome import Checked, failed, state_of, validators
from monitor.storage.interface import Condition, SourceState


async def check(
    desk: Desk, treaty: Treaty, source: WatchedSource, now: datetime, books: Books | None = None
) -> Checked:
    """Check one source once. Never raises for what the network or the page may bring; storage errors rise.

    With the books of a round, a check that finds nothing new is noted there, and entered by whoever keeps them.
    """
    state = books.state(treaty, source) if books else await asyncio.to_thread(_state, desk, treaty, source)
    try:
        answer = await desk.fetcher.fetch(Request(source.url, _validators_of(desk, state), source.obey_robots))
    except DisallowedError as error:
        return await asyncio.to_thread(failed, desk, treaty, source, now, Condition.DISALLOWED, str(error))
    except SourceError as error:
        return await asyncio.to_thread(failed, desk, treaty, source, now, Condition.UNREACHABLE, str(error))
    desk.step("fetched")
    if books and books.at_rest(state, now.date()) and _same(desk, state, answer):
        books.enter(state, _given(answer), now)
        return Checked(treaty, source, "unchanged")
    async with books.reading if books else nullcontext():
        return await asyncio.to_thread(examined, desk, treaty, source, answer, now, state)


def _state(desk: Desk, treaty: Treaty, source: WatchedSource) -> SourceState:
    with desk.storage.begin(read_only=True) as tx:
        return state_of(tx, treaty, source)


def _same(desk: Desk, state: SourceState, answer: Document | NotModified) -> bool:
    """Whether the page's meaningful regions are those of the last reading."""
    return isinstance(answer, NotModified) or desk.readers[state.source].fingerprint(answer.body) == state.fingerprint


def _given(answer: Document | NotModified) -> dict[str, str] | None:
    return validators(answer) if isinstance(answer, Document) else None


def _validators_of(desk: Desk, state: SourceState) -> dict[str, str]:
    """Return what the request repeats: nothing when the reader has changed, so that the page is read again."""
    return state.validators if state.reader == desk.reads(state.treaty) else {}

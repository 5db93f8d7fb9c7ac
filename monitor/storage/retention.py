"""The part of a transaction that gives up what nobody needs any more, and never the evidence of an alert.

A page is given up in two steps, each a transaction: the record forgets it, then its file is removed. Nobody enters a
page while either goes on. A kill in between leaves a file that the next run removes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    bindparam,
    delete,
    exists,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)

from monitor.domain.delivery import DeliveryState, Outcome
from monitor.storage import tables
from monitor.storage.interface import KeptPage
from monitor.storage.writing import add_new

_PAGE = (tables.document.c.treaty, tables.document.c.source, tables.document.c.sha256)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NO_TEXT = sha256(b"").hexdigest()


class Retention:
    """Says what rests on what. Does not decide how long anything is kept."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def dispensable(self, before: datetime, limit: int) -> tuple[KeptPage, ...]:
        """Return pages that nothing rests on and that were no longer current before an instant, the oldest first.

        A page is needed while a change or something held names it, a reading known since then shows it, another page
        rests on it, or no later page of its source had come by then.
        """
        query = select(*_PAGE).where(*_unneeded(before)).order_by(tables.document.c.fetched_at, *_PAGE)
        old = [KeptPage(*row) for row in self._connection.execute(query)]
        named = self._named({page.sha256 for page in old})
        return tuple(islice((page for page in old if page.sha256 not in named), limit))

    def _named(self, among: set[str]) -> set[str]:
        """Return those of these pages that any change of the record names, wherever in it."""
        if not among:
            return set()
        told = select(type_coerce(tables.change.c.recorded, Text)).execution_options(yield_per=1_000)
        return {sha for each in self._connection.scalars(told) for sha in _SHA256.findall(each) if sha in among}

    def forget(self, pages: Iterable[KeptPage], before: datetime, now: datetime) -> int:
        """Note that these pages are given up, save those that have come to be needed since; return how many."""
        self._lock()
        wanted = [(page.treaty, page.source, page.sha256) for page in pages]
        these = update(tables.document).where(tuple_(*_PAGE).in_(wanted), *_unneeded(before))
        return self._connection.execute(these.values(forgotten=now)).rowcount if wanted else 0

    def forgotten(self, limit: int) -> tuple[str, ...]:
        """Return the SHA-256 of pages whose files are to be removed in this transaction: none is entered meanwhile."""
        self._lock()
        page, same = tables.document.c, tables.document.alias("same").c
        needed = exists().where(or_(same.sha256 == page.sha256, same.base == page.sha256), same.forgotten.is_(None))
        query = select(page.sha256).where(page.forgotten.is_not(None), page.removed.is_(None), ~needed)
        return tuple(self._connection.scalars(query.distinct().limit(limit)))

    def removed(self, shas: Collection[str], now: datetime) -> None:
        """Note that the files of these pages are gone."""
        column = tables.document.c
        these = update(tables.document).where(column.sha256.in_(shas), column.removed.is_(None))
        self._connection.execute(these.values(removed=now))

    def doubtful(self, shas: Iterable[str | None]) -> bool:
        """Return whether any of these pages has been given up, so that its file may be gone when this is asked."""
        return self._connection.execute(_gone(), {"shas": [sha for sha in shas if sha]}).first() is not None

    def given_up(self, sha: str) -> datetime | None:
        """Return when a page was given up, or None for one that is kept or was never known."""
        column = tables.document.c
        when = list(self._connection.scalars(select(column.forgotten).where(column.sha256 == sha)))
        return max(filter(None, when), default=None) if all(when) else None

    def thin_out(self, before: datetime, limit: int) -> int:
        """Drop the texts and the failed attempts of messages that arrived before an instant; return of how many.

        Their ids stay, or they might be sent again, and so does when each arrived.
        """
        column, tried = tables.delivery.c, tables.attempt.c
        lately = exists().where(tried.delivery == column.id, tried.at >= before)
        arrived = (column.state == DeliveryState.SENT, column.created < before, column.body != _NO_TEXT, ~lately)
        found = self._connection.execute(select(column.id, column.body).where(*arrived).limit(limit)).all()
        if found:
            ids = [row.id for row in found]
            add_new(self._connection, tables.body, "sha256", [{"sha256": _NO_TEXT, "body": ""}])
            self._connection.execute(update(tables.delivery).where(column.id.in_(ids)).values(body=_NO_TEXT))
            self._connection.execute(
                delete(tables.attempt).where(tried.delivery.in_(ids), tried.outcome != Outcome.SENT)
            )
            self._drop_texts({row.body for row in found})
        return len(found)

    def _drop_texts(self, shas: set[str]) -> None:
        """Drop those of these texts that no message has any more."""
        used = {
            sha
            for table in (tables.delivery, tables.gathered)
            for sha in self._connection.scalars(select(table.c.body).where(table.c.body.in_(shas)).distinct())
        }
        self._connection.execute(delete(tables.body).where(tables.body.c.sha256.in_(shas - used)))

    def _lock(self) -> None:
        """Let nobody enter a page until this transaction ends. SQLite has one writer anyhow."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE document IN EXCLUSIVE MODE"))


@cache
def _gone() -> Select[Any]:
    """Return the question which pages of a list have been given up; who gives one up at this moment is waited for."""
    column = tables.document.c
    query = select(column.sha256).where(column.sha256.in_(bindparam("shas", expanding=True)))
    return query.where(column.forgotten.is_not(None)).with_for_update()


def _unneeded(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions, without the changes', for a page that was no longer needed before an instant."""
    page, reading, held = tables.document.c, tables.reading.c, tables.held.c
    later, upon = tables.document.alias("later").c, tables.document.alias("upon").c
    replaced = exists().where(
        later.treaty == page.treaty,
        later.source == page.source,
        later.fetched_at > page.fetched_at,
        later.fetched_at < before,
    )
    shown = exists().where(
        reading.treaty == page.treaty,
        reading.source == page.source,
        or_(reading.document == page.sha256, reading.seen_document == page.sha256),
        or_(reading.known_to.is_(None), reading.known_to >= before),
    )
    rested_on = exists().where(upon.base == page.sha256, upon.forgotten.is_(None))
    return (page.forgotten.is_(None), replaced, ~shown, ~exists().where(held.document == page.sha256), ~rested_on)

"""Keeps what was read from the record until the page it came from has been checked again.

Reading 200 rows of a page from the database costs milliseconds, a hundred pages a second: too long for every look at
the overview. A check writes the source's row in the same transaction as the page's, so that row tells what is stale.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar, cast

from monitor.storage.interface import Known, SourceState, Storage, Transaction

T = TypeVar("T")

MOST = 600
"""Things kept at least: some pages as they were known, and what has been worked out of them."""
PER_TREATY = 12
"""Things kept for each watched treaty: of two or three days what is known, who stands where, what is to come."""


@dataclass(slots=True)
class Memory:
    """The things used last, by key. Two threads may work out the same thing at once; either answer is right."""

    most: int = MOST
    _things: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a key, or make it and keep it."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return cast("T", self._things[key])
        made = make()
        with self._lock:
            self._things[key] = made
            while len(self._things) > self.most:
                self._things.popitem(last=False)
        return made

    def about(self, things: tuple[object, ...], key: Hashable, make: Callable[[], T]) -> T:
        """Return what is worked out of things that are themselves kept; their identity is part of the key.

        They are kept along with it: an identity is only that of one thing while that thing is there.
        """
        return self.of((tuple(id(thing) for thing in things), key), lambda: (things, make()))[1]


@dataclass(frozen=True, slots=True)
class RememberingStorage:
    """A storage that only reads, waits for no writer, and reads each page once between two checks."""

    storage: Storage
    memory: Memory

    @contextmanager
    def begin(self, *, read_only: bool = True) -> Iterator[Transaction]:
        """Return a context that reads one state of the record."""
        if not read_only:
            read_only = True  # the reports open transactions as if to write; a face that shows never does
        with self.storage.begin(read_only=read_only) as tx:
            yield cast("Transaction", _Remembering(tx, self.memory))

    def compact(self) -> int:
        """Leave the database as it is: it belongs to the desk."""
        return 0

    def close(self) -> None:
        """Leave the database open: it belongs to the desk."""


class _Remembering:
    """A transaction whose pages are remembered. What it does not know itself, the transaction behind it answers."""

    def __init__(self, tx: Transaction, memory: Memory) -> None:
        self._tx, self._memory = tx, memory
        self._states: tuple[SourceState, ...] | None = None
        self._by_treaty: dict[str, list[SourceState]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def sources(self) -> tuple[SourceState, ...]:
        if self._states is None:
            self._states = self._tx.sources()
            for state in self._states:
                self._by_treaty.setdefault(state.treaty, []).append(state)
        return self._states

    def source(self, treaty: str, source: str) -> SourceState | None:
        return next((s for s in self._of(treaty) if s.source == source), None)

    def latest(self, treaty: str, source: str) -> Known | None:
        key = ("latest", treaty, source, self._mark(treaty))
        return self._memory.of(key, lambda: self._tx.latest(treaty, source))

    def known(self, treaty: str, at: datetime) -> tuple[Known, ...]:
        mark = self._mark(treaty)
        past = at if any(checked is None or at < checked for _, checked, *_ in mark) else None
        return self._memory.of(("known", treaty, past, mark), lambda: self._tx.known(treaty, at))

    def _mark(self, treaty: str) -> tuple[tuple[Any, ...], ...]:
        """Return what changes whenever a page of the treaty is read anew."""
        return tuple((s.source, s.last_checked, s.last_good, s.fingerprint, s.reader) for s in self._of(treaty))

    def _of(self, treaty: str) -> list[SourceState]:
        self.sources()
        return self._by_treaty.get(treaty, [])

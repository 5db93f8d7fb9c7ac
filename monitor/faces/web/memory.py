"""Keeps what was read from the record until something else is known of the page it came from.

Reading 200 rows of a page from the database costs milliseconds, a hundred pages a second: too long for every look at
the overview. Which reading each page rests on is asked once for each look; a check that finds nothing new leaves it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar, cast

from monitor.storage.interface import Known, Storage, Transaction

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


Page = tuple[str, str]
"""A treaty's number and a source's key."""
Mark = tuple[tuple[str, int, datetime], ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """By treaty, what changes whenever something else is known of a page of it: no more than a page's own check may."""

    _by_treaty: dict[str, Mark]

    @classmethod
    def of(cls, tx: Transaction) -> Marks:
        """Return those of the record as this transaction sees it."""
        found: dict[str, Mark] = {}
        for (treaty, source), (number, seen_at) in sorted(tx.seen().items()):
            found[treaty] = (*found.get(treaty, ()), (source, number, seen_at))
        return cls(found)

    def of_treaty(self, treaty: str) -> Mark:
        """Return the mark of a treaty; of one that was never read, nothing."""
        return self._by_treaty.get(treaty, ())

    def at(self, treaty: str, at: datetime) -> tuple[Mark, datetime | None]:
        """Return the mark of what was known at an instant: from the last reading on it is what is known now."""
        mark = self.of_treaty(treaty)
        return mark, None if all(seen_at <= at for *_, seen_at in mark) else at


def marks_of(tx: Transaction) -> Marks:
    """Return the marks of the record as this transaction sees it, read once for each."""
    return tx.marks if isinstance(tx, _Remembering) else Marks.of(tx)


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

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    @cached_property
    def marks(self) -> Marks:
        return Marks.of(self._tx)

    def latest(self, treaty: str, source: str) -> Known | None:
        key = ("latest", treaty, source, self.marks.of_treaty(treaty))
        return self._memory.of(key, lambda: self._tx.latest(treaty, source))

    def known(self, treaty: str, at: datetime) -> tuple[Known, ...]:
        return self._memory.of(("known", treaty, self.marks.at(treaty, at)), lambda: self._tx.known(treaty, at))

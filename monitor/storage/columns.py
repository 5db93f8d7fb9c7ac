"""Column types that both databases understand: UTC instants, the domain's words, and values as JSON text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from monitor.storage.payload import dump, load

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC: `timestamptz` in PostgreSQL, text of fixed width (which sorts) in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 signature of SQLAlchemy
        """Return the instant in UTC; a naive one is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} is no instant: it names no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 signature of SQLAlchemy
        """Return the instant with its zone, which SQLite does not keep."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Answer(TypeDecorator[str]):
    """What another machine said, whatever its bytes: what no database can keep becomes U+FFFD.

    An answer must never keep the outcome of an attempt from being written.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 signature of SQLAlchemy
        """Return the text without NUL (PostgreSQL has none) and without half characters (UTF-8 has none)."""
        return None if value is None else _UNKEEPABLE.sub("\N{REPLACEMENT CHARACTER}", value)


class Word(TypeDecorator[StrEnum]):
    """One of the domain's words, kept as the outer contract spells it."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        self.words = words
        super().__init__()

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 signature of SQLAlchemy
        """Return the word as a plain string."""
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 signature of SQLAlchemy
        """Return the member that the string names."""
        return None if value is None else self.words(value)


class Payload(TypeDecorator[Any]):
    """A value of the given type, kept as JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        self.kind = kind
        super().__init__()

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002 signature of SQLAlchemy
        """Return the value's text."""
        return None if value is None else dump(self.kind, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 signature of SQLAlchemy
        """Return the value."""
        return None if value is None else load(self.kind, value)

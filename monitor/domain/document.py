"""A page as it was fetched: bytes, address, time, and the headers that a later request repeats."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256


@dataclass(frozen=True)
class Document:
    """One fetched page. `fetched_at` is an aware UTC instant; `headers` the response's, names in lower case."""

    url: str
    body: bytes
    fetched_at: datetime
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        """The name under which the body is kept as evidence (hex)."""
        return sha256(self.body).hexdigest()

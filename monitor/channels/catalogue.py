"""The types that a channel can have, of this package and of others by entry point, and what a webhook's body is."""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from importlib.resources import files
from typing import Any

OWN = ("apprise", "atom", "console", "email", "file", "webhook")
GROUP = "monitor.channels"
"""Entry points of other packages: each names a Factory (see `registry`) under the type that it serves."""


def foreign_types() -> tuple[str, ...]:
    """Return the types of other packages that are installed; none of them can replace one of our own."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)} - {*OWN}))


def channel_types() -> tuple[str, ...]:
    """Return every type that a channel can have."""
    return tuple(sorted((*OWN, *foreign_types())))


def webhook_schema() -> dict[str, Any]:
    """Return the JSON Schema of every body that a webhook carries."""
    schema: dict[str, Any] = json.loads(files("monitor.channels").joinpath("webhook_schema.json").read_text("utf-8"))
    return schema

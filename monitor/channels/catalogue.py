"""The types that a channel can have: those of this package, and those that other packages add by entry point."""

from __future__ import annotations

from importlib.metadata import entry_points

OWN = ("apprise", "atom", "console", "email", "file", "webhook")
GROUP = "monitor.channels"
"""Entry points of other packages: each names a Factory (see `registry`) under the type that it serves."""


def foreign_types() -> tuple[str, ...]:
    """Return the types of other packages that are installed; none of them can replace one of our own."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)} - {*OWN}))


def channel_types() -> tuple[str, ...]:
    """Return every type that a channel can have."""
    return tuple(sorted((*OWN, *foreign_types())))

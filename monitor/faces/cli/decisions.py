"""What `held accept` and `held reject` do: each opens the record, decides once, and closes it."""

from __future__ import annotations

import asyncio
from typing import Any

from monitor import bootstrap
from monitor.faces import decisions
from monitor.faces.clock import utc_now
from monitor.settings import Settings


def accept(settings: Settings, wanted: str) -> dict[str, Any]:
    """Accept what is held under this id; return the shape of the check that publishes it. Raises UsageError."""
    return asyncio.run(_accept(settings, wanted))


async def _accept(settings: Settings, wanted: str) -> dict[str, Any]:
    async with bootstrap.build(settings, patient=False) as desk:
        return await asyncio.to_thread(decisions.accept, desk, wanted, utc_now())


def reject(settings: Settings, wanted: str) -> dict[str, Any]:
    """Reject what is held under this id, and return it. Raises UsageError."""
    with bootstrap.record(settings) as desk:
        return decisions.reject(desk, wanted)

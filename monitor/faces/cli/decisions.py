"""What `held accept` and `held reject` do."""

from __future__ import annotations

import asyncio
from typing import Any

from monitor import bootstrap
from monitor.faces.clock import utc_now
from monitor.pipeline import decide, report, rounds
from monitor.settings import Settings


def accept(settings: Settings, wanted: str) -> dict[str, Any]:
    """Accept what is held under this id; return the shape of the check that publishes it. Raises UsageError."""
    return asyncio.run(_accept(settings, wanted))


async def _accept(settings: Settings, wanted: str) -> dict[str, Any]:
    async with bootstrap.build(settings, patient=False) as desk:
        return rounds.shape((await asyncio.to_thread(decide.accept, desk, wanted, utc_now()),))


def reject(settings: Settings, wanted: str) -> dict[str, Any]:
    """Reject what is held under this id, and return it. Raises UsageError."""
    with bootstrap.record(settings) as desk:
        decided = decide.reject(desk, wanted)
        shape = report.held(desk, everything=True)
    return {"held": [item for item in shape["held"] if item["id"] == decided.id]}

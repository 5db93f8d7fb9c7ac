"""Measures the memory of a process that goes round after round: it must stay flat.

    .venv/bin/python benchmarks/memory.py [--rounds 10000] [--treaties 5]

The rounds are the pipeline's own over a real record, an hour apart; the pages are the suite's, each with a state and
stamp of its own. Resident memory is printed ten times on the way.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from simulated import Simulated, installation

from monitor.pipeline.rounds import check_round

BEGIN = datetime(2026, 2, 3, 9, tzinfo=UTC)
_PAGE = os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Go the rounds and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10_000)
    parser.add_argument("--treaties", type=int, default=5)
    wanted = parser.parse_args()
    with (
        TemporaryDirectory() as place,
        installation(Path(place), wanted.treaties, BEGIN, noise=1_000) as simulated,
    ):
        asyncio.run(go(simulated, wanted.rounds))


async def go(simulated: Simulated, rounds: int) -> None:
    """Go so many rounds."""
    console = Console()
    for number in range(rounds + 1):
        await check_round(simulated.desk, simulated.desk.watched(), simulated.clock, lambda _: None)
        simulated.now += timedelta(hours=1)
        if number % max(1, rounds // 10) == 0:
            console.print(f"after {number:6} rounds: {resident():6.1f} MB", highlight=False)


def resident() -> float:
    """Return this process's resident memory now, in MB."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE / 1_048_576


if __name__ == "__main__":
    main()

"""All that one run of the suite measured, and the questions that tables, plot and targets ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from measuring import Spread, spread
from micro import Step
from side_by_side import Round
from startup import Help, Start

OURS = "treaty-monitor"
SLOW = "changedetection.io"
PEERS = ("urlwatch", "webchanges", SLOW)


@dataclass(frozen=True, slots=True)
class Results:
    """What was measured. `fast` and `slow` are the rounds beside the peers that were run often, and once.

    `conditions` are lines on machine, versions and load, `failed` on programs that could not be measured. `kept` is in
    bytes per check of an unchanged page, `daemon` the peak of `run` over three rounds in MB.
    """

    conditions: tuple[str, ...]
    pages: int
    fast: tuple[Round, ...]
    slow: tuple[Round, ...]
    help: Help
    start: Start
    kept: float
    steps: tuple[Step, ...]
    daemon: float
    failed: tuple[str, ...] = ()

    @property
    def rounds(self) -> tuple[Round, ...]:
        """All rounds."""
        return (*self.fast, *self.slow)

    @property
    def wrong(self) -> tuple[str, ...]:
        """What made rounds invalid, one line each."""
        rounds = (f"{r.program}, {r.state}, {r.mode}: {'; '.join(r.wrong[:5])}" for r in self.rounds if r.wrong)
        return (*self.failed, *rounds)

    def programs(self, mode: str, state: str) -> tuple[str, ...]:
        """Return the programs measured in such rounds, this one first."""
        names = dict.fromkeys(r.program for r in self.rounds if (r.mode, r.state) == (mode, state))
        return tuple(sorted(names, key=lambda name: (name != OURS, name.split(",")[0] != "urlwatch", name)))

    def of(self, program: str, mode: str, state: str) -> tuple[Round, ...]:
        """Return the rounds of a program; of this one those beside the fast peers, unless there are none."""
        wanted = (program, mode, state)
        return _which(self.fast, wanted) or _which(self.slow, wanted)

    def wall(self, program: str, mode: str, state: str) -> Spread:
        """Return the seconds that such rounds took."""
        return spread([r.taken.wall for r in self.of(program, mode, state)])

    def ratio(self, program: str, mode: str, state: str) -> float | None:
        """Return the median of ours/theirs, each pair from the same repetition; None if it was not measured."""
        for rounds in (self.fast, self.slow):
            theirs = _which(rounds, (program, mode, state))
            if theirs:
                ours = _which(rounds, (OURS, mode, state))
                return median(a.taken.wall / b.taken.wall for a, b in zip(ours, theirs, strict=True))
        return None

    def best(self, peer: str, mode: str, state: str) -> str | None:
        """Return the setting of a peer that was quickest in such rounds, or None if it was not measured."""
        settings = [p for p in self.programs(mode, state) if p.split(",")[0] == peer]
        return min(settings, key=lambda p: self.wall(p, mode, state).middle) if settings else None


def _which(rounds: Sequence[Round], wanted: tuple[str, str, str]) -> tuple[Round, ...]:
    return tuple(r for r in rounds if (r.program, r.mode, r.state) == wanted)

"""What a daemon has done since its start, for those who watch it from outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Tally:
    """Rounds and their checks by outcome; `last` is when the last round ended, in UTC.

    `stuck` names the kinds of work that show no sign of life.
    """

    stuck: Callable[[], tuple[str, ...]] = tuple
    rounds: int = 0
    last: datetime | None = None
    outcomes: Counter[str] = field(default_factory=Counter)

    def over(self, outcomes: Iterable[str], at: datetime) -> None:
        """Count one round."""
        self.rounds += 1
        self.last = at
        self.outcomes.update(outcomes)

"""Years in which the program is killed at random, by itself at a step or from outside at a moment: `make soak`."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from reliability.installation import Installation, Victims
from reliability.play import play
from reliability.verdict import assert_nothing_lost

KILLS = 70
"""Of each of the four parts, which together make more than 200."""
LONGEST = 0.6
"""Seconds: about what one run takes."""


def at_a_step(installation: Installation, chance: random.Random, steps: dict[str, int]) -> None:
    step = chance.choice(sorted(steps))
    installation.run(step, chance.randint(1, steps[step]))


def at_an_arrival(installation: Installation, chance: random.Random, steps: dict[str, int]) -> None:
    installation.kill_at_arrival = chance.randint(1, steps["sent"])
    installation.run()
    installation.kill_at_arrival = 0


def from_outside(installation: Installation, chance: random.Random, _steps: dict[str, int]) -> None:
    installation.run_for(chance.uniform(0, LONGEST))


WAYS: tuple[Callable[[Installation, random.Random, dict[str, int]], None], ...] = (
    at_a_step,
    at_an_arrival,
    from_outside,
)


def one_year(installation: Installation, chance: random.Random, undisturbed: Any) -> None:
    """Let a year pass with up to eight kills a day, then see that nothing is missing and nothing invented."""
    for number, day in enumerate(play()):
        installation.begin(day)
        for _ in range(chance.randint(1, 8)):
            chance.choice(WAYS)(installation, chance, undisturbed.steps[number])
            installation.show(day)
        assert not installation.run()
    assert_nothing_lost(installation, undisturbed.record, undisturbed.receipts)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_hundreds_of_kills_lose_no_alert_and_invent_none(
    part: int, victims: Victims, undisturbed: Any, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    chance, began = random.Random(part), time.monotonic()  # noqa: S311 - to be repeated, not to be secret
    kills = repeats = years = 0
    while kills < KILLS:
        with Installation(tmp_path / str(years), victims) as installation:
            one_year(installation, chance, undisturbed)
            kills += installation.kills
            repeats += sum(installation.repeats().values())
            years += 1
    with capsys.disabled():
        spent = time.monotonic() - began
        print(f"\n{kills} kills in {years} years, {repeats} messages repeated, {spent:.0f} s")  # noqa: T201 - a measure

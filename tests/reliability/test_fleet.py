"""Processes, connections and the database itself die; nothing is lost, told under two ids, or asked for rudely."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from reliability.fleet import Fleet, fleet

SOAK_FAULTS = 110
ALL = ("run-1", "run-2", "worker-1", "worker-2", "worker-3")


def assert_nothing_lost(fleet: Fleet) -> None:
    """Every change is recorded once and told under one id with one body; nobody asked the host twice at a time."""
    expected = fleet.office.news()
    fleet.until(lambda: set(fleet.recorded()) >= expected, 600, "a change is missing")
    fleet.until(fleet.all_sent, 240, "a delivery is missing")
    assert Counter(fleet.recorded()) == Counter(expected)
    told = fleet.told()
    assert set(told) == expected
    assert {change: len(each) for change, each in told.items() if len(each) != 1} == {}
    assert fleet.ask("SELECT count(*) FROM delivery") == [(len(expected),)]
    assert fleet.office.most == 1


def test_deaths_of_processes_and_of_the_database_lose_nothing(tmp_path: Path) -> None:
    with fleet(tmp_path, 8, ("run-1", "worker-1"), seed=1, every="1s") as small:
        for number, harm in enumerate((small.cut, small.kill, small.crash_database)):
            small.office.accede(number)
            small.office.accede(7 - number)
            harm()
        assert_nothing_lost(small)


@pytest.mark.soak
def test_a_hundred_deaths_under_five_processes_lose_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with fleet(tmp_path, 200, ALL, seed=7, every="20s") as whole:
        while len(whole.faults) < SOAK_FAULTS:
            for _ in range(3):
                whole.office.accede(whole.chance.randrange(200))
            whole.harm()
            whole.revive()
            whole.pause()
        assert_nothing_lost(whole)
        repeats = len(whole.hooks.hooks) - len(whole.told())
        with capsys.disabled():
            print(f"\nfaults {dict(Counter(whole.faults))}, changes {len(whole.office.news())},", end=" ")  # noqa: T201
            print(f"requests {whole.office.asked}, at most {whole.office.most} at a time, repeats {repeats}")  # noqa: T201

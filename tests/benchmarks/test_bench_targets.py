"""What a run of the suite says of the targets: from rounds made up, so that each verdict is known."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

import pytest
from measuring import Spread, Taken
from report import markdown, plot
from results import Results
from side_by_side import Round
from startup import Help, Start
from targets import verdicts

SECOND = Spread(0.5, 0.5, 0.5)


def timed(program: str, mode: str, state: str, seconds: float, wrong: tuple[str, ...] = ()) -> Round:
    return Round(program, mode, state, Taken(seconds, seconds, 50.0), 60, 0, 1000, 10, wrong)


def of(rounds: Iterable[Round], slow: Iterable[Round] = (), kept: float = 0.0, daemon: float = 100.0) -> Results:
    taken = (Help(3, SECOND, SECOND, 1.0), Start(SECOND, SECOND), kept, (), daemon)
    return Results(("Somewhere.",), 60, tuple(rounds), tuple(slow), *taken)


def rounds(ours: float, theirs: float) -> list[Round]:
    which = [(m, s) for m in ("volatile", "conditional") for s in ("first", "unchanged", "changed")]
    peers = ("urlwatch, 2 workers", "urlwatch, 10 workers", "webchanges, 2 workers")
    return [timed("treaty-monitor", *w, ours) for w in which] + [timed(p, *w, theirs) for p in peers for w in which]


def judged(results: Results) -> dict[str, bool | None]:
    return {one.about: one.kept for one in verdicts(results)}


def test_a_ratio_over_its_limit_is_missed_and_one_at_its_limit_is_kept() -> None:
    about = "Unchanged round, every body differs: time / urlwatch's"
    assert judged(of(rounds(2.0, 4.0)))[about] is True
    assert judged(of(rounds(2.01, 4.0)))[about] is False


def test_what_was_not_measured_is_neither_kept_nor_missed() -> None:
    assert judged(of(rounds(1.0, 4.0)))["First round: time / changedetection.io's"] is None


def test_the_memory_of_the_daemon_is_judged_beside_that_of_a_round() -> None:
    verdict = judged(of(rounds(1.0, 4.0), daemon=149.0))
    assert verdict["Peak memory of a round"] is True
    assert verdict["Peak memory of the daemon over three rounds"] is False


def test_the_quickest_setting_of_a_peer_counts() -> None:
    slow = [r for r in rounds(2.0, 4.0) if not r.program.startswith("urlwatch, 2")]
    quick = timed("urlwatch, 2 workers", "volatile", "unchanged", 1.0)
    results = of([*slow, quick])
    assert results.best("urlwatch", "volatile", "unchanged") == "urlwatch, 2 workers"
    assert results.ratio("urlwatch, 2 workers", "volatile", "unchanged") == pytest.approx(2.0)


def test_ratios_are_taken_within_one_repetition() -> None:
    twice = [*rounds(1.0, 2.0), *rounds(10.0, 40.0)]
    assert of(twice).ratio("webchanges, 2 workers", "volatile", "first") == pytest.approx((0.5 + 0.25) / 2)


def test_the_slow_peer_is_compared_with_the_rounds_beside_it() -> None:
    beside = [timed("changedetection.io, 5 workers", "volatile", "first", 100.0)]
    beside.append(timed("treaty-monitor", "volatile", "first", 20.0))
    assert of(rounds(1.0, 2.0), beside).ratio("changedetection.io, 5 workers", "volatile", "first") == pytest.approx(
        0.2
    )


def test_an_invalid_round_is_told_in_the_report_and_misses_the_target_of_being_right() -> None:
    made_up = timed("treaty-monitor", "volatile", "changed", 1.0, ("missed: IV-108 consented PL",))
    as_should = ("treaty-monitor", "volatile", "changed")
    results = of([*(r for r in rounds(1.0, 2.0) if (r.program, r.mode, r.state) != as_should), made_up])
    assert results.wrong == ("treaty-monitor, changed, volatile: missed: IV-108 consented PL",)
    assert judged(results)["Five changed pages, and only they, as typed changes"] is False
    assert "missed: IV-108 consented PL" in markdown(results)


def test_a_report_has_every_target_and_a_plot_that_is_xml() -> None:
    results = of(rounds(1.0, 2.0), kept=101.0)
    text = markdown(results)
    assert all(one.about in text for one in verdicts(results))
    assert "| Bytes kept per unchanged check | 100 | 101.0 | **missed** |" in text
    assert ET.fromstring(plot(results)).tag.endswith("svg")  # noqa: S314 - our own

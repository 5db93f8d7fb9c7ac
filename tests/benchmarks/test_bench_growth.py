"""The growth benchmark's own arithmetic and picture: what is multiplied is what was simulated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import alerts
import pytest
from copied import multiply
from curves import curves
from deliveries import change
from growth import QUESTIONS, kept_by
from living import BEGIN, YEARS, Kept, Life, alter, checked, live, record_of, small
from simulated import installation

from monitor.domain.alert import Subscription


def life(first: float, last: float) -> Life:
    years = tuple(Kept(first + (last - first) * year / YEARS, 0.0) for year in range(1, YEARS + 1))
    return Life(Kept(first, 0.0), years, (1.0, 1.0), (1.0, 1.0), 0)


@pytest.mark.parametrize(("treaties", "rate", "expected"), [(500, 10, 500 * 830), (5_000, 1, 5_000 * 107.3)])
def test_what_many_keep_is_the_nearest_life_in_proportion(treaties: int, rate: int, expected: float) -> None:
    lives = {1: life(100, 110), 73: life(100, 830)}
    assert kept_by(lives, treaties, rate)[-1] == pytest.approx(expected)


def test_curves_are_an_image_with_a_line_for_each() -> None:
    kept = {"one & two": [1, 10, 100], "three": [0.5, 0.5, 0.5]}
    drawn = ET.fromstring(curves("Kept", "MB", kept, ("first", "second", "third"), "years"))  # noqa: S314 our own
    lines = drawn.findall("{*}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [3, 3]
    heights = [float(point.split(",")[1]) for point in lines[0].attrib["points"].split()]
    assert heights == sorted(heights, reverse=True)
    words = [text.text for text in drawn.findall("{*}text")]
    assert {"one & two", "second", "years", "0.1 MB", "100 MB"} <= set(words)


def test_of_many_subscriptions_ten_or_all_want_the_change() -> None:
    def wanting(everybody: Iterable[Subscription]) -> int:
        return sum(subscription.wants(change().change) for subscription in everybody)

    assert wanting(alerts.people(30, others=True)) == 10
    assert wanting(alerts.people(30)) == 30
    assert alerts.cost(alerts.people(30, others=True), 2) > 0


def test_a_life_keeps_nothing_for_an_unchanged_check_and_more_with_each_change(tmp_path: Path) -> None:
    with installation(tmp_path, 3, BEGIN, noise=1_000, shown=small) as here:
        lived = live(here, 1, YEARS)
        assert lived.kept_by_unchanged == 0
        pages = [year.pages for year in lived.years]
        assert pages == sorted(set(pages)), "a page more each year"
        alone = record_of(here)
        assert multiply(here, 1) > alone
        here.now += timedelta(days=1)
        for question in QUESTIONS.values():
            question(here)
        watched = here.desk.watched()
        alter(here, watched[:1])
        assert checked(here, watched[:1]) > 0
        with here.desk.storage.begin() as tx:
            told = [len(tx.changes(treaty=treaty.reference)) for treaty, _ in watched]
        assert told == [YEARS + 1, YEARS, YEARS]

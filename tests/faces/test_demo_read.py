"""The replica's pages through the program's own reader: what the demo tells, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from itertools import pairwise

import pytest

from monitor.domain.action import ActionKind
from monitor.domain.compare import compare
from monitor.domain.participant import Names
from monitor.domain.snapshot import Snapshot
from monitor.domain.standing import complete
from monitor.domain.treaty import EntryRule, Period, Rounding, Rules, Unit
from monitor.faces.demo.replica import write_page
from monitor.faces.demo.scenes import ARTICLE, POLAND, REFERENCE, Scene, mine_ban
from monitor.sources.untc.page import UntcPage

RULES = Rules(entry=EntryRule("17 (2)", Period(6, Unit.MONTHS, Rounding.FIRST_OF_MONTH)))


def pages() -> Iterator[tuple[Scene, bytes]]:
    for seed, scene in enumerate(mine_ban()):
        yield scene, write_page(scene.treaty, datetime.combine(scene.day, time(9), tzinfo=UTC), seed)


@pytest.fixture
def snapshots(names: Names) -> list[tuple[Scene, Snapshot]]:
    found = []
    for scene, page in pages():
        reading = UntcPage(names).read(page, REFERENCE)
        assert reading.findings == (), scene.caption
        assert reading.snapshot is not None
        found.append((scene, complete(reading.snapshot, RULES)))
    return found


def test_each_scene_gives_its_own_news_and_no_other(snapshots: list[tuple[Scene, Snapshot]]) -> None:
    for (_, before), (scene, after) in pairwise(snapshots):
        told = compare(before, after, RULES)
        assert {(c.key, c.kind) for c in told.changes} == set(scene.news), scene.caption
        assert (told.held, told.findings) == ((), ()), scene.caption


def test_a_notice_is_read_with_its_number_its_article_its_effect_and_its_condition(
    snapshots: list[tuple[Scene, Snapshot]],
) -> None:
    poland = snapshots[-1][1].find("PL")
    assert poland is not None
    notice = poland.actions[-1]
    assert (notice.kind, notice.date, notice.effective) == (ActionKind.WITHDRAWAL, POLAND.received, POLAND.effective)
    assert (notice.notification, notice.article, notice.conditional) == ("C.N.421.2025.TREATIES-XXVI-5", ARTICLE, True)


def test_every_participant_of_the_replica_is_known_by_name(snapshots: list[tuple[Scene, Snapshot]]) -> None:
    _, last = snapshots[-1]
    assert [p.participant.as_written for p in last.participations if p.participant.code is None] == []


def test_a_page_without_news_has_the_fingerprint_of_the_page_before(names: Names) -> None:
    prints = [(scene, UntcPage(names).fingerprint(page)) for scene, page in pages()]
    unchanged = {scene.day for (_, before), (scene, after) in pairwise(prints) if before == after}
    assert unchanged == {scene.day for scene in mine_ban() if "calendar" in scene.caption or "no news" in scene.caption}

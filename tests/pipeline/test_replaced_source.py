"""A treaty whose source is replaced by another: what came meanwhile is told once, and an older document is held."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from office import SEED, Office
from test_gatekeeper import BASE, CONSENTED, FIJI, finland, news

from monitor.domain.change import ChangeKind
from monitor.faces.demo.replica import Cell, ReplicaRow, ReplicaTreaty
from monitor.faces.demo.scenes import FINLAND
from monitor.pipeline.outcome import Checked
from monitor.settings import shipped_names
from monitor.sources.untc.page import UntcPage

TONGA = finland(FINLAND.note()).with_row(ReplicaRow("Tonga", (None, Cell(datetime(2025, 7, 9).date(), "a"))))  # noqa: DTZ001
NOTIFIED, JOINED = ("FI", ChangeKind.WITHDRAWAL_NOTIFIED), ("TO", ChangeKind.CONSENTED)
LEFT, BOUND = ("FI", ChangeKind.WITHDRAWAL_EFFECTIVE), ("TO", ChangeKind.ENTERED_INTO_FORCE)


class Mirror(UntcPage):
    """The same pages under another key."""

    key = "mirror"


@pytest.fixture(params=[True, False], ids=["with a seed", "without"])
def mirrored(office: Office, request: pytest.FixtureRequest) -> Office:
    """Return an office that has read one source, and can read another."""
    office.with_(readers=office.desk.readers | {"mirror": Mirror(shipped_names())}, seeds=(SEED,) * request.param)
    office.now = datetime(2025, 7, 1, 8, tzinfo=UTC)
    assert shows(office, BASE).outcome == "baseline"
    return office


def reads(office: Office, *keys: str) -> None:
    """Let the configuration name these sources."""
    (treaty,) = office.desk.treaties
    office.with_(treaties=(replace(treaty, sources=tuple(replace(treaty.sources[0], key=key) for key in keys)),))


def shows(office: Office, page: ReplicaTreaty, days: int = 1) -> Checked:
    office.later(days=days).show(page)
    return office.check()


@pytest.mark.parametrize(("days", "effects"), [(20, []), (250, [LEFT, BOUND])])
def test_what_came_between_the_two_is_told_once(
    mirrored: Office, days: int, effects: list[tuple[str, ChangeKind]]
) -> None:
    reads(mirrored, "mirror")
    told = [each for each in news(shows(mirrored, TONGA, days)) if each[0] != "MH"]
    assert told == sorted([NOTIFIED, JOINED, *effects])
    assert news(shows(mirrored, TONGA)) == []
    reads(mirrored, "untc")
    assert news(shows(mirrored, TONGA)) == []


def test_a_row_that_was_held_at_the_one_is_held_at_the_other(mirrored: Office) -> None:
    assert shows(mirrored, FIJI, 0).outcome == "held"
    reads(mirrored, "mirror")
    assert shows(mirrored, FIJI).outcome == "held"
    assert news(shows(mirrored, FIJI)) == [CONSENTED]


def test_an_older_document_in_place_of_the_page_waits_for_a_person(mirrored: Office) -> None:
    shows(mirrored, TONGA, 20)
    reads(mirrored, "mirror")
    older = replace(BASE, rows=tuple(r for r in TONGA.rows if r.name not in {"Tonga", "Sweden"}))
    assert [shows(mirrored, older).outcome for _ in range(4)] == ["held"] * 4
    assert news(shows(mirrored, TONGA)) == []


def test_a_source_that_shows_the_same_tells_nothing(mirrored: Office) -> None:
    shows(mirrored, TONGA, 20)
    reads(mirrored, "mirror")
    assert shows(mirrored, TONGA).outcome == "unchanged"

"""Where names or final clauses change in the configuration, the page has said nothing new."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from shutil import rmtree

import pytest
from office import Office
from test_gatekeeper import BASE, checks, finland, news

from monitor.domain.change import ChangeKind
from monitor.domain.names import NameTable
from monitor.domain.treaty import Period, Unit, WithdrawalClause
from monitor.faces.demo.replica import ReplicaStatement
from monitor.faces.demo.scenes import FINLAND
from monitor.pipeline.decide import accept
from monitor.settings.shipped import shipped_participants
from monitor.sources.registry import readers
from monitor.storage.interface import HeldState

BARE = FINLAND.note().split(" This withdrawal")[0]
NOTIFIED = finland(BARE)
MORE = replace(NOTIFIED, declarations=(*BASE.declarations, ReplicaStatement("Norway", "Norway declares.")))
SAID = ("NO", ChangeKind.STATEMENT_MADE)
EARLY, LATE = datetime(2026, 1, 11, 8, tzinfo=UTC), datetime(2026, 7, 11, 8, tzinfo=UTC)
LEFT = ("changed", [("FI", ChangeKind.WITHDRAWAL_EFFECTIVE)])
NOTHING = ("unchanged", [])


def notice_of(office: Office, months: int | None) -> Office:
    """Let the configuration say that a withdrawal takes effect so many months after its notice."""
    (treaty,) = office.desk.treaties
    clause = WithdrawalClause("20 (3)", Period(months, Unit.MONTHS) if months else None)
    return office.with_(treaties=(replace(treaty, rules=replace(treaty.rules, withdrawal=clause, entry=None)),))


@pytest.fixture
def told(seedless: Office) -> Office:
    """Return an office that was told of a notice of which the page does not state the effect."""
    seedless.now = datetime(2025, 7, 1, 8, tzinfo=UTC)
    notice_of(seedless, 6).show(BASE)
    seedless.check()
    assert checks(seedless, NOTIFIED, 20 * 24) == ("changed", [("FI", ChangeKind.WITHDRAWAL_NOTIFIED)])
    return seedless


def test_an_effect_comes_by_the_new_rule_alone_though_the_page_stays_the_same(told: Office) -> None:
    notice_of(told, 12).now = EARLY
    assert checks(told, NOTIFIED) == NOTHING
    told.now = LATE
    assert checks(told, NOTIFIED) == LEFT
    assert checks(told, NOTIFIED) == NOTHING


@pytest.mark.parametrize(("before", "after"), [(6, 12), (12, 6), (None, 6), (6, None)])
def test_a_new_rule_corrects_nothing_when_the_page_says_something_else(
    told: Office, before: int | None, after: int | None
) -> None:
    assert checks(notice_of(told, before), NOTIFIED) == NOTHING
    assert checks(notice_of(told, after), MORE) == ("changed", [SAID])


def test_an_effect_that_is_past_by_the_new_rule_is_told_once(told: Office) -> None:
    assert checks(notice_of(told, 12), NOTIFIED) == NOTHING
    told.now = EARLY
    assert checks(told, NOTIFIED) == NOTHING
    assert checks(notice_of(told, 6), NOTIFIED) == LEFT
    assert checks(told, NOTIFIED) == NOTHING


def test_what_was_never_told_is_not_told_for_a_new_rule(seedless: Office) -> None:
    seedless.now = EARLY
    notice_of(seedless, 12).show(NOTIFIED)
    seedless.check()
    assert checks(notice_of(seedless, 6), NOTIFIED) == NOTHING


@pytest.fixture
def without_pages(told: Office) -> Office:
    """Return an office whose kept pages are lost, as after a move without them, and whose reader is a new one."""
    rmtree(told.state / "documents")
    return told.with_(reader_version="another")


def test_a_kept_page_that_is_lost_ends_no_round_and_holds_nothing_while_its_page_says_the_same(
    without_pages: Office,
) -> None:
    assert checks(without_pages, NOTIFIED) == NOTHING
    assert checks(without_pages, MORE) == ("changed", [SAID])


def test_what_differs_from_a_lost_page_waits_for_a_person(without_pages: Office) -> None:
    for _ in range(3):
        assert checks(without_pages, MORE) == ("held", [])
    assert without_pages.told("ops@example.org") == ["Mine Ban Convention: a whole reading is held back"]
    assert "not in the archive" in without_pages.bodies("ops@example.org")[0]["data"]["summary"]
    with without_pages.storage.begin() as tx:
        (held,) = (h for h in tx.held() if h.state is HeldState.OPEN)
    assert news(accept(without_pages.desk, held.id, without_pages.now)) == [SAID]
    assert checks(without_pages, MORE) == NOTHING


def test_a_name_that_the_user_explains_is_that_state_from_the_next_check_on(seedless: Office) -> None:
    unknown = replace(BASE, rows=tuple(replace(r, name="Suomi (FIN)") if r.name == "Finland" else r for r in BASE.rows))
    note = replace(FINLAND, who="Suomi (FIN)").note()
    notified = unknown.with_row(replace(unknown.row("Suomi (FIN)"), notes=(note,)))
    seedless.now = datetime(2025, 7, 20, 8, tzinfo=UTC)
    seedless.show(notified)
    assert seedless.check().outcome == "baseline"
    names = NameTable(shipped_participants(), {"Suomi (FIN)": "FI"})
    seedless.with_(names=names, readers=readers(names))
    assert checks(seedless, notified) == NOTHING
    with seedless.storage.begin(read_only=True) as tx:
        known = tx.latest("XXVI-5", "untc")
    assert known
    assert known.snapshot.find("FI")
    seedless.now = EARLY
    told = checks(seedless, notified)[1]
    assert ("FI", ChangeKind.WITHDRAWAL_EFFECTIVE) in told
    assert checks(seedless, notified) == NOTHING

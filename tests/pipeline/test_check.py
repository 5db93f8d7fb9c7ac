"""One source checked: what becomes news, what stays silent, what is refused, and what days alone bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from office import Office

from monitor.domain.change import ChangeKind
from monitor.domain.errors import DisallowedError, SourceError
from monitor.domain.snapshot import Totals
from monitor.faces.demo.replica import Cell, ReplicaRow, write_page
from monitor.faces.demo.scenes import mine_ban
from monitor.fetching.interface import NotModified
from monitor.pipeline import rounds
from monitor.pipeline.outcome import Checked
from monitor.storage.interface import Condition, SourceState

SCENES = mine_ban()


def news(result: Checked) -> list[tuple[str | None, ChangeKind]]:
    return sorted((c.change.key, c.change.kind) for c in result.changes)


def test_the_whole_play_is_reported_act_by_act_and_nothing_else(office: Office) -> None:
    for number, scene in enumerate(SCENES):
        office.now = datetime(scene.day.year, scene.day.month, scene.day.day, 12, tzinfo=UTC)
        office.show(scene.treaty, seed=number)
        assert news(office.check()) == sorted(scene.news), scene.caption


def test_the_first_reading_long_after_the_seed_tells_all_acts_and_effects_since(office: Office) -> None:
    office.now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    office.show(write_page(SCENES[-1].treaty, datetime(2026, 2, 3, 10, 16, tzinfo=UTC)))
    expected = sorted(item for scene in SCENES for item in scene.news)
    assert news(office.check()) == expected


def test_without_a_seed_the_first_sight_is_a_baseline_and_nobody_is_told(seedless: Office) -> None:
    seedless.now = datetime(2025, 7, 1, 12, tzinfo=UTC)
    seedless.show(SCENES[2].treaty)
    result = seedless.check()
    assert (result.outcome, result.changes) == ("baseline", ())


def test_a_new_subscription_is_told_once_of_what_is_already_pending(seedless: Office) -> None:
    seedless.now = datetime(2025, 7, 1, 12, tzinfo=UTC)
    seedless.show(SCENES[2].treaty)
    seedless.check()
    first = seedless.introduced()
    assert {t.split(":")[0] for t in first if "withdrawal" in t} == {"Estonia", "Latvia", "Lithuania"}
    seedless.later(days=1).check()
    assert seedless.introduced() == first
    assert seedless.told() == []


def test_a_new_stamp_and_a_new_page_state_store_nothing(office: Office) -> None:
    office.show(SCENES[0].treaty, seed=1)
    office.check()
    before = sorted(p.name for p in (office.state / "documents").rglob("*.zst"))
    office.later(hours=12).show(SCENES[0].treaty, seed=2)
    assert office.check().outcome == "unchanged"
    assert sorted(p.name for p in (office.state / "documents").rglob("*.zst")) == before


def test_a_page_that_the_server_calls_unmodified_is_unchanged(office: Office) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    office.show(NotModified("https://depositary.example/mine-ban"))
    assert office.later(hours=12).check().outcome == "unchanged"


def test_a_page_whose_totals_disagree_is_refused_and_only_the_operator_is_told_once(office: Office) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    wrong = replace(SCENES[2].treaty, stated=Totals(99, 99))
    for _ in range(3):
        office.later(hours=12).show(wrong)
        result = office.check()
        assert (result.outcome, result.changes) == ("refused", ())
    assert office.told() == []
    assert len(office.told("ops@example.org")) == 1
    office.later(hours=12).show(SCENES[0].treaty)
    assert office.check().outcome == "unchanged"
    assert len(office.told("ops@example.org")) == 2


def test_the_next_good_page_after_a_refused_one_tells_what_happened_meanwhile(office: Office) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    office.later(hours=12).show(b"<html>maintenance</html>")
    assert office.check().outcome == "refused"
    office.now = datetime(2025, 6, 25, 12, tzinfo=UTC)
    office.show(SCENES[1].treaty)
    assert news(office.check()) == [("TO", ChangeKind.CONSENTED)]


def test_an_unreachable_site_is_a_value_and_the_calendar_moves_on(office: Office) -> None:
    office.now = datetime(2025, 8, 20, 12, tzinfo=UTC)
    office.show(SCENES[4].treaty)
    office.check()
    office.now = datetime(2026, 2, 20, 0, 30, tzinfo=UTC)
    office.show(SourceError("down", temporary=True, unreachable=True))
    result = office.check()
    assert result.outcome == "unreachable"
    assert ("PL", ChangeKind.WITHDRAWAL_EFFECTIVE) in news(result)
    office.later(days=1)
    assert office.check().changes == ()


def test_the_operator_hears_of_an_unreachable_source_when_its_reading_is_stale_and_of_its_recovery(
    office: Office,
) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    office.show(SourceError("down", temporary=True))
    office.later(days=1).check()
    assert office.told("ops@example.org") == []
    for _ in range(4):
        office.later(days=1).check()
    assert len(office.told("ops@example.org")) == 1
    office.show(SCENES[0].treaty)
    office.later(days=1).check()
    assert len(office.told("ops@example.org")) == 2


def test_a_disallowed_page_is_a_state_that_the_operator_hears_of_once(office: Office) -> None:
    office.show(DisallowedError("robots.txt says no"))
    for _ in range(3):
        assert office.later(hours=12).check().outcome == "disallowed"
    assert len(office.told("ops@example.org")) == 1
    with office.storage.begin() as tx:
        assert tx.sources()[0].condition is Condition.DISALLOWED


def _with_date_of(office: Office, when: date) -> None:
    treaty = SCENES[0].treaty.with_row(ReplicaRow("Fiji", (None, Cell(when, "a"))))
    office.show(treaty)


def test_a_deposit_dated_in_the_future_is_held_until_a_second_fetch_agrees(office: Office) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    office.later(hours=12)
    _with_date_of(office, date(2028, 1, 15))
    assert office.check().outcome == "held"
    assert office.later(minutes=10).check().outcome == "held"
    assert len(office.told("ops@example.org")) == 1
    office.later(hours=1)
    assert news(office.check()) == [("FJ", ChangeKind.CONSENTED)]
    assert len(office.told("ops@example.org")) == 2


def test_a_held_row_lets_the_others_out(office: Office) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    office.now = datetime(2025, 6, 27, 12, tzinfo=UTC)
    office.show(SCENES[2].treaty.with_row(ReplicaRow("Fiji", (None, Cell(date(2028, 1, 15), "a")))))
    found = {key for key, _ in news(office.check())}
    assert found == {"TO", "EE", "LV", "LT"}


def test_a_held_date_that_is_mended_was_never_news(office: Office) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    office.later(hours=12)
    _with_date_of(office, date(2028, 1, 15))
    office.check()
    office.later(hours=3)
    _with_date_of(office, date(2024, 1, 15))
    found = news(office.check())
    assert found == [("FJ", ChangeKind.CONSENTED)]


def test_a_vanished_row_is_held_for_good_and_the_state_stays_known(office: Office) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    rows = tuple(r for r in SCENES[0].treaty.rows if r.name != "Poland")
    for _ in range(3):
        office.later(hours=12).show(replace(SCENES[0].treaty, rows=rows))
        assert office.check().outcome == "held"
    with office.storage.begin() as tx:
        assert tx.latest("XXVI-5", "untc").snapshot.find("PL")
    office.later(hours=12).show(SCENES[0].treaty)
    assert office.check().outcome == "unchanged"
    assert office.told() == []


def test_a_slip_in_a_heading_takes_nobodys_ratification_away_however_long_it_stands(office: Office) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    signature, consents = SCENES[0].treaty.columns
    for _ in range(3):
        office.later(hours=12).show(replace(SCENES[0].treaty, columns=(signature, consents.replace("Rati", "Ratti"))))
        assert office.check().outcome == "held"
    office.later(hours=12).show(replace(SCENES[0].treaty, columns=(signature, consents.replace(",", ""))))
    assert office.check().outcome == "unchanged"
    assert office.told() == []


def test_a_new_column_that_nobody_knows_is_confirmed_by_a_second_fetch(office: Office) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    rows = tuple(replace(r, cells=(r.cells[0], Cell(date(2025, 1, 1)), r.cells[1])) for r in SCENES[0].treaty.rows[:1])
    rows += tuple(replace(r, cells=(r.cells[0], None, r.cells[1])) for r in SCENES[0].treaty.rows[1:])
    signature, consents = SCENES[0].treaty.columns
    wider = replace(SCENES[0].treaty, columns=(signature, "Solemn promise", consents), rows=rows)
    office.later(hours=12).show(wider)
    assert office.check().outcome == "held"
    office.later(hours=12).show(wider)
    assert [kind for _, kind in news(office.check())] == [ChangeKind.ACT_RECORDED]


def test_many_vanished_notes_and_new_brackets_hold_the_whole_reading(office: Office) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    everybody = replace(SCENES[0].treaty, rows=tuple(r.bracketed() for r in SCENES[0].treaty.rows))
    office.later(hours=12).show(everybody)
    result = office.check()
    assert (result.outcome, result.changes) == ("held", ())
    assert office.told() == []


def test_a_page_older_than_the_last_accepted_one_undoes_nothing(office: Office) -> None:
    office.now = datetime(2025, 6, 27, 12, tzinfo=UTC)
    office.show(SCENES[2].treaty)
    office.check()
    office.later(hours=12)
    office.fetcher.pages["https://depositary.example/mine-ban"] = write_page(
        SCENES[0].treaty, datetime(2025, 3, 18, 12, tzinfo=UTC)
    )
    assert office.check().outcome == "held"


def test_the_record_answers_as_it_was_known(office: Office) -> None:
    office.now = datetime(2025, 6, 27, 12, tzinfo=UTC)
    office.show(SCENES[2].treaty)
    office.check()
    with office.storage.begin() as tx:
        assert tx.known("XXVI-5", datetime(2025, 6, 26, tzinfo=UTC)) == ()
        assert len(tx.known("XXVI-5", datetime(2025, 6, 28, tzinfo=UTC))) == 1


@pytest.mark.parametrize("version", ["2"])
def test_when_the_reader_changes_its_differences_are_findings_and_no_news(office: Office, version: str) -> None:
    office.show(SCENES[0].treaty)
    office.check()
    office.with_(reader_version=version).later(hours=12)
    result = office.check()
    assert (result.outcome, result.changes) == ("unchanged", ())
    with office.storage.begin() as tx:
        assert tx.sources()[0].reader == office.desk.reads("XXVI-5")


def test_the_longest_due_comes_first_and_what_was_never_read_before_it(seedless: Office) -> None:
    first = seedless.desk.treaties[0]
    others = tuple(replace(first, reference=f"XXVI-{n}", slug=f"treaty-{n}") for n in (6, 7, 8))
    seedless.with_(treaties=(first, *others))
    now = seedless.now
    with seedless.storage.begin() as tx:
        for treaty, hours in ((first, 1), (others[0], 3), (others[2], -1)):
            due = now - timedelta(hours=hours)
            tx.save_source(SourceState(treaty.reference, "untc", treaty.sources[0].url, next_due=due))
    assert [treaty.reference for treaty, _ in rounds.due(seedless.desk, now)] == ["XXVI-7", "XXVI-6", "XXVI-5"]

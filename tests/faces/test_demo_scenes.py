from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from monitor.domain.change import ChangeKind
from monitor.faces.demo.replica import Cell
from monitor.faces.demo.scenes import mine_ban

SCENES = {scene.day: scene for scene in mine_ban()}


def test_the_play_runs_from_the_baseline_to_polands_day_in_order() -> None:
    days = [scene.day for scene in mine_ban()]
    assert days == sorted(days)
    assert (days[0], days[-1]) == (date(2025, 3, 18), date(2026, 2, 20))
    assert SCENES[days[0]].news == ()


def test_the_news_are_the_public_acts_and_effects_of_the_year() -> None:
    told = [(who, kind) for scene in mine_ban() for who, kind in scene.news]
    leaving = {"EE", "LV", "LT", "FI", "PL"}
    for kind in (ChangeKind.WITHDRAWAL_NOTIFIED, ChangeKind.WITHDRAWAL_EFFECTIVE):
        assert {who for who, k in told if k is kind} == leaving
    assert set(told) - {(w, k) for w in leaving for k in ChangeKind} == {
        ("TO", ChangeKind.CONSENTED),
        ("TO", ChangeKind.ENTERED_INTO_FORCE),
        ("MH", ChangeKind.ENTERED_INTO_FORCE),
    }
    assert len(told) == len(set(told)) == 13


def test_parties_fall_when_a_withdrawal_takes_effect_and_not_when_it_is_notified() -> None:
    parties = {day: scene.treaty.totals.parties for day, scene in SCENES.items()}
    assert parties[date(2025, 3, 18)] == 32
    assert parties[date(2025, 8, 20)] == 33
    assert parties[date(2025, 12, 27)] == 30
    assert parties[date(2026, 2, 20)] == 29


def test_a_notice_moves_the_numbers_of_the_notes_after_it() -> None:
    before, after = SCENES[date(2025, 6, 27)].treaty.notes, SCENES[date(2025, 7, 10)].treaty.notes
    assert before[1] == after[2]
    assert "Finland" in after[1]


def test_only_polands_notice_is_conditional_and_its_effect_stays_ahead() -> None:
    notes = SCENES[date(2026, 2, 20)].treaty.notes
    assert [("Poland" in note) for note in notes if "subject to the condition" in note] == [True]
    assert sum("took effect" in note for note in notes) == 4


def test_the_replicas_rows_are_rows_of_the_real_page_with_the_same_dates(real_page: Callable[[str], bytes]) -> None:
    page = real_page("html/ottawa.html").decode()
    for row in SCENES[date(2026, 2, 3)].treaty.rows:
        start = page.index(f">{row.name}")
        cells = re.findall(r"<td>(.*?)</td>", page[start : start + 900])[:2]
        for cell, real in zip(row.cells, cells, strict=True):
            assert isinstance(cell, Cell) == (real != "&nbsp;"), row.name
            if isinstance(cell, Cell):
                assert f"{cell.date:%b}\t {cell.date:%Y} {cell.code}" in real
                assert f"{cell.date.day} " in real
                assert cell.bracketed == real.startswith("["), row.name


def test_no_sentence_of_the_real_page_stands_on_the_replica(real_page: Callable[[str], bytes]) -> None:
    real = re.sub(r"<[^>]+>", "", real_page("html/ottawa.html").decode())
    sentences = {part.strip() for scene in mine_ban() for note in scene.treaty.notes for part in _sentences(note)}
    assert sentences
    assert [sentence for sentence in sentences if sentence in real] == []


def _sentences(note: str) -> list[str]:
    return re.split(r"(?<=\.)\s+(?=[A-Z])", re.sub(r"<[^>]+>", "", note))


@pytest.mark.parametrize("scene", mine_ban(), ids=lambda scene: f"{scene.day}")
def test_every_scene_has_a_caption_and_rows_in_the_order_of_names(scene: object) -> None:
    treaty = scene.treaty  # type: ignore[attr-defined]
    assert scene.caption  # type: ignore[attr-defined]
    assert [r.name for r in treaty.rows] == sorted(r.name for r in treaty.rows)

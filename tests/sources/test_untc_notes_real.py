"""The depositary's own end notes, each with the acts of leaving, pausing and resuming that it records."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from monitor.domain.action import CONSENT, SIGNING, TreatyAction
from monitor.domain.participant import Names, Participant
from monitor.domain.snapshot import Level
from monitor.sources.untc.notes import EndNote, read_note


def plain(markup: str) -> str:
    """The text of a note as the readers of pages and exports hand it over."""
    broken = re.sub(r"<br\s*/?>|¶", "\n", re.sub(r"^<a name=[^>]*>\d+</a>", "", markup))
    paragraphs = BeautifulSoup(broken, "lxml").get_text().split("\n")
    return "\n".join(filter(None, (" ".join(p.split()) for p in paragraphs)))


def recorded(who: Participant | None, act: TreatyAction, bearer: str) -> dict[str, Any]:
    fields = {
        "who": who.code if who else bearer,
        "kind": act.kind.value,
        "date": str(act.date),
        "effective": act.effective and str(act.effective),
        "conditional": act.conditional,
        "notification": act.notification,
        "article": act.article,
    }
    return {key: value for key, value in fields.items() if value}


@pytest.fixture(scope="module")
def notes(treaty_pages: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((treaty_pages / "notes.json").read_text("utf-8"))
    return found


def test_each_note_gives_exactly_the_acts_recorded_of_it(notes: list[dict[str, Any]], names: Names) -> None:
    """Signatures and consents before the first leaving are told too; they are no part of the record."""
    assert len(notes) == 33
    for note in notes:
        codes = list(dict.fromkeys(act["who"] for act in note["acts"]))
        bearers = tuple(p for p in names.all() if p.code in codes)  # type: ignore[attr-defined]
        reading = read_note(EndNote(int(note["note"]), plain(note["html"])), bearers, names)
        first = min(
            (act.date for _, act in reading.acts if act.kind not in CONSENT | SIGNING and act.date), default=None
        )
        after = [
            recorded(who, act, codes[0])
            for who, act in reading.acts
            if act.kind not in CONSENT | SIGNING or (first and act.date and act.date >= first)
        ]
        assert after == note["acts"], (note["page"], note["note"])
        assert not [f for f in reading.findings if f.level is not Level.NOTE or f.rule == "unread-sentence"]


def test_no_note_about_statements_is_taken_for_a_leaving(notes: list[dict[str, Any]], names: Names) -> None:
    silent = [note for note in notes if not note["acts"] and re.search("withdraw the|withdraw its", note["html"])]
    assert len(silent) >= 10
    for note in silent:
        reading = read_note(EndNote(1, plain(note["html"])), (), names)
        assert not reading.acts
        assert reading.withdrawn_statements, note["html"][:80]

"""`migrate-state`: the answers before and after are the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support import postgres
from support.home import MONITOR, SCENES, Home

pytestmark = pytest.mark.sqlite

QUESTIONS = (
    ("status", "--on", "2026-02-03", "--known", "2026-02-03"),
    ("status", "--country", "PL", "--on", "2025-12-31"),
    ("changes",),
    ("claims",),
    ("upcoming",),
    ("held", "list"),
    ("deliveries",),
    ("sources",),
)


def _timeless(value: Any) -> Any:
    """Return an answer without the ages in it, which grow while the test runs."""
    if isinstance(value, dict):
        return {key: _timeless(entry) for key, entry in value.items() if not key.startswith("age")}
    return [_timeless(entry) for entry in value] if isinstance(value, list) else value


def _answers(home: Home) -> list[Any]:
    return [_timeless(home(*words, "--json").json) for words in QUESTIONS]


def test_the_answers_are_the_same_before_and_after(home: Home) -> None:
    for number, scene in enumerate(SCENES):
        home.show(scene.treaty, datetime(2025, 3, 18, tzinfo=UTC) + timedelta(days=20 * number), seed=number)
        assert home("check", "--deliver").code in {0, 3}
        if (home.state / "monitor.sqlite3").exists():
            home.alter("update source set next_due = last_checked")
    before = _answers(home)
    with postgres.shared_cluster().database("template1") as address:
        said = home("migrate-state", address, "--json")
        assert (said.code, said.json["documents"]) == (0, str(home.state / "documents"))
        assert home("migrate-state", address).code == 2
        home.database = address
        home.write("monitor.toml", MONITOR)
        assert home("config", "show", "--json").json["database"].startswith("postgresql://")
        assert _answers(home) == before
        assert home("check", "--json").json["checks"][0]["outcome"] == "unchanged"


def test_an_address_that_is_none_is_told_without_what_may_be_a_password(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home("check")
    monkeypatch.setenv("TM_TARGET", "postgresql://u:hidden@127.0.0.1:1/x")
    for word in ("env:TM_TARGET", "nonsense", "env:TM_NOT_THERE", "mysql://u:hidden@h/x"):
        said = home("migrate-state", word)
        assert said.code == (1 if word == "env:TM_TARGET" else 2)  # a server that does not answer is no wrong word
        assert ("hidden" in said.err, "Traceback" in said.err) == (False, False)

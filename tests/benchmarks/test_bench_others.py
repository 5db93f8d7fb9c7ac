"""Scripts beside the suite: each is run and its report kept, and those that fail are named."""

from __future__ import annotations

from pathlib import Path

import others
import pytest


def test_a_script_that_fails_is_named_and_keeps_no_other_from_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reading.py").write_text("print('half a report'); raise SystemExit(1)")
    (tmp_path / "memory.py").write_text("print('114 MB')")
    monkeypatch.setattr(others, "HERE", tmp_path)
    assert others.run_others(tmp_path) == ("reading",)
    assert (tmp_path / "memory.txt").read_text() == "114 MB\n"

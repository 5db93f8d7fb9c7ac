"""A small valid configuration that each test bends in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.domain.errors import ConfigurationError, Mistake
from monitor.settings import Settings, load_settings

MINE_BAN = 'reference = "XXVI-5"\n'

Load = Callable[..., Settings]
Wrong = Callable[..., list[Mistake]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a loader of a configuration: file names (`/` as `__`, without `.toml`) to text or bytes."""

    def loaded(**files: str | bytes) -> Settings:
        folder = tmp_path / "config"
        for name, content in ({"treaties__mine-ban": MINE_BAN} | files).items():
            path = folder / (name.replace("__", "/") + ".toml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_settings(folder, tmp_path / "state")

    return loaded


@pytest.fixture
def wrong(load: Load) -> Wrong:
    """Return a loader of a wrong configuration that gives its mistakes."""

    def mistakes(**files: str | bytes) -> list[Mistake]:
        with pytest.raises(ConfigurationError) as caught:
            load(**files)
        return list(caught.value.mistakes)

    return mistakes

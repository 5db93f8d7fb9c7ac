"""Decides which folders are the configuration's and the state's."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_config_path, user_state_path

_NAME = "treaty-monitor"


def find_dirs(config_option: Path | None, state_option: Path | None) -> tuple[Path, Path]:
    """Return the folders of configuration and state; they need not exist.

    Each: the option, else the environment (TREATY_MONITOR_CONFIG, TREATY_MONITOR_STATE), else `./config` and
    `./state` where they exist, else the user's own (platformdirs).
    """
    config = config_option or _named("TREATY_MONITOR_CONFIG") or _here("config") or user_config_path(_NAME)
    state = state_option or _named("TREATY_MONITOR_STATE") or _here("state") or user_state_path(_NAME)
    return config, state


def _named(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None


def _here(name: str) -> Path | None:
    path = Path(name)
    return path if path.is_dir() else None

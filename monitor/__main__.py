"""The command `treaty-monitor`, also as `python -m monitor`."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import Any

FEWER_LOOKS = 20_000
"""New objects between two looks for those that nobody reaches; Python's own 700 make it look hundreds of times while
all of the program is being loaded, in vain."""


def main() -> None:
    """Run the command line."""
    _start_light()
    from monitor.faces.cli.app import app

    app(prog_name="treaty-monitor")


def _start_light() -> None:
    """Leave out what costs every command a tenth of a second or more, and gives it nothing."""
    gc.set_threshold(FEWER_LOOKS, 10, 10)
    atexit.register(gc.freeze)  # the last look of all, over everything, would only free what the system takes back
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # it would read what every package installed here offers
    modules: dict[str, Any] = sys.modules
    modules.setdefault("httpx._main", None)  # httpx's own command line, with click, rich and pygments; it does without


if __name__ == "__main__":
    main()

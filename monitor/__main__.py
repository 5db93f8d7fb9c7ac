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
    _stand_in()
    from monitor.faces.cli.app import app
    from monitor.faces.cli.output import hide_nothing
    from monitor.faces.cli.trouble import guarded, told

    def run() -> None:
        hide_nothing()
        with told():
            app(prog_name="treaty-monitor")

    sys.exit(guarded(run, verbosity=0))


def _stand_in() -> None:
    """Put something in the place of streams that the caller has closed: no file of ours may get their numbers.

    Writing to such a stdout fails, for what was to be told there must not count as told.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)  # takes the lowest free number
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - stays open


def _start_light() -> None:
    """Leave out what costs every command a tenth of a second or more, and gives it nothing."""
    gc.set_threshold(FEWER_LOOKS, 10, 10)
    atexit.register(gc.freeze)  # the last look of all, over everything, would only free what the system takes back
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # it would read what every package installed here offers
    modules: dict[str, Any] = sys.modules
    modules.setdefault("httpx._main", None)  # httpx's own command line, with click, rich and pygments; it does without


if __name__ == "__main__":
    main()

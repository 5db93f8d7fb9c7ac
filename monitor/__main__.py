"""The command `treaty-monitor`, also as `python -m monitor`."""

from __future__ import annotations

import gc

from monitor.faces.cli.app import app

FEWER_LOOKS = 20_000
"""New objects between two looks for those that nobody reaches; Python's own 700 make it look hundreds of times while
all of the program is being loaded, in vain."""


def main() -> None:
    """Run the command line."""
    gc.set_threshold(FEWER_LOOKS, 10, 10)
    app(prog_name="treaty-monitor")


if __name__ == "__main__":
    main()

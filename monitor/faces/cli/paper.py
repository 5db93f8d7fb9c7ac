"""What answers for people are printed on; loaded by the first of them, for a program that reads JSON needs none."""

from __future__ import annotations

from rich.console import Console


class Paper(Console):
    """Rich's console, but a reader who has read enough is no failure of ours (Rich would exit with 1)."""

    def on_broken_pipe(self) -> None:
        """Tell whoever prints."""
        raise BrokenPipeError

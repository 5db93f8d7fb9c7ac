"""What becomes of everything that can go wrong in a command: one message on stderr and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from monitor.domain.errors import (
    ConfigurationError,
    DisallowedError,
    MonitorError,
    SourceError,
    UsageError,
    did_you_mean,
)

DONE, UNFORESEEN, USAGE, REFUSED, UNREACHED, UNDELIVERED = range(6)
"""Exit codes of the outer contract."""

LONGEST = 5000
"""Characters of one line of a message: a user's own word may be of any length."""


def worst(codes: Iterable[int]) -> int:
    """Return the exit code where several apply: 1, then 2, 3, 4, 5."""
    return min((code for code in codes if code), default=DONE)


def among(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence on a word that is none of those known: the nearest one, and all of them."""
    from difflib import get_close_matches

    there = tuple(known)
    near = next(iter(get_close_matches(word, there, n=1)), None)
    return f"{did_you_mean(near) or '.'} There are: {', '.join(there) or 'none'}"


def let_go() -> None:
    """Write no more to stdout: what is left for it would fail again, and loudly, when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def told() -> Iterator[None]:
    """See that what is written to stdout meanwhile gets there. Raises MonitorError where it does not."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise  # whoever reads has read enough
    except OSError as error:
        let_go()
        raise MonitorError(f"the answer cannot be written to stdout: {error.strerror or error}") from error


def guarded(work: Callable[[], int | None], *, verbosity: int) -> int:
    """Do a command's work and return its exit code; say what went wrong in words."""
    try:
        code = work() or DONE
        sys.stdout.flush()
    except BrokenPipeError:
        let_go()
        return DONE  # whoever reads has read enough
    except SystemExit as ended:
        return _left_early(ended)
    except Exception as error:  # noqa: BLE001 - the outermost place: whatever it is, a user gets a sentence
        return _explained(error, verbosity)
    return code


def _left_early(ended: SystemExit) -> int:
    """Return the exit code where the reader of a help text or of a usage error has gone: Typer and Rich would fail.

    Raises what was raised where nobody has gone.
    """
    gone = ended.__context__
    if not isinstance(gone, BrokenPipeError):
        raise ended
    let_go()
    return getattr(gone.__context__, "exit_code", DONE)


def _explained(error: Exception, verbosity: int) -> int:
    if isinstance(error, MonitorError):
        _say(str(error))
        return _code(error)
    if verbosity > 0:
        import traceback

        traceback.print_exception(error)
    hint = "" if verbosity > 0 else " (repeat with --verbose to see where)"
    _say(f"something went wrong that nobody foresaw: {type(error).__name__}: {error}{hint}")
    return UNFORESEEN


def _code(error: Exception) -> int:
    if isinstance(error, ConfigurationError | UsageError):
        return USAGE
    if isinstance(error, SourceError | DisallowedError):
        return UNREACHED
    return UNFORESEEN


def _say(text: str) -> None:
    for line in text.splitlines() or [""]:
        print(f"treaty-monitor: {_harmless(line)}", file=sys.stderr)  # noqa: T201 - a command line talks


def _harmless(line: str) -> str:
    """Return a line in which what a terminal would obey, or not show, is spelt out, and no word goes on for ever."""
    shown = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in line[:LONGEST])
    return shown if len(line) <= LONGEST else f"{shown}…"

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
)

DONE, UNFORESEEN, USAGE, REFUSED, UNREACHED, UNDELIVERED = range(6)
"""Exit codes of the outer contract."""


def worst(codes: Iterable[int]) -> int:
    """Return the exit code where several apply: 1, then 2, 3, 4, 5."""
    return min((code for code in codes if code), default=DONE)


def among(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence on a word that is none of those known: the nearest one, and all of them."""
    from difflib import get_close_matches

    there = tuple(known)
    near = get_close_matches(word, there, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else "."
    return f"{hint} There are: {', '.join(there) or 'none'}"


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
    except Exception as error:  # noqa: BLE001 - the outermost place: whatever it is, a user gets a sentence
        return _explained(error, verbosity)
    return code


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
        print(f"treaty-monitor: {line}", file=sys.stderr)  # noqa: T201 - a command line talks

"""Runs all programs over the same rounds in turns, so that a busy machine slows all of them alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from measuring import Taken
from origin import MODES, STATES, Origin
from pages import Site
from programs import Outcome, Prepared, Program

NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Round:
    """One round of one program. `kept` and `grown` are bytes; `wrong` says why the round is not valid, if it is not."""

    program: str
    mode: str
    state: str
    taken: Taken
    requests: int
    not_modified: int
    kept: int
    grown: int
    wrong: tuple[str, ...]


def repeat(
    origin: Origin, site: Site, programs: tuple[Program, ...], folder: Path, times: int, say: Callable[[Round], None]
) -> list[Round]:
    """Return `times` repetitions of every round of every program in both modes; each repetition begins afresh."""
    rounds = []
    for number in range(times):
        turn = programs[number % len(programs) :] + programs[: number % len(programs)]  # each goes first in its turn
        for mode in MODES:
            place = folder / f"{number}-{mode}"
            for one in rounds_of(origin, site, turn, place, mode):
                say(one)
                rounds.append(one)
            rmtree(place)
    return rounds


def rounds_of(origin: Origin, site: Site, programs: Sequence[Program], folder: Path, mode: str) -> Iterable[Round]:
    """Yield the rounds of all programs over one way through the states of the site, in turns within each state."""
    with ExitStack() as stack:
        ready = []
        for program in programs:
            own = folder / re.sub(r"\W+", "-", program.name)
            own.mkdir(parents=True)
            ready.append((program, stack.enter_context(program.prepared(own, origin.address(mode), site.pages))))
        for state in STATES:
            origin.show(mode, state)
            for program, prepared in ready:
                yield _round(origin, site, program.name, prepared, (mode, state))


def _round(origin: Origin, site: Site, name: str, prepared: Prepared, which: tuple[str, str]) -> Round:
    mark, before = origin.mark(), prepared.kept()
    outcome = prepared.round(which[1])
    answered = origin.statuses(mark)
    kept = prepared.kept()
    return Round(
        name,
        *which,
        outcome.taken,
        requests=sum(answered.values()),
        not_modified=answered.get(NOT_MODIFIED, 0),
        kept=kept,
        grown=kept - before,
        wrong=(*outcome.wrong, *_unexpected(outcome, site, which[1]), *_unasked(origin, mark, site)),
    )


def _unexpected(outcome: Outcome, site: Site, state: str) -> Iterable[str]:
    """Yield what a program found that is not so, or failed to find."""
    changed = {one.page for one in site.news} if state == "changed" else set()
    if outcome.new != (site.pages if state == "first" else 0):
        yield f"{outcome.new} pages called new"
    if missed := changed - outcome.changed:
        yield f"missed pages: {sorted(missed)}"
    if false := outcome.changed - changed:
        yield f"pages falsely called changed: {sorted(false)[:10]}"


def _unasked(origin: Origin, mark: int, site: Site) -> Iterable[str]:
    """Yield that pages were not asked for. To ask twice is a program's own affair: one peer does so at first."""
    asked = {path for _, _, path in origin.asked(mark) if path.endswith(".html")}
    if len(asked) != site.pages:
        yield f"only {len(asked)} of {site.pages} pages were asked for"

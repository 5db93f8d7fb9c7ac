"""The limits that the project has set itself, and whether a run kept them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from results import OURS, Results

MEMORY = 120.0
RATIOS = (
    ("Unchanged round, every body differs", "volatile", "unchanged", "urlwatch", 0.5),
    ("Unchanged round, every body differs", "volatile", "unchanged", "webchanges", 0.15),
    ("Unchanged round, every body differs", "volatile", "unchanged", "changedetection.io", 0.02),
    ("Unchanged round, answered with 304", "conditional", "unchanged", "urlwatch", 0.8),
    ("First round", "volatile", "first", "urlwatch", 1.5),
    ("First round", "volatile", "first", "webchanges", 1 / 1.5),
    ("First round", "volatile", "first", "changedetection.io", 1 / 15),
)
"""Ours/theirs at most, against the quickest setting of a peer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target: what it is about, its limit and what was measured as they are written, and whether it was kept.

    `kept` None: it was not measured.
    """

    about: str
    limit: str
    measured: str
    kept: bool | None


def verdicts(results: Results) -> Iterator[Verdict]:
    """Yield every target, kept or missed."""
    for about, mode, state, peer, limit in RATIOS:
        setting = results.best(peer, mode, state)
        ratio = results.ratio(setting, mode, state) if setting else None
        written = "not measured" if ratio is None else f"{ratio:.3f}"
        yield Verdict(f"{about}: time / {peer}'s", f"{limit:.3f}", written, None if ratio is None else ratio <= limit)
    ours = [r for r in results.rounds if r.program == OURS]
    wrong = sum(bool(r.wrong) for r in ours if r.state == "changed")
    changed = sum(r.state == "changed" for r in ours)
    found = f"in {changed - wrong} of {changed} rounds"
    yield Verdict("Five changed pages, and only they, as typed changes", "in every round", found, not wrong)
    memory = max(r.taken.memory for r in ours)
    for about, most in (("a round", memory), ("the daemon over three rounds", results.daemon)):
        yield Verdict(f"Peak memory of {about}", f"{MEMORY:.0f} MB", f"{most:.0f} MB", most <= MEMORY)
    for word, start in (("check", results.start.check), ("run", results.start.run)):
        yield Verdict(
            f"`{word}`: start to the first page's answer", "1.00 s", f"{start.middle:.2f} s", start.middle <= 1
        )
    ratio = results.help.ratio
    yield Verdict("`--help` / an empty Typer program's", "1.50", f"{ratio:.2f}", ratio <= 1.5)  # noqa: PLR2004 - the target
    yield Verdict("Bytes kept per unchanged check", "100", f"{results.kept:.1f}", results.kept <= 100)  # noqa: PLR2004 - same

"""Independent events on one document are told together, and no noise beside them adds or hides anything."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from mutations.events import EVENTS
from mutations.noise import NOISE
from mutations.scene import Mutant, Mutator, Scene
from mutations.stage import Stage, answer, stage
from mutations.truth import Truth, faults

TOGETHER: tuple[Mutator, ...] = (
    EVENTS["joins"],
    EVENTS["signs"],
    EVENTS["ratifies"],
    EVENTS["notifies_withdrawal"],
    EVENTS["withdrawal_both_at_once"],
    EVENTS["retracts"],
    EVENTS["suspends"],
    EVENTS["disavows_signature"],
    EVENTS["consent_is_blanked"],
    EVENTS["date_is_corrected"],
    EVENTS["is_renamed"],
    EVENTS["declares"],
    EVENTS["withdraws_a_statement"],
)
BESIDE: tuple[Mutator, ...] = (
    NOISE["row_order"],
    NOISE["unrelated_note"],
    NOISE["heading_order"],
    NOISE["mark_on_a_heading"],
    NOISE["cell_spacing"],
    NOISE["statement_spacing"],
    NOISE["stamp"],
)


@pytest.fixture(scope="session")
def real(treaty_pages: Path) -> Stage:
    return stage(treaty_pages)


def _then(real: Stage, first: Mutant | None, mutate: Mutator, rng: Random) -> Mutant | None:
    """Play a second mutator on the outcome of a first; None if one does not apply or needs a document of its own."""
    if first is None:
        return None
    truths = first.expected if isinstance(first.expected, tuple) else ()
    taken = frozenset(t.who for t in truths if t.who)
    second = mutate(Scene(first.after, rng, real.states, taken))
    if second is None or second.before is not first.after:
        return None
    more: tuple[Truth, ...] = second.expected if isinstance(second.expected, tuple) else ()
    return replace(second, before=first.before, expected=(*truths, *more))


def _played(real: Stage, document: str, one: Mutator, two: Mutator, seed: int) -> list[str]:
    rng = Random(f"{one.__name__} {two.__name__} {document} {seed}")  # noqa: S311 - variety, no secrecy
    mutant = _then(real, one(Scene(real.documents[document], rng, real.states)), two, rng)
    if mutant is None:
        return []
    return [f"{document}: {one.__name__}, {two.__name__}: {text}" for text in faults(mutant.expected, answer(mutant))]


def _pairs() -> list[tuple[Mutator, Mutator]]:
    """Every two events, and every event with every noise after it."""
    return [*combinations(TOGETHER, 2), *((event, quiet) for event in TOGETHER for quiet in BESIDE)]


def test_what_is_played_together_is_told_together(real: Stage) -> None:
    small = sorted((name for name in real.documents), key=lambda name: len(real.documents[name].text))[:24]
    wrong = []
    for turn, (one, two) in enumerate(_pairs()):
        wrong += _played(real, small[turn % len(small)], one, two, 0)
    assert not wrong, "\n".join(wrong)


@pytest.mark.soak
@pytest.mark.parametrize("document", ["ottawa.html", "att.html", "iccpr_op1.html", "cmw.html", "XXVII-7-a.en.xml"])
def test_all_that_can_be_played_together_is_told_together(real: Stage, document: str) -> None:
    wrong = [text for one, two in _pairs() for seed in range(3) for text in _played(real, document, one, two, seed)]
    assert not wrong, "\n".join(wrong)

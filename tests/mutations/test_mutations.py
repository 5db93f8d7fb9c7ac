"""Thousands of mutants of the real documents: every event told, every noise silent, every fault refused or held."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from mutations.events import EVENTS
from mutations.faults import FAULTS
from mutations.noise import NOISE
from mutations.scene import Mutator
from mutations.stage import Stage, stage

KINDS: Mapping[str, Mutator] = {**EVENTS, **NOISE, **FAULTS}
LEAST_KINDS = 20
SEEDS_OF_SOAK = 12
LARGE = 500_000
"""Characters from which a document is large: those are read half a second each, and take turns in the short form."""


@pytest.fixture(scope="session")
def real(treaty_pages: Path) -> Stage:
    return stage(treaty_pages)


def _wrong(real: Stage, kind: str, documents: tuple[str, ...], seeds: range) -> tuple[int, list[str]]:
    played, wrong = 0, []
    for document in documents:
        for seed in seeds:
            found = real.play(KINDS[kind], document, seed)
            played += found is not None
            wrong += [f"{document}, seed {seed}: {text}" for text in found or ()]
    return played, wrong


def test_there_are_twenty_kinds_and_more_for_each_sort() -> None:
    assert min(len(EVENTS), len(NOISE), len(FAULTS)) >= LEAST_KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_the_truth_is_told_of_a_mutant_of_each_kind(real: Stage, kind: str) -> None:
    """Each kind on all small pages and on one of the large ones; on three exports, others for each kind."""
    turn = sorted(KINDS).index(kind)
    large = sorted(name for name in real.documents if len(real.documents[name].text) > LARGE)
    small = [name for name in real.documents if name.endswith(".html") and name not in large]
    exports = [name for name in real.documents if name.endswith(".xml") and name not in large]
    _, wrong = _wrong(real, kind, (*small, large[turn % len(large)], *exports[turn % 7 :: 7]), range(1))
    assert not wrong, "\n".join(wrong)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_every_document_many_times(real: Stage, kind: str) -> None:
    played, wrong = _wrong(real, kind, tuple(real.documents), range(1, SEEDS_OF_SOAK))
    assert played
    assert not wrong, "\n".join(wrong)

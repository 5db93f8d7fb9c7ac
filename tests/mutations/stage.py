"""What the mutation tests share: the real documents cut into parts, and the program's answer to a mutant."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from random import Random

from mutations.forms import Doc, parse
from mutations.scene import Mutant, Mutator, Scene
from mutations.truth import faults

from monitor.domain.change import Comparison
from monitor.domain.plausibility import Limits
from monitor.domain.snapshot import Reading
from monitor.pipeline.offline import compare_files, read_saved
from monitor.settings import rules_for, shipped_names
from monitor.sources.registry import readers


@dataclass(frozen=True)
class Stage:
    """The real documents by name, and the States that a document may not name yet."""

    documents: Mapping[str, Doc]
    states: tuple[str, ...]

    def play(self, mutate: Mutator, document: str, seed: int) -> list[str] | None:
        """Return what is wrong with the answer to one mutant, nothing if it is right, None if it does not apply."""
        rng = Random(f"{mutate.__name__} {document} {seed}")  # noqa: S311 - variety, no secrecy
        mutant = mutate(Scene(self.documents[document], rng, self.states))
        return None if mutant is None else faults(mutant.expected, answer(stamped(mutant, rng)))


def stage(pages: Path) -> Stage:
    """Cut all real documents in a folder."""
    found = sorted([*pages.glob("html/*.html"), *pages.glob("xml/*.xml")])
    current = json.loads((pages.parent / "names" / "names.json").read_text(encoding="utf-8"))["current"]
    return Stage({p.name: parse(p.read_bytes()) for p in found}, tuple(name for name, _ in current))


def stamped(mutant: Mutant, rng: Random) -> Mutant:
    """Print a later stamp on the later page in about half of the cases, where the mutator leaves it as it was."""
    later = mutant.after.stamp
    if later is None or later != mutant.before.stamp or rng.random() < 0.5:
        return mutant
    return replace(mutant, after=mutant.after.at(later + timedelta(days=rng.randrange(9), minutes=17)))


def answer(mutant: Mutant) -> Comparison:
    """Return what the program says of the two documents."""
    return compare_files(_read(mutant.before.body), _read(mutant.after.body), _rules, Limits())


@lru_cache(maxsize=1)
def _readers() -> tuple[object, ...]:
    return tuple(readers(shipped_names()).values())


_rules = lru_cache(rules_for)
_known: dict[int, Reading] = {}


def _read(body: bytes) -> Reading:
    """Read a document, the unchanged one of many mutants only once."""
    mark = zlib.crc32(body) ^ len(body)
    if mark not in _known:
        if len(_known) > 60:
            _known.clear()
        _known[mark] = read_saved(body, _readers())  # type: ignore[arg-type]
    return _known[mark]

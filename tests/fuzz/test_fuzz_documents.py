"""Damaged documents: the readers never raise, take no endless time, and nothing of the damage is told as a change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest
from fuzz.damage import DAMAGES

from monitor.domain.plausibility import Limits
from monitor.domain.snapshot import Reading
from monitor.pipeline.offline import compare_files, read_saved
from monitor.settings import rules_for, shipped_names
from monitor.sources.interface import Reader
from monitor.sources.registry import readers

SHORT, LONG = 300, 10_000
SECONDS = 30
"""Far more than any document takes; only what grows without bound would take it."""

Case = tuple[str, str, int]


@lru_cache(maxsize=1)
def _all() -> tuple[Reader, ...]:
    return tuple(readers(shipped_names()).values())


@lru_cache(maxsize=40)
def _whole(path: Path) -> tuple[bytes, Reading]:
    body = path.read_bytes()
    return body, read_saved(body, _all())


def _cases(pages: Path, count: int) -> Iterator[tuple[str, Path, int]]:
    """Yield damages and documents in turn; the small documents in the short form."""
    found = sorted((*pages.glob("html/*.html"), *pages.glob("xml/*.xml")), key=lambda p: p.stat().st_size)
    documents = found if count > SHORT else found[:24]
    kinds = sorted(DAMAGES)
    for number in range(count):
        yield kinds[number % len(kinds)], documents[(number // len(kinds)) % len(documents)], number


def _wrong(kind: str, path: Path, seed: int) -> str | None:
    """Return what is wrong with the answer to one damaged document, or None."""
    body, before = _whole(path)
    damaged = DAMAGES[kind](body, Random(seed))  # noqa: S311 - variety, no secrecy
    where = f"{kind} of {path.name}, seed {seed}"
    for reader in _all():
        reader.fingerprint(damaged)
    began = time.monotonic()
    after = read_saved(damaged, _all())
    if time.monotonic() - began > SECONDS:
        return f"{where}: {time.monotonic() - began:.0f} seconds"
    if any(f.rule == "reader-failed" for f in after.findings):
        return f"{where}: {after.findings}"
    told = compare_files(before, after, rules_for, Limits()).changes
    return f"{where}: {[(c.kind.value, c.key, str(c.act_date)) for c in told][:5]}" if told else None


def _all_wrong(pages: Path, count: int) -> list[str]:
    found = (_wrong(*case) for case in _cases(pages, count))
    return [text for text in found if text]


def test_three_hundred_damaged_documents_tell_nothing(treaty_pages: Path) -> None:
    assert not _all_wrong(treaty_pages, SHORT)


@pytest.mark.soak
def test_ten_thousand_damaged_documents_tell_nothing(treaty_pages: Path) -> None:
    assert not _all_wrong(treaty_pages, LONG)

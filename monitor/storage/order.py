"""Places a page's rows in order so that a new row between two others moves neither of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise


def place(present: Sequence[float | None]) -> list[float]:
    """Return strictly increasing ordinals; rows that have one keep it (None: a new row).

    All are numbered afresh, from zero, only where the rows that stay have changed their order, or where no
    number is left between two neighbours.
    """
    placed = _fill(present)
    if all(a < b for a, b in pairwise(placed)):
        return placed
    return [float(n) for n in range(len(present))]


def _fill(present: Sequence[float | None]) -> list[float]:
    """Return the ordinals with every run of new rows spread evenly between its neighbours."""
    placed: list[float] = []
    at = 0
    for new, run in groupby(present, key=lambda ordinal: ordinal is None):
        length = len(list(run))
        if new:
            placed += _spread(placed[-1] if placed else None, present[at + length : at + length + 1], length)
        else:
            placed += [ordinal for ordinal in present[at : at + length] if ordinal is not None]
        at += length
    return placed


def _spread(before: float | None, after: Sequence[float | None], count: int) -> list[float]:
    """Return `count` numbers between the ordinal before and the one after (open ends step by one)."""
    end = after[0] if after else None
    if before is None:
        last = 0.0 if end is None else end
        return [last - count + n for n in range(count)]
    step = 1.0 if end is None else (end - before) / (count + 1)
    return [before + step * n for n in range(1, count + 1)]

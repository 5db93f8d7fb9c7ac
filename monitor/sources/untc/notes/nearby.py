"""Bounds how far a word looks about itself, so that a damaged page cannot make a note's reading endless.

Whatever is found beside every word of a text is looked for again at each of them: with the text's whole length each
time, a clause of a thousand leavings would take a million searches. No clause seen is half as long as the bound.
"""

from __future__ import annotations

FAR = 5_000
"""Letters."""


def preceding(text: str, at: int) -> str:
    """Return what stands before a place, as far as it can matter there."""
    return text[max(0, at - FAR) : at]


def following(text: str, at: int) -> str:
    """Return what stands behind a place, as far as it can matter there."""
    return text[at : at + FAR]

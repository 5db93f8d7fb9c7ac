"""Writes the words of leaving as they should be, where the depositary's typist missed a letter or chose others."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

_WORDS = (
    "withdraw", "withdraws", "withdrawn", "withdrawing", "withdrawal", "withdrawals", "withdrew",
    "denounce", "denounces", "denounced", "denouncing", "denunciation", "denunciations",
)  # fmt: skip
_NEARLY = 0.85
"""How like a word must be: "denonciation" and "withdrawl" are, "without" and "denominated" are not."""
_ALIKE = re.compile(r"[WwDd](?<!\w.)(?:(?:i[dht]{1,4}|hit)[drw][a-z]{2,8}|en{1,2}[ou][a-z]{3,10})\b")
_PARTED = re.compile(
    r"\b(with)[- ](drawals?|drew)\b|\b(with)-(draw(?:s|n|ing)?)\b|\b(de)-(nunciations?)\b", re.IGNORECASE
)
_PARTS = ("with dr", "with-dr", "de-nun")
_BEGINNINGS = ("withd", "denou", "denun", "withr", "denon", "widthd", "wihd", "whitd", "witd")
_FROM_A_DAY = r"(?= (?:(?:as )?(?:from|of)|on) \d)"
_OPERATIVE = re.compile(
    # "becomes operative", "come into operation", "with operative date"
    r"((?:\b(?:becom\w+|became|be|is|was|been|and)(?: \w+ly)?|,) )operative\b(?! between\b)"
    r"|\b(into )operation\b(?! (?:of|between)\b)|\b(with )operative(?= date\b)"
    # "is valid as from 5 May", "shall be effected on 5 May", ", starting from 5 May"
    rf"|\b((?:becom\w+|became|be|is|was) |, )(?:valid|applicable|final){_FROM_A_DAY}"
    rf"|\b(be )effected(?= (?:on|from) \d)|(, )(?:starting|commencing|beginning){_FROM_A_DAY}",
    re.IGNORECASE,
)
"""A leaving that "becomes operative" takes effect; a treaty that does so between two States is another matter."""
_EFFECTIVE = (
    "operati",
    "valid",
    "applicable",
    "final on",
    "effected",
    "starting",
    "commencing",
    "beginning",
)
MISSPELT = (*_BEGINNINGS, *_PARTS)
"""One of these, in any case, stands in every text of withdrawing or denouncing, however it is spelt."""


def spelt(text: str) -> str:
    """Return `text` with the words of leaving spelt rightly; every other word stays as it is."""
    lowered = text.lower()
    if any(map(lowered.__contains__, _PARTS)):
        text = _PARTED.sub(lambda m: "".join(filter(None, m.groups())), text)
    if any(map(lowered.__contains__, _EFFECTIVE)):
        text = _OPERATIVE.sub(_effective, text)
    return _ALIKE.sub(_right, text) if any(map(lowered.__contains__, _BEGINNINGS)) else text


def _effective(found: re.Match[str]) -> str:
    return f"{found[2]}effect" if found[2] else f"{next(filter(None, found.groups()))}effective"


def _right(found: re.Match[str]) -> str:
    return _nearest(found.group())


@lru_cache(maxsize=256)
def _nearest(written: str) -> str:
    word = written.lower()
    near = [] if word in _WORDS else get_close_matches(word, _WORDS, n=1, cutoff=_NEARLY)
    return written[0] + near[0][1:] if near else written

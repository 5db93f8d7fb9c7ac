"""Finds, in a kept page, the words that tell of an act, and in a row of the record what another reading lacks."""

from __future__ import annotations

import re
from html import unescape

from monitor.domain.change import Change

LONGEST = 700
"""Letters shown of the paragraph that was found."""

_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_WITHIN = re.compile(r"</?(?:a|b|em|font|i|strong|sub|sup|u)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
_DOTS = "\N{HORIZONTAL ELLIPSIS}"


def passage(body: bytes, change: Change) -> str | None:
    """Return the paragraph around the notification's number (without its chapter), or None; markup is left out."""
    number = change.action.notification if change.action else None
    if not number:
        return None
    wanted = ".".join(number.split(".")[:4])
    found = next((text for text in paragraphs(body) if wanted in text), None)
    return _around(found, found.index(wanted)) if found else None


def paragraphs(body: bytes) -> list[str]:
    """Return a page's texts, one for each stretch between two tags that divide it, without markup."""
    raw = _UNSEEN.sub("\0", body.decode("utf-8", "replace"))
    parts = _TAG.sub("\0", _WITHIN.sub("", raw)).split("\0")
    return [text for part in parts if (text := _SPACE.sub(" ", unescape(part)).strip())]


def _around(text: str, place: int) -> str:
    """Return so much of a text as is shown, whole words around a place."""
    if len(text) <= LONGEST:
        return text
    start, end = max(0, place - LONGEST // 2), min(len(text), place + LONGEST // 2)
    start = text.index(" ", start) + 1 if start else 0
    end = text.rindex(" ", start, end) if end < len(text) else end
    return (_DOTS if start else "") + text[start:end] + (_DOTS if end < len(text) else "")


def fresh(row: str, other: str) -> list[tuple[str, bool]]:
    """Return the parts of a row's text in order, and whether the other text lacks them."""
    there = set(_parts(other))
    return [(part, part not in there) for part in _parts(row)]


def _parts(row: str) -> list[str]:
    return row.split("; ")

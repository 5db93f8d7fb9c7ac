"""Finds, in a kept page, the words that tell of an act: the note that names the depositary's own notification."""

from __future__ import annotations

import re
from html import unescape

from monitor.domain.change import Change

AROUND = 320
"""Letters shown on each side of what was found."""

_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")


def passage(body: bytes, change: Change) -> str | None:
    """Return the text around the notification's number (without its chapter), or None; markup is left out."""
    number = change.action.notification if change.action else None
    if not number:
        return None
    text = readable(body)
    place = text.find(".".join(number.split(".")[:4]))
    if place < 0:
        return None
    start, end = max(0, place - AROUND), min(len(text), place + AROUND)
    shown = text[start:end].strip()
    return ("\N{HORIZONTAL ELLIPSIS}" if start else "") + shown + ("\N{HORIZONTAL ELLIPSIS}" if end < len(text) else "")


def readable(body: bytes) -> str:
    """Return a page's text in one line, without markup."""
    raw = _UNSEEN.sub(" ", body.decode("utf-8", "replace"))
    return _SPACE.sub(" ", unescape(_TAG.sub(" ", raw)))

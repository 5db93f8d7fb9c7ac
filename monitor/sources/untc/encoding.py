"""Bytes to text: UTF-8 wherever the bytes are UTF-8, windows-1252 where they plainly are not."""

from __future__ import annotations

import re

from monitor.domain.snapshot import Finding
from monitor.sources.untc.refusal import hold, note

REPLACEMENT = "\ufffd"
"""Stands for bytes that could not be decoded; found in the grid it refuses the reading (see grid)."""

_HEAD = 4096
_SINGLE_BYTE = frozenset({b"iso-8859-1", b"latin-1", b"windows-1252"})
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_TRUNCATED = str.maketrans("\x1c\x1d\x18\x19\x13\x14\x10\x11\x02\x03", "\u201c\u201d\u2018\u2019\u2013\u2014--  ")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


_TWICE = re.compile(r"[\u00c2\u00c3][^\x00-\x7f]|\u00e2[\u20ac\x80][^\x00-\x7f]?")
"""Letters that were encoded twice: what UTF-8 looks like where it was taken for windows-1252 and encoded again."""


def declared(body: bytes) -> bytes:
    """Return the character set that the document's first lines name, in lower case, or nothing."""
    found = _DECLARED.search(body[:_HEAD])
    return found[1].lower() if found else b""


def decode(body: bytes, said: bytes) -> tuple[str, tuple[Finding, ...]]:
    """Return bytes as text, and a finding where they and the declared set (see `declared`) do not fit.

    The collection says UTF-8 on its pages and ISO-8859-1 in its exports, and old copies of those hold UTF-8: so
    valid UTF-8 is UTF-8. A document with no UTF-8 sequence at all is windows-1252 (which is what browsers take
    ISO-8859-1 for). One with both is damaged UTF-8: bad bytes become U+FFFD, which no name or date may contain.
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace"), ()
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _not_utf8(body, said)
    return text, _encoded_twice(text)


def _encoded_twice(text: str) -> tuple[Finding, ...]:
    """Return a hold if most letters beyond ASCII were encoded twice; a few may stand in what was quoted so."""
    found = _TWICE.findall(text) if any(letter in text for letter in "\u00c2\u00c3\u00e2") else ()
    if not found or len(found) <= sum(not c.isascii() for c in _TWICE.sub("", text)):
        return ()
    return (hold("undecodable", f"{len(found)} letter(s) were encoded twice; the text there is garbled"),)


def _not_utf8(body: bytes, said: bytes) -> tuple[str, tuple[Finding, ...]]:
    if _MULTIBYTE.search(body) and said not in _SINGLE_BYTE:
        text = body.decode("utf-8-sig", errors="replace")
        count = text.count(REPLACEMENT)
        return text, (hold("undecodable", f"{count} place(s) are not valid UTF-8; the text there is lost"),)
    text = body.decode("cp1252", errors="replace")
    if said in _SINGLE_BYTE:
        return text, ()
    return text, (note("encoding", "the document is not UTF-8; it was read as windows-1252"),)


def repair(text: str) -> tuple[str, bool]:
    """Return text without control characters, and whether there were any.

    Stored exports carry typographic quotes and dashes cut to their low byte (U+201C as 0x1C), which no XML may
    contain: those are restored, other control characters become U+FFFD.
    """
    if not _CONTROL.search(text):
        return text, False
    return _CONTROL.sub(REPLACEMENT, text.translate(_TRUNCATED)), True

"""Where on a page the meaningful parts lie, found by the ids of its elements and cut out without building a tree."""

from __future__ import annotations

import re
from hashlib import sha256

from monitor.sources.untc.encoding import declared

MARKERS = (
    "tblgrid", "divnew", "Table2", "Table1", "tblMain", "divParentDecTitle", "dgDec", "divParentObjTitle", "dgObj",
    "divParentDecArt", "dgDecUnderArticle", "divParentNotification", "dgNotifications", "divAppTitle", "tblDec",
    "divNotes", "dgNotesAll", "tclnkNote",
)  # fmt: skip
"""The elements between which a page's body is cut, in the order in which they stand."""

_MARKER = re.compile(r"=\s*[\"'](?>[\w$]*_)?(?P<id>" + "|".join(MARKERS) + r")[\"']")
"""The value of an attribute. Looked for from its equals sign, the rarest character of a long page, not from `id`; no
marker has an underscore, so only what follows a value's last one is tried."""
_ROOM = r"(?:[\w$]*_)?"
_STAMP = re.compile(rb"STATUS\s+AS\s+AT[^<]*", re.IGNORECASE)
_STATE = re.compile(rb"<input\b[^<>]*\b__[A-Z]+[^<>]*>", re.IGNORECASE)
_LINK = re.compile(rb"/MTDSG/[^\"'<>]*/([IVXLC]+-[0-9A-Za-z-]+)\.en\.xml")


def ends(body: bytes) -> bool:
    """Return whether the page has its end: what was cut off on the way has not."""
    return body[-256:].rstrip().lower().endswith(b"</html>")


END_OF_EXPORT = b"</Document>"


def export_ends(body: bytes) -> bool:
    """Return whether an export has its end."""
    return body[-256:].rstrip().endswith(END_OF_EXPORT)


def slices(text: str) -> dict[str, tuple[str, ...]]:
    """Return, by marker, the pieces of the page that begin with such an element and end before the next marker."""
    found = [(m["id"], text.rfind("<", 0, m.start())) for m in _MARKER.finditer(text) if _is_id(text, m.start())]
    stops = [*(start for _, start in found[1:]), len(text)]
    pieces: dict[str, tuple[str, ...]] = {}
    for (name, start), stop in zip(found, stops, strict=False):
        pieces[name] = (*pieces.get(name, ()), text[start:stop])
    return pieces


def _is_id(text: str, equals: int) -> bool:
    """Whether the attribute whose equals sign stands there is an `id`."""
    while text[equals - 1 : equals].isspace():
        equals -= 1
    return text[max(0, equals - 2) : equals].lower() == "id"


def element(text: str, name: str) -> str | None:
    """Return what stands inside the first `div` whose id ends in `name`; its end is the first closing tag."""
    found = re.search(rf"id\s*=\s*[\"']{_ROOM}{name}[\"'][^<>]*>(?P<inner>.*?)</div", text, re.DOTALL | re.IGNORECASE)
    return found["inner"] if found else None


def between(text: str, first: str, last: str) -> str:
    """Return the markup after the opening tag with id `first` and before that with id `last`, or nothing."""
    found = re.search(
        rf"id\s*=\s*[\"']{_ROOM}{first}[\"'][^<>]*>(?P<inner>.*?)<\w+[^<>]*id\s*=\s*[\"']{_ROOM}{last}[\"']",
        text,
        re.DOTALL | re.IGNORECASE,
    )
    return found["inner"] if found else ""


def core(body: bytes) -> bytes | None:
    """Return the page from the chapter's line to the last end note, or None where the page is not whole.

    All that has a meaning lies there in one piece, save the stamp. Before it lie ViewState and form, behind it scripts.
    """
    start = next((at for at in map(body.find, (b"rptHead_ctl00", b"rptTreaty_ctl00")) if at >= 0), None)
    if start is None or not ends(body):
        return None
    stop = body.rfind(b"tclnkNote", start)  # there is one, near the end: from there it is found at once
    piece = body[body.rfind(b"<", 0, start) : body.rfind(b"<", 0, stop) if stop > 0 else len(body)]
    return piece if b"tblgrid" in piece else None


def page_fingerprint(body: bytes) -> str | None:
    """Return a digest of all that a page's reading rests on, save its stamp; None for a page that is not whole."""
    piece = core(body)
    if piece is None:
        return None
    piece = _STAMP.sub(b"", piece) if _has(piece, b"STATUS AS AT") else piece
    piece = _STATE.sub(b"", piece) if _has(piece, b"__VIEWSTATE") else piece
    digest = sha256(b"\0".join((declared(body), own_export(body).encode(), b"")))
    digest.update(piece)  # by itself: to join so long a piece is to copy it
    return digest.hexdigest()


def _has(piece: bytes, word: bytes) -> bool:
    """Whether a word stands in a piece; from the end, which Python searches in half the time or less."""
    return piece.rfind(word) >= 0


def own_export(body: bytes) -> str:
    """Return the number in the address of the treaty's export that the page links, or nothing."""
    found = _LINK.search(body)
    return found[1].decode() if found else ""

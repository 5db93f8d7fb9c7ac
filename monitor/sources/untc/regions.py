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

_MARKER = re.compile(r"id\s*=\s*[\"'](?:[\w$]*_)?(?P<id>" + "|".join(MARKERS) + r")[\"']")
_ROOM = r"(?:[\w$]*_)?"
_STAMP = re.compile(rb"STATUS\s+AS\s+AT[^<]*", re.IGNORECASE)
_STATE = re.compile(rb"<input\b[^<>]*\b__[A-Z]+[^<>]*>", re.IGNORECASE)
_LINK = re.compile(rb"/MTDSG/[^\"'<>]*\.xml", re.IGNORECASE)


def ends(body: bytes | str) -> bool:
    """Return whether the document has its end: what was cut off on the way has not."""
    tail = body[-256:].rstrip().lower()
    return tail.endswith(b"</html>") if isinstance(tail, bytes) else tail.endswith("</html>")


def slices(text: str) -> dict[str, tuple[str, ...]]:
    """Return, by marker, the pieces of the page that begin with such an element and end before the next marker."""
    found = [(m["id"], text.rfind("<", 0, m.start())) for m in _MARKER.finditer(text)]
    stops = [*(start for _, start in found[1:]), len(text)]
    pieces: dict[str, tuple[str, ...]] = {}
    for (name, start), stop in zip(found, stops, strict=False):
        pieces[name] = (*pieces.get(name, ()), text[start:stop])
    return pieces


def element(text: str, name: str) -> str | None:
    """Return what stands inside the first `div` whose id ends in `name`; its end is the first closing tag."""
    found = re.search(rf"id\s*=\s*[\"']{_ROOM}{name}[\"'][^<>]*>(?P<inner>.*?)</div", text, re.DOTALL | re.IGNORECASE)
    return found["inner"] if found else None


def between(text: str, first: str, last: str) -> str:
    """Return the markup after the opening tag with id `first` and before that with id `last`, or nothing."""
    found = re.search(
        rf"id\s*=\s*[\"']{_ROOM}{first}[\"'][^<>]*>(?P<inner>.*?)<\w+[^<>]*id\s*=\s*[\"']{_ROOM}{last}[\"']",
        text,
        re.DOTALL,
    )
    return found["inner"] if found else ""


def page_fingerprint(body: bytes) -> str | None:
    """Return a digest from the chapter's line to the last end note: all that has a meaning lies there, in one piece.

    Before it lie ViewState, form and stamp, behind it scripts. None for a page that is not whole.
    """
    start = max(body.find(b"rptHead_ctl00"), 0) or body.find(b"rptTreaty_ctl00")
    stop = body.rfind(b"tclnkNote")
    stop = stop if stop > 0 else len(body)
    if start < 0 or not ends(body) or body.find(b"tblgrid", start, stop) < 0:
        return None
    piece = body[start:stop]
    piece = _STAMP.sub(b"", piece) if b"STATUS AS AT" in piece else piece
    piece = _STATE.sub(b"", piece) if b"__VIEWSTATE" in piece else piece
    link = _LINK.search(body)
    return sha256(b"\0".join((declared(body), link[0] if link else b"", piece))).hexdigest()

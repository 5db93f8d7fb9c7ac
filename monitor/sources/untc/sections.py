"""What participants have said, and the end notes, as a page prints them below the grid."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from monitor.domain.snapshot import StatementKind
from monitor.sources.untc.markup import Stretch, label, paragraphs, plains
from monitor.sources.untc.notes import EndNote
from monitor.sources.untc.printed import PrintedStatement
from monitor.sources.untc.refusal import Unreadable, refuse
from monitor.sources.untc.tables import rows, texts

SECTIONS = {
    "dgDec": StatementKind.DECLARATION,
    "dgObj": StatementKind.OBJECTION,
    "dgDecUnderArticle": StatementKind.ARTICLE_DECLARATION,
    "dgNotifications": StatementKind.NOTIFICATION,
}
SILENT = frozenset({StatementKind.ARTICLE_DECLARATION, StatementKind.NOTIFICATION})
"""Sections in which a name alone says something. Elsewhere a name without text is a statement withdrawn."""

_DIV = re.compile(
    r"""<div\b[^<>]*?\bid\s*=\s*["'][\w$]*_ctl(?P<row>[0-9]+)_div(?P<part>\w+)["'][^<>]*>""", re.IGNORECASE
)
_TABLE = Stretch(r"<table\b", r"</table\s*>")
_EDGE = re.compile(r"</?(?:table|tr|div)\b", re.IGNORECASE)
_FRAME = re.compile(r"ContentPlaceHolder|\bctl[0-9]{2}_|\bdiv[A-Z]\w*\"|\b(?:class|style)=[\"']")
_SIGNS = ("ContentPlaceHolder", "_", "=")
"""One of these, or `div` with a quotation mark, stands in whatever _FRAME finds: cheap to look for in long texts."""
_NUMBER = re.compile(r"\s*<a\s+name\s*=\s*['\"]?(?P<number>[0-9]+)['\"]?\s*>[^<]*</a\s*>", re.IGNORECASE)
_PARTS = frozenset({"Participant", "Text", "NotificationText"})
_TERRITORY_CELLS = 3


def whole(name: str, piece: str) -> str:
    """Return a section's piece of the page; Unreadable if something was cut out of it.

    The frame around the texts, made by the site's own program, is regular on every page seen: each table and row
    that opens closes, and no fewer `div` close than open. What depositary officers typed lies inside, and is not.
    """
    end = _last_table(piece) + len("</table")  # behind it begins the page's own frame
    edges = Counter(map(str.lower, _EDGE.findall(piece, 0, end)))
    if edges["<table"] > edges["</table"] or edges["<tr"] != edges["</tr"] or edges["<div"] > edges["</div"]:
        raise Unreadable(refuse("truncated", f"part of the section {name} is missing: the page was cut"))
    return piece


def _last_table(piece: str) -> int:
    """Return where the last table closes, -1 if none does."""
    at = piece.rfind("</")
    while at >= 0 and piece[at : at + len("</table")].lower() != "</table":
        at = piece.rfind("</", 0, at)
    return at


def _undamaged(name: str, text: str) -> str:
    """Return a text; Unreadable if rests of the frame stand in it, where a piece of the page is missing."""
    suspicious = any(sign in text for sign in _SIGNS) or ('"' in text and "div" in text)
    if suspicious and _FRAME.search(text):
        raise Unreadable(refuse("truncated", f"the section {name} is broken: its frame stands in its text"))
    return text


def _divs(piece: str) -> Iterator[tuple[str, str, str]]:
    """Yield row number, part ("Participant", "Text", …) and inner markup of a section's elements.

    An element reaches to the next one, not to a closing tag: declarations hold stray closing tags.
    """
    found = list(_DIV.finditer(piece))
    stops = [*(m.start() for m in found[1:]), len(piece)]
    for one, stop in zip(found, stops, strict=False):
        row, part = one.groups()
        yield row, part, piece[one.end() : stop]


def statements(name: str, piece: str) -> Iterator[PrintedStatement]:
    """Yield the statements of one section. A text without a participant is refused: it would be nobody's."""
    kind, who = SECTIONS[name], ""
    parts = [(part, inner) for _, part, inner in _divs(whole(name, piece)) if part in _PARTS]
    texts = iter(plains([inner for part, inner in parts if part != "Participant"]))
    for part, inner in parts:
        if part == "Participant":
            who = _name(inner)
        else:
            text = _undamaged(name, next(texts))
            if text and not who:
                raise Unreadable(refuse("nameless-statement", f"section {name} has a text without a participant"))
            if who and (text or kind in SILENT):
                yield PrintedStatement(kind, who, text)
            who = ""


@lru_cache(maxsize=4096)
def _name(inner: str) -> str:
    """Return a participant's name from its markup; every page names the same few hundred."""
    return label(inner).as_name().text


def territories(piece: str) -> Iterator[PrintedStatement]:
    """Yield the lines on territorial application; one without a name goes on with the participant before."""
    who = ""
    for row in rows(whole("tblDec", piece))[1:]:
        if len(row.texts) != _TERRITORY_CELLS:
            raise Unreadable(refuse("row-shape", f"a row on territorial application has {len(row.texts)} cells, not 3"))
        who = row.name(0).text or who
        yield from territory(who, row.texts[1], row.label(2).text)


def territory(who: str, day: str, where: str) -> Iterator[PrintedStatement]:
    """Yield the line as a statement, nothing for an empty one."""
    if who and (day or where):
        yield PrintedStatement(StatementKind.TERRITORY, who, f"{day}: {where}" if day else where)


def end_notes(piece: str) -> Iterator[EndNote]:
    """Yield the end notes. The number is the one that opens the text; failing that, the element's own less one."""
    for row, part, inner in _divs(whole("dgNotesAll", piece)):
        if part == "NotesAll":
            found = _NUMBER.match(inner)
            number = int(found["number"]) if found else int(row) - 1
            note = end_note(number, inner[found.end() :] if found else inner)
            _undamaged("dgNotesAll", note.text)
            yield note


def end_note(number: int, source: str) -> EndNote:
    """Return a note with its text and the tables inside it apart."""
    tables = tuple(texts(source[begin:end]) for begin, _, _, end in _TABLE.spans(source))
    return EndNote(number, paragraphs(_TABLE.replaced(source, " ")), tables)

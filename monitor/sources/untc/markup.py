"""Markup to plain text, without a tree: the collection's texts close tags that they never opened.

A parser that builds a tree ends a cell or a section at a stray closing tag and loses what follows; here tags are
taken out where they stand. Only tables are parsed (see tables).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple


class Stretch:
    """What reaches from an opening to the first closing behind it. Found in one pass, however many are left open."""

    def __init__(self, opening: str, closing: str) -> None:
        self._opening, self._closing = (re.compile(edge, re.IGNORECASE) for edge in (opening, closing))

    def spans(self, source: str) -> Iterator[tuple[int, int, int, int]]:
        """Yield where each begins, where its inside begins and ends, and where it ends."""
        at = 0
        while (first := self._opening.search(source, at)) and (last := self._closing.search(source, first.end())):
            yield *first.span(), *last.span()
            at = last.end()

    def replaced(self, source: str, by: str | Callable[[str], str]) -> str:
        """Return the source with each replaced by a text, or by what a function makes of its inside."""
        parts, at = [], 0
        for begin, start, stop, end in self.spans(source):
            parts += [source[at:begin], by if isinstance(by, str) else by(source[start:stop])]
            at = end
        return "".join((*parts, source[at:])) if at else source


_MARK = Stretch(r"<(?:sup|superscript)\b[^<>]*>", r"</(?:sup|superscript)\s*>")
_INVISIBLE = Stretch(r"<p\s+class=['\"]?invisible['\"]?[^<>]*>", r"</p\s*>")
_COMMENT = Stretch("<!--", "-->")
_BREAK = re.compile(r"</?(?:br|p|div|tr|td|th|table|li|ul|ol|center|right|text|index)\b[^<>]*>", re.IGNORECASE)
_BLANK = re.compile("&nbsp;")
"""The one entity that stands everywhere; in a long text an expression finds it in less than half the time."""
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ONLY_NUMBERS = re.compile(r"[\d\s,;*()\[\]]*")
_NUMBER = re.compile(r"[0-9]{1,4}")
_LONG = 300
"""From so many characters on, a text is not taken apart into its words to be folded: declarations have thousands."""
_SPACES = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
    "\u205f\u3000"
)
"""All white space but the blank, as `str.split` knows it."""
_RUN = re.compile("  +")
_SEAM = "\ufdd3"
"""Stands between pieces that are read in one pass: a noncharacter, so that no entity can write it."""
_TRAILING_MARKS = re.compile(r"(?:[\s,;]*(?:\([0-9]+\)|\[[0-9]+\]|[0-9]+|\*+))+\s*$")
_ENDS_OF_MARKS = tuple("0123456789)]*")


class Label(NamedTuple):
    """A printed word with the numbers of the end notes that hang on it."""

    text: str
    notes: tuple[int, ...] = ()

    def as_name(self) -> Label:
        """Return the label without marks that trail it as plain characters: `Serbia 3,4`, `Slovakia*`, `Holy See (1)`.

        Only for participants' names: of a heading "article 21 (1)" is part.
        """
        found = _TRAILING_MARKS.search(self.text) if self.text.rstrip().endswith(_ENDS_OF_MARKS) else None
        if not found or not found.start():
            return self
        return Label(self.text[: found.start()], self.notes + numbers(found[0]))


def fold(text: str) -> str:
    """Return text with every run of white space, non-breaking blanks too, as one blank."""
    if len(text) < _LONG:
        return " ".join(text.split())
    for space in _SPACES:
        if space in text:
            text = text.replace(space, " ")
    return _RUN.sub(" ", text).strip(" ")


def _bare(source: str) -> str:
    return html.unescape(_BLANK.sub("\xa0", _TAG.sub("", source)))


def _unmark(inner: str) -> str:
    return "" if _ONLY_NUMBERS.fullmatch(_bare(inner)) else inner


def plain(source: str) -> str:
    """Return the text of a piece of markup on one line.

    Dropped: tags, comments, note marks (their numbers shift without meaning), and the invisible repetition of a
    participant's name that opens each declaration.
    """
    if "<" in source:
        seen = _INVISIBLE.replaced(_COMMENT.replaced(source, ""), " ")
        source = _BREAK.sub(" ", _MARK.replaced(seen, _unmark))
    return fold(_bare(source))


def plains(sources: Sequence[str]) -> list[str]:
    """Return what `plain` does of each piece, in one pass over all: a page has a hundred declarations.

    Where something left open in one piece would reach into the next, or a piece holds the seam, each is read alone.
    """
    joined = _SEAM.join(sources)
    seen = _INVISIBLE.replaced(_COMMENT.replaced(joined, ""), " ")
    texts = fold(_bare(_BREAK.sub(" ", _MARK.replaced(seen, _unmark_within)))).split(_SEAM)
    whole = len(texts) == len(sources) == joined.count(_SEAM) + 1
    return [text.strip(" ") for text in texts] if whole else list(map(plain, sources))


def _unmark_within(inner: str) -> str:
    """Unmark, but take out what reaches over a seam: it is then missed."""
    return "" if _SEAM in inner else _unmark(inner)


def paragraphs(source: str) -> str:
    r"""Return the text of a piece of markup, one paragraph a line, separated by "\n"; empty ones are dropped."""
    source = _MARK.replaced(_COMMENT.replaced(source, ""), _unmark)
    lines = _bare(_BREAK.sub("\x00", source)).split("\x00")
    return "\n".join(line for line in map(fold, lines) if line)


def numbers(text: str) -> tuple[int, ...]:
    """Return the note numbers that a mark prints: "5, 6" and "5,6" are two."""
    return tuple(int(n) for n in _NUMBER.findall(text))


def label(source: str) -> Label:
    """Return printed words and the note marks on them, from markup as pages and exports write it."""
    return Label(
        plain(source), tuple(n for _, start, stop, _ in _MARK.spans(source) for n in numbers(_bare(source[start:stop])))
    )

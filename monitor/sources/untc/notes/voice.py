"""Splits a note into sentences and tells whose words each is: the depositary's own, or those of a State it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.sources.untc.notes import dates
from monitor.sources.untc.notes.spelling import spelt
from monitor.sources.untc.notes.words import ADDRESSED

_OPENING, _CLOSING = "“„«", "”»"
_MARK = re.compile(f'[{_OPENING}{_CLOSING}"]')
_SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")  # all but a blank that stands alone
_ODD_SPACE = re.compile("[\t\v\f\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_UNSEEN = tuple("\u00ad\u200c\u200d\u2060\ufeff")
"""Signs that show nothing, though they part a word for whoever searches it."""
_LOST = re.compile("[\ufffd\u00a0\u2007\u202f\u200b]")  # lost or odd spaces of the depositary's conversions
_SINGLE = re.compile(
    r"(?<!\w)[\u2018'`]{1,2}(?=[\w\[(.…])(?P<said>[^\n“”\"«»]*?)"
    r"(?:(?<![sS])['\u2019]{1,2}(?!\w)|['\u2019]{1,2}(?=[\s.,;:)]*$))",
    re.MULTILINE,
)
"""Words in single quotation marks; the mark of a plural's possession closes none but at a paragraph's end."""
_INLINE = re.compile(
    r"\b(?:following (?:communication|statement|declaration|objection|reservation|observation|explanation|text|terms)s?"
    r"|as follows|which reads?|to the effect that)\s*:\s+(?=[\w\[(.…])"
)
"""What introduces a State's words that no mark sets off."""
_SPLIT_REFERENCE = re.compile(r"\bC\s?\.\s?N\s?\.\s?(\d+)\s?\.\s?(\d{4})\s?\.?\s?TREATIES\s?([-\u2013])\s?")
_END = re.compile(r"[.!?][\"”\u2019')\]]*\s+(?=[\"“\u2018(\[]?\s?[A-Z0-9“…])|:\s*$")
_SHORT = re.compile(
    r"(?:\b(?:vol|pp?|nos?|arts?|paras?|cf|ibid|st|mr|mrs|res|doc|chap|ch|sect|suppl|i\.e|e\.g|u\.s"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|\b[A-Z])\.[\"”\u2019')\]]*\s+$",
    re.IGNORECASE,
)
_LONGEST_SHORT = 8  # characters of an abbreviation before its point
_SPEAKER = re.compile(r"^(?:The\s+)?(?P<name>[A-ZÀ-Þ][^:.;\"“]{2,80}?)\s*\((?P<when>[^()]{6,40}\d{4})\)\s*:?\s*$")
_FEW = 3  # fewer words make no sentence of their own
_TOLD = rf"(?:{ADDRESSED}|transmitted|addressed|advised)"
_TO_DEPOSITARY = re.compile(rf"\bSecretary-General\b.*\b{_TOLD}\b|\b{_TOLD}\b.*\bSecretary-General\b")
_OF_DEPOSITARY = re.compile(
    r"^\W*(?:(?:Subsequently|Thereafter|Further|Furthermore|Moreover|Later|However|Finally),?\s+)?"
    r"(?:[Oo]n (?:that|the) same (?:date|day)|[Oo]n \d|[IiBb][ny] an? (?:communication|notification|letter|note)\b"
    r"|Refer to|See\b)"
    r"|^\W*(?:In accordance with[^,]{0,40},\s*)?(?:[Tt]he|[Tt]his|[Tt]hat|[Ss]uch)\s+(?:said\s+|new\s+)?"
    r"(?:withdrawal|denunciation|action|accession|suspension)\s+(?:took|takes|will|shall|was to|became|becomes"
    r"|is to)\b.*\d{4}",
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A State whose words follow: the heading or the sentence that introduces them."""

    introduction: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `speaker` is None for the depositary's own words; quoted parts of these are blanked out."""

    text: str
    speaker: Speaker | None = None


def joined(text: str) -> str:
    """Return `text` without the signs that show nothing and may stand within a word."""
    for sign in () if text.isascii() else _UNSEEN:
        text = text.replace(sign, "")
    return text


def tidy(text: str) -> str:
    """Return `text` with odd and lost spaces folded and references to depositary notifications put together again."""
    folded = _folded(_LOST.sub(" ", text))
    marked = _SINGLE.sub(r"“\g<said>”", spelt(folded))
    return _SPLIT_REFERENCE.sub(r"C.N.\1.\2.TREATIES-", marked) if "TREATIES" in marked else marked


def sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a tidied note in order; paragraphs are separated by line breaks."""
    return tuple(_Listener().hear(text))


class _Listener:
    """Follows who speaks from paragraph to paragraph."""

    def __init__(self) -> None:
        self.speaker: Speaker | None = None  # whose unquoted words the present paragraphs are
        self.introduced: Speaker = Speaker("")  # who would speak in a quotation
        self.open = False  # whether a quotation runs on from the last paragraph

    def hear(self, text: str) -> list[Sentence]:
        heard: list[Sentence] = []
        for paragraph in filter(None, (p.strip() for p in text.split("\n"))):
            heading = _SPEAKER.match(paragraph)
            if heading and dates.mentions(heading["when"]):
                self.introduced = self.speaker = Speaker(f"{heading['name']} declared on {heading['when']}")
                self.open = False
            else:
                heard += self._paragraph(paragraph)
        return heard

    def _paragraph(self, paragraph: str) -> list[Sentence]:
        inherited = self.open
        quoted, self.open = _quoted(paragraph, inherited=inherited)
        heard = [part for a, b in _spans(paragraph) for part in self._sentence(paragraph, quoted, a, b)]
        if not self.open and paragraph.endswith(":") and heard and heard[-1].speaker is None:
            self.introduced = self.speaker = Speaker(heard[-1].text)
        return heard

    def _sentence(self, paragraph: str, quoted: bytearray, start: int, end: int) -> list[Sentence]:
        """The depositary's own part of a sentence, and the part that it quotes."""
        whole, own = paragraph[start:end].strip(), _part(paragraph, quoted, start, end, said=False)
        inherited = quoted[start] and paragraph[start] not in _OPENING + '"'
        if inherited and _by_depositary(whole):
            own, quoted = whole, bytearray(len(quoted))  # a quotation that nobody closed
        if len(own.split()) < _FEW and own != whole:
            return [Sentence(whole, self.introduced)]
        if self.speaker and not _by_depositary(own):
            return [Sentence(whole, self.speaker)]
        self.speaker = None
        quote = _part(paragraph, quoted, start, end, said=True)
        if own.endswith(":") or "following" in own[-60:] or quote:
            self.introduced = Speaker(own)
        return [Sentence(own), Sentence(quote, self.introduced)] if len(quote.split()) >= _FEW else [Sentence(own)]


def _by_depositary(sentence: str) -> bool:
    """Whether a sentence can only be the depositary's own."""
    told = "Secretary-General" in sentence and _TO_DEPOSITARY.search(sentence)
    return bool(told or _OF_DEPOSITARY.match(sentence))


def _part(paragraph: str, quoted: bytearray, start: int, end: int, *, said: bool) -> str:
    """The characters of a sentence that are quoted, or those that are not."""
    part = paragraph[start:end]
    if not any(quoted[start:end]):
        return "" if said else part.strip()
    kept = (part[a:b] for a, b in _runs(quoted[start:end], b"\1" if said else b"\0"))
    return _folded(" ".join(kept)).strip()


def _runs(marks: bytearray, mark: bytes) -> Iterator[tuple[int, int]]:
    """Yield where a mark stands without a break."""
    other, last = b"\0" if mark == b"\1" else b"\1", 0
    while (first := marks.find(mark, last)) >= 0:
        last = marks.find(other, first)
        last = len(marks) if last < 0 else last
        yield first, last


def _folded(text: str) -> str:
    return _SPACES.sub(" ", text) if "  " in text or _ODD_SPACE.search(text) else text


def _quoted(paragraph: str, *, inherited: bool) -> tuple[bytearray, bool]:
    """Return for each character whether it is quoted (1 or 0), and whether the quotation runs on after the paragraph.

    A new paragraph of a running quotation may repeat the opening mark; a mark at a paragraph's end closes all.
    """
    depth, since = int(inherited and paragraph[0] not in _OPENING + '"'), 0
    quoted = bytearray(len(paragraph))
    for match in _MARK.finditer(paragraph):
        i, char = match.start(), match.group()
        opens = char in _OPENING or (char == '"' and _opens(paragraph, i))
        closes = not opens
        since = since if depth else i
        depth += opens
        if closes and not depth and not inherited:  # it closes what an earlier paragraph should have opened
            depth, since = 1, 0
        if closes and depth == 1:
            _mark(quoted, since, i + 1)
        depth = max(0, depth - closes)
    told = _INLINE.search(paragraph) if ":" in paragraph else None
    for start in ([since] if depth else []) + ([told.end()] if told else []):
        _mark(quoted, start, len(paragraph))
    ended = paragraph.rstrip(" .,;:)")[-1:] in (*_CLOSING, '"')
    return quoted, depth > 0 and not ended


def _mark(quoted: bytearray, start: int, end: int) -> None:
    quoted[start:end] = b"\1" * (end - start)


def _opens(paragraph: str, i: int) -> bool:
    before, after = paragraph[i - 1 : i], paragraph[i + 1 : i + 2]
    return (not before or before in " ([") and bool(after.strip())


def _spans(paragraph: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for match in _END.finditer(paragraph):
        if not _SHORT.search(paragraph, max(start, match.start() - _LONGEST_SHORT), match.end()):
            spans.append((start, match.end()))
            start = match.end()
    return [*spans, (start, len(paragraph))] if start < len(paragraph) else spans

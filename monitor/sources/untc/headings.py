"""What a column's heading makes of the dates and codes beneath it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from monitor.domain.action import CONSENT, ActionKind

Kind = ActionKind

_BEFORE = r"(?:the |date of |deposit of |receipt of |instruments? of |act of |notification of )*"
_LEAD = re.compile(_BEFORE, re.IGNORECASE)
"""Of "Date of deposit of the instrument of ratification": a ratification."""
_SPLIT = re.compile(
    # at "Acceptance(A), Ratification", "acceptance, accession(a)", "Ratification; accession", "Signature / Accession"
    r",\s+(?=[A-Z])|,\s+(?=[^,()]*\([A-Za-z]{1,2}\))|;\s+|\s*/\s*(?=[A-Z])"
    # and whatever follows a code: "Acceptance(A),approval", "Approval(AA) Accession"
    r"|(?:(?<=\([A-Za-z]\))|(?<=\([A-Za-z]{2}\)))(?:\s*,\s*|\s+(?=[A-Z]))"
)
_CODE = re.compile(r"\s*\( ?(?P<code>[A-Za-z]{1,2}) ?\)")

_LEAVING = re.compile(r"withdr|denunc|denounc|terminat", re.IGNORECASE)
"""A column of leaving has never been seen, and what its dates mean has to be looked at by somebody."""

_MEANINGS = (
    # of two words that begin alike, the longer first
    ("succession to signature", Kind.SUCCESSION_TO_SIGNATURE),
    ("succession to definitive signature", Kind.SUCCESSION),
    ("confirmation of signature", Kind.CONFIRMATION_OF_SIGNATURE),
    ("definitive signature", Kind.DEFINITIVE_SIGNATURE),
    ("signature without reservation", Kind.DEFINITIVE_SIGNATURE),
    ("signature", Kind.SIGNATURE),
    ("ratification", Kind.RATIFICATION),
    ("definitive acceptance", Kind.ACCEPTANCE),
    ("acceptance", Kind.ACCEPTANCE),
    ("approval", Kind.APPROVAL),
    ("accession", Kind.ACCESSION),
    ("succession", Kind.SUCCESSION),
    ("formal confirmation", Kind.FORMAL_CONFIRMATION),
    ("consent to be bound", Kind.CONSENT_TO_BE_BOUND),
    ("simplified procedure", Kind.CONSENT_TO_BE_BOUND),  # article 5 of XXI-6-a: bound unless it notifies otherwise
    ("participation", Kind.PARTICIPATION),
    ("provisional application", Kind.PROVISIONAL_APPLICATION),
    # acts, but not of consent to be bound: kept with their heading
    ("provisional acceptance", Kind.OTHER),  # of an instrument not yet accepted for good; no treaty says it binds
    ("application", Kind.OTHER),
    ("extension", Kind.OTHER),
    ("territorial application", Kind.OTHER),
    ("territorial extension", Kind.OTHER),
    ("notification", Kind.OTHER),
    ("declaration", Kind.OTHER),
)
"""What a part of a heading means by the words with which it begins."""

_MORE = (
    r" (?:ad referendum|to (?:the|this)(?! (?:definitive )?sign)|with (?:effect|regard|respect)"
    r"|(?:and|as|at|by|for|from|in|of|on|or|pursuant|subject|under)\b)"
    r"(?:[^()]|\(\w[\w ,.-]*(?<!,)\))*"
)
"""Of "ratification of the Convention (as amended)"; but "succession to the signature" is another act."""
_REST = re.compile(rf"s?(?:{_MORE}| \(\w[\w ,.-]{{3,}}\)| \d[\d ,]*)?")
"""What may stand behind a word of acts: more of it, "(Annexes I and II)" or the numbers of notes.

Other letters, or half a code, may be a slip that hides another act.
"""
_SHORT = 5
_ACTS = sorted(
    {word for start, _ in _MEANINGS for word in (start.replace(" ", ""), *start.split()) if len(word) > _SHORT}
)
_LIKE = 0.75
"""How like an act a word must be to be taken for its misspelling: "rattification" is, "objection" is not."""

_WORD = rf"{_BEFORE}(?:{'|'.join(start for start, _ in _MEANINGS)})s?"
_TWO = re.compile(rf"({_WORD}(?:\s*\([a-z]{{1,2}}\))?)[^\w(]*(?:(?:and|or)\b[^\w(]*)*(?={_WORD})", re.IGNORECASE)
"""A word of acts, whole, and another right behind it: two parts, whatever stands between them, or nothing does."""

_GENERAL = {
    "a": Kind.ACCESSION,
    "A": Kind.ACCEPTANCE,
    "AA": Kind.APPROVAL,
    "d": Kind.SUCCESSION,
    "s": Kind.DEFINITIVE_SIGNATURE,
    "P": Kind.CONSENT_TO_BE_BOUND,
    "p": Kind.CONSENT_TO_BE_BOUND,
    "n": Kind.PROVISIONAL_APPLICATION,
    "c": Kind.FORMAL_CONFIRMATION,
    "C": Kind.CONFIRMATION_OF_SIGNATURE,
}
"""The depositary's own codes, for a code that the heading above it does not explain."""

_CODED = {*_GENERAL.values(), Kind.SUCCESSION_TO_SIGNATURE}
_FIXED = {code: {_GENERAL[code]} for code in ("a", "A", "AA", "d")}
_FIXED["d"] |= {Kind.SUCCESSION_TO_SIGNATURE}
"""What no heading seen gives another meaning: a slip of the typist makes one of them another."""


@dataclass(frozen=True, slots=True)
class Word:
    """One part of a heading: its code, empty for the un-coded ones, and its kind, None for words no rule knows."""

    text: str
    code: str
    kind: ActionKind | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of acts. The order of its heading's words carries no meaning."""

    heading: str
    words: tuple[Word, ...]

    @property
    def kinds(self) -> frozenset[ActionKind]:
        """The kinds of act that the heading names."""
        return frozenset(w.kind for w in self.words if w.kind)

    @property
    def consent(self) -> bool:
        """Whether an act in this column can be a consent to be bound."""
        return bool(self.kinds & CONSENT)

    @property
    def signing(self) -> bool:
        """Whether this is the column of signatures."""
        return Kind.SIGNATURE in self.kinds

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words of the heading that no rule knows, or whose code is another's."""
        return tuple(w.text for w in self.words if w.kind is None or self._miscoded(w))

    def _miscoded(self, word: Word) -> bool:
        if not word.code:
            return False
        clashing = any(w.code == word.code and w.kind is not word.kind for w in self.words)
        return clashing or word.code not in _GENERAL or word.kind not in _FIXED.get(word.code, {word.kind})

    @property
    def ambiguous(self) -> bool:
        """Whether an un-coded date may mean more than one act."""
        return len({w.kind for w in self.words if not w.code and w.kind}) > 1

    @property
    def bare(self) -> bool:
        """Whether every word has a code, so that an un-coded date is not foreseen."""
        return all(w.code for w in self.words)

    def meaning(self, code: str) -> ActionKind:
        """Return the kind of act that a date with this code ("" for none) shows; KeyError if nothing explains it."""
        named = [w.kind or Kind.OTHER for w in self.words if w.code == code]
        if not named:
            return self._general(code)
        return min(named, key=_doubtful)

    def _general(self, code: str) -> ActionKind:
        if not code:  # every word has a code: the first word that names an act
            return next((w.kind for w in self.words if w.kind), Kind.OTHER)
        kind = _GENERAL[code]
        if kind is Kind.SUCCESSION and self.signing and not self.consent:
            return Kind.SUCCESSION_TO_SIGNATURE
        return kind


@lru_cache(maxsize=512)
def read_heading(heading: str) -> Column:
    """Return what a heading says. Its parts are separated by commas, but a comma inside a sentence separates nothing.

    "Participation in the Convention by virtue of ratification, accession or succession to …" is one part: the next
    part begins with a capital or ends in a code. Nor need a comma stand there: two words of acts are two parts.
    """
    parts = (part for piece in _SPLIT.split(heading) if piece.strip() for part in _parts(piece.strip()))
    return Column(heading, tuple(map(_word, parts)))


def _parts(piece: str) -> Iterator[str]:
    """Yield a piece's words of acts: without its comma, "Ratification Accession(a)" would make (a) a ratification."""
    while found := _TWO.match(piece):
        yield found[1]
        piece = piece[found.end() :]
    yield piece


def _doubtful(kind: ActionKind) -> tuple[bool, bool, int]:
    """Return what sorts the kinds that one code may mean, the likeliest first and wherever they stand.

    An act that has a code of its own has it printed: beside a ratification, what has no code is the ratification.
    """
    return kind is Kind.OTHER, kind in _CODED, list(Kind).index(kind)


def _word(part: str) -> Word:
    part = " ".join(part.split())
    found = _CODE.search(part)
    if found is None:
        return Word(part, "", _kind(part))
    before, after = part[: found.start()], part[found.end() :]
    text = (before + after).strip()
    return Word(text, found["code"], None if after[:1].isalnum() else _kind(text))  # "Ratification(a)ccession": a slip


def _kind(text: str) -> ActionKind | None:
    if _LEAVING.search(text):
        return None
    key = _LEAD.sub("", text, count=1).lower()
    for start, kind in _MEANINGS:
        if key.startswith(start):
            return kind if _REST.fullmatch(key[len(start) :]) else None
    other = text.lower().startswith("notification ") and not any(map(_misspelt, key.split()))
    return Kind.OTHER if other else None


def _misspelt(word: str) -> bool:
    return bool(get_close_matches(word, _ACTS, n=1, cutoff=_LIKE))

"""Matches participants' names exactly on a curated table, after one fixed normalisation; never guesses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from hashlib import sha256

from monitor.domain.participant import Participant, ParticipantKind

_FOOTNOTE = r"\[\s*[0-9a-z]{1,3}\s*\]|\(\s*\d{1,3}\s*\)|[*†‡§]+|[0-9⁰¹²³⁴-⁹]{1,3}"
_FOOTNOTES = re.compile(rf"(?>(?:(?>\s*)(?>,?)(?>\s*)(?>{_FOOTNOTE}))+)\s*$")
"""Marks as pages print them after a name: `5, 6`, `3,4`, `8`, `[13]`, `*`, `(1)`. No participant's name ends so.

Atomic, so that a damaged page cannot make the search take long (possessive repeats are wrong before Python 3.11.5).
"""
_ENDS_OF_FOOTNOTES = tuple("])*†‡§0123456789⁰¹²³⁴⁵⁶⁷⁸⁹")
_REMEMBERED = 4096
"""Spellings whose answer is kept: every page names the same few hundred."""
_LONGEST = 200
"""More characters than this are no name, and are left as they are."""

_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc\u00b4\u0060\u2032", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)


def without_footnotes(written: str) -> str:
    """Return a name as a cell shows it, whitespace folded and trailing footnote marks removed (unless all is marks)."""
    folded = " ".join(written.split())
    marked = len(folded) <= _LONGEST and folded.endswith(_ENDS_OF_FOOTNOTES)
    return _FOOTNOTES.sub("", folded) or folded if marked else folded


def normalised(name: str) -> str:
    """Return what two spellings of one name share: Unicode composed, case, whitespace, apostrophes, dashes folded."""
    return " ".join(unicodedata.normalize("NFC", name).translate(_TYPOGRAPHY).casefold().split())


@lru_cache(maxsize=_REMEMBERED)
def alphabetical(name: str) -> str:
    """Return the key that puts names in order, letters with marks beside those without: Côte before Croatia."""
    return "".join(c for c in unicodedata.normalize("NFD", normalised(name)) if not unicodedata.combining(c))


@dataclass(frozen=True, slots=True)
class NameEntry:
    """One row of the table. `code` as in Participant, `alpha3` ISO's longer code where there is one."""

    code: str
    name: str
    kind: ParticipantKind
    alpha3: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def participant(self) -> Participant:
        """The entry as a participant, written as the table writes it."""
        return Participant(self.code, self.name, self.name, self.kind)


class NameTable:
    """The curated table (implements Names). Does not know of any page, and has no rule beyond `normalised`.

    `extra` maps further spellings to codes of the table; they outrank its aliases, never its canonical names.
    Raises ValueError where one spelling would mean two participants.
    """

    def __init__(self, entries: Iterable[NameEntry], extra: Mapping[str, str] | None = None) -> None:
        self._entries = {entry.code: entry for entry in entries}
        self._written: dict[str, str] = {}
        self._codes = _codes(self._entries)
        self._names: dict[str, NameEntry] = {}
        for entry in self._entries.values():
            for spelling in (entry.name, *entry.aliases):
                self._add(spelling, entry)
        canonical = {normalised(entry.name): entry.code for entry in self._entries.values()}
        for spelling, code in (extra or {}).items():
            if canonical.get(normalised(spelling), code) != code:
                raise ValueError(f'"{spelling}" is the name of {canonical[normalised(spelling)]}')
            self._names[normalised(spelling)] = self._entries[code]
            self._written[normalised(spelling)] = spelling
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._resolve)

    @cached_property
    def edition(self) -> str:
        """What tells this table from one by which any name is read otherwise."""
        meanings = sorted((name, e.code, e.name, e.kind.value) for name, e in self._names.items())
        return sha256(repr(meanings).encode()).hexdigest()

    def _add(self, spelling: str, entry: NameEntry) -> None:
        known = self._names.setdefault(normalised(spelling), entry)
        if known is not entry:
            raise ValueError(f'"{spelling}" would mean both {known.code} and {entry.code}')
        self._written.setdefault(normalised(spelling), spelling)

    def resolve(self, written: str) -> Participant:
        """Return the participant that a page means; of kind UNKNOWN and without code if not in the table."""
        return self._remembered(written)

    def _resolve(self, written: str) -> Participant:
        name = without_footnotes(written)
        entry = self._names.get(normalised(name))
        if entry is None:
            return Participant(None, name, name, ParticipantKind.UNKNOWN)
        return Participant(entry.code, entry.name, name, entry.kind)

    def lookup(self, text: str) -> Participant | None:
        """Return the participant that a user means by a code (alpha-2, alpha-3), a name or an alias, in any case."""
        key = normalised(text)
        entry = self._codes.get(key) or self._names.get(key)
        return entry.participant if entry else None

    def nearest(self, text: str) -> str | None:
        """Return the spelling of the table most like a mistyped one, for "did you mean"; None if none is near."""
        close = get_close_matches(normalised(text), self._written, n=1, cutoff=0.7)
        return self._written[close[0]] if close else None

    def all(self) -> tuple[Participant, ...]:
        """Return every participant of the table, ordered by name."""
        return tuple(sorted((entry.participant for entry in self._entries.values()), key=lambda p: normalised(p.name)))

    def entry(self, code: str) -> NameEntry:
        """Return the row with this code. Raises KeyError if there is none."""
        return self._entries[code]


def _codes(entries: Mapping[str, NameEntry]) -> dict[str, NameEntry]:
    """Return the rows by their codes, normalised; a two-letter code outranks the longer one of another row."""
    codes = {normalised(entry.alpha3): entry for entry in entries.values() if entry.alpha3}
    return codes | {normalised(code): entry for code, entry in entries.items()}

"""Tells who is named in a clause, and who of them acts in it, by the way the depositary writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from monitor.domain.participant import Names, Participant, ParticipantKind
from monitor.sources.untc.notes.nearby import preceding
from monitor.sources.untc.notes.words import LEAVING_NOUN

_CAPITAL = r"(?:[A-ZÀ-Þ]|d['\u2019][A-Z])[\w'\u2019.-]{0,80}"
_ASIDE = r"\((?:the |The )?(?:Islamic|Bolivarian|Plurinational|Federated|Kingdom|The|Republic)[^()]*\)"
PHRASE = (  # bounded: a damaged page must not make the search long
    rf"(?:former\s+)?{_CAPITAL}(?:\s*,?\s+(?:(?:of|the|and|de|da|former)\s+){{0,3}}(?:{_CAPITAL}|{_ASIDE})){{0,30}}"
)
_OFFICE = re.compile(
    r"\b(?:Gov(?:ern\w*|t\.)|Permanent (?:Mission|Representative)s?|Ministry of Foreign Affairs|Minister (?:for"
    r"|of) Foreign Affairs|Embassy|authorities)"
    rf"(?:\s+of)?\s+(?:[Tt]he\s+)?(?:Government of (?:the )?)?(?P<names>{PHRASE})"
)
_HEAD = re.compile(
    r"\b(?:President|Head of (?:State|Government)|Prime Minister|King|Queen|Ambassador|Secretary of State"
    r"|Charg[eé] d['\u2019][Aa]ffaires)"
    rf" of (?:the )?(?P<names>{PHRASE})"
)
"""Who speaks for a State; a President may also be that of an assembly or an organisation."""
_HEADS = ("President", "Head of", "Prime Min", "King ", "Queen", "Ambassador", "Secretary of", "ffaires of")
"""One of these stands in every text that names such a head."""
_DOING = (
    r"(?:notif(?:ied|ies)|inform(?:ed|s)|deposit(?:ed|s)|communicated|declared|denounce[sd]|withdr(?:ew|aws)"
    r"|(?:re-?)?acceded|accede[sd]|ratif(?:ied|ies)"
    r"|signed|accepted|approved|succeeded|ceased|suspend(?:ed|s)|submitted|lodged|gave|gives|decided|transmitted"
    r"|rescinded|revoked|retracted|rejoined"
    r"|does|will|became|left|terminated|announced|requested|addressed|cancelled|annulled|stated|advised|indicated"
    r"|continues|remains|shall|was (?:not )?an?)"
)
_SUBJECT = re.compile(
    rf"(?P<names>{PHRASE}),?\s+(?:which\s+)?(?:(?:has|had|have|also|further|subsequently|thereafter|originally"
    rf"|initially|previously|formally|again|then|first|did|not only)\s+)*{_DOING}\b"
)
_BESIDE = re.compile(
    r"\b(?P<how>by|from|for|of|behalf of|respect of|appl(?:y|icable) to|binding (?:up)?on)\s+"
    rf"(?:the\s+)?(?P<names>{PHRASE})"
)
_SENT = re.compile(
    rf"\b{LEAVING_NOUN} from(?= (?:the )?(?:(?:Government|Permanent Mission|Embassy) of (?:the )?)?(?P<names>{PHRASE}))"
)
_POSSESSIVE = re.compile(rf"['\u2019]s (?:\w+ of )?{LEAVING_NOUN}")
_WHOSE = (
    re.compile(rf"\b{LEAVING_NOUN}(?= (?:of|by) (?:the )?(?:Governments? of (?:the )?)?(?P<names>{PHRASE}))"),
    re.compile(rf"\b(?P<names>[A-Z][\w.-]*(?: [A-Z][\w.-]*){{0,4}})['\u2019]s (?:\w+ of )?{LEAVING_NOUN}"),
)
_OBJECT = re.compile(r"\b(?:to|of|in|into|under|with) (?:the )?$")
_SENDING = {
    "from": re.compile(r"\b(?:received|receipt|communication|letter|note)\b[^,;.]{0,40}$"),
    "of": re.compile(rf"\b{LEAVING_NOUN} $"),
}
"""What makes of an organisation behind "from" or "of" one that acts: it is left more often than it leaves."""
_LABEL = re.compile(rf"^\W*(?P<names>{PHRASE})\s*[:–-]\s")  # noqa: RUF001 - an en dash occurs
_AT_HEAD = re.compile(
    r"^\W*(?:(?:On|By|In|Under|Pursuant to) [^,;]{3,80}, )?"
    rf"(?:[Tt]he )?(?P<names>{PHRASE}), (?=\w+ing\b|whose\b|not\b)"
)
"""Of "On 5 May 1999, Poland, following the example of Chad, withdrew"."""
_LEADING = re.compile(
    r"^(?:(?:the|The|said)\s+)?(?:In|On|By|Subsequently|Thereafter|Further|However|Moreover|Upon|Following"
    r"|Accordingly)\b,?\s+",
    re.ASCII,
)
_AND_GOVERNMENT = re.compile(r"((?:,|\band)\s+)(?:the\s+)?Governments?\s+of\s+(?:the\s+)?(?=[A-Z])")
"""Of "the Government of Mali and the Government of the Niger": the second office is named as the first."""
_BREAK = re.compile(r"\s*,\s+(?:and\s+)?(?:the\s+)?|\s+and\s+(?:the\s+)?")
_FORMAL = re.compile(
    r"^(?:The\s+|the\s+)?(?:(?:Federal|Democratic Socialist|Islamic|Plurinational|Bolivarian|Arab|People[\u2019']s"
    r"|Co-operative|Cooperative|United|Oriental"
    r"|Eastern|Hellenic|Sovereign|Independent|Democratic)\s+)*"
    r"(?:Republic|Kingdom|State|States|Commonwealth|Principality|Sultanate|Hashemite Kingdom|Grand Duchy|Union"
    r"|Confederation|Emirate)\s+of\s+(?:the\s+)?"
)
_ADJECTIVES = {
    "French Republic": "France", "Hellenic Republic": "Greece", "Italian Republic": "Italy",
    "Portuguese Republic": "Portugal", "Slovak Republic": "Slovakia", "Argentine Republic": "Argentina",
    "Swiss Confederation": "Switzerland", "Gabonese Republic": "Gabon", "Kyrgyz Republic": "Kyrgyzstan",
    "Togolese Republic": "Togo", "United Mexican States": "Mexico", "Lebanese Republic": "Lebanon",
    "Tunisian Republic": "Tunisia", "Rwandese Republic": "Rwanda", "Malagasy Republic": "Madagascar",
    "Khmer Republic": "Cambodia",
}  # fmt: skip
_PREDECESSOR = re.compile(
    r"^(?:the |The )?(?:former (?!Yugoslav Republic)|Czech and Slovak Federal|Czechoslovak"
    r"|Federal Republic of Yugoslavia|German Democratic"
    r"|Republic of China$|Republic of Viet|Democratic Republic of Viet|Democratic Yemen"
    r"|People[\u2019']s Democratic Republic of Yemen"
    r"|Yemen Arab|Soviet|Union of Soviet|United Arab Republic|Yugoslavia|Tanganyika|Zanzibar|Federation of"
    r"|Southern Rhodesia|Netherlands Antilles)"
)
_NO_STATE = re.compile(
    r"^(?:The\s+|the\s+)?(?:Secretar(?:y|iat)|Convention|Protocol|Agreement|Treaty|Statute|Government|United Nations"
    r"|Optional|Depositary|Covenant|Article|Organi[sz]ation|January|February|March|April|May|June|July|August|September"
    r"|October|November|December|(?:State|States|Party|Parties)(?! of )\b|Committee|General|International"
    r"|Kingdom in Europe|Withdrawal|Denunciation|Notification|Notice|Instrument|Accession|Ratification|Signature"
    r"|Declaration|Reservation|Communication|Regulation|Constitution|Contracting|Subsequently|Thereafter|Further"
    r"|Charter|Conference|Council|Historical|New York|Rome Statute|Kyoto|Paris)"
)
_SEVERAL = re.compile(r",|\band the\b|(?<!Czech) and (?!Nyasaland)")
_STATES = frozenset({ParticipantKind.STATE, ParticipantKind.ORGANISATION})
_STATES_EVER = _STATES | {ParticipantKind.FORMER_STATE}
"""Who may have acted: "denounced by the former Yugoslavia" tells nothing of the States that came after it."""
_REMEMBERED, _IN_ONE_NOTE = 2048, 64
"""Phrases whose answer is kept, for notes name the same States over and over; and clauses, asked more than once."""


@lru_cache(maxsize=_IN_ONE_NOTE)
def acting(names: Names, text: str) -> tuple[Participant, ...]:
    """Return who acts in a clause, in the order named; empty if it names nobody."""
    headed = (_HEAD,) if any(map(text.__contains__, _HEADS)) else ()
    if subjects := [found for how in (_OFFICE, *headed, _SUBJECT) if (found := _first(names, how, text))]:
        return min(subjects, key=lambda found: (_unknown(found[1]), found[0]))[1]
    for pattern in (_LABEL, _AT_HEAD, *(_WHOSE[1:] if _POSSESSIVE.search(text) else ())):
        if found := _first(names, pattern, text):
            return found[1]
    return next(_beside(names, text), ())


@lru_cache(maxsize=_REMEMBERED)
def named(names: Names, phrase: str) -> tuple[Participant, ...]:
    """Resolve "A, B and the C"; a name that no table holds counts only where it stands alone."""
    phrase = _AND_GOVERNMENT.sub(r"\1", _LEADING.sub("", phrase)).strip(" ,.")
    if not phrase or _NO_STATE.match(phrase):
        return ()
    known = _split(names, phrase)
    return known or ((_written(names, phrase),) if len(phrase) > 3 else ())  # noqa: PLR2004 - an initial is no name


def by_sender(names: Names, text: str) -> str:
    """Return a text, as long as it was, in which "withdrawal from Poland" reads "by Poland": nobody leaves a State."""
    if " from " not in text:
        return text
    return _SENT.sub(lambda m: m.group()[:-4] + "by  " if _states(names, m["names"]) else m.group(), text)


def without_others(names: Names, text: str, own: frozenset[str]) -> str:
    """Return a text of the same length without "the withdrawal of Poland", where Poland's key is not among `own`."""

    def blanked(m: re.Match[str]) -> str:
        theirs = _states(names, m["names"]) and own.isdisjoint(p.key for p in named(names, m["names"]))
        return " " * len(m.group()) if theirs else m.group()

    for pattern in _WHOSE:
        text = pattern.sub(blanked, text)
    return text


def _states(names: Names, phrase: str) -> bool:
    found = named(names, phrase)
    return bool(found) and all(p.kind is ParticipantKind.STATE for p in found)


def _first(names: Names, pattern: re.Pattern[str], text: str) -> tuple[int, tuple[Participant, ...]] | None:
    found = ((match.start("names"), _meant(names, match)) for match in pattern.finditer(text))
    return next((pair for pair in found if pair[1]), None)


def _meant(names: Names, match: re.Match[str]) -> tuple[Participant, ...]:
    """Whom a match names: of "By its accession to the Union, Poland withdrew", and of a head, only a State."""
    phrase, pattern = match["names"], match.re
    if pattern is _SUBJECT and _OBJECT.search(preceding(match.string, match.start("names"))):
        aside = match.string.startswith(",", match.end("names"))
        phrase = phrase.partition(", ")[2] if ", " in phrase else phrase * (not aside)
    if pattern is _HEAD and not _states(names, phrase):
        return ()
    return named(names, phrase)


def _beside(names: Names, text: str) -> Iterator[tuple[Participant, ...]]:
    for match in _BESIDE.finditer(text):
        found, sending = named(names, match["names"]), _SENDING.get(match["how"])
        possible = _STATES if match["how"] == "of" else _STATES_EVER
        if sending and not sending.search(preceding(text, match.start())):
            possible = possible - {ParticipantKind.ORGANISATION}
        if found and all(p.kind in possible for p in found):
            yield found


def _split(names: Names, phrase: str) -> tuple[Participant, ...]:
    """Take the longest known name from the left, again and again; stop at the first part that is none."""
    breaks = [0, *(m.end() for m in _BREAK.finditer(phrase))]
    ends = [*(m.start() for m in _BREAK.finditer(phrase)), len(phrase)]
    found: list[Participant] = []
    at = 0
    while at < len(breaks):
        last = next((j for j in range(len(ends) - 1, at - 1, -1) if _known(names, phrase[breaks[at] : ends[j]])), None)
        if last is None:
            break
        found.append(_resolved(names, phrase[breaks[at] : ends[last]]))
        at = last + 1
    return tuple(found)


def _known(names: Names, name: str) -> bool:
    return _resolved(names, name).kind is not ParticipantKind.UNKNOWN


def _resolved(names: Names, name: str) -> Participant:
    listed = names.resolve(name)
    if _PREDECESSOR.match(name) and listed.kind is not ParticipantKind.FORMER_STATE and not _SEVERAL.search(name):
        return Participant(None, name, name, ParticipantKind.FORMER_STATE)
    for written in _tries(name):
        participant = names.resolve(written)
        if participant.kind is not ParticipantKind.UNKNOWN:
            return participant
    return _written(names, name)


def _written(names: Names, name: str) -> Participant:
    return names.resolve(name.removeprefix("the ").removeprefix("The "))


def _unknown(named: tuple[Participant, ...]) -> bool:
    return any(p.kind is ParticipantKind.UNKNOWN for p in named)


def _tries(name: str) -> tuple[str, ...]:
    """The forms under which a table may hold a name that a sentence gives in full style, the most exact first."""
    bare = re.sub(r"^(?:the|The)\s+", "", name.strip(" ,."))
    short = _FORMAL.sub("", bare)
    adjective = _ADJECTIVES.get(bare)
    words = bare.split()
    run_on = len(words) > 2 and words[-1][:1].isupper()  # noqa: PLR2004 - "Poland In"
    shorter = (" ".join(words[:-1]),) if run_on and "," not in bare else ()  # "Gambia, the Niger" are two
    return tuple(filter(None, (name, bare, f"The {bare}", f"the {bare}", adjective, short, f"The {short}", *shorter)))

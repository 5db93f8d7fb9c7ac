"""Tells what a clause says about leaving: the vocabulary of withdrawal, read by what it is said of.

One phrase serves many ends ("its decision to withdraw …"): the object decides. Withdrawing from a treaty is leaving,
withdrawing a reservation is not, withdrawing a notification of withdrawal is staying.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from monitor.sources.untc.notes.words import (
    BARE_NOTICE,
    CONSENT,
    DISAVOWING,
    LEAVING_NOUN,
    NOT_PARTY,
    NOTICE,
    PAUSING,
    QUITTING,
    REFUSING,
    RESUMING,
    RETRACTING,
    STATEMENT,
    STAYING,
    SUSPENDING,
    TREATY,
    VOCABULARY,
)

_OBJECT = re.compile(
    rf"(?P<notice>{NOTICE}|{LEAVING_NOUN})|(?P<bare_notice>{BARE_NOTICE})|(?P<statement>{STATEMENT})"
    rf"|(?P<consent>{CONSENT})|(?P<signature>[Ss]ignatures?)|(?P<treaty>{TREATY})"
    r"|(?P<stop>[:;]|\bwith effect\b|\beffective\b)",
    re.IGNORECASE,
)
_UPON = re.compile(
    r"(?:upon|time of|made on|made at|when|since|by|under|during)\s+(?:(?:its|the|their|his)\s+)?$", re.IGNORECASE
)
_OCCURRENCE = re.compile(
    r"\b(?P<withdraw>withdr(?:aw(?:s|n|ing|als?)?|ew))\b|\b(?P<denounce>denounc(?:e[sd]?|ing)|denunciations?)\b"
    r"|\b(?P<undo>revo(?:k(?:e[sd]?|ing)|cation)|resci(?:nd(?:s|ed|ing)?|ssion)|retract(?:s|ed|ing|ion)?|cancel(?:s"
    r"|led|ling|lation)?|annul(?:s|led|ling|ment)?)\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"^\s*(?:,?\s*in part,?\s*|,?\s*with immediate effect,?\s*)?(?:and (?:the )?partial withdrawal\s+)?"
    r"(?:of|in respect of|with respect to|with regard to|regarding|concerning|relating to|to)\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"^\s*(?:(?:also|formally|fully|entirely|definitively|immediately|again|completely)\s+"
    r"|of\s+(?:the\s+)?[A-Z][\w ]{2,60}?\s|,[^,]{0,80},\s*)?from\s+"
    r"(?!its\s+reserv|the\s+reserv|\d|[A-Z]\w+ \d)"
    r"(?:(?:the|this|that|said|above|above-mentioned|its|aforesaid|aforementioned|same|present)\s+)*"
    r"(?:[A-Z]|convention|agreement|protocol|treaty|statute|organi[sz]ation|participation|membership|it\b)"
)
_PERFECT = re.compile(r"\b(?:has|have|had|having)\s+(?:\w+ly\s+|also\s+)?$", re.IGNORECASE)
_BARE = re.compile(
    r"^\s*(?:$|[.,;:)(]|(?:with|effective|on|as|in|from|pursuant|which|subject|for|under|by|shall|will|was|is|took"
    r"|takes|has|had|and|it|to|at|through|dated"
    r"|received|deposited|notified|therefrom|that|before|after|respectively|made|became|becomes|would|could|may|be)\b"
    r"|of\s+(?:the\s+|said\s+)*(?:[A-Z\d]|former)|(?:regarding|concerning|relating)\b)"
)
_PORTION = re.compile(
    r"^\s*(?:of\s+|from\s+|in respect of\s+)?(?:(?:the|its|said|following)\s+)*"
    r"(?:[Aa]nnex|[Cc]hapter|[Ss]chedule|[Aa]ppendi|[Pp]arts?\s+[IVX\d]|[Aa]rticle)"
)
_PARENTHESIS = re.compile(
    r"^\s*,?\s*(?:\(?(?:with effect|effective|as (?:of|from|at)|from|on)\b[^,;()]{0,40}?\d{4}\)?,?\s+(?:(?:also|both"
    r"|all|only|in part)\s+)?"
    r"(?=(?:its|the|their|those|that|this|all|certain|of)\b)"
    r"|(?:,\s*)?(?:in accordance with|pursuant to|under|by virtue of|in conformity with)\b[^,;]{0,80},\s*"
    r"|,\s*(?:in part|partially|with immediate effect)\s*,\s*)"
)
_REFERRING = re.compile(
    r"(?:relat(?:ing|ed) to|concerning|regarding|with (?:regard|respect|reference) to|in (?:connection"
    r"|relation) (?:with|to)|objections? to|object(?:s|ed)? to"
    r"|reasons? for|following|after|prior to|before|since|pending|despite|notwithstanding|(?:effect|consequence"
    r"|validity|legality|purpose|implication)s? of"
    r"|text of|further to|result of|upon|above|above-mentioned|aforementioned|purported|explaining)\s+"
    r"(?:(?:the|this|that|said|above|above-mentioned|its|their|such|a|an|any|purported|subsequent)\s+)*"
    r"(?:(?:decision|notification|notice|instrument|letter|communication|intention)s? (?:of|to)\s+)?(?:(?:the|its"
    r"|their) )?$",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"(?:concerning|regarding|relating to)\s+its\s+(?:(?:decision|notification|notice"
    r"|intention)s? (?:of|to)\s+)?$",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:may|might|could|would|if|right (?:of|to)|not|provi(?:de[sd]?|sions?)[^.;]{0,60}|procedure[^.;]{0,40}"
    r"|possib\w+[^.;]{0,30}"
    r"|any (?:State )?(?:party|member)[^.;]{0,30}|contain(?:s|ed)?[^.;]{0,30})\s+(?:(?:at any time|also|a|the|its|of"
    r"|for|to|be|have|party)\s+)*$"
    r"|\b(?:provisions?|clauses?|procedure|article)[^.;]{0,20}\b(?:on|for|of|regarding|concerning)\s+(?:the\s+)?$",
)
_CLAUSE_NOUN = re.compile(r"^\s+(?:provisions?|clauses?|procedures?|period)\b", re.IGNORECASE)
_ANNOUNCING = re.compile(
    r"\bintend(?:s|ed)? to(?: \w+)?\s+$|\bintention (?:of |to )(?:\w+ )?$"
    r"|\bexercis\w+ its right to $|\bconsidering $",
    re.IGNORECASE,
)
_ON_JOINING = re.compile(
    r"^\W*(?:[Uu]pon|[Aa]t the time of|[Oo]n|[Ww]hen) (?:its |the )?(?:deposit(?:ing)?|ratif\w+|acced\w+|accession"
    r"|signature|signing|acceptance|approval|becoming a party)\b"
    r"|\binstruments? of (?:ratification|accession|acceptance|approval)\b[^.;]{0,40}\b(?:contain\w*|accompanied"
    r"|includ\w*|together)\b",
)


class Sense(Enum):
    """What a clause says."""

    LEAVES = "leaves"  # said with its object: from the Convention, denounce the Convention
    LEAVES_BARE = "leaves_bare"  # a withdrawal, a denunciation, without saying of what
    ANNOUNCES = "announces"  # an intention to leave
    RETRACTS = "retracts"
    STAYS = "stays"  # after all: says so only beside a leaving told before
    STATEMENT = "statement"  # a reservation, declaration, objection … is withdrawn
    TAKES_BACK = "takes_back"  # the notification told of before, whatever it was
    UNSIGNS = "unsigns"
    DISAVOWS = "disavows"  # does not intend to become a party
    SUSPENDS = "suspends"
    RESUMES = "resumes"
    REFUSED = "refused"
    NOT_PARTY = "not_party"
    MENTIONS = "mentions"  # speaks of a leaving without telling it
    ODD = "odd"  # has the vocabulary, gives no sense


_UNDONE = {
    "statement": Sense.STATEMENT,
    "signature": Sense.UNSIGNS,
    "consent": Sense.LEAVES,
    "bare_notice": Sense.TAKES_BACK,
}


def senses(text: str) -> frozenset[Sense]:
    """Return every sense of a clause (its masked text), empty for a clause without the vocabulary."""
    found = set(_phrases(text))
    retracted = [m.span() for pattern in (RETRACTING, STAYING) for m in pattern.finditer(text)]
    free = (m for m in _OCCURRENCE.finditer(text) if not any(a <= m.start() < b for a, b in retracted))
    found |= {_sense(text, match) for match in free}
    found.discard(Sense.ODD) if len(found) > 1 else None
    if _ON_JOINING.search(text) and found & {Sense.LEAVES, Sense.LEAVES_BARE}:
        found = (found - {Sense.LEAVES, Sense.LEAVES_BARE}) | {
            Sense.MENTIONS
        }  # nobody leaves by joining: another treaty
    if Sense.STATEMENT in found:
        found.discard(Sense.LEAVES_BARE)
    return frozenset(found or ({Sense.ODD} if VOCABULARY.search(text) else ()))


def _phrases(text: str) -> Iterator[Sense]:
    """Yield the senses that a fixed phrase carries, whatever its object."""
    patterns = (
        (RETRACTING, Sense.RETRACTS),
        (STAYING, Sense.STAYS),
        (DISAVOWING, Sense.DISAVOWS),
        (REFUSING, Sense.REFUSED),
        (NOT_PARTY, Sense.NOT_PARTY),
        (RESUMING, Sense.RESUMES),
        (QUITTING, Sense.LEAVES),
    )
    yield from (sense for pattern, sense in patterns if pattern.search(text))
    if PAUSING.search(text) and not RESUMING.search(text):
        yield Sense.SUSPENDS if SUSPENDING.search(text) else Sense.MENTIONS  # rights, articles: a derogation


def _sense(text: str, match: re.Match[str]) -> Sense:
    """The sense of one word of withdrawal, from its object and from what governs it."""
    said = _said(text, match)
    if said not in {Sense.LEAVES, Sense.LEAVES_BARE}:
        return said
    before = text[: match.start()]
    supposed = _SUPPOSED.search(before) or _CLAUSE_NOUN.match(text[match.end() :])
    if supposed or (_REFERRING.search(before) and not _OWN.search(before)):
        return Sense.MENTIONS
    return Sense.ANNOUNCES if _ANNOUNCING.search(before) else said


def _said(text: str, match: re.Match[str]) -> Sense:
    """What one word of withdrawal is said of, leaving aside what governs it."""
    word, after = match.group().lower(), _PARENTHESIS.sub(" ", text[match.end() :], count=1)
    thing, noun = _object(after), word.startswith(("withdrawal", "denunciation"))
    if _PORTION.match(after):
        return Sense.ODD
    if match["undo"]:
        return _UNDONE.get(thing) or _passive(text[: match.start()]) or Sense.MENTIONS
    if match["withdraw"] and _FROM.match(after):
        return Sense.LEAVES
    if word == "withdrawn" and (passive := _passive(text[: match.start()])):
        return passive
    if noun and not _LINK.match(after):
        return Sense.LEAVES_BARE
    return _of_object(thing, takes_treaty=noun or bool(match["denounce"]), noun=noun, bare=bool(_BARE.match(after)))


def _of_object(thing: str, *, takes_treaty: bool, noun: bool, bare: bool) -> Sense:
    """The sense that an object gives; one cannot "withdraw a treaty", only denounce it or withdraw from it."""
    if thing in _UNDONE:
        return _UNDONE[thing]
    if thing == "treaty" and takes_treaty:
        return Sense.LEAVES
    return Sense.LEAVES_BARE if (noun and thing != "nothing") or (thing == "nothing" and bare) else Sense.ODD


def _object(after: str) -> str:
    """Return the first thing named after a word of withdrawal (a group of _OBJECT), "nothing" if none is."""
    for match in _OBJECT.finditer(after[:160]):
        if not _UPON.search(after[: match.start()]):
            return "nothing" if match.lastgroup == "stop" else str(match.lastgroup)
    return "nothing"


def _passive(before: str) -> Sense | None:
    """Of "… which has been withdrawn": the thing named before."""
    if _PERFECT.search(before):
        return None
    named = {m.lastgroup for m in _OBJECT.finditer(before) if not _UPON.search(before[: m.start()])}
    first = next((thing for thing in ("statement", "signature", "bare_notice", "consent") if thing in named), None)
    return _UNDONE[first] if first else None

"""Tells what a clause says about leaving: the phrases that it holds, and what governs each word of withdrawal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.sources.untc.notes import endings, idioms, unbinding
from monitor.sources.untc.notes.asides import straightened
from monitor.sources.untc.notes.nearby import following, preceding
from monitor.sources.untc.notes.objects import OCCURRENCE, said_of
from monitor.sources.untc.notes.phrase import first_found
from monitor.sources.untc.notes.sense import Sense
from monitor.sources.untc.notes.words import LEAVING_NOUN, RATIFICATION, TREATY

_LEAVING = frozenset({Sense.LEAVES, Sense.LEAVES_BARE, Sense.UNCLEAR})
_GOING = _LEAVING | {Sense.SUSPENDS}
_RELATION = (
    r"(?:relat(?:ing|ed) to|concerning|regarding|with (?:regard|respect|reference) to"
    r"|in (?:connection|relation) (?:with|to)|in (?:view|light|respect) of|reasons? for|following|after|prior to|before"
    r"|since|pending|despite|notwithstanding|(?:effect|consequence|validity|legality|purpose|implication)s? of"
    r"|(?:text|copy|version|translation|explanation|law|decree|act) (?:of|on)"
    r"|(?:letter|note|report|opinion|memorandum|views?|comments?|position)[^.;]{0,80} on"
    r"|(?:rumou?r|allegation)s? (?:of|about)|reconsider\w*|corrigendum to|corrections? (?:of|to)"
    r"|further to|result of|upon|above|above-mentioned|aforementioned|purported|explaining|note \d+ on)"
)
_ABOUT = re.compile(
    rf"{_RELATION}\s+"
    r"(?:(?:the|this|that|said|above|above-mentioned|its|their|such|a|an|any|purported|subsequent"
    r"|[A-Z]\w+['\u2019]s?)\s+)*"
    r"(?:(?:decision|notification|notice|instrument|letter|communication|intention)s? (?:of|to)\s+)?"
    r"(?:(?:the|its|their) )?$",
    re.IGNORECASE,
)
"""Before a leaving that is spoken of and not told: "with regard to the", "despite Poland's decision to"."""
_OWN = re.compile(
    r"(?:concerning|regarding|relating to)\s+its\s+(?:(?:decision|notification|notice"
    r"|intention)s? (?:of|to)\s+)?$",
    re.IGNORECASE,
)
"""Of "a notification concerning its decision to withdraw": that is the notice itself."""
_REACTION = re.compile(
    r"\b(?:regret(?:s|ted|ting)?(?! to (?:inform|notify))|deplor\w+|welcom\w+|protest\w*|dismay\w*|disappoint\w*"
    r"|noted with \w+|contest(?:s|ed|ing)?|concern(?:ed|s)? (?:at|about|over|by|that)"
    r"|(?:expressed|its|communicated) concern|object(?:s|ed|ing|ions?)(?: (?:by|of) [^.;]{2,40}?)? (?:to|against)"
    r"|(?<!been )reject(?:s|ed|ing)|took note of"
    rf"|takes note of|clarifications? (?:on|about|of)|reaction to)\b"
    rf"[^.;]{{0,120}}?\b(?:{LEAVING_NOUN}|withdr[ae]w\w*|denounc\w+|suspen\w+|exclusion|expulsion|secession"
    r"|departure|exit)\b",
    re.IGNORECASE,
)
"""What others say of a leaving: "regretted the withdrawal of Poland"."""
_SUPPOSED = re.compile(
    # "a Party may", "the right of", "provides for the"
    r"\b(?:may|might|could|would|if|whether|neither|nor|never|any|no|without|right (?:of|to)|not"
    r"|den(?:ied|ies)[^.;]{0,30}|(?:understood|construed) as"
    r"|provi(?:de[sd]?|sions?)[^.;]{0,60}|procedure[^.;]{0,40}|possib\w+[^.;]{0,30}"
    r"|any (?:State )?(?:party|member)[^.;]{0,30}|contain(?:s|ed)?[^.;]{0,30})\s+"
    r"(?:(?:at any time|also|an?|the|its|of|for|to|be|have|party|plans?)\s+)*$"
    # "the provisions on"
    r"|\b(?:provisions?|clauses?|procedure|article)[^.;]{0,20}\b(?:on|for|of|regarding|concerning)\s+(?:the\s+)?$",
)
_INFINITIVE = re.compile(r"\bto (?:\w+ly )?$")
_DECIDING = re.compile(
    r"\b(?:deci(?:sion|d)|wish|desir|inten|notice|notif|resol|determin|elect|opted|undert|chos|will\b|wants?\b|agree)",
    re.IGNORECASE,
)
"""What makes "to withdraw from the Convention" a leaving; to threaten or to be authorised to is none."""
_ANOTHER = re.compile(r"[a-z](?<! as) having (?:\w+ly )?$")
"""Of "Poland having denounced the Convention, …": the sentence goes on to tell what somebody else did."""
_AROUND = re.compile(r"\b(?:before|after|upon|by|following|prior to|instead of|without)\s+(?:\w+ly )?$", re.IGNORECASE)
_CLAUSE_NOUN = re.compile(
    r"^\s+(?:provisions?|clauses?|procedures?|period|(?:is|was|shall be|must be) (?:governed|regulated|permitted))\b",
    re.IGNORECASE,
)
_INTENDING = re.compile(r"\bintend(?:s|ed)? to(?: \w+)?\s+$|\bintention (?:of |to )(?:\w+ )?$", re.IGNORECASE)
"""Of "its intention to withdraw the reservation": the reservation still stands."""
_ANNOUNCING = re.compile(
    # "that Poland would", "to exercise its right to"
    rf"{_INTENDING.pattern}|\bthat (?:[A-Z]?\w+ ){{1,3}}would(?: be)?\s+$|\bconsidering $"
    r"|\b(?:to|will|would|shall|may|might|could|(?:of|about|consider\w*|contemplat\w+)(?: the)?) (?:\w+ly )?"
    r"(?:exercis(?:e|ing)|avail itself|make use)(?: of)? its right (?:to|of) $",
    re.IGNORECASE,
)
_GIVING_NOTICE = re.compile(r"\bnotice of (?:its|the|their) intention (?:of|to) (?:\w+ )?$")
"""Of "gave one year's notice of its intention to denounce": as treaties have a denunciation notified."""
_EXERCISED = re.compile(
    r"\b(?:exercis(?:ed|es|ing|e of)|avail(?:ed|s|ing) itself of|ma(?:de|kes|king) use of) (?:its|the) "
    r"(?:right|option|faculty|possibility) (?:to|of) $"
)
"""Of "exercised its right to withdraw": no right that somebody merely has."""
_ON_JOINING = re.compile(
    # "Upon its accession"
    r"^\W*(?:[Uu]pon|[Aa]t the time of|[Oo]n|[Ww]hen) (?:its |the )?(?:deposit(?:ing)?|ratif\w+|acced\w+|accession"
    r"|signature|signing|acceptance|approval|becoming a party)\b"
    # "the instrument of ratification contained a declaration"
    rf"|\binstruments? of (?:{RATIFICATION})\b[^.;]{{0,40}}\b(?:contain\w*|accompanied|includ\w*|together)\b"
    r"|[Bb]y (?:virtue of )?its accession\b(?! to the European)"
    r"|, upon (?:its )?(?:accession|ratification|acceding|ratifying|acceptance)\b"
)
_LEFT_THEREBY = re.compile(r"\b[Dd]enounced\b|\bwithdrew from\b|\bceased to be\b")
_DECLARED = re.compile(r"\b(?:declar|reserv|stat(?:ed|ing|es)\b|contain|includ|accompan)", re.IGNORECASE)
"""What is said upon joining is a statement, whatever its words."""
_PORTION_ENDS = re.compile(r"\b(?:ceas\w+|cessation|stop\w*)\b[^.;]{0,40}\b(?:apply\w*|application of|in force)\b")
_REGULATION = re.compile(r"\bRegulations? Nos?\b")
_OF_ANOTHER_BODY = re.compile(
    r"\bceas\w+ to be (?:an? )?(?:\w+ )?[Mm]ember(?:s|s? States?)? of "
    rf"(?!(?:the |this )?(?!European Union|Governing|Executive)(?:(?:[A-Z]\w+ )*{TREATY}|[A-Z]{{3,}}|it\b))"
)

_FIXED = (
    (Sense.TAKES_BACK, idioms.TAKING_BACK),
    (Sense.STAYS, idioms.STAYING),
    (Sense.DISAVOWS, idioms.DISAVOWING),
    (Sense.UNCLEAR, idioms.UNABLE),
    (Sense.REFUSED, idioms.REFUSING),
    (Sense.NOT_PARTY, idioms.NOT_PARTY),
    (Sense.RESUMES, idioms.RESUMING),
    (Sense.STATEMENT, endings.ENDING_STATEMENT),
)
"""The idioms that have one sense each."""


def senses(text: str) -> frozenset[Sense]:
    """Return every sense of a clause (its masked text), empty for a clause without the vocabulary."""
    text = straightened(text)
    lowered = text.lower()
    found, words = set(_phrases(text, lowered)), list(OCCURRENCE.finditer(text))
    if words and (retracted := _retracted(text, lowered, several=len(words) > 1)):
        found.add(Sense.RETRACTS)
        words = [m for m in words if not any(a <= m.start() < b for a, b in retracted)]
    if Sense.STAYS in found:
        stayed = [m.span() for m in idioms.STAYING.pattern.finditer(text)]
        words = [m for m in words if not any(a <= m.start() < b for a, b in stayed)]
    found |= {_sense(text, match) for match in words}
    found.discard(Sense.ODD) if len(found) > 1 else None
    if found & _GOING and (_ON_JOINING.search(text) or _REACTION.search(text)):
        instead = Sense.UNCLEAR if _leaves_on_joining(text, found) else Sense.MENTIONS
        found = {instead if sense in _GOING else sense for sense in found}
    if Sense.STATEMENT in found and "denunc" not in lowered and "denounc" not in lowered:
        found.discard(Sense.LEAVES_BARE)
    return frozenset(found or ({Sense.ODD} if unbinding.VOCABULARY.stands_in(text, lowered) else ()))


def _leaves_on_joining(text: str, found: set[Sense]) -> bool:
    """Whether a text tells that who joins leaves: this treaty for another, or another for this one."""
    told = Sense.LEAVES in found and _LEFT_THEREBY.search(text)
    return bool(told) and not (_DECLARED.search(text) or _REACTION.search(text))


def _retracted(text: str, lowered: str, *, several: bool) -> list[tuple[int, int]]:
    """Return where a text takes back a leaving."""
    possible = several or any(map(lowered.__contains__, idioms.RETRACTING_ALONE))
    return [m.span() for m in idioms.RETRACTING.finditer(text)] if possible else []


def _phrases(text: str, lowered: str) -> Iterator[Sense]:
    """Yield the senses that a fixed phrase carries, whatever its object."""
    yield from (sense for sense, phrase in _FIXED if phrase.stands_in(text, lowered))
    if found := first_found(endings.QUITTING, text, lowered):
        yield _quitting(text, found)
    elif found := first_found(unbinding.UNBINDING, text, lowered):
        yield Sense.MENTIONS if _not_said(text, found) else Sense.UNCLEAR
    if idioms.PAUSING.stands_in(text, lowered) and not idioms.RESUMING.pattern.search(text):
        found = idioms.SUSPENDING.search(text)  # rights, articles: a derogation
        yield Sense.SUSPENDS if found and not _not_said(text, found) else Sense.MENTIONS


def _not_said(text: str, found: re.Match[str]) -> bool:
    """Whether a phrase is denied, wished or supposed, wherever it stands in a text."""
    return all(unbinding.NOT_SAID.search(preceding(text, each.start())) for each in found.re.finditer(text))


def _quitting(text: str, found: re.Match[str]) -> Sense:
    """A part that ceases to apply may be all that the page is about; a membership may be another body's."""
    if _not_said(text, found):
        return Sense.MENTIONS
    if _REGULATION.search(text) and _PORTION_ENDS.search(text):
        return Sense.UNCLEAR
    return Sense.ODD if _OF_ANOTHER_BODY.search(text) else Sense.LEAVES


def _sense(text: str, match: re.Match[str]) -> Sense:
    """The sense of one word of withdrawal, from its object and from what governs it."""
    said = said_of(text, match)
    before = preceding(text, match.start())
    if said is Sense.STATEMENT and _INTENDING.search(before):
        return Sense.MENTIONS
    if said not in _LEAVING:
        return said
    if _ANNOUNCING.search(before) and not _GIVING_NOTICE.search(before):
        return Sense.ANNOUNCES
    if before.endswith((" to ", " of ")) and _EXERCISED.search(before):
        return said
    supposed = _SUPPOSED.search(before) or _CLAUSE_NOUN.match(following(text, match.end()))
    undecided = _INFINITIVE.search(before) and not _DECIDING.search(before)
    if not supposed and (undecided or (match.group().endswith("ing") and _AROUND.search(before))):
        return Sense.UNCLEAR
    governed = (_ABOUT.search(before) and not _OWN.search(before)) or _ANOTHER.search(before)
    return Sense.MENTIONS if supposed or governed else said

"""Tells what a clause says about leaving: the vocabulary of withdrawal, read by what it is said of.

One phrase serves many ends ("its decision to withdraw …"): the object decides. Withdrawing from a treaty is leaving,
withdrawing a reservation is not, withdrawing a notification of withdrawal is staying.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

_TREATY = (
    r"(?:Convention|Protocol|Covenant|Agreement|Treaty|Statu(?:t)?es?|Constitution|Charter|Act|Organi[sz]ation|Cent(?:re|er)|Fund"
    r"|Arrangement|Accord|Regulations?|Union|Bank|Council|Institute|Association|Commission|Group|Academy|University|Instrument"
    r"|convention|protocol|agreement|treaty|statute|organi[sz]ation|participation|membership)\b"
)
_LEAVING_NOUN = r"(?:withdrawals?|denunciations?)"
_NOTICE = (
    r"(?:notification|notice|instrument|letter|declaration|decision|communication|note|intention|announcement|action)s?\s+(?:of|to|for|concerning"
    rf"|regarding|on|containing)\s+(?:(?:its|the|their|this)\s+)?(?:{_LEAVING_NOUN}|withdraw(?:ing)?|denounc(?:e|ing)|terminat\w+)"
)
_STATEMENT = (
    r"(?:reservations?|declarations?|objections?|understandings?|statements?|interpretations?|communications?|derogations?|designations?"
    r"|extensions?|applications?|exclusions?|limitations?|requests?|proposals?|amendments?|notifications?|recognitions?|conditions?"
    r"|(?:acceptance|recognition|consent)s? (?:of|to) (?:the )?(?:\w+ ){0,3}?(?:competence|jurisdiction|amendments?|annex|chapter|procedure)"
    r"|paragraphs?|observations?|candidature|opposition|reserves?)\b"
)
_BARE_NOTICE = r"(?:notification|notice|decision|communication|letter|note)s?\b(?!\s+(?:of|under|in|concerning|regarding|relating|made|to|on|with|by))"
_CONSENT = (
    r"(?:(?:instrument|act|notification|deposit)s? of (?:its )?(?:ratification|accession|acceptance|approval|succession|formal confirmation)"
    r"|(?:ratification|accession|acceptance|approval|succession)\b)"
)
_OBJECT = re.compile(
    rf"(?P<notice>{_NOTICE}|{_LEAVING_NOUN})|(?P<bare_notice>{_BARE_NOTICE})|(?P<consent>{_CONSENT})|(?P<statement>{_STATEMENT})|(?P<signature>[Ss]ignatures?)|(?P<treaty>{_TREATY})"
    r"|(?P<stop>[:;]|\bwith effect\b|\beffective\b)",
    re.IGNORECASE,
)
_UPON = re.compile(r"(?:upon|time of|made on|made at|when|since|by|under|during)\s+(?:(?:its|the|their|his)\s+)?$", re.IGNORECASE)
_UNDOING = (
    r"(?:withdr(?:aw(?:s|n|ing|al)?|ew)|revo(?:k(?:e[sd]?|ing)|cation)|resci(?:nd(?:s|ed|ing)?|ssion)|retract(?:s|ed|ing|ion)?|cancel\w*|annul\w*"
    r"|revers(?:e[sd]?|ing|al)|renounc\w+|recall(?:s|ed|ing)?|discontinu\w+|abandon\w*|repeal\w*|nullif\w+|suspend(?:s|ed|ing)?|suspension"
    r"|terminat(?:e[sd]?|ing|ion))"
)
_FILLER = (
    r"(?:\s*(?:,|of|the|its|their|that|this|his|said|above-mentioned|aforementioned|aforesaid|previous|earlier|pending|formally|hereby|action"
    r"|effects?|with immediate effect|from that date))*"
)
_RETRACTING = re.compile(
    rf"\b{_UNDOING}\b{_FILLER}\s+(?:{_NOTICE}|{_LEAVING_NOUN})(?!\s+of\s+(?:its|the|their|that)\s+(?:\w+\s+)?{_STATEMENT})"
    rf"|(?:{_NOTICE}|\b{_LEAVING_NOUN})[^.;]{{0,80}}?\b(?:was|were|has been|had been|is|be|been)\s+(?:\w+ly\s+)?"
    r"(?:withdrawn|revoked|rescinded|retracted|cancelled|annulled|suspended)\b"
    r"|\bnotif\w+ of (?:its )?(?:rescission|revocation|retraction|withdrawal) of (?:its |the )?(?:withdrawal|denunciation)"
    rf"|\b(?:requested|asked|declared|informed|notified|wishe[sd])\b[^.;]{{0,80}}\b(?:its|the) (?:{_NOTICE}|{_LEAVING_NOUN})[^.;]{{0,60}}"
    r"(?:null and void|not having been|never having been|without effect|no effect)"
    rf"|\bconsider\w*[^.;]{{0,60}}(?:{_NOTICE}|{_LEAVING_NOUN})[^.;]{{0,60}}(?:null and void|not having been|never having been|without effect|no effect)",
    re.IGNORECASE,
)
_STAYING = re.compile(
    r"\bnot (?:(?:to|intend to|wish to|now) )?(?:withdraw\b(?! (?:its|the) )|denounce\b|(?:proceed|go ahead|continue) with (?:its|the|that) (?:withdrawal|denunciation))"
    r"|\bno longer (?:wish\w*|inten\w+|plan\w*) to (?:withdraw from|denounce)"
    r"|\b(?:remain\w*|continue\w* to be) (?:an? )?(?:\w+ )?(?:party|member)\b|\brevers\w+ (?:that|this|its|the said) decision"
    r"|\bcontinue\w* (?:its )?(?:participation|membership)\b",
    re.IGNORECASE,
)
_DISAVOWING = re.compile(
    r"\b(?:do(?:es)?|did) not (?:\w+ly )?(?:intend|wish|plan) to (?:become (?:a )?(?:\w+ )?part(?:y|ies)\b|ratify\b)"
    r"|\bintention\b[^.;]{0,80}?\bnot to (?:become (?:a )?(?:\w+ )?part(?:y|ies)\b|ratify\b)"
    r"|\b(?:decided|decision) not to (?:become (?:a )?(?:\w+ )?part(?:y|ies)\b|ratify\b)"
    r"|\bno (?:longer (?:intends?|intended)|intention) (?:to become|of becoming|to ratify)\b"
    r"|\bwill not (?:become a party|ratify)\b"
    r"|\bno longer (?:considers? itself )?bound by (?:its|the) signature",
    re.IGNORECASE,
)
_REFUSING = re.compile(
    r"(?:withdraw\w*|denunci\w*|denounc\w*|notification|notice|instrument)\b[^.;]{0,140}?"
    r"(?:\bnot (?:appear |be |been |to be |considered |deemed |regarded |therefore |legally |as )*"
    r"(?:possible|permissible|admissible|accept\w*|valid|receivable|permitted|allowed|received in deposit|processed|given effect)"
    r"|\bwithout (?:any )?(?:legal )?effect|\bimpermissible|\binadmissible|\bnull and void|\bno legal effect|\brejected|\bdeclined|\brefused"
    r"|\bcannot (?:be )?(?:accepted|given effect|received|lawfully|validly)|\bcould not (?:be )?(?:accepted|given effect|received))"
    r"|\b(?:declined|refused|unable|not in a position|did not|does not|cannot|could not)\b[^.;]{0,30}\b(?:accept|receive|process|give effect)\b"
    rf"[^.;]{{0,60}}\b(?:{_LEAVING_NOUN}|notification|notice)",
    re.IGNORECASE,
)
_NOT_PARTY = re.compile(
    r"\bnot\b[^.;]{0,180}?\b(?:considered|regarded|deemed|recogni[sz]ed)\b[^.;]{0,50}?\bas (?:being )?a (?:\w+ )?party\b"
    r"|\b(?:was|is|being|having been|been) (?:never|not)(?: yet| then| at (?:that|the) time)?(?: itself)?(?: been)? a (?:contracting |State )?party\b"
    r"|\bnever (?:been|became|become) a (?:contracting |State )?party\b|\bnot (?:been|being|yet|having been) a (?:contracting |State )?party\b"
    r"|\b(?:had|has) not (?:yet |then )?(?:become|been) a (?:contracting |State )?party\b",
    re.IGNORECASE,
)
_SUSPENDING = re.compile(
    rf"\bsuspen(?:d(?:s|ed|ing)?|sion)\b(?!\s+(?:of\s+)?(?:its|the)\s+(?:decision|notification|{_LEAVING_NOUN}))"
    r"(?P<what>[^.;:]{0,90}?)"
    rf"\b(?P<treaty>{_TREATY})",
)
_NOT_WHOLE = re.compile(
    r"\b(?:articles?|provisions?|rights?|guarantees?|laws?|sections?|declarations?|reservations?|between|emergency|paragraphs?|constitution)\b"
)
_RESUMING = re.compile(
    r"\b(?:resum\w+|lift\w*|end(?:s|ed|ing)?|terminat\w+|ceas\w+|revok\w+|withdr\w+)\b[^.;]{0,50}\bsuspension\b(?![^.;]{0,30}(?:withdrawal|denunciation))"
    rf"|\bresum\w+\b[^.;]{{0,50}}\b(?:operation|application|participation|membership|implementation)\b[^.;]{{0,40}}{_TREATY}",
)
_QUITTING = re.compile(
    r"\bceas\w+ (?:to be|being) (?:an? )?(?:\w+ )?(?:part(?:y|ies)|members?|participants?|bound)\b"
    r"|\bceas\w+ to participate in\b|\bceas\w+ to be in force (?:for|in respect of|with respect to|as regards) "
    r"|\b(?:ceas\w+|stop\w*) (?:to apply|applying|(?:its )?application of) (?:the |this |said |that )*(?:[A-Z]\w+ ){0,3}" + _TREATY + r"(?! (?:to|in) )"
    r"|\bno longer (?:be |considers? itself (?:to be )?|regards? itself (?:as )?|considered itself )?(?:as )?(?:an? (?:\w+ )?(?:party|member)\b|bound by (?:the |this |said )*"
    r"(?:provisions of (?:the |this |said )*)?(?:[A-Z]\w+ ){0,3}" + _TREATY + r")"
    r"|\bterminat\w+ (?:of )?(?:its|their) (?:participation|membership|accession|acceptance|adherence)\b"
    r"|\b(?:notice of termination|(?:decision|decided) to terminate|terminat(?:es|ed)) (?:of |by it of )?(?:the |this |said )*(?:[A-Z]\w+ ){0,3}" + _TREATY +
    r"|\b(?:leave|leaves|left|leaving) the (?:[A-Z]\w+ ){0,3}" + _TREATY + r"|\bdeemed to have (?:withdrawn|denounced)\b",
)
_OCCURRENCE = re.compile(
    r"\b(?P<withdraw>withdr(?:aw(?:s|n|ing|als?)?|ew))\b|\b(?P<denounce>denounc(?:e[sd]?|ing)|denunciations?)\b"
    r"|\b(?P<undo>revo(?:k(?:e[sd]?|ing)|cation)|resci(?:nd(?:s|ed|ing)?|ssion)|retract(?:s|ed|ing|ion)?|cancel(?:s|led|ling|lation)?|annul(?:s|led|ling|ment)?)\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"^\s*(?:,?\s*in part,?\s*|,?\s*with immediate effect,?\s*)?(?:and (?:the )?partial withdrawal\s+)?"
    r"(?:of|in respect of|with respect to|with regard to|regarding|concerning|relating to|to)\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"^\s*(?:(?:also|formally|fully|entirely|definitively|immediately|again|completely)\s+|of\s+(?:the\s+)?[A-Z][\w ]{2,60}?\s|,[^,]{0,80},\s*)?from\s+"
    r"(?!its\s+reserv|the\s+reserv|\d|[A-Z]\w+ \d)"
    r"(?:(?:the|this|that|said|above|above-mentioned|its|aforesaid|aforementioned|same|present)\s+)*"
    r"(?:[A-Z]|convention|agreement|protocol|treaty|statute|organi[sz]ation|participation|membership|it\b)"
)
_BARE = re.compile(
    r"^\s*(?:$|[.,;:)(]|(?:with|effective|on|as|in|from|pursuant|which|subject|for|under|by|shall|will|was|is|took|takes|has|had|and|it|to|at|through|dated"
    r"|received|deposited|notified|therefrom|that|before|after|respectively|made|became|becomes|would|could|may|be)\b"
    r"|of\s+(?:the\s+|said\s+)*(?:[A-Z\d]|former)|(?:regarding|concerning|relating)\b)"
)
_REFERRING = re.compile(
    r"(?:relat(?:ing|ed) to|concerning|regarding|with (?:regard|respect|reference) to|in (?:connection|relation) (?:with|to)|objections? to|object(?:s|ed)? to"
    r"|reasons? for|following|after|prior to|before|since|pending|despite|notwithstanding|(?:effect|consequence|validity|legality|purpose|implication)s? of"
    r"|text of|further to|result of|upon|above|above-mentioned|aforementioned|purported|explaining)\s+"
    r"(?:(?:the|this|that|said|above|above-mentioned|its|their|such|a|an|any|purported|subsequent)\s+)*"
    r"(?:(?:decision|notification|notice|instrument|letter|communication|intention)s? (?:of|to)\s+)?(?:(?:the|its|their) )?$",
    re.IGNORECASE,
)
_OWN = re.compile(r"(?:concerning|regarding|relating to)\s+its\s+(?:(?:decision|notification|notice|intention)s? (?:of|to)\s+)?$", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"\b(?:may|might|could|would|if|right (?:of|to)|not|provi(?:de[sd]?|sions?)[^.;]{0,60}|procedure[^.;]{0,40}|possib\w+[^.;]{0,30}"
    r"|any (?:State )?(?:party|member)[^.;]{0,30}|contain(?:s|ed)?[^.;]{0,30})\s+(?:(?:at any time|also|a|the|its|of|for|to|be|have|party)\s+)*$"
    r"|\b(?:provisions?|clauses?|procedure|article)[^.;]{0,20}\b(?:on|for|of|regarding|concerning)\s+(?:the\s+)?$",
)
_CLAUSE_NOUN = re.compile(r"^\s+(?:provisions?|clauses?|procedures?|period)\b", re.IGNORECASE)
_ANNOUNCING = re.compile(r"\bintend(?:s|ed)? to(?: \w+)?\s+$|\bintention (?:of |to )(?:\w+ )?$|\bexercis\w+ its right to $|\bconsidering $", re.IGNORECASE)
_ON_JOINING = re.compile(
    r"^\W*(?:[Uu]pon|[Aa]t the time of|[Oo]n|[Ww]hen) (?:its |the )?(?:deposit(?:ing)?|ratif\w+|acced\w+|accession|signature|signing|acceptance|approval|becoming a party)\b"
    r"|\binstruments? of (?:ratification|accession|acceptance|approval)\b[^.;]{0,40}\b(?:contain\w*|accompanied|includ\w*|together)\b",
)
_VOCABULARY = re.compile(
    r"withdr[ae]w|denounc|denunciat|\bterminat\w+[^.;]{0,60}" + _TREATY + r"|\bceas\w+ (?:to be (?:an? )?(?:party|bound|member)|its )|\bno longer (?:bound|a party|apply)"
    r"|\b(?:revok|rescind|retract|annul|cancel)\w*[^.;]{0,60}\b(?:ratification|accession|signature|consent|acceptance|notification)"
    r"|consider\w* itself (?:no longer )?(?:not )?(?:bound )?as a party|\bresign\w* from|\bsuspen[ds]\w*[^.;]{0,40}" + _TREATY + r"|\bquit(?:s|ted)?\b|\bsecede",
    re.IGNORECASE,
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
    retracted = [m.span() for pattern in (_RETRACTING, _STAYING) for m in pattern.finditer(text)]
    free = (m for m in _OCCURRENCE.finditer(text) if not any(a <= m.start() < b for a, b in retracted))
    found |= {_sense(text, match) for match in free}
    found.discard(Sense.ODD) if len(found) > 1 else None
    if _ON_JOINING.search(text) and found & {Sense.LEAVES, Sense.LEAVES_BARE}:
        found = (found - {Sense.LEAVES, Sense.LEAVES_BARE}) | {Sense.MENTIONS}  # nobody leaves by joining: another treaty
    if Sense.STATEMENT in found:
        found.discard(Sense.LEAVES_BARE)
    return frozenset(found or ({Sense.ODD} if _VOCABULARY.search(text) else ()))


def _phrases(text: str) -> Iterator[Sense]:
    """Yield the senses that a fixed phrase carries, whatever its object."""
    patterns = (
        (_RETRACTING, Sense.RETRACTS),
        (_STAYING, Sense.STAYS),
        (_DISAVOWING, Sense.DISAVOWS),
        (_REFUSING, Sense.REFUSED),
        (_NOT_PARTY, Sense.NOT_PARTY),
        (_RESUMING, Sense.RESUMES),
        (_QUITTING, Sense.LEAVES),
    )
    yield from (sense for pattern, sense in patterns if pattern.search(text))
    suspending = _SUSPENDING.search(text)
    if suspending and not _RESUMING.search(text):
        yield Sense.MENTIONS if _NOT_WHOLE.search(suspending["what"]) else Sense.SUSPENDS


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
    word, after = match.group().lower(), text[match.end() :]
    thing = _object(after)
    if match["undo"] or word == "withdrawn":
        undone = _UNDONE.get(thing) if match["undo"] else None
        if found := undone or _passive(text[: match.start()]):
            return found
        if match["undo"]:
            return Sense.ODD
    if match["withdraw"] and _FROM.match(after):
        return Sense.LEAVES
    noun = word.startswith(("withdrawal", "denunciation"))
    if match["withdraw"] and _FROM.match(after):
        return Sense.LEAVES
    if word == "withdrawn" and (passive := _passive(text[: match.start()])):
        return passive
    if noun and not _LINK.match(after):
        return Sense.LEAVES_BARE
    if thing == "nothing" and not _BARE.match(after):
        return Sense.ODD
    return _of_object(thing, noun=noun, denounces=bool(match["denounce"]))


def _of_object(thing: str, *, noun: bool, denounces: bool) -> Sense:
    if thing in {"statement", "signature", "bare_notice"}:
        return _UNDONE[thing]
    if thing in {"treaty", "consent"} or noun:
        return Sense.LEAVES if thing in {"treaty", "consent"} and (noun or denounces or thing == "consent") else Sense.LEAVES_BARE
    return Sense.LEAVES_BARE if thing == "nothing" else Sense.ODD


def _object(after: str) -> str:
    """Return the first thing named after a word of withdrawal: notice, statement, consent, signature, treaty or nothing."""
    for match in _OBJECT.finditer(after[:160]):
        if not _UPON.search(after[: match.start()]):
            return "nothing" if match.lastgroup == "stop" else str(match.lastgroup)
    return "nothing"


def _passive(before: str) -> Sense | None:
    """Of "… which has been withdrawn": the thing named before."""
    named = {m.lastgroup for m in _OBJECT.finditer(before) if not _UPON.search(before[: m.start()])}
    first = next((thing for thing in ("statement", "signature", "bare_notice", "consent") if thing in named), None)
    return _UNDONE[first] if first else None

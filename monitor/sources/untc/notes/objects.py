"""Tells what one word of withdrawal is said of: the treaty, a statement, a notice, a consent, or something else.

One phrase serves many ends ("its decision to withdraw …"): the object decides. Withdrawing from a treaty is leaving,
withdrawing a reservation is not, withdrawing a notification of withdrawal is staying.
"""

from __future__ import annotations

import re

from monitor.sources.untc.notes.asides import beyond_adverbs
from monitor.sources.untc.notes.nearby import following, preceding
from monitor.sources.untc.notes.sense import Sense
from monitor.sources.untc.notes.words import BARE_NOTICE, CONSENT, LEAVING_NOUN, NOTICE, REVOKING, STATEMENT, TREATY

OCCURRENCE = re.compile(
    r"\b(?P<withdraw>withdr(?:aw(?:s|n|ing|als?)?|ew))\b|\b(?P<denounce>denounc(?:e[sd]?|ing)|denunciations?)\b"
    rf"|\b(?P<undo>{REVOKING}|cancel(?:s|led|ling|lation)?|annul(?:s|led|ling|ment)?)\b",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    rf"(?P<notice>{NOTICE}|{LEAVING_NOUN})|(?P<bare_notice>{BARE_NOTICE})|(?P<statement>{STATEMENT})"
    rf"|(?P<consent>{CONSENT.lower()})|(?P<signature>signatures?)|(?P<instrument>instruments?\b)"
    rf"|(?P<treaty>{TREATY.lower()})|(?P<stop>[:;]|\bwith effect\b|\beffective\b)"
)
"""For texts in lower case: without regard to case, every alternative would be tried at every letter."""
_UPON = re.compile(
    r"(?:upon|time of|made on|made at|when|since|by|under|during|through|means of)\s+"
    r"(?:(?:its|the|their|his|an?|this)\s+)?$"
)
_DETERMINERS = (
    r"(?:(?:the|this|that|these|both|said|such|above|above-mentioned|aforementioned|aforesaid|its|their|same|present"
    r"|provisions of|whole of|entire|amended|unamended|revised|two|three|five)\s+)*"
)
_TITLE = r"(?:[A-ZÀ-Þ][\w'\u2019-]*\s+(?:(?:of|on|for|and|to|the)\s+)*){0,8}?"
_SUBJECT = r"\s+(?:on|for|relating to|concerning)\s+(?:the\s+)?[A-Z]"
_WITH_NOBODY = r"(?!\s+(?:with|between)\s+(?:the\s+)?[A-Z])"
"""Of "the Agreement with Poland": one between two States is in no depositary's keeping."""
_TREATY_NEXT = re.compile(
    # "from the said 1926 Slavery Convention"
    rf"^\s*(?:(?:of|from|in respect of|with respect to|with regard to)\s+)?{_DETERMINERS}(?!European Union)"
    rf"(?P<year>\d{{4}}\s+)?{_TITLE}{TREATY}(?!['\u2019]s|\s+No\b){_WITH_NOBODY}"
    # "… on Road Traffic", "… of 8 November 1968", "… of 1968 on Road Traffic"
    rf"(?P<named>{_SUBJECT}[a-z][^,;]{{2,80}}?)?"
    r"(?P<dated>,?\s+(?:of|done at [A-Z]\w+ on)\s+(?P<day>\d{1,2}\s+\w+\s+)?\d{4}\b)?"
    rf"(?P<after>{_SUBJECT})?"
    # "Coffee Agreement, 1994", "Protocol II", "… in respect of Annex A"
    r"(?P<styled>,\s+\d{4}\b)?(?P<numbered>\s+(?:[IVX]+|[1-9])\b)?"
    r"(?P<portion>\s+(?:as regards|in respect of|with respect to|with regard to|in so far as it concerns)\s+"
    r"(?:(?:its|the)\s+)?(?:[Aa]nnex|[Cc]hapter|[Pp]art [IVX\d]|[Pp]rotocol [IVX\d]))?"
)
_DATED_LATER = re.compile(r"[^,;.\d]{0,80}?(?:,|\s(?:of|done at [A-Z]\w+,?(?: on)?)(?:\s\d{1,2}\s\w+)?)\s\d{4}\b")
"""Of "the Convention on Statistics of 14 December 1928": the date behind a treaty's whole name is a part of it."""
_FROM = re.compile(
    r"^\s*(?:of\s+(?:(?:the|his|her|its|that)\s+)?(?:[A-Z][\w ]{2,60}?|country)\s+"
    r"|by\s+(?:the\s+)?[A-Z][\w ]{2,60}?\s+)?from\s+"
)
"""Of "the withdrawal of Poland from", "the withdrawal by Poland from"."""
_ORGAN = re.compile(r"^\s*[A-Z]{3,}\b|^\s*it\b|^\s*the (?:(?:United|League of) Nations|International Criminal Court)\b")
_PRONOUN = re.compile(r"^\s*(?:it|them|the (?:same|latter)|this|these)\b(?!\s+[a-z]*\s?[A-Za-z]*tion)")
_LINK = re.compile(
    r"^\s*(?:and (?:the )?partial withdrawal\s+)?"
    r"(?:of|in respect of|with respect to|with regard to|regarding|concern(?:ing|s|ed)|relat(?:ing|es|ed) to"
    r"|applies (?:only )?to|to)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^\s*(?:$|[.,;:)(]|(?:with|effective|on|as (?:from|of|at|a|notified|provided|indicated|stated)|in|from|pursuant"
    r"|which|subject|for|under|by|shall|will|was|were|is|are|took|takes|has|have|had|having|and|or|it|them|to|at|through|dated|via"
    r"|within|upon|until|due|received|deposited|notified|given|therefrom|that|registered|required|signed"
    r"|before(?! the [A-Z])|after|respectively|made|became"
    r"|becomes|would|could|may|be)\b"
    r"|of\s+(?:the\s+|said\s+)*(?:[A-Z\d]|former)|\d{1,2} [A-Z]\w+ \d{4}|(?:regarding|concerning|relating)\b)"
)
"""What follows a leaving of which the object is left out: "its withdrawal, received on …", "denounced on …"."""
_PORTION = re.compile(
    r"^\s*(?:of\s+|from\s+|in respect of\s+)?(?:(?:the|its|said|following)\s+)*"
    r"(?:[Aa]nnex|[Cc]hapter|[Ss]chedule|[Aa]ppendi|[Pp]arts?\s+[IVX\d]|[Aa]rticle|Regulation\s+No)"
)
_PASSIVE = re.compile(r"\b(?:was|were|is|are|be|been|being)\s+(?:\w+ly\s+|also\s+|thus\s+)*$", re.IGNORECASE)
_DONE = re.compile(r"\b(?:has|have|had|having)\s+(?:\w+ly\s+|also\s+)?$", re.IGNORECASE)
_TREATY_BEFORE = re.compile(
    rf"(?P<year>\b\d{{4}} (?:[A-Z]\w+ )*)?\b{TREATY}{_WITH_NOBODY}"
    r"(?P<dated>,? of (?:\d{1,2} \w+ )?\d{4}\b)?[^.;:]{0,60}$"
)
_DEPENDENT = re.compile(
    rf"^\s*(?:of\s+)?(?:(?:the|its|their|this|that|all|certain|said|any|these|those|partial|following|above|remaining"
    rf"|\w+ed|\w+al|\w+ive)\s+){{0,5}}(?P<thing>{STATEMENT})",
    re.IGNORECASE,
)
_UNDONE = {
    "statement": Sense.STATEMENT,
    "signature": Sense.UNSIGNS,
    "consent": Sense.LEAVES,
    "bare_notice": Sense.TAKES_BACK,
    "instrument": Sense.UNCLEAR,  # of consent, most likely; of what, the sentences before may say
}


def said_of(text: str, match: re.Match[str]) -> Sense:
    """Return what a word of withdrawal (a match of OCCURRENCE in a straightened clause) is said of."""
    before, after = preceding(text, match.start()), beyond_adverbs(following(text, match.end()))
    if _PORTION.match(after):
        return Sense.ODD
    if match["undo"]:
        return _UNDONE.get(_object(after)) or _done_to(before) or Sense.MENTIONS
    if match["denounce"]:
        return _denounced(match.group().lower(), before, after)
    return _withdrawn(match.group().lower(), before, after)


def _denounced(word: str, before: str, after: str) -> Sense:
    """One denounces treaties; whatever else is denounced ("the violations of …") is condemned."""
    if word == "denounced" and _PASSIVE.search(before):
        named = _TREATY_BEFORE.search(before)
        return (Sense.UNCLEAR if named["year"] or named["dated"] else Sense.LEAVES) if named else Sense.MENTIONS
    treaty = _TREATY_NEXT.match(after)
    if treaty:
        return _which(treaty)
    if _DEPENDENT.match(after):
        return Sense.STATEMENT
    return Sense.LEAVES_BARE if _BARE.match(after) else Sense.ODD


def _withdrawn(word: str, before: str, after: str) -> Sense:
    noun = word.startswith("withdrawal")
    if from_ := _FROM.match(after):
        treaty = _TREATY_NEXT.match(after[from_.end() :])
        return _which(treaty) if treaty else _from_other(after[from_.end() :], noun=noun)
    if word == "withdrawn" and not _DONE.search(before):
        return _done_to(before) or (Sense.ODD if before.strip(" (,.") else Sense.LEAVES_BARE)
    if noun and before.rstrip().endswith("partial") and not _LINK.match(after):
        return Sense.ODD
    if noun and not _LINK.match(after):
        return Sense.LEAVES_BARE
    if not noun and _PRONOUN.match(after):
        return _done_to(before) or Sense.ODD
    return _of_object(_object(after), after, noun=noun)


def _of_object(thing: str, after: str, *, noun: bool) -> Sense:
    """The sense that an object gives; one cannot "withdraw a treaty", only withdraw from it."""
    if thing in _UNDONE:
        return _UNDONE[thing]
    if noun and (treaty := _TREATY_NEXT.match(after)):
        return _which(treaty)
    return Sense.LEAVES_BARE if _BARE.match(after) else Sense.ODD


def _which(treaty: re.Match[str]) -> Sense:
    """Tell the treaty from another one, which the depositary names by its year: "the Convention of 1926 on …"."""
    if treaty["numbered"] or treaty["portion"]:
        return Sense.UNCLEAR
    if not (treaty["dated"] or treaty["year"] or treaty["styled"]):
        later = treaty["named"] and _DATED_LATER.match(treaty.string, treaty.end())
        return Sense.UNCLEAR if later else Sense.LEAVES
    told_apart = not treaty["styled"] and (
        treaty["named"] or treaty["after"] or (treaty["dated"] and not treaty["day"])
    )
    return Sense.ELSEWHERE if told_apart else Sense.UNCLEAR


def _from_other(after: str, *, noun: bool) -> Sense:
    """What is left that is no treaty's word: an organisation's short name, a day ("from 5 May"), or anything."""
    if _ORGAN.match(after):
        return Sense.LEAVES
    return Sense.LEAVES_BARE if noun and re.match(r"\d|[A-Z]\w+ \d|(?:the|that) (?:date|day)", after) else Sense.ODD


def _object(after: str) -> str:
    """Return the first thing named after a word of withdrawal (a group of _OBJECT), "nothing" if none is."""
    after = after[:160].lower()
    for match in _OBJECT.finditer(after):
        if not _UPON.search(after[: match.start()]):
            return "nothing" if match.lastgroup == "stop" else str(match.lastgroup)
    return "nothing"


def _done_to(before: str) -> Sense | None:
    """Of "… which has been withdrawn": the thing named before."""
    before = before.lower()
    named = {m.lastgroup for m in _OBJECT.finditer(before) if not _UPON.search(before[: m.start()])}
    first = next(
        (thing for thing in ("statement", "signature", "bare_notice", "consent", "instrument") if thing in named), None
    )
    return _UNDONE[first] if first else None

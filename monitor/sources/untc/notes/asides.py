"""Takes out what is set off between a verb and its object, so that the two stand side by side."""

from __future__ import annotations

import re

_DAY = (
    r"(?:\d{1,2} \w+\.? \d{4}|[A-Z]\w+ \d{1,2}, \d{4}|(?:that|the same|this|the said|the above) (?:date|day)"
    r"|(?:the )?(?:date|day) (?:of|on which)\b[^,;]{1,60}?(?=\s(?:its|the|their|all|from)\s|,|$)"
    r"|(?:its |the )?receipt|today|now)"
)
_ARTICLE = re.compile(
    r"\b[Aa]rt(?:icle|icles|\.)\s+(?:\d+|[IVXLC]+)\b(?:\s*(?:bis|ter))?(?:\s*\(\w{1,4}\))*"
    r"(?:,?\s*(?:[Pp]aragraph|para\.?|[Ss]ection|[Ss]ub-?paragraph)s?\s*\(?\w{1,4}\)?(?:\s*\(\w{1,4}\))*)*"
)
_PARENTHESIS = re.compile(
    r"\s*\((?![^()]*(?:withdr|denunc|denounc|(?:party|member|participant) until))[^()]*\)", re.IGNORECASE
)
_ASIDE = re.compile(
    r",\s*(?:and\s+)?(?:(?:with|without|as|in|on|at|under|upon|by virtue of|by reason of|for|from(?! the [A-Z]| this"
    r"| said)|pursuant to|acting|effective|to take effect|to be effective|taking effect|after|before|until|according"
    r" to|because of|owing to|due to|notwithstanding|despite|following|subject to|through|since|during|given|having"
    r"|taking into|recalling|considering|dated|taken|received|notified|deposited|confirmed|made|communicated"
    r"|circulated|\w+ly|also|too|however|inter alia|therefore|accordingly|thus|moreover)\b)"
    r"(?![^,;:]*\b(?:its|his|their) (?:withdrawal|denunciation))[^,;:]*,(?!\s*\d{4})"
)
_ADVERB = re.compile(
    rf"\s*,?\s*(?:with immediate effect|with effect(?: (?:as )?(?:from|of|on|at) {_DAY})?"
    rf"|effective(?: (?:as )?(?:from|of|on|at))? {_DAY}|as (?:of|from|at) {_DAY}|(?:on|from) {_DAY}"
    r"|in (?:part|full|whole|toto|(?:its|their) entirety)|(?:in accordance with|pursuant to|under) article"
    r"|partial(?:ly)?|wholly|fully|formally|definitively|entirely|completely|forthwith|immediately|also|both"
    rf"|to take effect (?:on|from) {_DAY})\b,?"
)
_ROUNDS = 6


def straightened(text: str) -> str:
    """Return a clause without parentheses and without adverbials set off by commas, whatever they say."""
    text = _PARENTHESIS.sub("", _ARTICLE.sub("article", text))
    for _ in range(_ROUNDS):
        shorter = _ASIDE.sub(" ", text)
        if shorter == text:
            break
        text = shorter
    return text


def beyond_adverbs(after: str) -> str:
    """Return what follows a verb once days, manners and articles that come before its object are skipped."""
    for _ in range(_ROUNDS):
        match = _ADVERB.match(after)
        if not match:
            break
        after = after[match.end() :]
    return after

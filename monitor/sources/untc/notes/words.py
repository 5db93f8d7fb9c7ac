"""The vocabulary of leaving: the phrases whose meaning does not depend on an object, and the nouns that are objects."""

from __future__ import annotations

import re

from monitor.sources.untc.notes.spelling import MISSPELT

TREATY = (
    r"(?:Convention|Protocol|Covenant|Agreement|Treaty|Statu(?:t)?es?|Constitution|Charter|Act|Organi[sz]ation"
    r"|Cent(?:re|er)|Fund"
    r"|Arrangement|Accord|Regulations?|Union|Bank|Council|Institute|Association|Commission|Group|Academy|University"
    r"|Instrument"
    r"|convention|protocol|agreement|treaty|statute|organi[sz]ation|participation|membership)\b"
)
LEAVING_NOUN = r"(?:withdrawals?|denunciations?)"
NOTICE = (
    r"(?:notification|notice|instrument|letter|declaration|decision|communication|note|intention|announcement"
    r"|action)s?\s+(?:of|to|for|concerning"
    rf"|regarding|on|containing)\s+(?:(?:its|the|their|this)\s+)?(?:{LEAVING_NOUN}|withdraw(?:ing)?|denounc(?:e"
    rf"|ing)|terminat\w+)"
)
STATEMENT = (
    r"(?:reservations?|declarations?|objections?|understandings?|statements?|interpretations?|communications?"
    r"|derogations?|designations?"
    r"|extensions?|applications?|exclusions?|limitations?|requests?|proposals?|amendments?|notifications?"
    r"|recognitions?|conditions?"
    r"|(?:acceptance|recognition|consent)s? (?:of|to) (?:the )?(?:\w+ ){0,3}?(?:competence|jurisdiction|amendments?"
    r"|annex|chapter|procedure)"
    r"|paragraphs?|observations?|candidature|opposition|reserves?)\b"
)
BARE_NOTICE = (
    r"(?:notification|notice|decision|communication|letter|note)s?\b"
    r"(?!\s+(?:of(?!\s\d)|under|in|concerning|regarding|relating|made|to|on(?! \d)|with|by(?! an? )))"
)
CONSENT = (
    r"(?:(?:instrument|act|notification|deposit)s? of (?:its )?(?:ratification|accession|acceptance|approval"
    r"|succession|formal confirmation)"
    r"|(?:ratification|accession|acceptance|approval|succession)\b"
    rf"(?!\s+of\s+(?!(?:(?:the|this|that|said)\s+)*(?:[A-Z]\w+\s+)*{TREATY})))"
)
UNDOING = (
    r"(?:withdr(?:aw(?:s|n|ing|al)?|ew)|revo(?:k(?:e[sd]?|ing)|cation)|resci(?:nd(?:s|ed|ing)?|ssion)|retract(?:s|ed"
    r"|ing|ion)?|cancel\w*|annul\w*"
    r"|revers(?:e[sd]?|ing|al)|renounc\w+|recall(?:s|ed|ing)?(?! that\b)|discontinu\w+|abandon\w*|repeal\w*|nullif\w+"
    r"|suspend(?:s|ed|ing)?|suspension"
    r"|terminat(?:e[sd]?|ing|ion))"
)
FILLER = (
    r"(?:\s*(?:,|of|the|its|their|that|this|his|said|above-mentioned|aforementioned|aforesaid|previous|earlier"
    r"|pending|formally|hereby|action"
    r"|effects?|with immediate effect|from that date))*"
)
_NULLITY = (
    r"(?:null and void|(?:not|never) (?:to )?hav(?:e|ing) been|withdrawn|cancelled|annulled|revoked|void"
    r"|without (?:any )?(?:legal )?effect|(?:of )?no (?:legal )?effect)"
)
RETRACTING = re.compile(
    rf"\b{UNDOING}\b{FILLER}\s+(?:{NOTICE}|{LEAVING_NOUN})(?!\s+of\s+(?:its|the|their"
    rf"|that)\s+(?:\w+\s+)?{STATEMENT})"
    rf"|(?:{NOTICE}|\b{LEAVING_NOUN})(?:(?!\b{STATEMENT})[^.;]){{0,80}}?\b(?:was|were|has been|had been|is|be|been)\s+(?:\w+ly\s+)?"
    r"(?:withdrawn|revoked|rescinded|retracted|cancelled|annulled|suspended|reversed|abandoned|repealed|nullified)\b"
    r"|\bnotif\w+ of (?:its )?(?:rescission|revocation|retraction|withdrawal) of (?:its |the )?(?:withdrawal"
    r"|denunciation)"
    rf"|\b(?:request|ask|declar|inform|notif|wish|communicat|stat|indicat|advis)\w*\b[^.;]{{0,80}}\b(?:its|the)"
    rf" (?:{NOTICE}|{LEAVING_NOUN})[^.;]{{0,60}}{_NULLITY}"
    rf"|\bconsider\w*[^.;]{{0,60}}(?:{NOTICE}|{LEAVING_NOUN})[^.;]{{0,60}}{_NULLITY}",
    re.IGNORECASE,
)
TAKING_BACK = re.compile(
    rf"\b(?:consider|regard|treat|deem)\w*\s+(?:that|this|its|the said|the)\s+(?:notification|notice|decision|letter"
    rf"|communication)\b[^.;]{{0,40}}{_NULLITY}"
    rf"|\b(?:that|this|its|the said) (?:notification|notice|decision)\b[^.;]{{0,40}}\b(?:consider|regard|treat|deem)"
    rf"\w*\b[^.;]{{0,20}}{_NULLITY}"
    r"|\b(?:that|this|its|the|the said) (?:notification|notice|decision)\b[^.;]{0,40}\bdisregarded",
    re.IGNORECASE,
)
STAYING = re.compile(
    r"\bnot (?:(?:to|intend to|wish to|now) )?(?:withdraw\b(?! (?:its|the) )|denounce\b|(?:proceed|go ahead"
    r"|continue) with (?:its|the|that) (?:withdrawal|denunciation))"
    r"|\bno longer (?:wish\w*|inten\w+|plan\w*) to (?:withdraw from|denounce)"
    r"|\bno longer (?:withdrawing from|denouncing)\b"
    r"|(?<!wish to )(?<!wished to )(?<!wishes to )(?<!not )(?<!not to )\b(?:remain\w*|continue\w* to be) (?:an? )?(?:\w+ )?(?:party|member)\b"
    r"(?![^;]{0,80}\b(?:until|till|pending)\b| to (?:the )?(?:amended|other|\d{4}|[A-Z]\w+ (?:[IVX]+|No)\b))|\brevers\w+ (?:that|this|its"
    r"|the said) decision"
    r"|\b(?:continue|maintain)\w* (?:its )?(?:participation|membership)\b(?![^;]{0,80}\b(?:until|till|pending)\b)",
    re.IGNORECASE,
)
_JOINING = (
    r"(?:become (?:a )?(?:\w+ )?part(?:y|ies)\b|ratify\b|(?:proceed (?:to|with)|seek) (?:its |the )?ratification\b"
    rf"|be (?:a )?party to (?:(?:the|this|said) )*(?:[A-Z]\w+ ){{0,3}}{TREATY})"
)
_NEVER_JOINING = rf"{_JOINING}(?![^.;]{{0,80}}\b(?:until|till|unless|before|pending|without)\b)"
DISAVOWING = re.compile(
    rf"\b(?:do(?:es)?|did) not (?:\w+ly )?(?:intend|wish|plan) to {_NEVER_JOINING}"
    rf"|\bintention\b[^.;]{{0,80}}?\bnot to {_NEVER_JOINING}"
    rf"|\b(?:decided|decision) (?:not to {_NEVER_JOINING}|against (?:ratif\w+|becoming (?:a )?(?:\w+ )?party\b))"
    rf"|\bno (?:longer (?:intends?|intended)|intention) (?:to {_JOINING}|to become|of becoming|of ratifying)\b"
    rf"|\b(?:will|would|shall) not {_NEVER_JOINING}"
    r"|\b(?:no longer|not) (?:considers? itself )?bound by (?:its|the) signature"
    r"|\bno (?:\w+ )?obligations? (?:\w+ing )?from (?:its|the) signature"
    r"|\bnot going to (?:become (?:a )?party\b|ratify\b)"
    r"|\bremov\w+ (?:of )?(?:its|the|their) signature\b|\bunsign\w*"
    rf"|\bsignature\b[^.;]{{0,40}}?\b{_NULLITY}",
    re.IGNORECASE,
)
UNABLE = re.compile(
    r"\b(?:(?:un|not (?:be )?)able|not (?:be )?in a position|cannot|could not|inability|refus(?:es|ed|al)|declin(?:es|ed)"
    rf"|(?:will|would|shall) not|(?:do|does|did) not (?:intend|wish|plan)) (?:\w+ly )?(?:to )?{_JOINING}",
    re.IGNORECASE,
)
"""Nobody says so for good, or for the State: a term may pass, a parliament change its mind (VCLT 18 (a))."""
REFUSING = re.compile(
    r"(?:withdraw\w*|denunci\w*|denounc\w*|notification|notice|instrument)\b[^.;]{0,140}?"
    r"(?:\bnot (?:appear |be |been |to be |considered |deemed |regarded |therefore |legally |as )*"
    r"(?:possible|permissible|admissible|accept\w*|valid|receivable|permitted|allowed|received in deposit|processed"
    r"|given effect)"
    r"|\bwithout (?:any )?(?:legal )?effect|\bimpermissible|\binadmissible|\bnull and void|\bno legal effect"
    r"|\brejected|\bdeclined|\brefused"
    r"|\bcannot (?:be )?(?:accepted|given effect|received|lawfully|validly)|\bcould not (?:be )?(?:accepted"
    r"|given effect|received))"
    r"|\b(?:declined|refused|unable|not in a position|did not|does not|cannot|could not)\b[^.;]{0,30}\b(?:accept"
    r"|receive|process|give effect)\b"
    rf"[^.;]{{0,60}}\b(?:{LEAVING_NOUN}|notification|notice)",
    re.IGNORECASE,
)
NOT_PARTY = re.compile(
    r"\bnot\b[^.;]{0,180}?\b(?:considered|regarded|deemed"
    r"|recogni[sz]ed)\b[^.;]{0,50}?\bas (?:being )?a (?:\w+ )?party\b"
    r"|\b(?:was|is|being|having been|been) (?:never|not)(?: yet| then| at (?:that"
    r"|the) time)?(?: itself)?(?: been)? a (?:contracting |State )?party\b"
    r"|\bnever (?:been|became|become) a (?:contracting |State )?party\b|\bnot (?:been|being|yet"
    r"|having been) a (?:contracting |State )?party\b"
    r"|\b(?:had|has) not (?:yet |then )?(?:become|been) a (?:contracting |State )?party\b",
    re.IGNORECASE,
)
SUSPENDING = re.compile(
    r"\bsuspen(?:d(?:s|ed|ing)?|sion)\b"
    r"(?:\s+(?:of|the|its|their|this|said|temporarily|provisionally|also|entirely|wholly|fully|in (?:whole|full)))*"
    r"(?:\s+(?:operation|application|implementation|participation|membership|performance|obligations|execution"
    r"|functioning)\b"
    r"(?:\s+(?:of|in|under|by|it|for|arising|from|its|all|obligations))*)?(?:\s+(?:the|this|said|that|[A-Z]\w+))*?"
    rf"\s+{TREATY}(?![^.;]{{0,20}}\b(?:between|to|in respect of)\b)"
    rf"(?![^.;]{{0,20}}\bin (?:its|their) relations? (?:with|to)\b)|\b{TREATY}(?: (?:by|for|in|in respect of) [A-Z][\w ]{{2,60}}?)? (?:(?:has|had|have|shall|will|would) )?(?:is|was|be|been|being) (?:\w+ly )?suspended\b"
    r"(?![^.;]{0,20}\b(?:between|to|in respect of)\b)"
)
PAUSING = re.compile(rf"\bsuspen[ds]\w*[^.;:]{{0,90}}?\b{TREATY}|\b{TREATY}[^.;:]{{0,90}}?\bsuspended\b")
RESUMING = re.compile(
    r"\b(?:resum\w+|lift\w*|end(?:s|ed|ing)?|terminat\w+|ceas\w+|revok\w+"
    r"|withdr\w+)\b[^.;]{0,50}\bsuspension\b(?![^.;]{0,30}(?:withdrawal|denunciation))"
    rf"|\bresum\w+\b[^.;]{{0,50}}\b(?:operation|application|participation|membership"
    rf"|implementation)\b[^.;]{{0,40}}{TREATY}",
)
QUITTING = re.compile(
    r"\bceas\w+ (?:to be|being) (?:an? )?(?:\w+ )?(?:part(?:y|ies)|members?|participants?|[Gg]overnments?|bound(?! by the (?:un|former|earlier|original|previous)))\b"
    r"|\bno longer wish\w* to (?:remain|be|continue)\b|\b(?:ceas|stop|discontinu)\w+ (?:to participate|participating) in\b|\bceas\w+ to be in force (?:for|in respect of|with respect to|as regards) "
    r"|\b(?:ceas\w+|stop\w*) (?:to apply|applying|(?:its )?application of) (?:the |this |said "
    r"|that )*(?:[A-Z]\w+ ){0,3}" + TREATY + r"(?! (?:to|in|provisionally\b) )"
    r"|\bno longer (?:(?:to )?be |(?:consider|regard)\w* (?:itself|themselves|themself) (?:to be )?)?(?:as )?"
    r"(?:(?:an? )?(?:\w+ )?(?:part(?:y|ies)|members?)\b|bound by (?:the |this |said )*"
    r"(?:provisions of (?:the |this |said )*)?(?:[A-Z]\w+ ){0,3}" + TREATY + r")"
    r"|\bterminat\w+ (?:of )?(?:its|their) (?:participation|membership|accession|acceptance|adherence)\b"
    r"|\b(?:ceas|stop|discontinu|end)(?:e|es|ed|ing|s|p|ping|ped|ance of|ation of)? (?:its|their) (?:participation|membership)\b"
    r"|\b(?:notice of termination|(?:decision|decided) to terminate|Govern[^.;]{5,60} terminat(?:es|ed)) (?:of "
    r"|by it of )?(?:the |this |said )*(?:[A-Z]\w+ ){0,3}"
    + TREATY
    + r"|\b(?:leave|leaves|left|leaving) the (?:[A-Z]\w+ ){0,3}"
    + TREATY,
)
_THE_TREATY = rf"(?:the |this |said |that |provisions of )+(?:[A-Z]\w+ ){{0,3}}{TREATY}"
UNBINDING = re.compile(
    rf"\b(?:exit\w*|renounc\w+|abrogat\w+|repudiat\w+|termination) (?:from |of )?{_THE_TREATY}(?! (?:of|between|to) )"
    rf"|\b(?:(?:no longer|not) (?:(?:intend|wish|plan)\w* )?(?:to )?be) bound by {_THE_TREATY}"
    r"(?! (?:as regards|in respect of|with re\w+ to|until|pending) )"
    rf"|\b(?:not|no longer) (?:\w+ to )?(?:remain|continue to be) (?:an? )?(?:\w+ )?part(?:y|ies)\b"
    r"|\bits (?:instrument of )?(?:ratification|accession|acceptance|approval)\b[^.;]{0,60}\b(?:null and void|without (?:legal )?effect)"
    r"|\b(?:notified|informed|declared|communicated|notification of)\b[^.;]{0,120}\b(?:ceas|stop|terminat|end(?:s|ed|ing)?\b|discontinu)[^.;]{0,40}\bprovisional"
)
"""Words that the depositary does not use of leaving, but a State may: somebody has to read what they mean."""
HINTS = (
    *MISSPELT, "terminat", "ceas", "stop", "suspen", "no longer", "revoc", "revok", "resci", "retract",
    "annul", "cancel", "repeal", "leav", "left", "quit", "seced", "resign", "intend", "intention", "null", "never",
    "not remain", "continue to be", "to become", "not become", "able to", "ratify", "against ratif", "against becom", "proceed", "seek", "be a party", "be party",
    "not going to", "be bound by the", "by its signature", "ing its signature", "ve its signature", "from its signature", "unsign", "exit", "renounc", "abrogat", "repudiat", "discontinu", "provisional", " end its", " ends its",
    " ended its", " ending its",
)  # fmt: skip
"""One of these stands in every text of leaving, pausing or disavowing, in any case."""
VOCABULARY = re.compile(
    r"withdr[ae]w|denounc|denunciat|(?:Govern|notif|inform)[^.;]{0,120}\bterminat\w+[^.;]{0,60}" + TREATY + r""
    r"|\bceas\w+ (?:to be (?:an? )?(?:party|bound|member)|its )|\bno longer (?:bound|a party|apply (?:the|this) )"
    r"|\b(?:revok|rescind|retract|annul|cancel)\w*[^.;]{0,60}\b(?:ratification|accession|signature|consent"
    r"|acceptance|notification)"
    r"|consider\w* itself (?:no longer )?(?:not )?(?:bound )?as a party|\bresign\w* from"
    r"|\bsuspen[ds]\w*[^.;]{0,40}" + TREATY + r"|\bquit(?:s|ted)?\b|\bsecede",
    re.IGNORECASE,
)


def hinted(text: str) -> bool:
    """Whether a text may speak of leaving: cheap to ask before it is cut into clauses."""
    return any(map(text.lower().__contains__, HINTS))


_STEMS = (
    "withdr", "denounc", "denunciat", "revo", "resci", "retract", "cancel", "annul", "ceas", "longer", "terminat", "stop",
    "leav", "left", "suspen", "resum", "resign", "quit", "secede", "becom", "ratify", "exit", "renounc", "abrogat",
    "repudiat", "discontinu", " end its", " ends its", " ended its", " ending its", "be bound by", "by its signature", "unsign", "its signature", "against ratif",
    "proceed", "seek", "be a party", "be party", "not remain", "continue to be",
)  # fmt: skip
_JUDGING, _UNDONE = ("consider", "regard", "treat", "deem"), ("disregard", "void", "effect", "been", "itself")


def may_mean(text: str) -> bool:
    """Whether a sentence can say of a leaving anything that counts by itself, not only beside a leaving told before.

    Each sense but those of staying, of a refusal and of never having been a party needs one of these stems.
    """
    lowered = text.lower()
    if any(map(lowered.__contains__, _STEMS)):
        return True
    return any(map(lowered.__contains__, _JUDGING)) and any(map(lowered.__contains__, _UNDONE))

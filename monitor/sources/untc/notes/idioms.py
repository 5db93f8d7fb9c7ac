"""The idioms of leaving: what a phrase says whatever its object, and the signs without which it cannot stand.

Beside each alternative stands an example of what it is for.
"""

from __future__ import annotations

import re

from monitor.sources.untc.notes.hints import ENDING, OF_JOINING
from monitor.sources.untc.notes.phrase import Phrase
from monitor.sources.untc.notes.words import (
    LEAVING_NOUN,
    NOTICE,
    RATIFICATION,
    REVOKED,
    REVOKING,
    STATEMENT,
    TITLED,
    TREATY,
)

_A = r"(?:an? )?(?:\w+ )?"
_THE = r"(?:the |this |said )*"
_NULLITY = (
    r"(?:null and void|(?:not|never) (?:to )?hav(?:e|ing) been|withdrawn|cancelled|annulled|revoked|void"
    r"|without (?:any )?(?:legal )?effect|(?:of )?no (?:legal )?effect)"
)
_UNTIL = r"[^;]{0,80}\b(?:until|till|pending)\b"
"""Where a term is set, nobody stays: whoever "remains a party until 5 May" leaves."""

_UNDOING = (
    rf"(?:withdr(?:aw(?:s|n|ing|al)?|ew)|{REVOKING}|cancel\w*|annul\w*|revers(?:e[sd]?|ing|al)|renounc\w+"
    r"|recall(?:s|ed|ing)?(?! that\b)|discontinu\w+|abandon\w*|repeal\w*|nullif\w+|suspend(?:s|ed|ing)?|suspension"
    r"|terminat(?:e[sd]?|ing|ion))"
)
_FILLER = (
    r"(?:\s*(?:,|of|the|its|their|that|this|his|said|above-mentioned|aforementioned|aforesaid|previous|earlier"
    r"|pending|formally|hereby|action|effects?|with immediate effect|from that date))*"
)
RETRACTING = re.compile(
    # "withdrew its notification of withdrawal", but not "… of withdrawal of its reservation"
    rf"\b{_UNDOING}\b{_FILLER}\s+(?:{NOTICE}|{LEAVING_NOUN})"
    rf"(?!\s+of\s+(?:its|the|their|that)\s+(?:\w+\s+)?{STATEMENT})"
    # "its notification of withdrawal was revoked"
    rf"|(?:{NOTICE}|\b{LEAVING_NOUN})(?:(?!\b{STATEMENT})[^.;]){{0,80}}?"
    r"\b(?:was|were|has been|had been|is|be|been)\s+(?:\w+ly\s+)?"
    rf"(?:{REVOKED}|suspended|reversed|abandoned|repealed|nullified)\b"
    # "notification of rescission of its withdrawal"
    r"|\bnotif\w+ of (?:its )?(?:rescission|revocation|retraction|withdrawal) of (?:its |the )?"
    r"(?:withdrawal|denunciation)"
    # "requested that its notice of withdrawal be treated as null and void"
    r"|\b(?:request|ask|declar|inform|notif|wish|communicat|stat|indicat|advis)\w*\b[^.;]{0,80}"
    rf"\b(?:its|the) (?:{NOTICE}|{LEAVING_NOUN})[^.;]{{0,60}}{_NULLITY}"
    # "considers its denunciation as void"
    rf"|\bconsider\w*[^.;]{{0,60}}(?:{NOTICE}|{LEAVING_NOUN})[^.;]{{0,60}}{_NULLITY}",
    re.IGNORECASE,
)
RETRACTING_ALONE = (
    "void", "been", "effect", "suspen", "terminat", "cancel", "annul", "revers", "renounc", "recall", "discontinu",
    "abandon", "repeal", "nullif",
)  # fmt: skip
"""One of these has every text that takes a leaving back with a single word of withdrawal or revocation."""

TAKING_BACK = Phrase(
    re.compile(
        # "considers that notification as not having been made"
        r"\b(?:consider|regard|treat|deem)\w*\s+(?:that|this|its|the said|the)\s+"
        rf"(?:notification|notice|decision|letter|communication)\b[^.;]{{0,40}}{_NULLITY}"
        # "that the said notification be regarded as void"
        r"|\b(?:that|this|its|the said) (?:notification|notice|decision)\b[^.;]{0,40}"
        rf"\b(?:consider|regard|treat|deem)\w*\b[^.;]{{0,20}}{_NULLITY}"
        # "that its notification be disregarded"
        r"|\b(?:that|this|its|the|the said) (?:notification|notice|decision)\b[^.;]{0,40}\bdisregarded",
        re.IGNORECASE,
    ),
    (
        ("consider", "regard", "treat", "deem"),
        ("notif", "notice", "decision", "letter", "communication"),
        ("disregard", "void", "withdrawn", "cancelled", "annulled", "revoked", "effect", "been"),
    ),
)
STAYING = Phrase(
    re.compile(
        # "decided not to withdraw", "not to proceed with its withdrawal"
        r"\bnot (?:(?:to|intend to|wish to|now) )?(?:withdraw\b(?! (?:its|the) )|denounce\b"
        r"|(?:proceed|go ahead|continue) with (?:its|the|that) (?:withdrawal|denunciation))"
        # "no longer wished to denounce", "is no longer withdrawing from"
        r"|\bno longer (?:wish\w*|inten\w+|plan\w*) to (?:withdraw from|denounce)"
        r"|\bno longer (?:withdrawing from|denouncing)\b"
        # "will remain a party", but not "does not wish to remain a party"
        r"|(?<!wish to )(?<!wished to )(?<!wishes to )(?<!not )(?<!not to )"
        r"\b(?:remain\w*|continue\w* to be) (?:an? )?(?:\w+ )?(?:party|member)\b"
        rf"(?!{_UNTIL}| to (?:the )?(?:amended|other|\d{{4}}|[A-Z]\w+ (?:[IVX]+|No)\b))"
        # "reversed its decision"
        r"|\brevers\w+ (?:that|this|its|the said) decision"
        # "maintained its membership of the Organization"
        rf"|\b(?:continue|maintain)\w* (?:its )?(?:participation|membership)\b(?!{_UNTIL})",
        re.IGNORECASE,
    ),
    (("withdraw", "denounce", "denunciation", "remain", "revers", "continu", "maintain"),),
)

_JOINING = (
    rf"(?:become (?:a )?(?:\w+ )?part(?:y|ies)\b|ratify\b|(?:proceed (?:to|with)|seek) (?:its |the )?ratification\b"
    rf"|be (?:a )?party to (?:(?:the|this|said) )*{TITLED})"
)
_NEVER_JOINING = rf"{_JOINING}(?![^.;]{{0,80}}\b(?:until|till|unless|before|pending|without)\b)"
DISAVOWING = Phrase(
    re.compile(
        # "does not intend to become a party", "its intention not to become a party", "decided against ratifying"
        rf"\b(?:do(?:es)?|did) not (?:\w+ly )?(?:intend|wish|plan) to {_NEVER_JOINING}"
        rf"|\bintention\b[^.;]{{0,80}}?\bnot to {_NEVER_JOINING}"
        rf"|\b(?:decided|decision) (?:not to {_NEVER_JOINING}|against (?:ratif\w+|becoming (?:a )?(?:\w+ )?party\b))"
        # "no longer intends to ratify", "has no intention of becoming"
        r"|\bno (?:longer (?:intends?|intended)|intention) "
        rf"(?:to {_JOINING}|to become|of becoming|of ratifying)\b"
        # "will not become a party"
        rf"|\b(?:will|would|shall) not {_NEVER_JOINING}"
        # "no longer bound by its signature", "no legal obligations arising from its signature"
        r"|\b(?:no longer|not) (?:considers? itself )?bound by (?:its|the) signature"
        r"|\bno (?:\w+ )?obligations? (?:\w+ing )?from (?:its|the) signature"
        r"|\bnot going to (?:become (?:a )?party\b|ratify\b)"
        # "removed its signature", "its signature has been annulled"
        r"|\bremov\w+ (?:of )?(?:its|the|their) signature\b|\bunsign\w*"
        rf"|\bsignature\b[^.;]{{0,40}}?\b{_NULLITY}",
        re.IGNORECASE,
    ),
    (("becom", *OF_JOINING, "bound by", "unsign", "remov", "signature"),),
)
UNABLE = Phrase(
    re.compile(
        # "is not in a position to ratify"
        r"\b(?:(?:un|not (?:be )?)able|not (?:be )?in a position|cannot|could not|inability|refus(?:es|ed|al)"
        r"|declin(?:es|ed)|(?:will|would|shall) not|(?:do|does|did) not (?:intend|wish|plan)) "
        rf"(?:\w+ly )?(?:to )?{_JOINING}",
        re.IGNORECASE,
    ),
    (("becom", *OF_JOINING), ("able", "not ", "inability", "refus", "declin")),
)
"""Nobody says so for good, or for the State: a term may pass, a parliament change its mind (VCLT 18 (a))."""

_INVALID = (
    r"(?:\bnot (?:appear |be |been |to be |considered |deemed |regarded |therefore |legally |as )*"
    r"(?:possible|permissible|admissible|accept\w*|valid|receivable|permitted|allowed|received in deposit|processed"
    r"|given effect)"
    r"|\bwithout (?:any )?(?:legal )?effect|\bimpermissible|\binadmissible|\bnull and void|\bno legal effect"
    r"|\brejected|\bdeclined|\brefused|\bcannot (?:be )?(?:accepted|given effect|received|lawfully|validly)"
    r"|\bcould not (?:be )?(?:accepted|given effect|received))"
)
REFUSING = Phrase(
    re.compile(
        # "the notification of withdrawal could not be accepted"
        r"(?:withdraw\w*|denunci\w*|denounc\w*|notification|notice|instrument)\b[^.;]{0,140}?"
        rf"{_INVALID}"
        # "was unable to accept the notification"
        r"|\b(?:declined|refused|unable|not in a position|did not|does not|cannot|could not)\b[^.;]{0,30}"
        rf"\b(?:accept|receive|process|give effect)\b[^.;]{{0,60}}\b(?:{LEAVING_NOUN}|notification|notice)",
        re.IGNORECASE,
    ),
    (
        ("withdraw", "denunci", "denounc", "notif", "notice", "instrument"),
        (
            "not ", "cannot", "did not", "does not", "could not", "without ", "no ", "unable", "void", "reject",
            "declin", "refus", "impermissible", "inadmissible",
        ),
    ),
)  # fmt: skip
_STATE_PARTY = r"a (?:contracting |State )?party\b"
NOT_PARTY = Phrase(
    re.compile(
        # "could not be considered as a party"
        r"\bnot\b[^.;]{0,180}?\b(?:considered|regarded|deemed|recogni[sz]ed)\b[^.;]{0,50}?"
        r"\bas (?:being )?a (?:\w+ )?party\b"
        # "was not yet a party", "had never become a contracting party"
        r"|\b(?:was|is|being|having been|been) (?:never|not)(?: yet| then| at (?:that|the) time)?(?: itself)?"
        rf"(?: been)? {_STATE_PARTY}"
        rf"|\bnever (?:been|became|become) {_STATE_PARTY}"
        rf"|\bnot (?:been|being|yet|having been) {_STATE_PARTY}"
        rf"|\b(?:had|has) not (?:yet |then )?(?:become|been) {_STATE_PARTY}",
        re.IGNORECASE,
    ),
    (("party",), ("not", "never")),
)

_TO_ANOTHER = r"(?![^.;]{0,20}\b(?:between|to|in respect of)\b)"
"""Of a treaty suspended "between the two States": not the treaty as such."""
SUSPENDING = re.compile(
    # "suspension of the operation of the Treaty", "suspends its participation in the Convention"
    r"\bsuspen(?:d(?:s|ed|ing)?|sion)\b"
    r"(?:\s+(?:of|the|its|their|this|said|temporarily|provisionally|also|entirely|wholly|fully|in (?:whole|full)))*"
    r"(?:\s+(?:operation|application|implementation|participation|membership|performance|obligations|execution"
    r"|functioning)\b(?:\s+(?:of|in|under|by|it|for|arising|from|its|all|obligations))*)?"
    rf"(?:\s+(?:the|this|said|that|[A-Z]\w+))*?\s+{TREATY}{_TO_ANOTHER}"
    r"(?![^.;]{0,20}\bin (?:its|their) relations? (?:with|to)\b)"
    # "the Treaty has been suspended"
    rf"|\b{TREATY}(?: (?:by|for|in|in respect of) [A-Z][\w ]{{2,60}}?)? "
    r"(?:(?:has|had|have|shall|will|would) )?(?:is|was|be|been|being) (?:\w+ly )?suspended\b"
    rf"{_TO_ANOTHER}"
)
PAUSING = Phrase(
    re.compile(rf"\bsuspen[ds]\w*[^.;:]{{0,90}}?\b{TREATY}|\b{TREATY}[^.;:]{{0,90}}?\bsuspended\b"),
    (("suspen",),),
)
"""Whatever is suspended near a treaty's word: the treaty, rights under it, one of its articles."""
RESUMING = Phrase(
    re.compile(
        # "lifted its suspension"
        r"\b(?:resum\w+|lift\w*|end(?:s|ed|ing)?|terminat\w+|ceas\w+|revok\w+|withdr\w+)\b[^.;]{0,50}"
        r"\bsuspension\b(?![^.;]{0,30}(?:withdrawal|denunciation))"
        # "resumes the operation of the Treaty"
        r"|\bresum\w+\b[^.;]{0,50}\b(?:operation|application|participation|membership|implementation)\b[^.;]{0,40}"
        rf"{TREATY}",
    ),
    (("suspension", "resum"),),
)

QUITTING = Phrase(
    re.compile(
        # "ceased to be a party", but not "ceased to be bound by the former text"
        rf"\bceas\w+ (?:to be|being) {_A}(?:part(?:y|ies)|members?|participants?|[Gg]overnments?"
        r"|bound(?! by the (?:un|former|earlier|original|previous)))\b"
        # "no longer wishes to remain", "ceased to participate in"
        r"|\bno longer wish\w* to (?:remain|be|continue)\b"
        r"|\b(?:ceas|stop|discontinu)\w+ (?:to participate|participating) in\b"
        # "ceased to be in force for Poland", "ceases to apply the Convention", "the cessation of its application of"
        r"|\bceas\w+ to be in force (?:for|in respect of|with respect to|as regards) "
        r"|\b(?:(?:ceas\w+|stop\w*) (?:to apply|applying|(?:(?:its|the) )?application of)"
        r"|cessation of (?:its|the) application of) (?:the |this |said |that )*"
        rf"{TITLED}(?! (?:to|in|provisionally|between|as between|towards|(?:with regard|with respect|as regards)(?: to)?)\b)"
        # "is no longer a party", "no longer considers itself bound by the provisions of the Convention"
        r"|\bno longer (?:(?:to )?be |(?:consider|regard)\w* (?:itself|themselves|themself) (?:to be )?)?(?:as )?"
        rf"(?:{_A}(?:part(?:y|ies)|members?)\b|bound by {_THE}(?:provisions of {_THE})?{TITLED})"
        # "termination of its membership", "ended its participation"
        r"|\bterminat\w+ (?:of )?(?:its|their) (?:participation|membership|accession|acceptance|adherence)\b"
        r"|\b(?:ceas|stop|discontinu|end)(?:e|es|ed|ing|s|p|ping|ped|ance of|ation of)? (?:its|their) "
        r"(?:participation|membership)\b"
        # "notice of termination of the Convention", "decided to terminate the Agreement"
        r"|\b(?:notice of termination|(?:decision|decided) to terminate|Govern[^.;]{5,60} terminat(?:es|ed)) "
        rf"(?:of |by it of )?{_THE}{TITLED}"
        # "left the Convention"
        rf"|\b(?:leave|leaves|left|leaving) the {TITLED}",
    ),
    (("ceas", "cessation", "longer", "terminat", "stop", "leav", "left", "discontinu", *ENDING),),
)  # fmt: skip
_OF_THE_TREATY = rf"(?:the |this |said |that |provisions of )+{TITLED}"
UNBINDING = Phrase(
    re.compile(
        # "renounced the Convention"
        r"\b(?:exit\w*|renounc\w+|abrogat\w+|repudiat\w+|termination) (?:from |of )?"
        rf"{_OF_THE_TREATY}(?! (?:of|between|to) )"
        # "does not intend to be bound by the Convention"
        rf"|\b(?:(?:no longer|not) (?:(?:intend|wish|plan)\w* )?(?:to )?be) bound by {_OF_THE_TREATY}"
        r"(?! (?:as regards|in respect of|with re\w+ to|until|pending) )"
        # "does not wish to remain a party"
        rf"|\b(?:not|no longer) (?:\w+ to )?(?:remain|continue to be) {_A}part(?:y|ies)\b"
        # "its ratification shall be without effect"
        rf"|\bits (?:instrument of )?(?:{RATIFICATION})\b[^.;]{{0,60}}"
        r"\b(?:null and void|without (?:legal )?effect)"
        # "declared that it would cease its provisional application"
        r"|\b(?:notified|informed|declared|communicated|notification of)\b[^.;]{0,120}"
        r"\b(?:ceas|stop|terminat|end(?:s|ed|ing)?\b|discontinu)[^.;]{0,40}\bprovisional",
    ),
    (
        (
            "exit", "renounc", "abrogat", "repudiat", "terminat", "be bound by", "provisional", "remain",
            "continue to be", "void", "effect",
        ),
    ),
)  # fmt: skip
"""Words that the depositary does not use of leaving, but a State may: somebody has to read what they mean."""

VOCABULARY = Phrase(
    re.compile(
        # "the Government terminated the Agreement"
        r"withdr[ae]w|denounc|denunciat|(?:Govern|notif|inform)[^.;]{0,120}\bterminat\w+[^.;]{0,60}"
        rf"{TREATY}"
        # "ceased its", "no longer a party", "revoked its acceptance"
        r"|\bceas\w+ (?:to be (?:an? )?(?:party|bound|member)|its )"
        r"|\bno longer (?:bound|a party|apply (?:the|this) )"
        r"|\b(?:revok|rescind|retract|annul|cancel)\w*[^.;]{0,60}"
        r"\b(?:ratification|accession|signature|consent|acceptance|notification)"
        # "does not consider itself as a party"
        r"|consider\w* itself (?:no longer )?(?:not )?(?:bound )?as a party|\bresign\w* from"
        rf"|\bsuspen[ds]\w*[^.;]{{0,40}}{TREATY}|\bquit(?:s|ted)?\b|\bsecede",
        re.IGNORECASE,
    ),
    (
        (
            "withdr", "denounc", "denunciat", "terminat", "ceas", "no longer", "revok", "rescind", "retract", "annul",
            "cancel", "itself", "resign", "suspen", "quit", "secede",
        ),
    ),
)  # fmt: skip
"""The words of leaving, whatever they say: a clause that has one of them and no sense is odd."""

"""The idioms of taking back, staying, never joining and pausing, and the signs without which each cannot stand.

Beside each alternative stands an example of what it is for.
"""

from __future__ import annotations

import re

from monitor.sources.untc.notes.hints import OF_JOINING
from monitor.sources.untc.notes.phrase import Phrase
from monitor.sources.untc.notes.words import (
    LEAVING_NOUN,
    NOTICE,
    REVOKED,
    REVOKING,
    STATEMENT,
    TITLED,
    TREATY,
)

_NULLITY = (
    r"(?:null and void|(?:not|never) (?:to )?hav(?:e|ing) been|withdrawn|cancelled|annulled|revoked|void"
    r"|without (?:any )?(?:legal )?effect|(?:of )?no (?:legal )?effect)(?! on\b)"
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
    (("not ", "no longer", "remain", "revers", "continu", "maintain"),),
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
        # "the suspension of the Convention was lifted"
        rf"|\bsuspension of (?:the |its )[^.;]{{0,40}}?{TREATY}[^.;]{{0,30}} (?:is no longer"
        r"|(?:was|has been|is) (?:lifted|terminated)|ended|ceased|came to an end)\b"
        # "resumes the operation of the Treaty"
        r"|\bresum\w+\b[^.;]{0,50}\b(?:operation|application|participation|membership|implementation)\b[^.;]{0,40}"
        rf"{TREATY}",
    ),
    (("suspension", "resum"),),
)

"""Words that the depositary does not use of leaving, but a State may: somebody has to read what they mean.

Beside each alternative stands an example of what it is for.
"""

from __future__ import annotations

import re

from monitor.sources.untc.notes.endings import BEING, ORGAN, A
from monitor.sources.untc.notes.phrase import Phrase
from monitor.sources.untc.notes.territory import PARTS
from monitor.sources.untc.notes.words import RATIFICATION, TITLED, TREATY

_OF_THE_TREATY = rf"(?:the |this |said |that |provisions of )+{TITLED}"
_FOR = r"(?: (?:in respect of|with respect to|with regard to|as regards|in relation to|for|to|upon|on))"
_A_STATE = rf"(?! (?:the )?(?:{PARTS}|Annex|Part|Article|Chapter|Regulation|Section|Contracting|States|Parties))"
_NO_STATE = rf"(?!(?:\w+ )*?(?:{TREATY}|Contracting|Conference|Parties|Resolution|Decision|Assembly))"
_NAME = r"(?:the (?:Governments? of (?:the )?)?)?[A-Z]"

_LEFT = Phrase(
    re.compile(
        # "renounced the Convention", "opted out of the Treaty", "seceded from the Union"
        r"\b(?:exit\w*|renounc\w+|abrogat\w+|repudiat\w+|abandon\w*|termination|de-ratif\w+|(?:opt|pull|walk)\w* out"
        r"|seced\w+|secession|quit\w*|resign\w*|departure) (?:from |of )?"
        rf"(?!the {ORGAN}){_OF_THE_TREATY}(?! (?:of|between|to) |['\u2019]s)"
        # "resigned from membership", "cancellation of its membership"
        r"|\b(?:resign\w*|cancel\w*|relinquish\w*|surrender\w*|renounc\w+|g[ia]ve\w* up) "
        rf"(?:from (?:its |their )?|(?:of )?(?:its|their) ){BEING}"
        # "will not renew its participation"
        rf"|\b(?:not (?:to )?(?:renew|continue|extend|prolong)|non-renewal of) (?:its|their) {BEING}",
    ),
    (
        (
            "exit", "renounc", "abrogat", "repudiat", "abandon", "termination", "de-ratif", " out of", "sece",
            "quit", "resign", "departure", "membership", "participation",
        ),
    ),
)  # fmt: skip
_PUT_OUT = Phrase(
    re.compile(
        # "Poland was excluded from the Agreement", "decided to expel Poland from the Organization"
        r"(?:\b[A-Z][a-z][\w'\u2019-]* (?:was|were|is|has been|had been|be) (?:\w+ly )?(?:excluded|expelled)"
        r"|\b(?:excluded?|expel(?:s|led|ling)?) (?:the (?:[A-Z]\w+ of (?:the )?)?)?"
        rf"[A-Z][a-z][\w ]{{2,40}}?) from (?:{_OF_THE_TREATY}(?!['\u2019]s)|{BEING})"
        rf"|\b(?:was|were|be|been) removed from {BEING}"
    ),
    (("excluded", "exclude ", "expel", "removed from"),),
)
_OVER = Phrase(
    re.compile(
        # "was a member of the Organization until 5 May"
        rf"\bwas a (?:party|member)\b(?! (?:of|to|in|on) {ORGAN})[^.;]{{0,80}}? until (?=\d)"
        # "is not bound by the Agreement any longer"
        rf"|\bnot bound by {_OF_THE_TREATY} any (?:longer|more)\b"
        # "regards the Treaty as terminated", "will no longer implement the Convention"
        rf"|\b(?:regard|consider|deem)\w* {_OF_THE_TREATY} (?:as |to be )?"
        r"(?:terminated|no longer (?:applicable|binding|in force))(?! between\b)"
        r"|\bno longer (?:implement|comply with|abide by|adhere to|recogni[sz]e|observe|honou?r)(?:s|ing)? "
        rf"{_OF_THE_TREATY}(?! (?:in respect of|as regards|with re\w+ to|between|towards)\b|['\u2019]s)"
        # "considers itself released from its obligations under the Convention"
        r"|\bitself (?:as )?released from (?:(?:all|any|its|the) )*(?:obligations? (?:under|arising from) )?"
        rf"{_OF_THE_TREATY}(?! (?:towards?|in relation|with re\w+ to|in re\w+)\b)"
        # "the Agreement is no longer in force for Poland", "the Convention ceased to bind Poland"
        rf"|\b{TREATY}(?:,? [^,;.]{{0,30}},?)? (?:ceas\w+ to (?:(?:have effect|apply|be (?:applicable|binding))"
        rf"(?={_FOR})|bind)|(?:(?:is|was) no longer|no longer be) (?:in force|in effect|applicable|binding))"
        rf"{_FOR}?{_A_STATE} (?:it\b|(?:the )?[A-Z])(?![^.;]{{0,60}}\b(?:between|independence)\b)"
    ),
    (("until", "longer", "bound by", "released", "ceas", "terminated"),),
)
_TERMINATED = Phrase(
    re.compile(
        # "the Agreement was terminated by Poland"
        rf"\b{TREATY} (?:was|is|has been|had been) terminated by {_NO_STATE}{_NAME}"
        # "notice of termination received from Poland", "its accession terminated"
        r"|\b[Nn]otices? of termination (?:(?:was|were) )?(?:received|given|deposited)\b"
        r"|\bits (?:accession|ratification|acceptance) (?:is |was |as |to be )?terminated\b"
    ),
    (("terminat",),),
)
_UNBOUND = Phrase(
    re.compile(
        # "does not intend to be bound by the Convention"
        rf"\b(?:(?:no longer|not) (?:(?:intend|wish|plan)\w* )?(?:to )?be) bound by {_OF_THE_TREATY}"
        r"(?! (?:as regards|in respect of|with re\w+ to|until|pending) )"
        # "does not wish to remain a party"
        rf"|\b(?:not|no longer) (?:\w+ to )?(?:remain|continue to be) {A}[Pp]art(?:y|ies)\b"
        # "its ratification shall be without effect", "the accession by Poland is void ab initio"
        rf"|\bits (?:instrument of )?(?:{RATIFICATION})\b[^.;]{{0,60}}"
        r"\b(?:null and void|void ab initio|without (?:legal )?effect)"
        r"|(?:^\W*[Tt]he|\b(?:[Dd]epositary|Secretary-General)\b[^.;]{0,60}\bthe) (?:instrument of )?"
        rf"(?:{RATIFICATION}) (?:by|of) {_NAME}[\w ]{{2,40}}? "
        r"(?:is|was|were|be|has been) (?:\w+ ){0,2}?(?:null and )?void ab initio\b"
        # "declared that it would cease its provisional application"
        r"|\b(?:notified|informed|declared|communicated|notification of)\b[^.;]{0,120}"
        r"\b(?:ceas|stop|terminat|end(?:s|ed|ing)?\b|discontinu)[^.;]{0,40}\bprovisional",
    ),
    (("be bound by", "provisional", "remain", "continue to be", "null and void", "void ab", "without"),),
)
UNBINDING = (_LEFT, _PUT_OUT, _OVER, _TERMINATED, _UNBOUND)

NOT_SAID = re.compile(
    r"\b(?:[Aa]ny|[Ee]ach|[Ee]very) (?:[\w-]+ ){0,2}?(?:[Ss]tate|[Pp]arty|[Mm]ember|[Gg]overnment)\b[^.,;]{0,100}$"
    r"|\b[Aa] (?:[\w-]+ )?(?:State|Party|Member|Government) (?:which|that|not)\b[^.,;]{0,100}$"
    r"|\b(?:may|might|if|whether|propos\w+|threaten\w*|urg(?:e[sd]?|ing)|call(?:s|ed) (?:up)?on|recommend\w*)\b"
    r"[^.;]{0,60}$|\b(?:lift|revok|rescind|annul|revers)\w* the $"
    r"|\b(?:not|never|no|nor|neither)(?: (?:to|yet|ever|be|been|being|have|of|\w+ly"
    r"|(?:inten|wish|plan|want|desir|consider|seek)\w*))* $"
    r"|\bnot (?:mean|imply|signify|constitute|entail)\b[^.;]{0,40}$|\b(?:question|possibility|idea|right|risk) of $"
    r"|\b(?:[Aa]nnex(?:es)?|[Cc]hapter|[Pp]art|[Ss]chedule|[Aa]mendments?|[Ss]uspension)\b"
    r"[^.,;]{0,30} (?:of|to) (?:the |this )?$"
)
"""Before what a rule says of whoever it concerns ("any Member may resign its membership"), what is denied, wished or
feared, and what is said of a part of the treaty."""

VOCABULARY = Phrase(
    re.compile(
        # "the Government terminated the Agreement"
        r"withdr[ae]w|denounc|denunciat|(?:Govern|notif|inform)[^.;]{0,120}\bterminat\w+[^.;]{0,60}"
        rf"{TREATY}"
        # "ceased its", "no longer a party", "revoked its acceptance"
        r"|\bceas\w+ (?:to be (?:an? )?(?:party|bound|member)|its )"
        r"|\bno longer (?:bound(?! by (?:its|the|that) (?:declaration|reservation|statement))|a party"
        r"|apply (?:the|this) )"
        r"|\b(?:revok|rescind|retract|annul|cancel)\w*[^.;]{0,60}"
        r"\b(?:ratification|accession|signature|consent|acceptance|notification)"
        # "does not consider itself as a party"
        r"|consider\w* itself (?:no longer )?(?:not )?(?:bound )?as a party|\bresign\w* from"
        rf"|\bsuspen[ds]\w*[^.;]{{0,40}}{TREATY}|\bquit(?:s|ted)?\b"
        # "seceded from it", but not "seceded from Ruritania"
        r"|\bsecede(?!\w* from (?:the (?:former )?Federation|(?-i:[A-Z])))",
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

"""The idioms by which a participation ends without a word of withdrawal.

Beside each alternative stands an example of what it is for.
"""

from __future__ import annotations

import re

from monitor.sources.untc.notes.phrase import Phrase
from monitor.sources.untc.notes.words import TITLED

A = r"(?:an? )?(?:\w+ )?"
THE = r"(?:the |this |said )*"
PARTY = r"(?:[Pp]art(?:y|ies)|[Mm]embers?|[Pp]articipants?)\b"
ORGAN = (
    r"(?:the |its )?(?:[A-Z][\w-]+ ){0,3}(?:Committee|Council|Bureau|Board|Body|Conference|Group|Panel|Commission"
    r"|Court|Assembly|Tribunal|Secretariat)\b"
)
_ON_ORGAN = rf"(?! (?:of|in|on) (?:{ORGAN}|the (?:work|session|meeting|vot|activit|financ|programme)))"
BEING = rf"(?:participation|membership)\b{_ON_ORGAN}"
"""A State's part in the treaty: not its seat on an organ."""
_ITS = rf"(?:its|their) (?:{BEING}|adherence\b)"
_WHOSE = r"(?:\b[A-Z]\w+['\u2019]s? |\b(?:its|their|[Tt]he) |^\W*)"
_IN_QUARREL = (
    r"(?! to (?:the |an? |this |that )?(?:\w+ )?(?:dispute|conflict|case|proceeding|war\b|negotiation|contract))"
)
_TOWARDS_SOME = (
    r"(?! (?:to|in|provisionally|between|as between|towards|(?:with regard|with respect|as regards)(?: to)?)\b)"
)
_OF_A_CLAUSE = r"(?! (?:of|to) (?:the |this )?(?:\w+ ){0,3}(?:competence|jurisdiction|amendment|annex|procedure))"
_ENDS = (
    r"(?:ended|came to an end|lapsed|expired|ceased|(?:been |was )?terminated"
    r"|(?:will|would|shall) (?:end|cease|lapse|expire|terminate|come to an end))"
)
_ITSELF = r"(?:consider|regard)\w* (?:itself|themselves|themself) (?:to be )?"

_QUIT = Phrase(
    re.compile(
        # "ceased to be a Contracting Party", but not "ceased to be bound by the former text"
        rf"\bceas\w+ (?:to be|being) {A}(?:{PARTY}{_IN_QUARREL}|[Gg]overnments?\b"
        r"|bound\b(?! by the (?:un|former|earlier|original|previous|[\w ]{0,60} of (?:\d{1,2} \w+ )?\d{4})))"
        # "no longer wishes to remain", "ceased to participate in"
        r"|\bno longer wish\w* to (?:remain|be|continue)\b"
        r"|\b(?:ceas|stop|discontinu)\w+ (?:to participate|participating) in\b"
        rf"(?! {ORGAN}| the (?!said)[a-z])"
        # "would no longer participate in the Agreement"
        r"|\b(?:no longer (?:be )?participat(?:e|es|ing)|not (?:to )?participate (?:further|any longer)) in "
        rf"{THE}{TITLED}(?!['\u2019]s)"
        # "ceased to be in force for Poland", "ceases to apply the Convention", "the cessation of its application of"
        r"|\bceas\w+ to be in force (?:for|in respect of|with respect to|as regards) "
        r"|\b(?:(?:ceas\w+|stop\w*) (?:to apply|applying|(?:(?:its|the) )?application of)"
        r"|cessation of (?:its|the) application of) (?:the |this |said |that )*"
        rf"{TITLED}{_TOWARDS_SOME}"
        # "is no longer a State Party", "no longer considers itself bound by the provisions of the Convention"
        rf"|\bno longer (?:(?:to )?be |{_ITSELF})?(?:as )?"
        rf"(?:{A}(?:[Pp]art(?:y|ies)|[Mm]embers?)\b{_IN_QUARREL}"
        rf"|bound by {THE}(?:provisions of {THE})?{TITLED}(?!['\u2019]s))"
        # "termination of its membership", "ended its participation"
        rf"|\bterminat\w+ (?:of )?(?:{_ITS}|(?:its|their) (?:accession|acceptance)\b{_OF_A_CLAUSE})"
        rf"|\b(?:ceas|stop|discontinu|end)(?:e|es|ed|ing|s|p|ping|ped|ance of|ation of)? {_ITS}"
        # "put an end to its membership", "brought its participation to an end"
        rf"|\bput(?:s|ting)? an end to {_ITS}|\bbr(?:ought|ing\w*) {_ITS}[^.;]{{0,60}} to an end\b"
        # "notice of cessation of membership"
        rf"|\bnotice of (?:cessation|termination) of {BEING}"
        # "notice of termination of the Convention", "decided to terminate the Agreement"
        r"|\b(?:notice of termination|(?:decision|decided) to terminate|Govern[^.;]{5,60} terminat(?:es|ed)) "
        rf"(?:of |by it of )?{THE}{TITLED}"
        # "left the Convention", but not "left the Convention unaffected"
        rf"|(?<!who )\b(?:leave|leaves|left|leaving) the (?!\w+ of the ){TITLED}"
        r"(?! (?:un[a-z]+ed|intact|open|as it|in force)\b)",
    ),
    (
        (
            "ceas", "cessation", "longer", "terminat", "stop", "leav", "left", "discontinu", "participat", "membership",
        ),
    ),
)  # fmt: skip
_ENDED = Phrase(
    re.compile(
        # "the participation of Poland in the Agreement came to an end", "Poland's membership lapsed"
        rf"{_WHOSE}(?i:participation|membership)\b{_ON_ORGAN}(?: (?:of|by) (?:the )?[A-Z][\w ]{{2,40}}?)?"
        rf"(?: (?:in|of) {THE}{TITLED})?(?: ha[sd])? {_ENDS}\b(?! (?:up)?on (?:its|the) (?:expir|entry|terminat))"
        # as all that a note says: "participant until 5 May"
        r"|(?:^|[(:,])\W*(?:(?:[Cc]ontracting|State) )?(?i:participant|party|member) until (?=\d)"
    ),
    (("participa", "membership", "party until", "member until"),),
)
QUITTING = (_QUIT, _ENDED)
ENDING_STATEMENT = Phrase(
    re.compile(r"\bterminat(?:es|ed|ion of) (?:its|their|the) (?:\w+ )?declarations?\b"), (("terminat",),)
)
"""Of "terminated its declaration under Article 36"."""

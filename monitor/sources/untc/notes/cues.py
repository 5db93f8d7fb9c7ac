"""The words that show what a clause does with what the note has told: assert it, add to it, repeat it, point at it.

Beside each pattern stands what it is for; "$" ends the patterns of what stands before a day.
"""

from __future__ import annotations

import re

from monitor.sources.untc.notes.words import ADDRESSED, LEAVING_NOUN, NOTICE

_NOTICE = rf"(?:{NOTICE}|{LEAVING_NOUN})"
_THE_LEAVING = "(?:withdrawal|denunciation)"

# what a clause does

POINTER = re.compile(
    r"^\W*(?:(?:See|see|Refer|For (?:the|a) text|For the full|The text (?:of|can)|Cf)\b|For\b.*\bsee\b)"
)
"""Of "See note 3", "For the text of the notification, see C.N.…"."""
POINTED_AT = re.compile(
    # "(see … withdrawal by Poland)", but not "regarding the withdrawal of Poland"
    r"(?<!regarding the )(?<!concerning the )(?<!relating to the )(?<!with regard to the )"
    rf"\b{LEAVING_NOUN} (?:of|by) (?:the )?[A-Z][^.;]{{2,60}}"
    # and "(Poland: withdrawal)"
    rf"|[A-Z][^.;:]{{2,60}}[:,\u2013-]\s*(?:[Nn]otification of )?(?i:{LEAVING_NOUN})(?! of)"
)
TELLS = re.compile(
    r"\b(?:notified|informed|received|communicated|deposited|declared|made|stated|withdrew|denounced"
    r"|transmitted|submitted)\b"
)
"""Of "Poland informed the Secretary-General …": something is told, whatever it is."""
ASSERTS = re.compile(
    # "the Secretary-General received a denunciation", "the withdrawal was effected"
    r"\b(?:notif\w+|inform(?:ed|s)|received|deposited|communicated|gave|gives|submitted|lodged|transmitted|addressed"
    r"|announced|declared|decided|decision|denounced"
    r"|withdrew|withdrawn|indicated|advised|effected|ceased|deemed|forwarded|made|circulated|given|rescinded|revoked"
    r"|terminated|left)\b"
    # at the head: "Notification of withdrawal: 5 May 1999"
    r"|^\W*(?:(?:[Nn]otification|[Nn]otice|[Dd]ate|[Ii]nstrument) of )?"
    r"(?:[Dd]enunciation|[Ww]ithdrawal|[Dd]enounced|[Ww]ithdrawn)\b"
)
"""Beside a leaving of which no object is named: whether it is told, or only named."""
NOTIFIED = re.compile(rf"\b(?:{ADDRESSED}|gave)\b")
"""Of "Poland lodged …": words of giving notice, whatever the notice is of."""
CIRCULATING = re.compile(
    r"\bSecretary-General (?:has |had )?"
    r"(?:circulated|forwarded|transmitted|announced|recalled|reminded|informed|notified|stated|noted)\b"
)
"""Of "the Secretary-General circulated the notification of withdrawal": told before, and now to others."""
REPEATING = re.compile(
    rf"\b(?:reiterat|confirm|reaffirm|maintain|recall)\w*(?: (?:that|its|the|of|on|\d+|[A-Z]\w+))* {_NOTICE}"
)
"""Of "Poland confirmed its notification of withdrawal"."""
NOT_TAKEN = re.compile(
    r"\b(?:was|were|could|cannot|can|is|has|had)\b(?: not)?(?: be(?:en)?)? (?:accepted|received in deposit)"
    r"|\bdeclined\b"
)
"""Of "could not be accepted": said of the notice in the clause itself."""
NOT_EFFECTIVE = re.compile(
    r"\b(?:did|has|had|does|shall|will|would|could) not (?:yet |therefore |thus )?"
    r"(?:take effect|taken effect|become effective)\b(?![^.;]{0,30}\b(?:before|until|unless)\b)"
)
"""An effect denied: for good, or on a day that has come. No act says so, and the calendar must not gainsay it."""
IN_ERROR = re.compile(
    rf"\b(?:{_NOTICE}|notification|notice|instrument|communication)s?\b[^.;]{{0,160}}?"
    r"\b(?:in error|by mistake|mistakenly|erroneous(?:ly)?|inadvertent(?:ly)?|null and void)\b"
)
"""Of "the instrument of withdrawal had been deposited in error": somebody has to read which of two it was."""
ENDS_FOR = re.compile(
    r"\b(?:ceas\w+ to (?:have|apply|be|bind)|no longer (?:be )?(?:in force|in effect|applicable|binding))\b"
)
"""Of "the Convention ceased to apply to Poland": beside a leaving told, its effect."""
DENIED = re.compile(r"\b(?:did|has|had) not\b")
"""What makes a denial one of fact: other forms tell a rule, or what is to come."""
AFTERTHOUGHT = re.compile(
    r"\b(?:[Tt]he|[Tt]his|[Tt]hat|[Ss]uch|[Ss]aid|[Ii]ts|[Ww]hich)\s+(?:said\s+)?"
    r"(?:withdrawal|denunciation|action|decision|notification|notice|suspension|termination|measure)s?\b|\b[Ii]t\b"
)
"""Of "The said denunciation …", "It …": more of what was told."""
OF_ITS_EFFECT = re.compile(
    rf"\b(?:[Tt]he|[Tt]hat|[Tt]his|[Ss]aid|[Ii]ts) {_THE_LEAVING}(?:, [^,;]{{2,80}},| (?:by|of) [A-Z][\w ]{{2,40}}?)? "
    r"(?:(?:shall|will|would|is to) (?:\w+ )?)?"
    r"(?:t[ao]kes? effect|took effect|bec[ao]mes? effective|be effective)\b"
)
"""What is told of a notice's effect ("the withdrawal will take effect"), also in a later communication."""
HAD_NOTIFIED = re.compile(r"\bhad (?:\w+ly )?(?:notified|deposited|given|communicated|lodged|submitted|informed)\b")
"""Of "It had notified this on 5 May": the day of a leaving told before."""
THE_ONE_TOLD = re.compile(rf"\b(?:the|that|this|said) {_NOTICE}(?! (?:of|from) (?:the|its|this)\b)")
"""Of "that notification of withdrawal"; but "the withdrawal of its …" may be of something else."""

# what it is about

STATEMENT = re.compile(r"\b(?:reservation|declaration|objection|understanding|derogation)s?\b")
"""Of "made a declaration": a withdrawal without its object is of that, in what follows."""
OF_STATEMENT = re.compile(
    r"^\W*The (?:text of the )?(?:said |\w+ed |interpretative )?(?:reservation|declaration|objection)s?\b"
)
"""Of "The said reservation read …": so the withdrawal of the sentence before was of that."""
OTHER_ACT = re.compile(
    r"\b(?:reservations?|declarations?|objections?|accessions?|ratifications?|territorial"
    r"|extension|application)\b"
)
"""Of "It made a reservation upon accession": nothing that it says is of the leaving told before."""
MADE_UPON = re.compile(
    r"\b(?:made|confirmed|formulated) (?:up)?on (?:its |the )?(?:signature|ratification|accession)\b"
)
"""Of "made upon ratification", as reservations are."""
DENOUNCING = re.compile(r"denounc|denunci", re.IGNORECASE)
"""A statement is withdrawn, never denounced."""
ONLY_NAMED = re.compile(r"\bthe (?:complete |full )?withdrawal\b")
"""Of "notified the withdrawal": the next sentence may say of what."""
NOTICE_OF = re.compile(r"\b(?:notification|notice|instrument)s? of\b|\bits\b|\bfrom\b", re.IGNORECASE)
"""Of "its withdrawal", "notification of …": a withdrawal that is not only named."""

# what stands before a day

NOTICE_DATED = re.compile(
    rf"\b(?:notification|notice|instrument)s? of {_THE_LEAVING}(?: from [^,;]{{0,60}}| of [^,;]{{0,60}})?"
    r"(?:,? (?:of|dated|deposited on|received on))\s*$"
)
"""Of "its notification of withdrawal from the Convention, received on"."""
DOCUMENT_DATED = re.compile(r"\b(?:communication|letter|note|note verbale),? dated\s*$")
"""Of "in a letter dated"."""
OF_ANOTHER_ACT = re.compile(
    r"\b(?:[Aa]ccession|[Rr]atification|[Ss]ignature|[Aa]cceptance|[Aa]pproval|[Ss]uccession)\b[^,;]{0,60} on\s*$"
)
"""Of "after its accession to the Convention on"."""
OF_SIGNATURE = re.compile(r"\b[Ss]ignature(?: of (?:the |this )?[A-Z]\w+)?,? (?:made |dated |given )?(?:on|of)\s*$")
"""Of "obligations arising from its signature on"."""
OF_EARLIER_NOTICE = re.compile(rf"\b{_THE_LEAVING}\b[^,;]{{0,60}} on\s*$")
"""Of "its withdrawal notified on": not the day on which that is taken back."""
RECEIVED_ON = re.compile(
    r"(?:deposited|received|notified|made|circulated|communicated|submitted)"
    r"(?: by it| to the Secretary-General| with the Secretary-General)? on\s*$"
)
"""Of "the withdrawal deposited with the Secretary-General on"."""

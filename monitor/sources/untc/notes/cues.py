"""The words that show what a clause does with what the note has told: assert it, add to it, repeat it, point at it."""

from __future__ import annotations

import re

from monitor.sources.untc.notes.words import LEAVING_NOUN, NOTICE

NOT_TAKEN = re.compile(
    r"\b(?:was|were|could|cannot|can|is|has|had)\b(?: not)?(?: be(?:en)?)? (?:accepted|received in deposit)|\bdeclined\b"
)
POINTER = re.compile(
    r"^\W*(?:(?:See|see|Refer|For (?:the|a) text|For the full|The text (?:of|can)|Cf)\b|For\b.*\bsee\b)"
)
AFTERTHOUGHT = re.compile(
    r"\b(?:[Tt]he|[Tt]his|[Tt]hat|[Ss]uch|[Ss]aid|[Ii]ts|[Ww]hich)\s+(?:said\s+)?(?:withdrawal|denunciation|action"
    r"|decision|notification|notice|suspension"
    r"|termination|measure)s?\b|\b[Ii]t\b"
)
STATEMENT = re.compile(r"\b(?:reservation|declaration|objection|understanding|derogation)s?\b")
NOTICE_DATED = re.compile(
    r"\b(?:notification|notice|instrument)s? of (?:withdrawal|denunciation)(?: from [^,;]{0,60}| of [^,;]{0,60})?"
    r"(?:,? (?:of|dated|deposited on|received on))\s*$"
)
DOCUMENT_DATED = re.compile(r"\b(?:communication|letter|note|note verbale),? dated\s*$")
OTHER_ACT = re.compile(
    r"\b(?:reservations?|declarations?|objections?|accessions?|ratifications?|territorial"
    r"|extension|application)\b"
)
TELLS = re.compile(
    r"\b(?:notified|informed|received|communicated|deposited|declared|made|stated|withdrew|denounced"
    r"|transmitted|submitted)\b"
)
ASSERTS = re.compile(
    r"\b(?:notif\w+|inform(?:ed|s)|received|deposited|communicated|gave|gives|submitted|lodged|transmitted|addressed"
    r"|announced|declared|decided|decision|denounced"
    r"|withdrew|withdrawn|indicated|advised|effected|ceased|deemed|forwarded|made|circulated|given|rescinded|revoked"
    r"|terminated|left)\b"
    r"|^\W*(?:(?:[Nn]otification|[Nn]otice|[Dd]ate|[Ii]nstrument) of )?(?:[Dd]enunciation|[Ww]ithdrawal|[Dd]enounced"
    r"|[Ww]ithdrawn)\b"
)
MADE_UPON = re.compile(
    r"\b(?:made|confirmed|formulated) (?:up)?on (?:its |the )?(?:signature|ratification|accession)\b"
)
DENOUNCING = re.compile(r"denounc|denunci", re.IGNORECASE)
"""A statement is withdrawn, never denounced."""
OF_ANOTHER_ACT = re.compile(
    r"\b(?:[Aa]ccession|[Rr]atification|[Ss]ignature|[Aa]cceptance|[Aa]pproval"
    r"|[Ss]uccession)\b[^,;]{0,60} on\s*$"
)
OF_SIGNATURE = re.compile(r"\b[Ss]ignature(?: of (?:the |this )?[A-Z]\w+)?,? (?:made |dated |given )?(?:on|of)\s*$")
CIRCULATING = re.compile(
    r"\bSecretary-General (?:has |had )?(?:circulated|forwarded|transmitted|announced|recalled|reminded|informed|notified"
    r"|stated|noted)\b"
)
OF_ITS_EFFECT = re.compile(
    r"\b(?:[Tt]he|[Tt]hat|[Tt]his|[Ss]aid|[Ii]ts) (?:withdrawal|denunciation)(?:, [^,;]{2,80},)? (?:(?:shall|will|would|is to) (?:\w+ )?)?"
    r"(?:t[ao]kes? effect|took effect|bec[ao]mes? effective|be effective)\b"
)
"""What is told of a notice's effect, also where it is told as a later communication."""
POINTED_AT = re.compile(
    rf"(?<!regarding the )(?<!concerning the )(?<!relating to the )(?<!with regard to the )\b{LEAVING_NOUN} (?:of|by) (?:the )?"
    rf"[A-Z][^.;]{{2,60}}|[A-Z][^.;:]{{2,60}}[:,\u2013-]\s*(?:[Nn]otification of )?(?i:{LEAVING_NOUN})(?! of)"
)
NOT_EFFECTIVE = re.compile(
    r"\b(?:did|has|had|does|shall|will|would|could) not (?:yet |therefore |thus )?(?:take effect|taken effect|become effective)\b"
    r"(?![^.;]{0,30}\b(?:before|until|unless)\b)"
)
"""An effect denied: for good, or on a day that has come. No act says so, and the calendar must not say the contrary."""
DENIED = re.compile(r"\b(?:did|has|had) not\b")
"""What makes a denial one of fact: other forms tell a rule, or what is to come."""
NOTIFIED = re.compile(r"\b(?:notified|informed|received|communicated|deposited|submitted|lodged|gave)\b")
REPEATING = re.compile(
    rf"\b(?:reiterat|confirm|reaffirm|maintain|recall)\w*(?: (?:that|its|the|of|on|\d+|[A-Z]\w+))* (?:{NOTICE}|{LEAVING_NOUN})"
)
THE_ONE_TOLD = re.compile(rf"\b(?:the|that|this|said) (?:{NOTICE}|{LEAVING_NOUN})(?! (?:of|from) (?:the|its|this)\b)")
HAD_NOTIFIED = re.compile(r"\bhad (?:\w+ly )?(?:notified|deposited|given|communicated|lodged|submitted|informed)\b")
ONLY_NAMED = re.compile(r"\bthe (?:complete |full )?withdrawal\b")
NOTICE_OF = re.compile(r"\b(?:notification|notice|instrument)s? of\b|\bits\b|\bfrom\b", re.IGNORECASE)
OF_STATEMENT = re.compile(
    r"^\W*The (?:text of the )?(?:said |\w+ed |interpretative )?(?:reservation|declaration|objection)s?\b"
)
OF_EARLIER_NOTICE = re.compile(r"\b(?:withdrawal|denunciation)\b[^,;]{0,60} on\s*$")
RECEIVED_ON = re.compile(
    r"(?:deposited|received|notified|made|circulated|communicated|submitted)(?: by it"
    r"| to the Secretary-General| with the Secretary-General)? on\s*$"
)

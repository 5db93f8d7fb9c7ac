"""The words of leaving that stand in more than one pattern: its nouns, its objects, and what is done with a notice.

Parts of patterns, each an alternation: in brackets where it stands as a whole, bare where whoever uses it adds to it.
"""

from __future__ import annotations

TREATIES = (
    "Convention|Protocol|Covenant|Agreement|Treaty|Statu(?:t)?es?|Constitution|Charter|Act|Organi[sz]ation"
    "|Cent(?:re|er)|Fund|Arrangement|Accord|Regulations?|Union|Bank|Council|Institute|Association|Commission"
)
"""What a treaty is called, or the body that it founds: one is left by leaving the other."""
TREATY = (
    rf"(?:{TREATIES}|Group|Academy|University|Instrument"
    r"|convention|protocol|agreement|treaty|statute|organi[sz]ation|participation|membership)\b"
)
TITLED = rf"(?!European Union)(?:[A-Z]\w+ ){{0,3}}{TREATY}"
"""A treaty with what is printed before its noun: "Single Convention". Nobody leaves a treaty by leaving the Union."""

LEAVING_NOUN = r"(?:withdrawals?|denunciations?)"
NOTICE = (
    r"(?:notification|notice|instrument|letter|declaration|decision|communication|note|intention|announcement"
    r"|action)s?\s+(?:of|to|for|concerning|regarding|on|containing)\s+(?:(?:its|the|their|this)\s+)?"
    rf"(?:{LEAVING_NOUN}|withdraw(?:ing)?|denounc(?:e|ing)|terminat\w+)\b"
)
"""A notice that says of what: "notification of withdrawal", "decision to denounce"."""
BARE_NOTICE = (
    r"(?:notification|notice|decision|communication|letter|note)s?\b"
    r"(?!\s+(?:of(?!\s\d)|under|in|concerning|regarding|relating|made|to|on(?! \d)|with|by(?! an? )))"
)
"""A notice that does not: "the notification of 5 May", but not "the notification of succession"."""
STATEMENT = (
    r"(?:reservations?|declarations?|objections?|understandings?|statements?|interpretations?|communications?"
    r"|derogations?|designations?|extensions?|applications?|exclusions?|limitations?|requests?|proposals?"
    r"|amendments?|notifications?|recognitions?|conditions?"
    r"|(?:acceptance|recognition|consent)s? (?:of|to) (?:the )?(?:\w+ ){0,3}?"
    r"(?:competence|jurisdiction|amendments?|annex|chapter|procedure)"
    r"|paragraphs?|observations?|candidature|opposition|reserves?)\b"
)
"""What else a State withdraws, and stays."""

RATIFICATION = "ratification|accession|acceptance|approval"
CONSENT = (
    rf"(?:(?:instrument|act|notification|deposit)s? of (?:its )?(?:{RATIFICATION}|succession|formal confirmation)"
    rf"|(?<!type )(?:{RATIFICATION}|succession)\b"
    r"(?!\s+(?:no\b|numbers?\b|granted|issued|certificates?))"
    rf"(?!\s+of\s+(?!(?:(?:the|this|that|said)\s+)*(?:[A-Z]\w+\s+)*{TREATY})))"
)
"""A consent to be bound by the treaty: not "its acceptance of the competence of the Committee"."""

ADDRESSED = "notified|informed|received|communicated|deposited|submitted|lodged"
"""What is said of a notice that reaches the depositary."""
REVOKING = r"revo(?:k(?:e[sd]?|ing)|cation)|resci(?:nd(?:s|ed|ing)?|ssion)|retract(?:s|ed|ing|ion)?"
REVOKED = "withdrawn|revoked|rescinded|retracted|cancelled|annulled"
TAKING_EFFECT = (
    r"\bproduc\w+ (?:its |their |legal |full )*effects?\b"
    r"|\b(?:withdrawal|denunciation) (?:(?:will|shall) )?appl(?:y|ies) (?:as )?from\b"
    r"|\b(?:participation|membership)(?: of [A-Z][\w ]{2,40}?)?(?: (?:in|of) [^.;,]{2,60}?)? (?:(?:will|shall|would) )?"
    r"(?:ends?|ended|(?:comes?|came) to an end|lapsed|(?:was )?terminate[sd]?|expires?|expired)\b"
    r"|\bceas\w+|\bno longer\b|\bin(?:to)? force\b"
)
"""What shows the day from which a leaving counts, beside the word "effect" itself."""

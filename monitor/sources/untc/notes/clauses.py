"""Cuts the depositary's sentences into clauses and masks what is no part of their message, such as references."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from monitor.sources.untc.notes.dates import Mention, mentions
from monitor.sources.untc.notes.nearby import preceding
from monitor.sources.untc.notes.own import Treaty
from monitor.sources.untc.notes.words import REVOKED, TAKING_EFFECT, TREATIES

_REFERENCE = re.compile(r"\bC\.?\s?N\.?\s?\d[\d.]*\s?TREATIES\s?[-\u2013]\s?[\w.-]*\w")
_DATED_REFERENCE = re.compile(rf"{_REFERENCE.pattern}(?:\s*\(?(?:of|dated)\s+\d{{1,2}}\s+\w+\s+\d{{4}})?")
_ASIDE = re.compile(r"\(\s*(?:[Ss]ee|[Rr]efer|[Cc]f|chapter|i\.e\. [A-Z])[^()]*(?:\([^()]*\)[^()]*)*\)")
_TREATY_WORD = rf"(?:{TREATIES}|instrument)"
_ARTICLE_OF = re.compile(
    r"\b[Aa]rt(?:icle)?s?\.?\s+[\dIVXLC](?:(?!withdr|denunc|denounc)[\w ,()-]){0,40}?"
    rf"\s(?:of|to) (?:the|this|said|that|its)(?:\s+said|\s+[A-Z]\w+){{0,6}}?\s+{_TREATY_WORD}"
)
"""An article with its treaty ("article 12, paragraph 1, of the Convention"), which nobody leaves by resting on it."""
_CUT = re.compile(
    r";\s+|,?\s+(?:and|but),?\s+"
    r"(?=(?:subsequently|thereafter|later|then|further|finally)?,?\s*(?:on|in an?|by an?)\s[^;]{0,50}?\d{4}"
    r"(?! (?:for|in respect of) (?:the )?[A-Z][\w ]{2,40}[.]?$))"
)
"""Of "…; …" and of "… and subsequently, on 5 May 1999, …", but not of "… for Poland and on 6 May 2000 for Chad"."""
_BESIDE = re.compile(r",(?P<told> (?:which|having) (?:had |has )?(?:withdr\w+|made|lifted)\b[^,;]*,)\s+(?=[a-z])")
"""A statement told in passing: ", which withdrew its reservation on …,"."""
_EFFECT = re.compile(rf"\beffect(?:ive)?\b(?! to\b)|\bas (?:from|of|at|on)\b|\buntil\b|{TAKING_EFFECT}", re.IGNORECASE)
_ACTING = re.compile(
    r"\b(?:notif(?:y|ie)\w*|inform\w*|receiv\w*|receipt|deposit\w*|decid\w*|communicat\w*"
    r"|re-?acced\w*|acceded)",
    re.IGNORECASE,
)
_EFFECT_AFTER = re.compile(
    r"\s*(?:as|is|was|being|shall be|will be)\s+(?:the\s+)?(?:effective date|date (?:of|on which)[^,;]{0,60}effect"
    r"|date of (?:the )?(?:entry into|effect))"
)
_FOREIGN = re.compile(
    # "the Convention of", "concluded at New York on", "signed at Geneva on"
    rf"(?:\b{_TREATY_WORD}\s+(?:of|dated)"
    r"|\b(?:adopted|concluded|done|opened for signature)\b[^,;]{0,60}(?:,\s)?[^,;]{0,20}"
    r"|\bsigned at [A-Z][^,;]{2,40},?(?: on)?"
    # "Resolution 5 of", "the Protocol that entered into force on"
    r"|\b(?:Resolution|resolution|Law|Decree|Order|[Dd]ecision|Ordinance)\b[^,;]{0,20} of"
    r"|\b(?:Convention|Protocol|Agreement|Treaty|Regulation)\b[^,;]{0,40}\bent(?:ered|ry) into force\b[^,;]{0,60})"
    r"\s*(?:on |of |at )?$"
)
"""Before the day of another treaty, of a resolution or a law."""
_TREATY_ENTERED = re.compile(
    rf"\b{_TREATY_WORD}(?: (?:had|has|itself|also))* ent(?:ered|ry) into force"
    r"(?: for [^,;]{2,60})?(?: on| as from)?\s*$"
)
"""Before the day of the treaty's own entry into force, or of a State's: no effect of a leaving."""
_EARLIER = re.compile(
    # "circulated on", "instead of on", "and not on"
    r"(?:\bdated|\b(?:circulated|issued|published|promulgated)(?: \w+){0,3}? on"
    r"|\b(?:instead|in place|in lieu) of(?: on)?|\brather than(?: on)?|(?:\band|[,(])\s*not(?: on)?"
    # "its notification of withdrawal of"
    r"|\b(?:notification|notice|letter|note|communication|withdrawal|denunciation|instrument)s?"
    r"(?: of (?:withdrawal|denunciation))? of)\s*$"
)
"""Before the day of a document, or of what is taken back or put right."""
_NOTICED = re.compile(
    # such as "the notification was received on", "having given notice on"
    r"\b(?:notif\w+|notice|communication|letter|denunciation)\b[^,;()]{0,40}? "
    r"(?:received|deposited|notified|given) on\s*$"
    r"|\b(?:given|gave|giving) (?:\w+ )?notice\b[^,;()]{0,40}? on\s*$|\bnotice having been given on\s*$"
    r"|\((?:notification|notice|communication) of\s*$"
)
_UNDONE_AFTER = re.compile(
    r"\W*(?:\([^()]*\)\W*)?(?:was|were|is|has been|had been|have been|shall be|should be)"
    rf" (?:\w+ly |considered |deemed )*(?:{REVOKED})\b"
)
"""Behind the day of the notice, instrument or signature that is undone: another day is that of undoing it."""
_LEFT_ON = re.compile(
    rf"\b(?:withdrew|withdraws?|withdrawn|leaves?|left|ceased)\b[^,;()]{{0,60}}\b{_TREATY_WORD} on\s*$"
)

_TO_LEAVE_ON = re.compile(rf"\b(?:would|will|shall) (?:leave|withdraw from) [^,;()]{{0,60}}\b{_TREATY_WORD} on\s*$")
"""Of "notified on 5 May that it would leave the Convention on"."""
_REACHED = re.compile(
    r"\b(?:that is(?: to say)?|i\.\s?e\.|namely|viz\.)\W*(?:on|as from|from)?\s*$"
    r"|\b(?:days?|months?|years?) (?:after|following|from)\b[^;]{0,120},\s*on\s*$"
)
"""Before the day to which a period leads: "one year after the date of receipt of the notification, that is on"."""

_AND_AT = re.compile(r",? and at [A-Z][\w ]{1,30}? on $")
"""Of "signed at Geneva on 5 May and at New York on 6 June"."""
_IN_ONE_NOTE = 64
"""Clauses whose days are kept: each is asked more than once, and a quotation's introduction serves all that follows."""


class Role(Enum):
    """What a day named in a clause is the day of."""

    ACT = "act"  # what the clause tells
    EARLIER = "earlier"  # a document or notice that it refers to
    EFFECT = "effect"
    FOREIGN = "foreign"  # another treaty, a resolution, the treaty's own adoption


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the depositary's. `text` is `raw` with what is beside its message blanked in place.

    `without_days` are mentions of days that belong to something else in the clause.
    """

    raw: str
    text: str
    without_days: tuple[Mention, ...] = ()

    @property
    def days(self) -> tuple[tuple[Mention, Role], ...]:
        """The days that the clause names, with what each is the day of; read when they are first asked for."""
        days = _days(self.text)
        return tuple(day for day in days if day[0] not in self.without_days) if self.without_days else days

    def of(self, role: Role) -> list[Mention]:
        """Return the mentions of days that play this role, in order."""
        return [mention for mention, its in self.days if its is role]

    def without(self, used: tuple[Mention, ...]) -> Clause:
        """Return the clause without days that belong to something else in it."""
        return replace(self, without_days=(*self.without_days, *used)) if used else self

    @property
    def reference(self) -> str | None:
        """The first depositary notification that the clause refers to, written without spaces."""
        found = _REFERENCE.search(self.raw)
        return "".join(found.group().split()) if found else None


def clauses(sentence: str, treaty: Treaty) -> tuple[Clause, ...]:
    """Cut one sentence of the depositary's own."""
    masked = _masked(sentence, treaty)
    beside = [edge for m in _BESIDE.finditer(masked) for edge in m.span("told")]
    edges = sorted({0, *(m.end() for m in _CUT.finditer(masked)), *beside, len(sentence)})
    return tuple(Clause(sentence[a:b], masked[a:b]) for a, b in pairwise(edges) if sentence[a:b].strip())


@lru_cache(maxsize=_IN_ONE_NOTE)
def clause(sentence: str, treaty: Treaty) -> Clause:
    """Take a whole sentence as one clause."""
    return Clause(sentence, _masked(sentence, treaty))


def _masked(sentence: str, treaty: Treaty) -> str:
    sentence = treaty.masked(sentence)
    for pattern in (_ASIDE, _DATED_REFERENCE):
        sentence = pattern.sub(lambda m: " " * len(m.group()), sentence)
    return _ARTICLE_OF.sub(lambda m: "article".ljust(len(m.group())), sentence)


@lru_cache(maxsize=_IN_ONE_NOTE)
def _days(text: str) -> tuple[tuple[Mention, Role], ...]:
    days: list[tuple[Mention, Role]] = []
    start = 0
    for mention in mentions(text):
        between = text[start : mention.start]
        listed = days and (between.strip(" ,") in {"", "and"} or _AND_AT.match(between))  # both the same
        role = days[-1][1] if listed else _role(text[start : mention.start], text[mention.end :])
        days.append((mention, role))
        start = mention.end
    return tuple(_noticed(text, days))


def _noticed(text: str, days: list[tuple[Mention, Role]]) -> list[tuple[Mention, Role]]:
    """Take "left on D (notice received on E)" for what it says: E is the day of the act, D that of its effect."""
    undone = {m for m, _ in days if _UNDONE_AFTER.match(text, m.end)} if len(days) > 1 else set()
    days = [(m, Role.EARLIER if role is Role.ACT and m in undone else role) for m, role in days]
    acts = [m for m, role in days if role is Role.ACT]
    noticed = [m for m in acts if _NOTICED.search(preceding(text, m.start))]
    left = [m for m in acts if m not in noticed and _LEFT_ON.search(preceding(text, m.start))] if noticed else []
    left += [m for m in acts[1:] if _TO_LEAVE_ON.search(preceding(text, m.start))]
    return [(m, Role.EFFECT if m in left else role) for m, role in days]


def _role(before: str, after: str) -> Role:
    if _TREATY_ENTERED.search(before):
        return Role.FOREIGN
    marks, acts = list(_EFFECT.finditer(before)), list(_ACTING.finditer(before))
    if marks and _REACHED.search(before):
        return Role.EFFECT
    if _EFFECT_AFTER.match(after) or (marks and (not acts or marks[-1].start() > acts[-1].start())):
        return Role.EFFECT
    if _FOREIGN.search(before):
        return Role.FOREIGN
    return Role.EARLIER if _EARLIER.search(before) else Role.ACT

"""Reads when a withdrawal takes effect, on what condition and under which article."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from monitor.domain.action import Basis
from monitor.sources.untc.notes.clauses import Clause, Role
from monitor.sources.untc.notes.dates import Mention, add_months
from monitor.sources.untc.notes.words import TAKING_EFFECT

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "a": 1, "an": 1, "fifteen": 15, "eighteen": 18, "twenty": 20, "twenty-four": 24,
    "thirty": 30, "forty-five": 45, "sixty": 60, "ninety": 90, "one hundred and twenty": 120,
    "one hundred and eighty": 180,
}  # fmt: skip
_ORDINALS = {"thirtieth": 30, "sixtieth": 60, "ninetieth": 90, "fifteenth": 15, "one hundred and eightieth": 180}
_NUMBER = "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r"|\d{1,3}"
_PERIOD = re.compile(
    # such as "twelve (12) months after"
    rf"\b(?P<number>{_NUMBER})(?:\s*\(\d+\))?[\s-]+(?:calendar |full |clear )?(?P<unit>day|month|year)s?['\u2019]?"
    r"(?=\s+(?:after|from|following|later|thereafter|thence|as from|subsequent|has|have|had)\b)"
    # "upon the expiry of a period of one year"
    r"|\b(?:expir(?:y|ation)|end|after) (?:of )?(?:a |the )?(?:period of |term of )?"
    rf"(?P<number2>{_NUMBER})(?:\s*\(\d+\))?[\s-]+(?:calendar |full )?(?P<unit2>day|month|year)s?\b"
    # "on the thirtieth day following"
    rf"|\b(?P<ordinal>{'|'.join(_ORDINALS)})\s+day\s+(?:after|from|following)",
    re.IGNORECASE,
)
_FIRST_OF_MONTH = re.compile(r"\bfirst day of the (?:calendar )?month\b", re.IGNORECASE)
_IMMEDIATE = re.compile(
    r"\b(?:with )?immediate(?:ly)? effect|\beffective immediately|\btook effect immediately"
    r"|\beffect(?:ive)?,? (?:immediately )?(?:up)?on (?:its |the )?receipt\b"
    r"|\beffect(?:ive)? (?:also )?(?:on|as (?:from|of)) (?:the same|that(?: same)?) (?:date|day)\b"
    r"|\b(?:on|from) the (?:date|day) of (?:its |that |the |this )?(?:receipt|notification|deposit)"
    r"|\btak(?:es?|ing) effect immediately",
    re.IGNORECASE,
)
_PUT_OFF = re.compile(
    r"\bnot (?:\w+ )?(?:take|become|be|have) (?:any )?effect(?:ive)?\b[^.;]{0,30}\b(?:before|until|unless)\b"
)
"""An effect denied until something else happens has no day yet, whatever period the sentence names."""
_SPEAKS = re.compile(
    rf"\beffect(?:ive)?\b|\bas (?:from|of|on)\b|{TAKING_EFFECT}"
    r"|\b(?:party|member|participant|bound|apply|in force)\b[^;]{0,80}\buntil\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:took|has taken|had taken|came into|entered into) effect\b"
    r"|\b(?:became|was|has become|had become) effective\b|\bentered into force\b|\bceased\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\bsubject to (?:the )?(?:same |following |said )?(?:conditions?|proviso|provisions?|terms)\b"
    r"|\bsubject to (?:the )?(?:said )?(?:paragraph|article)"
    r"|\bon (?:the )?condition that\b|\bprovided that\b|\bconditional(?:ly)? (?:up)?on\b|\bunless\b",
    re.IGNORECASE,
)
_RESTING_ON = (
    r"(?:(?i:in accordance|in conformity|in compliance|consistent)(?: with)?|(?i:pursuant to|under|by virtue of"
    r"|according to|in terms of|as provided (?:for )?(?:in|by)|on the basis of|as required by))"
)
_ARTICLE = re.compile(
    rf"{_RESTING_ON}\s+(?:the (?:terms|provisions) of\s+)?(?:its\s+|the\s+)?"
    # such as "paragraph 1 of article 12", "article 9, Section 1", "article 20, paragraph 3", "article 28 (1) and (2)"
    r"(?:(?:paragraph|para\.?)\s+(?P<before>\d+|\(\d+\))\s+of\s+)?[Aa]rt(?:icle|icles|\.)\s*"
    r"(?P<number>\d+(?:\s?bis|\s?ter)?|[IVXLC]+)(?P<section>\s*,\s*[Ss]ection\s+\d+)?"
    r"(?:,?\s+(?:paragraph|para\.?)\s+(?P<paragraph>\d+|\(\d+\)))?"
    r"(?P<parts>(?:\s*\(\s*\w{1,4}\s*\))*(?:\s+and\s+\(\w{1,4}\))*)",
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a clause says of a withdrawal's effect. `damaged` tells that it names a day that does not exist."""

    day: dt.date | None
    basis: Basis | None
    conditional: bool
    past: bool
    article: str | None
    damaged: bool


def effect_of(clause: Clause, notified: dt.date | None, *, alone: bool) -> Effect:
    """Read the effect that a clause tells of a withdrawal notified on `notified`.

    `alone`: the clause tells nothing else, so that every day in it is that of the effect.
    """
    named = effect_days(clause, alone=alone)
    stated = next((m.day for m in reversed(named) if m.day), None)
    put_off = bool(_PUT_OFF.search(clause.text))
    silent = stated or put_off or not notified or not _SPEAKS.search(clause.text)
    counted = None if silent or not notified else _counted(clause.text, notified)
    article = article_of(clause.raw)
    day = stated or counted or (notified if _IMMEDIATE.search(clause.text) else None)
    basis = (Basis.COMPUTED if counted else Basis.STATED) if day else None
    conditional = put_off or bool(_CONDITION.search(clause.text))
    return Effect(
        day=day,
        basis=basis,
        conditional=conditional,
        past=bool(_PAST.search(clause.text)) and bool(day),
        article=article,
        damaged=any(m.day is None for m in named),
    )


def effect_days(clause: Clause, *, alone: bool) -> list[Mention]:
    """Return the days in a clause that may be those of effects; `alone` as in effect_of."""
    return [m for m, role in clause.days if role is Role.EFFECT or (alone and role is Role.ACT)]


def shared(clause: Clause, days: list[Mention], among: int) -> list[Clause]:
    """Return the clause for each of so many acts: with its own day, where it names as many days as there are acts."""
    if not 1 < among == len(days):
        return [clause] * among
    return [clause.without(tuple(other for other in days if other is not own)) for own in days]


def speaks_of_effect(text: str) -> bool:
    """Tell whether a clause speaks of taking effect."""
    return bool(_SPEAKS.search(text))


def article_of(text: str) -> str | None:
    """Return the article that a clause rests on: "20 (3)", "9, Section 1 (b)", "28 (1) and (2)"; or None."""
    match = _ARTICLE.search(text)
    if not match:
        return None
    paragraph = match["before"] or match["paragraph"]
    parts = f"({paragraph.strip('()')}){match['parts']}" if paragraph else match["parts"]
    joined = " ".join(f"({part})" for part in re.findall(r"\(\s*(\w+)\s*\)", parts.partition(" and ")[0]))
    also = "".join(f" and ({part})" for part in re.findall(r" and \((\w+)\)", parts))
    section = re.sub(r"\s*,\s*[Ss]ection\s+", ", Section ", match["section"] or "")
    return f"{match['number']}{section} {joined}{also}".strip()


def _counted(text: str, notified: dt.date) -> dt.date | None:
    """Count a stated period from the notification: days from the day after it, months to the same day or the last."""
    match = _PERIOD.search(text)
    if not match:
        return None
    if match["ordinal"]:
        return notified + dt.timedelta(days=_ORDINALS[match["ordinal"].lower()])
    number, unit = match["number"] or match["number2"], (match["unit"] or match["unit2"]).lower()
    count = _NUMBERS.get(number.lower()) or int(number)
    if unit == "day":
        return notified + dt.timedelta(days=count)
    day = add_months(notified, count * (12 if unit == "year" else 1))
    return add_months(day.replace(day=1), 1) if _FIRST_OF_MONTH.search(text) else day

"""Reads the signatures and consents to be bound that a note tells of beside a withdrawal, before it and after it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from monitor.domain.action import ActionKind
from monitor.sources.untc.notes.clauses import Clause, Role
from monitor.sources.untc.notes.dates import Mention
from monitor.sources.untc.notes.nearby import preceding

_OF_TREATY = (
    r"(?=\s+(?:(?:to\s+)?(?:the|this|said|it|that)\b|on\b|by\b|,|and\b|or\b|subsequently\b|again\b|definitively\b"
    r"|subject\b|with\b)|\s*$|\W*$|\s*[(.;,])"
)
_WHAT = r"(?:Convention|Protocol|Agreement|Treaty|Constitution|Statutes?|it|on)"
_VERBS: tuple[tuple[ActionKind, str, re.Pattern[str]], ...] = tuple(
    (kind, sign, re.compile(pattern))
    for kind, sign, pattern in (
        (
            ActionKind.DEFINITIVE_SIGNATURE,
            "definitive",
            r"\bsigned\b[^.;]{0,40}?\bdefinitively\b|\bdefinitively signed\b",
        ),
        (ActionKind.SIGNATURE, "signed", rf"\bsigned{_OF_TREATY}"),
        (ActionKind.RATIFICATION, "ratified", rf"\bratified{_OF_TREATY}"),
        (ActionKind.ACCEPTANCE, "accepted", rf"\baccepted (?:the |this |it\b)(?:said )?(?:\w+ ){{0,3}}?{_WHAT}\b"),
        (ActionKind.APPROVAL, "approved", rf"\bapproved (?:the |this |it\b)(?:said )?(?:\w+ ){{0,3}}?{_WHAT}\b"),
        (ActionKind.ACCESSION, "eeded", rf"\b(?:re-?)?acc?eeded{_OF_TREATY}"),
        (ActionKind.ACCESSION, "acceded", r"\b(?:re-?)?acceded\b"),
        (ActionKind.ACCESSION, "rejoined", r"\brejoined\b"),
        (ActionKind.ACCESSION, "again became", r"\bagain became a party\b"),
        (ActionKind.SUCCESSION, "succe", r"\bsucceeded to\b|\bnotification of succession\b"),
        (ActionKind.RATIFICATION, "of ratification", r"\binstruments? of ratification\b"),
        (ActionKind.ACCEPTANCE, "of acceptance", r"\binstruments? of acceptance\b"),
        (ActionKind.APPROVAL, "of approval", r"\binstruments? of approval\b"),
        (ActionKind.ACCESSION, "accession", r"\binstruments? of (?:re-?)?accession\b"),
        (ActionKind.SUCCESSION, "of succession", r"\binstruments? of succession\b"),
        (ActionKind.FORMAL_CONFIRMATION, "of formal", r"\binstruments? of formal confirmation\b"),
    )
)
"""What kind of act a phrase tells, and the sign without which it cannot stand in a text. The first of two counts."""
_INSTRUMENT = re.compile(r"\binstrument|\bnotification of succession")
_DEPOSITING = re.compile(r"\b(?:deposited|received|lodged|was deposited)\b|\bdeposit of\b")
_BESIDE = re.compile(
    r"\b(?:upon|when|at the time of|made on|following|after|prior to|before|its decision to|not)\s+(?:\w+\s+){0,4}$"
    r"|\b(?:was|were|been)\s+(?:\w+\s+)?$"
)
_AGAIN = re.compile(r"\bre-?acceded\b|\brejoined\b|\bagain became a party\b|\bre-?accession\b")
_SAME_DAY = re.compile(
    r"\b(?:on (?:that|the) same (?:date|day)|on that (?:date|day)|at the same time|simultaneously"
    r"|on the same occasion)\b",
    re.IGNORECASE,
)

_LEAVING_BETWEEN = re.compile(r"notif|inform|denoun|denunc|withdr|deposit|receiv|decided|effect", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Consents:
    """What a clause tells of signing and consent. `used` are the mentions of days that belong to it."""

    told: tuple[tuple[ActionKind, dt.date], ...] = ()
    used: tuple[Mention, ...] = ()
    undated: bool = False
    """Whether the clause tells of a return to the treaty without its day."""


def consents(clause: Clause, same_day: Callable[[], dt.date | None], *, leaving: bool) -> Consents:
    """Read the acts of signing and consent that a clause dates.

    "Signed and ratified on D and E, respectively" is paired in order; `same_day` gives the day that "on that same date"
    means. Where the clause is also `leaving`, only days that directly follow the verb are taken.
    """
    verbs = _verbs(clause.text)
    days = clause.of(Role.ACT) if verbs else []
    if not verbs or any(m.day is None for m in days):
        return Consents()
    if not days and _SAME_DAY.search(clause.text) and (day := same_day()):
        return Consents(tuple((kind, day) for _, kind in verbs))
    if leaving:
        days = [m for m in days if _directly(clause.text, verbs, m)]
        verbs = [v for v in verbs if days and v[0] < days[-1].start]
    told = _paired(verbs, [(m.start, m.day) for m in days if m.day])
    theirs = told or (verbs and len(days) < len(clause.of(Role.ACT)))  # of what was joined, be it another treaty
    return Consents(tuple(told), tuple(days) if theirs else (), not told and bool(_AGAIN.search(clause.text)))


def _directly(text: str, verbs: list[tuple[int, ActionKind]], day: Mention) -> bool:
    last = max((at for at, _ in verbs if at < day.start), default=None)
    return last is not None and not _LEAVING_BETWEEN.search(text[last : day.start])


def _verbs(text: str) -> list[tuple[int, ActionKind]]:
    found: dict[int, ActionKind] = {}
    for kind, sign, pattern in _VERBS:
        for match in pattern.finditer(text) if sign in text else ():
            beside = _BESIDE.search(preceding(text, match.start())) and not _INSTRUMENT.match(match.group())
            undeposited = _INSTRUMENT.match(match.group()) and not _DEPOSITING.search(text)
            if not beside and not undeposited:
                found.setdefault(match.start(), kind)
    return sorted(found.items())


def _paired(verbs: list[tuple[int, ActionKind]], days: list[tuple[int, dt.date]]) -> list[tuple[ActionKind, dt.date]]:
    """Pair runs of verbs with the run of days beside them: as many days as verbs one to one, a single day to all."""
    marks: list[tuple[int, ActionKind | dt.date]] = sorted([*verbs, *days], key=lambda mark: mark[0])
    runs: list[list[ActionKind | dt.date]] = []
    for _, mark in marks:
        if runs and isinstance(runs[-1][-1], dt.date) == isinstance(mark, dt.date):
            runs[-1].append(mark)
        else:
            runs.append([mark])
    told: list[tuple[ActionKind, dt.date]] = []
    for one, other in zip(runs[::2], runs[1::2], strict=False):
        kinds = [m for m in (*one, *other) if isinstance(m, ActionKind)]
        when = [m for m in (*one, *other) if isinstance(m, dt.date)]
        if len(when) == len(kinds):
            told += list(zip(kinds, when, strict=True))
        elif len(when) == 1:
            told += [(kind, when[0]) for kind in kinds]
    return told

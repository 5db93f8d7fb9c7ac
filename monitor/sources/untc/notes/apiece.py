"""Finds who is named beside a day of its own where a sentence lists several States, each with its day."""

from __future__ import annotations

import re

from monitor.domain.participant import Names, Participant
from monitor.sources.untc.notes import naming

_DAY = r"\d{1,2} [A-Z][a-z]{2,8}\.? \d{4}"
_NAME = r"[A-Z][\w.'\u2019-]*(?:,? (?:(?:of|the|and) ){0,2}[A-Z(][\w.'\u2019)-]*){0,7}"
_OF_NAME = rf"(?:,|:| [\u2013-])? ?(?:\([^()]{{0,80}}?{_DAY}[^()]{{0,80}}\)|(?:on |from |as from )?{_DAY})"
_AND = r"(?:[;,]| and|[;,] and)(?: from| by| for| in respect of| the| (?:the )?Governments? of){0,3} "
_AFTER = re.compile(rf"{_NAME}{_OF_NAME}{_AND}(?P<names>{_NAME}){_OF_NAME}")
"""Of "Poland, 5 May 1999; Chad, 6 June 1999", "Poland (notified on 5 May 1999) and Chad (…)"."""
_BEFORE = re.compile(rf"{_DAY} \((?P<names>{_NAME})\)(?:[;,]| and|[;,] and) (?:on )?{_DAY} \((?:the )?{_NAME}\)")
"""Of "on 5 May 1999 (Poland) and 6 June 1999 (Chad)"."""
_EACH = re.compile(rf"(?P<names>{_NAME}){_OF_NAME}|{_DAY} \((?:the )?(?P<names2>{_NAME})\)")
_SEVERAL = 2
_JOINING = (" and ", "; ", "), ")


def apiece(names: Names, sentence: str) -> tuple[Participant, ...]:
    """Return those to whom a sentence gives a day each, in the order named; nobody where it gives no list."""
    if sum(map(sentence.count, (" 19", " 20"))) < _SEVERAL or not any(map(sentence.__contains__, _JOINING)):
        return ()
    if not any((m := listed.search(sentence)) and naming.named(names, m["names"]) for listed in (_AFTER, _BEFORE)):
        return ()
    found = (naming.named(names, m["names"] or m["names2"]) for m in _EACH.finditer(sentence))
    return tuple(dict.fromkeys((*naming.acting(names, sentence), *(p for each in found for p in each))))

"""The parameters of addresses: days, treaties, countries, pages of a list; strict for programs, lenient for forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BeforeValidator, WithJsonSchema

from monitor.domain.change import ChangeKind
from monitor.domain.delivery import DeliveryState

MOST = 10_000
"""Items of one answer."""
LONGEST = 200
"""Letters of a word that names something."""


def a_day(value: object) -> date:
    """Return the date that YYYY-MM-DD means; no other form of a date is taken."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        day = None
    if day is None or value not in {day, day.isoformat()}:
        raise ValueError(f'"{value}" is no date; write YYYY-MM-DD, such as 2025-12-27')
    return day


def a_word(value: object) -> str:
    """Return a word of a form, which is of a bearable length."""
    word = str(value)
    if len(word) > LONGEST:
        raise ValueError(f"a word of {len(word)} letters is too long; write {LONGEST} at most")
    return word


def _unless_empty(check: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda value: None if value in {None, ""} else check(value)


_DAY = WithJsonSchema({"type": "string", "format": "date"})
_ID = r"^[a-z]+_[0-9a-f]{8,64}$"

Day = Annotated[date, BeforeValidator(a_day), _DAY]
FormDay = Annotated[date | None, BeforeValidator(_unless_empty(a_day)), Query()]
FormNumber = Annotated[int, BeforeValidator(lambda value: value or 1), Query(ge=1, le=10_000)]
FormWord = Annotated[str | None, BeforeValidator(_unless_empty(a_word)), Query()]

_WORD = {"min_length": 1, "max_length": LONGEST}
TreatyWord = Annotated[str | None, Query(description="Slug, number or a unique part of the title.", **_WORD)]
CountryWord = Annotated[str | None, Query(description="ISO code, English name, known alias, or a group.", **_WORD)]
On = Annotated[Day | None, Query(description="A legal date; today without it.")]
AsKnown = Annotated[Day | None, Query(description="As known at the end of this day (UTC).")]
Since = Annotated[Day | None, Query(description="Learned on this day or later.")]
Kinds = Annotated[list[ChangeKind] | None, Query(description="Kinds of change; repeatable.")]
States = Annotated[list[DeliveryState] | None, Query(description="States of deliveries; repeatable.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Most items of one answer.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="Items to pass over; Link leads to the next page.")]

TreatyPart = Annotated[str, Path(min_length=1, max_length=LONGEST)]
CountryPart = Annotated[str, Path(min_length=1, max_length=LONGEST)]
IdPart = Annotated[str, Path(pattern=_ID)]
ShaPart = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]

"""When a subscription hears: digests, quiet hours and reminders, as the file writes them and as the domain has them."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator

from monitor.domain.timing import Digest, Every, QuietHours
from monitor.settings import values
from monitor.settings.clauses import Table
from monitor.settings.vocabulary import KindWord

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Word = Literal["hourly", "daily", "weekly"]

MORNING = time(8)
"""When a daily or weekly digest is made unless the file says otherwise."""


class DigestTable(Table):
    """`digest` of a subscription, in full."""

    every: Word
    at: values.TimeOfDay | None = None
    weekday: Weekday | None = None

    @field_validator("weekday")
    @classmethod
    def _of_a_week(cls, weekday: Weekday | None, info: ValidationInfo) -> Weekday | None:
        if weekday and info.data.get("every", "weekly") != "weekly":
            raise values.wrong('no weekday, or every = "weekly"')
        return weekday


class QuietTable(Table):
    """`quiet` of a subscription."""

    start: values.TimeOfDay = Field(alias="from")
    end: values.TimeOfDay = Field(alias="to")
    breaking: Annotated[tuple[KindWord, ...], Field(alias="except")] = ()

    @field_validator("end")
    @classmethod
    def _another_time(cls, end: time, info: ValidationInfo) -> time:
        if end == info.data.get("start"):
            raise values.wrong("another time than `from`; quiet hours are a part of the day")
        return end


WordOrDigest = Annotated[
    Annotated[Word, Tag(values.WORD)] | Annotated[DigestTable, Tag(values.TABLE)],
    Discriminator(lambda value: values.WORD if isinstance(value, str) else values.TABLE),
]


def digest_of(given: str | DigestTable | None, zone: ZoneInfo) -> Digest | None:
    """Return the domain's digest, with what the file leaves out filled in."""
    if given is None:
        return None
    table = given if isinstance(given, DigestTable) else DigestTable.model_validate({"every": given})
    every = Every(table.every)
    at = table.at or (time(0) if every is Every.HOURLY else MORNING)
    return Digest(every, at, zone, get_args(Weekday).index(table.weekday or "monday"))


def quiet_of(given: QuietTable | None, zone: ZoneInfo) -> QuietHours | None:
    """Return the domain's quiet hours."""
    return QuietHours(given.start, given.end, zone, frozenset(given.breaking)) if given else None

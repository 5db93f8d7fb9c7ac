"""Counting the periods of final clauses, the way treaties do."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from monitor.domain.treaty import Period, Rounding, Unit

SHORTEST = 28
"""Days that every month has."""


def add_months(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = day.day if day.day <= SHORTEST else min(day.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, last)


def reckon(deposit: date, period: Period) -> date:
    """Return the day to which a period leads that is counted from a deposit or the receipt of a notice.

    Days are counted from the day after receipt: "90 days after" 1 March is 30 May.
    """
    if period.unit is Unit.DAYS:
        counted = deposit + timedelta(days=period.amount)
    else:
        counted = add_months(deposit, period.amount * (12 if period.unit is Unit.YEARS else 1))
    if period.rounding is Rounding.EXACT:
        return counted
    first = counted.replace(day=1)
    return first if period.rounding is Rounding.FIRST_OF_MONTH else add_months(first, 1)

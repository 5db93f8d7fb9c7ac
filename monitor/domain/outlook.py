"""What days alone may still bring: the rows of a page whose position can change without a new word on it, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from monitor.domain.action import CONSENT, ActionKind, TreatyAction
from monitor.domain.participation import Participation
from monitor.domain.snapshot import Snapshot
from monitor.domain.standing import Law, entry_day, law_of
from monitor.domain.treaty import Rules, Unit

LEAVING = frozenset({ActionKind.WITHDRAWAL, ActionKind.SUSPENSION})
"""Acts that end or pause a participation from a later day on."""

_DAYS = {Unit.DAYS: 1, Unit.MONTHS: 31, Unit.YEARS: 366}
_ROUNDED = 31
"""At most so many days lie between a counted day and the first of the month after it."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a page leaves to the calendar after a day, under one law.

    `turns` are all days after `after` on which any row's position, or the treaty's, may change; `rows` those with such
    a day, or with a notice that names no day of effect. It answers for every day from `after` on as the page would.
    """

    law: Law
    after: date
    turns: tuple[date, ...]
    rows: tuple[Participation, ...]

    def answers(self, rules: Rules, day: date) -> bool:
        """Whether this tells what is to come after a day under these rules."""
        return self.law.rules == rules and self.after <= day

    def quiet(self, since: date, until: date) -> bool:
        """Whether the days after `since`, up to and including `until`, bring nothing."""
        return self.after <= since and not any(since < day <= until for day in self.turns)


def outlook(snapshot: Snapshot, rules: Rules, after: date) -> Outlook:
    """Return what a page leaves to the calendar after a day. It must carry the effects that `complete` computes."""
    law = law_of(snapshot, rules)
    settled = _settled(law, after)
    rows = tuple(row for row in snapshot.participations if _is_open(row, law, after, settled))
    days = {law.in_force, law.page_day}.union(*(turning_days(row, law) for row in rows))
    return Outlook(law, after, tuple(sorted(day for day in days if day and day > after)), rows)


def turning_days(row: Participation, law: Law) -> set[date]:
    """Return the days on which a participant's standing may change: from one to the day before the next it is the same.

    Brackets speak from the page's own day on.
    """
    days = {day for act in row.actions for day in (act.date, act.effective) if day}
    days |= {day for act in row.actions if act.kind in CONSENT and (day := entry_day(act, law))}
    days |= {row.claimed.since} if row.claimed and row.claimed.since else set()
    return days | {law.page_day}


def _settled(law: Law, after: date) -> date:
    """Return a day so early that the treaty was in force by `after` for whoever had consented by then.

    Reckoning the entry into force of every consent of a century would take longer than all else here.
    """
    if law.in_force is None:
        return after  # no consent has a day of entry yet
    if law.in_force > after:
        return date.min
    period = law.rules.entry.period if law.rules.entry else None
    longest = _DAYS[period.unit] * period.amount + _ROUNDED if period else 0
    return after - timedelta(days=min(longest, (after - date.min).days))


def _is_open(row: Participation, law: Law, after: date, settled: date) -> bool:
    since = row.claimed.since if row.claimed else None
    return any(_is_ahead(act, law, after, settled) for act in row.actions) or bool(since and since > after)


def _is_ahead(act: TreatyAction, law: Law, after: date, settled: date) -> bool:
    """Whether an act may change anything after a day."""
    if act.effective is None:
        if act.kind in LEAVING:
            return True  # nothing tells its day
    elif act.effective > after:
        return True
    if act.date is None or act.date <= settled:
        return False
    return act.date > after or (act.kind in CONSENT and (entry_day(act, law) or after) > after)

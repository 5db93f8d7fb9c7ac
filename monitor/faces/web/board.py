"""Who stands where, worked out once per page and day: what the matrix, the map, the table and the chart show."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from monitor.domain.participant import Participant
from monitor.domain.participation import Participation, Standing, Status
from monitor.domain.standing import Law, entry_day, law_of, standing
from monitor.domain.treaty import Treaty
from monitor.faces.questions import Office
from monitor.faces.web.counter import Counter
from monitor.faces.web.memory import Memory
from monitor.pipeline.report import end_of, known_of
from monitor.pipeline.upcoming import Coming, coming
from monitor.storage.interface import Known, Transaction


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at: a legal date, and until when we had learned what we know."""

    on: date
    at: datetime

    @classmethod
    def of(cls, office: Office, on: date | None, known: date | None) -> Seen:
        """Return what two fields of a form ask for; without them, now."""
        return cls(on or office.now.date(), min(end_of(known), office.now) if known else office.now)


@dataclass(frozen=True, slots=True)
class Column:
    """One treaty as seen: where each participant stands, by key; `known` None where nothing was known."""

    treaty: Treaty
    known: Known | None
    rows: Mapping[str, tuple[Participation, Standing]]

    def standing(self, key: str) -> Standing | None:
        """Return where a participant stands, or None for one that the page does not name."""
        found = self.rows.get(key)
        return found[1] if found else None

    @property
    def tally(self) -> Tally[Status]:
        """How many participants there are of each status."""
        return Tally(where.status for _, where in self.rows.values())


@dataclass(frozen=True, slots=True)
class Step:
    """The number of parties from a day on."""

    day: date
    parties: int


class Board:
    """Works standings out of what is known, and remembers them as long as that is remembered."""

    def __init__(self, office: Office, tx: Transaction, memory: Memory) -> None:
        self._office, self._tx, self._memory = office, tx, memory

    def column(self, treaty: Treaty, seen: Seen) -> Column:
        """Return a treaty as seen."""
        known = self._known(treaty, seen.at)
        if known is None:
            return Column(treaty, None, {})
        return self._memory.about((known,), ("column", treaty, seen.on), lambda: _column(treaty, known, seen.on))

    def history(self, treaty: Treaty, at: datetime) -> tuple[Step, ...]:
        """Return how the number of parties went, as known at an instant, effects to come included."""
        known = self._known(treaty, at)
        if known is None:
            return ()
        return self._memory.about((known,), ("history", treaty), lambda: _history(treaty, known))

    def coming(self, treaty: Treaty) -> tuple[Coming, ...]:
        """Return what is to come for a treaty, soonest first."""
        desk, now = self._office.desk, self._office.now
        read = tuple(self._tx.latest(treaty.reference, source.key) for source in treaty.sources)
        return self._memory.about(read, ("coming", treaty, now.date()), lambda: coming(desk, self._tx, treaty, now))

    def _known(self, treaty: Treaty, at: datetime) -> Known | None:
        found = known_of(self._office.desk, self._tx, treaty, at)
        return found[0] if found else None


def upcoming_effects(counter: Counter, treaty: str | None = None, country: str | None = None) -> list[Coming]:
    """Return what will take effect, soonest first. Raises UsageError."""
    office = counter.office()
    treaties = (office.settings.find_treaty(treaty),) if treaty else office.desk.treaties
    codes = office.settings.find_countries(country) if country else None
    with office.desk.storage.begin(read_only=True) as tx:
        board = Board(office, tx, counter.memory)
        found = [i for t in treaties for i in board.coming(t) if codes is None or i.participant.key in codes]
    return soonest(found)


def soonest(items: Iterable[Coming]) -> list[Coming]:
    """Return effects to come in the order of their days."""
    return sorted(items, key=lambda i: (i.day or date.max, i.treaty.reference, i.participant.name))


def people(columns: tuple[Column, ...]) -> dict[str, Participant]:
    """Return every participant that the treaties' pages name, by key."""
    return {key: row.participant for column in columns for key, (row, _) in column.rows.items()}


def _column(treaty: Treaty, known: Known, on: date) -> Column:
    law = law_of(known.snapshot, treaty.rules)
    rows = {p.participant.key: (p, standing(p, on, law)) for p in known.snapshot.participations}
    return Column(treaty, known, rows)


def _history(treaty: Treaty, known: Known) -> tuple[Step, ...]:
    """Count by the days on which some standing changes: between them nothing does."""
    law = law_of(known.snapshot, treaty.rules)
    turns: Tally[date] = Tally()
    for row in known.snapshot.participations:
        bound = False
        for day in sorted(_days(row, law)):
            now_bound = standing(row, day, law).status in {Status.PARTY, Status.SUSPENDED}
            turns[day] += now_bound - bound
            bound = now_bound
    steps, parties = [], 0
    for day in sorted(day for day, turn in turns.items() if turn):
        parties += turns[day]
        steps.append(Step(day, parties))
    return tuple(steps)


def _days(row: Participation, law: Law) -> set[date]:
    """Return the days on which a participant's standing may change; brackets speak from the page's own day on."""
    days = {day for act in row.actions for day in (act.date, act.effective, entry_day(act, law)) if day}
    days |= {row.claimed.since} if row.claimed and row.claimed.since else set()
    return days | {law.page_day}

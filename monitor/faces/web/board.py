"""Who stands where, worked out once per page and day: what the map, the table and the chart show."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from monitor.domain.names import alphabetical
from monitor.domain.outlook import turning_days
from monitor.domain.participation import Participation, Standing, Status
from monitor.domain.standing import law_of, standing
from monitor.domain.treaty import Treaty
from monitor.faces.questions import Office
from monitor.faces.web.counter import Counter
from monitor.faces.web.memory import Memory, marks_of
from monitor.pipeline.report import end_of, excerpts_of, known_of
from monitor.pipeline.upcoming import Coming, every_coming
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
    """Works standings out of what is known, and remembers them until something else is known."""

    def __init__(self, office: Office, tx: Transaction, memory: Memory) -> None:
        self._office, self._tx, self._memory = office, tx, memory

    def column(self, treaty: Treaty, seen: Seen) -> Column:
        """Return a treaty as seen."""
        known = self._known(treaty, seen.at)
        if known is None:
            return Column(treaty, None, {})
        return self._memory.about((known,), ("column", treaty, seen.on), lambda: _column(treaty, known, seen.on))

    def columns(self, treaties: Iterable[Treaty], seen: Seen, key: str) -> list[Column]:
        """Return treaties as seen, with the row of one participant alone."""
        asked, marks = tuple(treaties), marks_of(self._tx)
        found = self._memory.of(
            ("excerpts", key, tuple((treaty.reference, marks.at(treaty.reference, seen.at)) for treaty in asked)),
            lambda: excerpts_of(self._office.desk, self._tx, asked, seen.at, (key,)),
        )
        pairs = ((treaty, next(iter(found[treaty.reference]), None)) for treaty in asked)
        return [_column(t, known, seen.on) if known else Column(t, None, {}) for t, known in pairs]

    def history(self, treaty: Treaty, at: datetime) -> tuple[Step, ...]:
        """Return how the number of parties went, as known at an instant, effects to come included."""
        known = self._known(treaty, at)
        if known is None:
            return ()
        return self._memory.about((known,), ("history", treaty), lambda: _history(treaty, known))

    def coming(self, treaties: Iterable[Treaty]) -> tuple[Coming, ...]:
        """Return what is to come for treaties, soonest first."""
        asked, now, marks = tuple(treaties), self._office.now, marks_of(self._tx)
        key = ("coming", now.date(), tuple((t.reference, marks.of_treaty(t.reference)) for t in asked))
        return self._memory.of(key, lambda: _soonest(every_coming(self._office.desk, self._tx, asked, now)))

    def _known(self, treaty: Treaty, at: datetime) -> Known | None:
        found = known_of(self._office.desk, self._tx, treaty, at)
        return found[0] if found else None


def upcoming_effects(counter: Counter, treaty: str | None = None, country: str | None = None) -> list[Coming]:
    """Return what will take effect, soonest first. Raises UsageError."""
    office = counter.office()
    treaties = (office.settings.find_treaty(treaty),) if treaty else office.desk.treaties
    codes = office.settings.find_countries(country) if country else None
    with office.desk.storage.begin(read_only=True) as tx:
        found = Board(office, tx, counter.memory).coming(treaties)
    return [item for item in found if codes is None or item.participant.key in codes]


def _soonest(items: Iterable[Coming]) -> tuple[Coming, ...]:
    """Return effects to come in the order of their days."""
    return tuple(sorted(items, key=lambda i: (i.day or date.max, i.treaty.reference, alphabetical(i.participant.name))))


def _column(treaty: Treaty, known: Known, on: date) -> Column:
    law = law_of(known.snapshot, treaty.rules)
    rows = {p.participant.key: (p, standing(p, on, law)) for p in known.snapshot.participations}
    return Column(treaty, known, rows)


def _history(treaty: Treaty, known: Known) -> tuple[Step, ...]:
    """Count by the days on which some standing changes."""
    law = law_of(known.snapshot, treaty.rules)
    turns: Tally[date] = Tally()
    for row in known.snapshot.participations:
        bound = False
        for day in sorted(turning_days(row, law)):
            now_bound = standing(row, day, law).status in {Status.PARTY, Status.SUSPENDED}
            turns[day] += now_bound - bound
            bound = now_bound
    steps, parties = [], 0
    for day in sorted(day for day, turn in turns.items() if turn):
        parties += turns[day]
        steps.append(Step(day, parties))
    return tuple(steps)

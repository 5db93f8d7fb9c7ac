"""Who stands where, worked out once per page and day: what the matrix, the map, the table and the chart show."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from sys import intern

from monitor.domain.outlook import turning_days
from monitor.domain.participation import Participation, Standing, Status
from monitor.domain.standing import law_of, standing
from monitor.domain.treaty import Treaty
from monitor.faces.questions import Office
from monitor.faces.web.counter import Counter
from monitor.faces.web.memory import Marks, Memory
from monitor.pipeline.report import end_of, excerpts_of, known_of
from monitor.pipeline.upcoming import Coming, every_coming
from monitor.storage.interface import Known, Transaction

AT_ONCE = 50
"""Treaties of which all rows are in hand together."""


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


@dataclass(frozen=True, slots=True)
class Strip:
    """Where participants stand in one treaty from a day to the one before the next on which any of it may change.

    `read` is whether anything was known; `standings` and `names` are by the participants' keys. Of thousands of equal
    standings there is one.
    """

    treaty: Treaty
    read: bool
    since: date
    until: date
    standings: Mapping[str, Standing]
    names: Mapping[str, str]

    def holds(self, day: date) -> bool:
        """Whether it says where they stand on this day."""
        return self.since <= day < self.until


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
        asked, marks = tuple(treaties), Marks.of(self._tx)
        found = self._memory.of(
            ("excerpts", key, tuple((treaty.reference, marks.at(treaty.reference, seen.at)) for treaty in asked)),
            lambda: excerpts_of(self._office.desk, self._tx, asked, seen.at, (key,)),
        )
        pairs = ((treaty, next(iter(found[treaty.reference]), None)) for treaty in asked)
        return [_column(t, known, seen.on) if known else Column(t, None, {}) for t, known in pairs]

    def strips(self, treaties: Iterable[Treaty], seen: Seen, keys: frozenset[str] | None) -> tuple[Strip, ...]:
        """Return where these participants (None: all) stand in treaties as seen."""
        asked = {treaty.reference: treaty for treaty in treaties}
        marks = Marks.of(self._tx)
        kept = {
            number: self._memory.of(("strips", number, keys, marks.at(number, seen.at)), _Strips) for number in asked
        }
        shown = {number: strip for number, strips in kept.items() if (strip := strips.on(seen.on))}
        missing = [treaty for number, treaty in asked.items() if number not in shown]
        for strip in self._made(iter(missing), seen, keys):
            shown[strip.treaty.reference] = strip
            kept[strip.treaty.reference].add(strip)
        return tuple(shown[number] for number in asked)

    def _made(self, treaties: Iterator[Treaty], seen: Seen, keys: frozenset[str] | None) -> Iterator[Strip]:
        """Yield strips, those of all participants some treaties at a time: all their rows would fill the memory."""
        while some := tuple(islice(treaties, AT_ONCE if keys is None else None)):
            found = excerpts_of(self._office.desk, self._tx, some, seen.at, keys)
            yield from (_strip(treaty, found[treaty.reference], seen.on) for treaty in some)

    def history(self, treaty: Treaty, at: datetime) -> tuple[Step, ...]:
        """Return how the number of parties went, as known at an instant, effects to come included."""
        known = self._known(treaty, at)
        if known is None:
            return ()
        return self._memory.about((known,), ("history", treaty), lambda: _history(treaty, known))

    def coming(self, treaties: Iterable[Treaty]) -> list[Coming]:
        """Return what is to come for treaties, soonest first."""
        return soonest(every_coming(self._office.desk, self._tx, treaties, self._office.now))

    def _known(self, treaty: Treaty, at: datetime) -> Known | None:
        found = known_of(self._office.desk, self._tx, treaty, at)
        return found[0] if found else None


class _Strips:
    """The last strips of one treaty, as known at one instant, for different days."""

    MOST = 3

    def __init__(self) -> None:
        self._found: tuple[Strip, ...] = ()

    def on(self, day: date) -> Strip | None:
        return next((strip for strip in self._found if strip.holds(day)), None)

    def add(self, strip: Strip) -> None:
        self._found = (strip, *self._found)[: self.MOST]


def upcoming_effects(counter: Counter, treaty: str | None = None, country: str | None = None) -> list[Coming]:
    """Return what will take effect, soonest first. Raises UsageError."""
    office = counter.office()
    treaties = (office.settings.find_treaty(treaty),) if treaty else office.desk.treaties
    codes = office.settings.find_countries(country) if country else None
    with office.desk.storage.begin(read_only=True) as tx:
        found = Board(office, tx, counter.memory).coming(treaties)
    return [item for item in found if codes is None or item.participant.key in codes]


def soonest(items: Iterable[Coming]) -> list[Coming]:
    """Return effects to come in the order of their days."""
    return sorted(items, key=lambda i: (i.day or date.max, i.treaty.reference, i.participant.name))


def _column(treaty: Treaty, known: Known, on: date) -> Column:
    law = law_of(known.snapshot, treaty.rules)
    rows = {p.participant.key: (p, standing(p, on, law)) for p in known.snapshot.participations}
    return Column(treaty, known, rows)


def _strip(treaty: Treaty, known: tuple[Known, ...], on: date) -> Strip:
    if not known:
        return Strip(treaty, read=False, since=date.min, until=date.max, standings={}, names={})
    law = law_of(known[0].snapshot, treaty.rules)
    rows = known[0].snapshot.participations
    turns = {day for row in rows for day in turning_days(row, law)}
    return Strip(
        treaty,
        read=True,
        since=max((day for day in turns if day <= on), default=date.min),
        until=min((day for day in turns if day > on), default=date.max),
        standings={intern(row.participant.key): _one(standing(row, on, law)) for row in rows},
        names={intern(row.participant.key): intern(row.participant.name) for row in rows},
    )


@lru_cache(maxsize=10_000)
def _one(where: Standing) -> Standing:
    return where


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

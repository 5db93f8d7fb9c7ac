"""Tells whether who acts in a clause is whoever's row carries the note."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.participant import Names, Participant, ParticipantKind
from monitor.sources.untc.notes import naming
from monitor.sources.untc.notes.apiece import apiece

_CONTINUED = {"ZRCD": "CD", "SUHH": "RU"}
"""States that go on under another name: what they did, their row's bearer did."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The participants that a note can be about: those whose rows carry it, and any that it names."""

    bearers: tuple[Participant, ...]
    names: Names

    def acting(self, text: str) -> tuple[Participant, ...]:
        """Return who acts in a clause, in the order named; empty if it names nobody."""
        return naming.acting(self.names, text)

    def by_sender(self, text: str) -> str:
        """Return a text in which a withdrawal "from" a State is one "by" it."""
        return naming.by_sender(self.names, text)

    def without_others(self, text: str, acting: tuple[Participant, ...]) -> str:
        """Return a text in which no withdrawal of another State is named, where it tells what a bearer does."""
        if not acting or not self.bearing(acting):
            return text
        return naming.without_others(self.names, text, frozenset(p.key for p in (*acting, *self.bearers)))

    def named(self, phrase: str) -> tuple[Participant, ...]:
        """Resolve "A, B and the C"; a name that no table holds counts only where it stands alone."""
        return naming.named(self.names, phrase)

    def apiece(self, sentence: str) -> tuple[Participant, ...]:
        """Return those to whom a sentence gives a day each; nobody where it gives no list."""
        return apiece(self.names, sentence)

    def bearing(self, actors: tuple[Participant, ...]) -> bool:
        """Tell whether one of the actors may bear a row of the note; anybody may where no row carries it."""
        rows = [row for actor in actors for row in self.rows(actor)]
        return not self.bearers or any(row is None or row in self.bearers for row in rows)

    def rows(self, actor: Participant | None) -> tuple[Participant | None, ...]:
        """Return whose acts these are: None for the sole bearer, nobody for a State of the past that bears no row."""
        if actor is None or (alone := self._bearer(actor)) is not None:
            return self._bearing(None if actor is None else alone)
        if actor.kind in {ParticipantKind.FORMER_STATE, ParticipantKind.TERRITORY}:
            return ()
        lone = actor.kind is ParticipantKind.UNKNOWN and len(self.bearers) == 1
        return (None,) if lone else (actor,)

    def spoken_of(self, text: str) -> bool:
        """Tell whether a clause names one of those whose rows carry the note."""
        return any(self.named_at(bearer, text) >= 0 for bearer in self.bearers)

    def named_at(self, row: Participant | None, text: str) -> int:
        """Return where a text names a participant in short, by its row's name or the usual one; -1 if nowhere."""
        names = {row.as_written, row.name} if row is not None else set()
        return max((text.find(name.partition(" (")[0]) for name in names), default=-1)

    def key(self, row: Participant | None) -> str | None:
        """Return the key of a row for a finding; None stands for the page where nobody is known."""
        if row is not None:
            return row.key
        return self.bearers[0].key if len(self.bearers) == 1 else None

    def _bearing(self, bearer: Participant | None) -> tuple[Participant | None, ...]:
        if len(self.bearers) <= 1:
            return (None,)
        return (bearer,) if bearer is not None else self.bearers

    def _bearer(self, actor: Participant) -> Participant | None:
        keys = {actor.key, _CONTINUED.get(actor.key, actor.key)}
        return next((b for b in self.bearers if b.key in keys or b.as_written == actor.as_written), None)

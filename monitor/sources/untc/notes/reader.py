"""Reads one end note: the door of this room."""

from __future__ import annotations

from monitor.domain.participant import Names, Participant
from monitor.sources.untc.notes.model import EndNote, NoteReading


def read_note(note: EndNote, bearers: tuple[Participant, ...], names: Names) -> NoteReading:
    """Read the acts, withdrawn statements and oddities that an end note tells of.

    `bearers` are the participants whose rows carry the note's mark (possibly none).
    """
    _ = (note, bearers, names)
    return NoteReading()

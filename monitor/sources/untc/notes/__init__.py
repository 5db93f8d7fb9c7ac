"""The grammar of end notes: what the depositary's sentences say about leaving, pausing and coming back."""

from monitor.sources.untc.notes.model import EndNote, NoteReading
from monitor.sources.untc.notes.own import Treaty
from monitor.sources.untc.notes.reader import read_note

__all__ = ["EndNote", "NoteReading", "Treaty", "read_note"]

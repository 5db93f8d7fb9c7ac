"""All mutators of events, by name."""

from __future__ import annotations

from mutations.events_notes import OF_NOTES
from mutations.events_rows import OF_ROWS
from mutations.events_texts import OF_TEXTS
from mutations.scene import Mutator

EVENTS: dict[str, Mutator] = {mutate.__name__: mutate for mutate in (*OF_ROWS, *OF_NOTES, *OF_TEXTS)}

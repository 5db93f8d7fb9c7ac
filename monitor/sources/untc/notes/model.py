"""What goes into the reading of an end note and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.action import TreatyAction
from monitor.domain.participant import Participant
from monitor.domain.snapshot import Finding


@dataclass(frozen=True, slots=True)
class EndNote:
    r"""One numbered end note of a page.

    `text` is without markup and without the glued leading number; entities are resolved, whitespace is folded
    inside a paragraph, paragraphs are separated by "\n". `tables` are those inside the note: rows of cells.
    """

    number: int
    text: str
    tables: tuple[tuple[tuple[str, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class NoteReading:
    """What one note tells: acts, statements withdrawn, and what could not be understood.

    A participant of None means whoever's row carries the mark.
    """

    acts: tuple[tuple[Participant | None, TreatyAction], ...] = ()
    withdrawn_statements: tuple[tuple[Participant | None, str], ...] = ()
    findings: tuple[Finding, ...] = ()

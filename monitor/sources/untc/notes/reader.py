"""Reads one end note: the door of this room."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import chain

from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.participant import Names, Participant, ParticipantKind
from monitor.domain.snapshot import Finding, Level
from monitor.sources.untc.notes import tables, voice
from monitor.sources.untc.notes.actors import Cast
from monitor.sources.untc.notes.effects import article_of
from monitor.sources.untc.notes.hints import hinted
from monitor.sources.untc.notes.model import EndNote, NoteReading
from monitor.sources.untc.notes.own import UNNAMED, Treaty
from monitor.sources.untc.notes.quotations import Quotations
from monitor.sources.untc.notes.telling import Telling

_OF_LEAVING = re.compile(r"withdrawal|denunciation", re.IGNORECASE)


def read_note(note: EndNote, bearers: tuple[Participant, ...], names: Names, treaty: Treaty = UNNAMED) -> NoteReading:
    """Read the acts, withdrawn statements and oddities that an end note tells of.

    `bearers` are the participants whose rows carry the note's mark (possibly none), `treaty` is the page's own. Acts
    come in the order of their days; each carries the note's number and no brackets. Signatures and consents are told
    only beside a leaving. Never raises, whatever the text.
    """
    whole = voice.joined(note.text)
    if not hinted(whole) and not any(hinted(cell) for row in chain(*note.tables) for cell in row):
        return NoteReading()
    text = voice.tidy(whole)
    notices = list(_notices(note, text))
    telling = Telling(Cast(bearers, names), note.number, treaty=treaty, tabled=bool(notices))
    quotations = Quotations(telling)
    _hear(text, telling, quotations)
    if notices or telling.told or quotations.spoken:
        telling.catch_up()
    headings = chain(*(table[0] for table in note.tables if table))
    _tell_notices(telling, notices, headed=any(map(_OF_LEAVING.search, headings)))
    quotations.close()
    telling.close()
    return _reading(telling)


def _hear(text: str, telling: Telling, quotations: Quotations) -> None:
    for sentence in voice.sentences(text):
        if sentence.speaker:
            quotations.hear(sentence)
        else:
            telling.listen(sentence.text)


def _notices(note: EndNote, text: str) -> Iterator[tables.Row]:
    for table in note.tables:
        yield from tables.rows(tuple(tuple(voice.tidy(cell) for cell in cells) for cells in table))
    yield from filter(None, (tables.line(paragraph) for paragraph in text.split("\n")))


def _tell_notices(telling: Telling, notices: list[tables.Row], *, headed: bool) -> None:
    """Tell one withdrawal for each row, if the prose or the table's heading speaks of leaving."""
    heading = telling.heading
    for row in notices if heading or headed else ():
        for actor in telling.cast.named(row.who) or (None,):
            if actor and actor.kind is ParticipantKind.TERRITORY and not telling.cast.rows(actor):
                text = f"note {telling.number}: the table tells of a territory ({row.who}), and not of a State"
                telling.findings.append(Finding(Level.HOLD, "unclear-leaving", text, telling.cast.key(None)))
            _tell_notice(
                telling,
                row,
                actor,
                article_of(heading.raw) if heading else None,
                heading.reference if heading else None,
            )


def _tell_notice(
    telling: Telling, row: tables.Row, actor: Participant | None, article: str | None, reference: str | None
) -> None:
    days = [mention.day for mention in (row.notified, row.effective) if mention]
    for who in telling.cast.rows(actor):
        if None in days or not days:
            text = f"note {telling.number}: a date cannot be read in the table's row of “{row.who}”"
            telling.findings.append(Finding(Level.HOLD, "unreadable-note", text, telling.cast.key(who)))
            continue
        effective = row.effective.day if row.effective else None
        act = TreatyAction(
            kind=ActionKind.WITHDRAWAL,
            date=row.notified.day if row.notified else None,
            effective=effective,
            basis=Basis.STATED if effective else None,
            notification=reference,
            article=article,
            note=telling.number,
        )
        telling.told_act(who, act)


def _reading(telling: Telling) -> NoteReading:
    left = {told.who for told in telling.told}
    acts = [(told.who, told.act) for told in telling.told]
    for who, kind, day in dict.fromkeys(telling.consented):
        if who in left:
            acts.append((who, TreatyAction(kind=kind, date=day, note=telling.number)))
    findings = [*telling.findings]
    if telling.undated and telling.told:
        text = f"note {telling.number}: a return to the treaty is told without its day"
        findings.append(Finding(Level.NOTE, "undated-return", text, telling.cast.key(telling.told[-1].who)))
    ordered = sorted(acts, key=lambda told: told[1].date or told[1].effective or dt.date.max)
    return NoteReading(tuple(ordered), tuple(dict.fromkeys(telling.statements)), tuple(findings))

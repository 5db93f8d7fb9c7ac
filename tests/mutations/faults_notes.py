"""Mutators that damage end notes and their marks: refused or held, and nothing of it told as an act."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mutations.events_notes import notifies_withdrawal, suspends
from mutations.forms import Doc, Note
from mutations.phrases import (
    in_words,
)
from mutations.scene import Mutant, Scene
from mutations.truth import Verdict

FEW = 4


def _damaged(scene: Scene, after: Doc) -> Mutant:
    return Mutant(scene.doc, after, Verdict.STOPPED)


def notes_gone(scene: Scene) -> Mutant | None:
    """The whole section of notes is missing, though marks lead there; the earlier page had a notice in it."""
    told = notifies_withdrawal(scene)
    if told is None:
        return None
    doc = told.after
    return Mutant(doc, replace(doc, notes=()), Verdict.STOPPED)


def one_note_gone(scene: Scene) -> Mutant | None:
    """The note of a pending notice is missing, its mark stays."""
    told = notifies_withdrawal(scene)
    if told is None:
        return None
    doc = told.after
    return Mutant(doc, replace(doc, notes=tuple(n for n in doc.notes if n.raw is not None)), Verdict.STOPPED)


def note_and_mark_gone(scene: Scene) -> Mutant | None:
    """The note of a pending notice is gone with its mark, and nothing says why."""
    told = notifies_withdrawal(scene)
    return None if told is None else Mutant(told.after, scene.doc, Verdict.STOPPED)


def suspension_and_mark_gone(scene: Scene) -> Mutant | None:
    """The note of a suspension is gone with its mark, and nothing says that it has ended."""
    told = suspends(scene)
    return None if told is None else Mutant(told.after, scene.doc, Verdict.STOPPED)


def note_emptied(scene: Scene) -> Mutant | None:
    told = notifies_withdrawal(scene)
    if told is None:
        return None
    doc = told.after
    fresh = next(n for n in doc.notes if n.raw is None)
    return Mutant(doc, doc.with_note(fresh.number, ""), Verdict.STOPPED)


def date_in_a_note_damaged(scene: Scene) -> Mutant | None:
    """The day of a notice cannot be read."""
    told = notifies_withdrawal(scene)
    if told is None or scene.doc.form == "export":  # (an export's own day would move with what is read of the note)
        return None
    doc = told.after
    fresh = next(n for n in doc.notes if n.raw is None)
    truth = told.expected[0]  # type: ignore[index]
    day = f"{truth.day.day} {truth.day.strftime('%B')} {truth.day.year}"
    broken = scene.rng.choice(
        [f"32 {truth.day.strftime('%B')} {truth.day.year}", f"{truth.day.day} Mai\ufffd {truth.day.year}"]
    )
    return Mutant(scene.doc, doc.with_note(fresh.number, fresh.markup.replace(day, broken)), Verdict.STOPPED)


def marks_slip(scene: Scene) -> Mutant | None:
    """The mark of a note that names nobody stands in another row than before: the notice is not that State's."""
    rows = scene.bound()
    if len(rows) < FEW:
        return None
    one, other = scene.rng.sample(rows, 2)
    day = scene.lately()
    effect = day + timedelta(days=200)
    words = f"Notification of withdrawal received on {in_words(day)}. Takes effect on {in_words(effect)}."
    before, number = scene.told(scene.doc, one, words)
    first, second = before.find(one.who), before.find(other.who)
    bare = replace(first, marks=tuple(m for m in first.marks if m != number), raw=None)
    return Mutant(before, before.with_row(first, bare).with_row(second, second.mark(number)), Verdict.STOPPED)


def note_number_twice(scene: Scene) -> Mutant | None:
    """A new notice stands under the number of another note."""
    told = notifies_withdrawal(scene)
    if told is None or len(told.after.notes) < FEW:
        return None
    fresh = next(n for n in told.after.notes if n.raw is None)
    other = next(n for n in told.after.notes if n.raw)
    notes = tuple(Note(other.number, fresh.markup) if n is fresh else n for n in told.after.notes)
    return _damaged(scene, replace(told.after, notes=notes))


OF_NOTES = (
    notes_gone, one_note_gone, note_and_mark_gone, suspension_and_mark_gone, note_emptied, date_in_a_note_damaged,
    marks_slip, note_number_twice,
)  # fmt: skip

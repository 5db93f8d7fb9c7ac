"""Mutators of notes, marks and texts that tell of no act: nothing may be reported."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from mutations.events_notes import notifies_withdrawal, withdrawal_both_at_once, withdrawal_takes_effect
from mutations.forms import Doc, Note
from mutations.phrases import (
    UNRELATED,
)
from mutations.scene import Mutant, Scene, day_of
from mutations.truth import Verdict


def _quiet(scene: Scene, after: Doc) -> Mutant:
    return Mutant(scene.doc, after, Verdict.SILENT)


def _said(scene: Scene, text: str) -> Mutant:
    """The document as another text, no longer cut into parts."""
    return _quiet(scene, Doc(scene.doc.form, text, (), "", (), ""))


def unrelated_note(scene: Scene) -> Mutant | None:
    """A note on something else comes in among the others, and all later ones are renumbered."""
    row = scene.pick(list(scene.doc.rows))
    if row is None:
        return None
    day = scene.lately()
    words = scene.notice(row, day, day).fill(scene.rng.choice(UNRELATED))
    after, _ = scene.told(scene.doc, row, words)
    return _quiet(scene, after)


def mark_position(scene: Scene) -> Mutant | None:
    """The mark of a note moves: into the link, without blanks, in one go."""
    if scene.doc.form == "export":
        text = re.sub(
            r"([^\s>])(&lt;superscript&gt;[\d,]+&lt;/superscript&gt;)</Entry>", r"\1 \2 </Entry>", scene.doc.text
        )
        return _said(scene, text)
    moved = re.sub(
        r" <SUP>(<A onclick='ShowNoteAll\(\)'[^<]*</A>) </SUP><br></td>", r"<sup>\1</sup></td>", scene.doc.text
    )
    return _said(scene, moved)


def marks_without_links(scene: Scene) -> Mutant | None:
    if scene.doc.form == "export":
        return None
    return _said(
        scene, re.sub(r"<A onclick='ShowNoteAll\(\)' href='#\d+' class='noteIndex'>(\d+)</A>", r"\1", scene.doc.text)
    )


def mark_order(scene: Scene) -> Mutant | None:
    rows = [r for r in scene.doc.rows if len(r.marks) > 1]
    row = scene.pick(rows)
    if row is None:
        return None
    return _quiet(scene, scene.doc.with_row(row, replace(row, marks=row.marks[::-1], raw=None)))


def note_typography(scene: Scene) -> Mutant | None:
    """Quotation marks, dashes and blanks of a note are set anew."""
    notes = [n for n in scene.doc.notes if len(n.markup) > 60]
    if not notes:
        return None
    one = scene.rng.choice(notes)
    new = (
        one.markup.replace("“", "&ldquo;" if scene.doc.form == "page" else '"')
        .replace("\u2019", "'")
        .replace(". ", ".  ")
    )
    return _quiet(scene, scene.doc.with_note(one.number, new))


def links_in_notes(scene: Scene) -> Mutant | None:
    """References to depositary notifications become links."""
    doc, changed = scene.doc, 0
    if doc.form == "export":
        return None
    for one in doc.notes:
        new, n = re.subn(
            r"(?<![\w./>])(C\.N\.\d+\.\d{4}(?=\.TREATIES)|vol\. \d+|article \d+)",
            r"<a href='https://example.org/x.pdf' target='_blank'>\1</a>",
            one.markup,
        )
        changed += n
        doc = doc.with_note(one.number, new) if n else doc
    return _quiet(scene, doc) if changed else None


def links_gone_from_notes(scene: Scene) -> Mutant | None:
    doc = scene.doc
    for one in doc.notes:
        new, n = re.subn(r"<a href=[^>]*>(.*?)</a>", r"\1", one.markup)
        doc = doc.with_note(one.number, new) if n and doc.form == "page" else doc
    return _quiet(scene, doc) if doc is not scene.doc else None


def words_follow_the_effect(scene: Scene) -> Mutant | None:
    """After the day of effect the note says "took effect" and brackets come: known since the day itself."""
    mutant = withdrawal_takes_effect(scene)
    if mutant is None or mutant.after.stamp is None:
        return None
    before = mutant.before.at(mutant.after.stamp)
    return (
        Mutant(before, mutant.after.at(mutant.after.stamp + timedelta(days=scene.rng.randrange(1, 20))), Verdict.SILENT)
        if _calm(scene)
        else None
    )


def _calm(scene: Scene) -> bool:
    """Whether nothing else falls due in the coming weeks on this page (a pending exit, a consent not yet in force)."""
    return not any(
        d and (scene.today - d).days < 200 for r in scene.doc.rows for c in r.cells if (d := day_of(c))
    ) and not any("will take effect" in n.markup for n in scene.doc.notes)


def brackets_without_words(scene: Scene) -> Mutant | None:
    """Brackets stand, and the note that explained them goes: the depositary drops lapsed notes."""
    left = withdrawal_both_at_once(scene)
    if left is None:
        return None
    fresh = next(n for n in left.after.notes if n.raw is None)
    gone = left.after.with_note(
        fresh.number, "See note 1 under “Historical Information” in the front matter of this volume."
    )
    return Mutant(left.after, gone, Verdict.SILENT)


def statement_spacing(scene: Scene) -> Mutant | None:
    between = scene.doc.between
    if "<i>" not in between and "&lt;i&gt;" not in between:
        return None
    new = (
        between.replace("“", '"')
        .replace("”", '"')
        .replace("\u2019", "'")
        .replace(", ", ",  ")
        .replace("<br></n>", "<br />\r\n</n>")
    )
    return _quiet(scene, replace(scene.doc, between=new))


def reference_comes_later(scene: Scene) -> Mutant | None:
    """The depositary notification is cited in a note that told of the notice without it."""
    told = notifies_withdrawal(scene)
    if told is None or told.expected[0].notification:  # type: ignore[index]
        return None
    fresh = next(n for n in told.after.notes if n.raw is None)
    cited = " (See depositary notification <a href='x'>C.N.77.2026</a>.TREATIES-XXVI-5 of 9 February 2026.)"
    return Mutant(told.after, told.after.with_note(fresh.number, fresh.markup + cited), Verdict.SILENT)


def pending_note_moves(scene: Scene) -> Mutant | None:
    """The note of a pending notice stands at another place, and the marks follow."""
    told = notifies_withdrawal(scene)
    if told is None:
        return None
    fresh = next(n for n in told.after.notes if n.raw is None)
    who = next(r.who for r in told.after.rows if fresh.number in r.marks and r.raw is None)
    last = max((n.number for n in scene.doc.notes), default=0) + 1
    doc = replace(scene.doc, notes=(*scene.doc.notes, Note(last, fresh.markup)))
    row = doc.find(who)
    return Mutant(told.after, doc.with_row(row, row.mark(last)), Verdict.SILENT)


def notes_are_merged(scene: Scene) -> Mutant | None:
    """Another remark comes before the notice, in the same note."""
    told = notifies_withdrawal(scene)
    if told is None:
        return None
    fresh = next(n for n in told.after.notes if n.raw is None)
    after = told.after.with_note(fresh.number, "For the Kingdom in Europe.<br><br>" + fresh.markup)
    return Mutant(told.after, after, Verdict.SILENT)


OF_WORDS = (
    unrelated_note, mark_position, marks_without_links, mark_order, note_typography, links_in_notes,
    links_gone_from_notes, words_follow_the_effect, brackets_without_words, statement_spacing,
    reference_comes_later, pending_note_moves, notes_are_merged,
)  # fmt: skip

"""Mutators that damage rows, cells and totals: refused or held, and nothing of it told as an act."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from mutations.forms import Doc
from mutations.phrases import (
    in_cell,
)
from mutations.scene import Mutant, Scene, bracketed, standing
from mutations.truth import Verdict


def _damaged(scene: Scene, after: Doc) -> Mutant:
    return Mutant(scene.doc, after, Verdict.STOPPED)


def row_dropped(scene: Scene) -> Mutant | None:
    row = scene.pick(scene.bound())
    return None if row is None or scene.doc.totals[1] is None else _damaged(scene, scene.doc.drop(row))


def row_dropped_and_counted(scene: Scene) -> Mutant | None:
    """A row is gone, and the totals know."""
    row, place = scene.pick(scene.bound()), scene.signing
    if row is None:
        return None
    signed = int(place is not None and standing(row.cells[place]))
    return _damaged(scene, scene.doc.drop(row).add(-signed, -1))


def signatory_dropped_and_counted(scene: Scene) -> Mutant | None:
    row = scene.pick(scene.signatories())
    return None if row is None else _damaged(scene, scene.doc.drop(row).add(-1))


def bracketed_row_dropped(scene: Scene) -> Mutant | None:
    """A former party's row is gone; no total counts it."""
    row = scene.pick([r for r in scene.doc.rows if all(c.startswith("[") for c in r.cells if c) and any(r.cells)])
    return None if row is None else _damaged(scene, scene.doc.drop(row))


def total_altered(scene: Scene) -> Mutant | None:
    if scene.doc.totals[1] is None:
        return None
    by = scene.rng.choice([-2, -1, 1, 5, 40])
    if len([h for h in scene.doc.headings if re.search("cceptance|atification|ccession", h)]) > 1:
        return None  # parties spread over columns: the export's own total does not say
    return _damaged(scene, scene.doc.add(parties=by))


def signatories_altered(scene: Scene) -> Mutant | None:
    if scene.doc.totals[0] is None:
        return None
    return _damaged(scene, scene.doc.add(signatories=scene.rng.choice([-2, -1, 1, 7])))


CELLS = (
    "12 Mai 2004", "31 Feb 2004", "n/a", "1 Jan 2004 2 Feb 2005", "12 May 2004 zz", "May 2004", "12 May",
    "2004-05-12", "12.05.2004", "[12 May 2004", "12 May 2004]", "0 May 2004", "12 May 204", "12 May 20045",
    "see note 3", "-", "?", "12 May 2004 a d", "12 MAY 2004 b", "12 May\ufffd2004", "l2 May 2004",
    "1 2 May 2004",
)  # fmt: skip


def cell_unreadable(scene: Scene) -> Mutant | None:
    row = scene.pick(scene.bound())
    return (
        None
        if row is None
        else _damaged(scene, scene.doc.with_row(row, row.put(scene.consenting, scene.rng.choice(CELLS))))
    )


def cell_missing(scene: Scene) -> Mutant | None:
    row = scene.pick(scene.bound())
    return (
        None if row is None else _damaged(scene, scene.doc.with_row(row, replace(row, cells=row.cells[:-1], raw=None)))
    )


def column_shifted(scene: Scene) -> Mutant | None:
    """In one row, or in all, the dates stand one column too far to the left."""
    if len(scene.doc.headings) < 2:
        return None
    rows = scene.doc.rows if scene.rng.random() < 0.5 else tuple(r for r in scene.bound() if any(r.cells[:-1]))[:1]
    doc = scene.doc
    for row in rows:
        doc = doc.with_row(row, replace(row, cells=(*row.cells[1:], ""), raw=None))
    return _damaged(scene, doc) if doc.totals[1] is not None and rows else None


def row_doubled(scene: Scene) -> Mutant | None:
    row = scene.pick(list(scene.doc.rows))
    return None if row is None else _damaged(scene, scene.doc.put_row(row, scene.rng.randrange(len(scene.doc.rows))))


def row_doubled_and_counted(scene: Scene) -> Mutant | None:
    row, place = scene.pick(scene.bound()), scene.signing
    if row is None:
        return None
    signed = int(place is not None and standing(row.cells[place]))
    return _damaged(scene, scene.doc.put_row(row, 0).add(signed, 1))


def many_brackets(scene: Scene) -> Mutant | None:
    """Many rows in brackets at once, no note, and the totals know."""
    rows, place = scene.bound(), scene.signing
    if len(rows) < 6:
        return None
    doc = scene.doc
    for row in scene.rng.sample(rows, scene.rng.randrange(2, 6)):
        signed = int(place is not None and standing(row.cells[place]))
        doc = doc.with_row(row, bracketed(row)).add(-signed, -1)
    return _damaged(scene, doc)


def many_blanked(scene: Scene) -> Mutant | None:
    rows, place = (
        [r for r in scene.bound() if scene.signing is not None and standing(r.cells[scene.signing])],
        scene.signing,
    )
    if len(rows) < 3 or place is None:
        return None
    doc = scene.doc
    for row in scene.rng.sample(rows, 3):
        doc = doc.with_row(row, row.put(scene.consenting, "")).add(0, -1)
    return _damaged(scene, doc)


def before_adoption(scene: Scene) -> Mutant | None:
    name = scene.newcomer()
    row = scene.pick(scene.bound())
    if row is None or name is None:
        return None
    return _damaged(
        scene, scene.doc.with_row(row, row.put(scene.consenting, re.sub(r"\d{4}", "1911", row.cells[scene.consenting])))
    )


def in_the_future(scene: Scene) -> Mutant | None:
    """A consent dated after the page's own day; an export has no such day."""
    row = scene.pick(scene.signatories())
    if row is None or scene.doc.stamp is None:
        return None
    day = scene.today + timedelta(days=scene.rng.randrange(5, 4000))
    return _damaged(scene, scene.doc.with_row(row, row.put(scene.consenting, in_cell(day))).add(parties=1))


def name_blanked(scene: Scene) -> Mutant | None:
    row = scene.pick(scene.bound())
    return None if row is None else _damaged(scene, scene.doc.with_row(row, replace(row, name="", marks=(), raw=None)))


def name_garbled(scene: Scene) -> Mutant | None:
    """Letters of a name are lost to a wrong decoding."""
    row = scene.pick([r for r in scene.doc.rows if len(r.who) > 5])
    if row is None:
        return None
    cut = scene.rng.randrange(1, len(row.who) - 1)
    broken = row.who[:cut] + "\ufffd" + row.who[cut + 1 :]
    return _damaged(scene, scene.doc.with_row(row, row.rename(broken)))


def name_of_another(scene: Scene) -> Mutant | None:
    """A row stands under the name of another State that exists."""
    row, name = scene.pick([r for r in scene.bound() if r.who in scene.states]), scene.newcomer()
    return None if row is None or name is None else _damaged(scene, scene.doc.with_row(row, row.rename(name)))


def consent_lost(scene: Scene) -> Mutant | None:
    """One consent is not in its cell; the totals count it."""
    row = scene.pick(scene.bound())
    if row is None or scene.doc.totals[1] is None:
        return None
    return _damaged(scene, scene.doc.with_row(row, row.put(scene.consenting, "")))


def two_names_exchanged(scene: Scene) -> Mutant | None:
    """Two rows exchange their dates: the totals cannot tell."""
    rows = [r for r in scene.bound() if not r.marks]
    if len(rows) < 30:
        return None
    some = scene.rng.sample(rows, 30)
    doc = scene.doc
    for one, other in zip(some[::2], some[1::2], strict=True):
        doc = doc.with_row(one, replace(one, cells=other.cells, raw=None))
        doc = doc.with_row(other, replace(other, cells=one.cells, raw=None))
    return _damaged(scene, doc)


OF_ROWS = (
    row_dropped, row_dropped_and_counted, signatory_dropped_and_counted, bracketed_row_dropped, total_altered,
    signatories_altered, cell_unreadable, cell_missing, column_shifted, row_doubled, row_doubled_and_counted,
    many_brackets, many_blanked, before_adoption, in_the_future, name_blanked, name_garbled, name_of_another,
    consent_lost, two_names_exchanged,
)  # fmt: skip

"""Mutators that damage a document: it must be refused or held, and nothing of the damage may be told as an act."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from mutations.events import notifies_withdrawal
from mutations.forms import Doc, P
from mutations.phrases import in_cell
from mutations.scene import Mutant, Scene, bracketed, standing
from mutations.truth import Verdict

Fault = Callable[[Scene], Mutant | None]


def _damaged(scene: Scene, after: Doc) -> Mutant:
    return Mutant(scene.doc, after, Verdict.STOPPED)


def _said(scene: Scene, text: str) -> Mutant:
    return _damaged(scene, Doc(scene.doc.form, text, (), "", (), ""))


def cut_anywhere(scene: Scene) -> Mutant | None:
    text = scene.doc.text
    return _said(scene, text[: scene.rng.randrange(1, len(text.rstrip()) - 1)])


def cut_in_the_grid(scene: Scene) -> Mutant | None:
    first = len(scene.doc.head)
    return _said(
        scene, scene.doc.text[: scene.rng.randrange(first, first + sum(len(r.raw or "") for r in scene.doc.rows))]
    )


def cut_in_the_grid_and_closed(scene: Scene) -> Mutant | None:
    """The rows from some point on are gone, and the document ends as it should."""
    keep = scene.rng.randrange(1, len(scene.doc.rows))
    gone = scene.doc.rows[keep:]
    if not any(standing(r.cells[scene.consenting]) for r in gone):
        return None
    return _damaged(scene, replace(scene.doc, rows=scene.doc.rows[:keep]))


def piece_cut_out(scene: Scene) -> Mutant | None:
    """A piece of the rows is missing in the middle, across their borders."""
    doc = scene.doc
    rows = "".join(r.raw or "" for r in doc.rows)
    a = scene.rng.randrange(len(rows) // 2)
    b = a + scene.rng.randrange(600, len(rows) // 3 + 601)
    rest = doc.text[len(doc.head) + len(rows) :]
    if doc.totals == (None, None):
        return None
    return _said(scene, doc.head + rows[:a] + rows[b:] + rest)


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


def row_doubled(scene: Scene) -> Mutant | None:
    row = scene.pick(list(scene.doc.rows))
    return None if row is None else _damaged(scene, scene.doc.put_row(row, scene.rng.randrange(len(scene.doc.rows))))


def row_doubled_and_counted(scene: Scene) -> Mutant | None:
    row, place = scene.pick(scene.bound()), scene.signing
    if row is None:
        return None
    signed = int(place is not None and standing(row.cells[place]))
    return _damaged(scene, scene.doc.put_row(row, 0).add(signed, 1))


def grid_emptied(scene: Scene) -> Mutant | None:
    return _damaged(scene, replace(scene.doc, rows=()))


def grid_gone(scene: Scene) -> Mutant | None:
    if scene.doc.form == "export":
        text = re.sub(r"<Table colsep.*?</Table>", "", scene.doc.text, count=1, flags=re.DOTALL)
    else:
        text = re.sub(rf'<table[^>]*id="{P}tblgrid".*?</table>', "", scene.doc.text, flags=re.DOTALL)
    return _said(scene, text)


def maintenance(scene: Scene) -> Mutant | None:
    words = "United Nations Treaty Collection: under urgent maintenance and currently unavailable."
    return _said(scene, f"<!DOCTYPE html><html><head><title>UNTC</title></head><body>{words}</body></html>")


def login(scene: Scene) -> Mutant | None:
    return _said(
        scene,
        "<!DOCTYPE html><html><body>treaties.un.org <form><input name='u'><input type='password'></form></body></html>",
    )


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


def older_page(scene: Scene) -> Mutant | None:
    """A cache gives the page of last month, which lacks the latest acts."""
    if scene.doc.stamp is None:
        return None
    row = scene.pick(scene.signatories() or scene.bound())
    if row is None or scene.signing is None:
        return None
    newer = scene.doc.with_row(row, row.put(scene.consenting, in_cell(scene.lately()))).add(
        parties=int(not row.cells[scene.consenting])
    )
    return Mutant(newer, scene.doc.at(scene.doc.stamp - timedelta(days=30)), Verdict.STOPPED)


def column_shifted(scene: Scene) -> Mutant | None:
    """In one row, or in all, the dates stand one column too far to the left."""
    if len(scene.doc.headings) < 2:
        return None
    rows = scene.doc.rows if scene.rng.random() < 0.5 else tuple(r for r in scene.bound() if any(r.cells[:-1]))[:1]
    doc = scene.doc
    for row in rows:
        doc = doc.with_row(row, replace(row, cells=(*row.cells[1:], ""), raw=None))
    return _damaged(scene, doc) if doc.totals[1] is not None and rows else None


def columns_swapped(scene: Scene) -> Mutant | None:
    """Two columns change places, their headings do not."""
    if len(scene.doc.headings) < 2 or scene.doc.totals[1] is None or "<Numsect>1</Numsect>" in scene.doc.head:
        return None  # (II-1: the other column is empty)
    i, j = scene.rng.sample(range(len(scene.doc.headings)), 2)
    rows = []
    for row in scene.doc.rows:
        cells = list(row.cells)
        cells[i], cells[j] = cells[j], cells[i]
        rows.append(replace(row, cells=tuple(cells), raw=None))
    return _damaged(scene, replace(scene.doc, rows=tuple(rows)))


def headings_swapped(scene: Scene) -> Mutant | None:
    """Two headings change places, their columns do not."""
    doc = scene.doc
    if len(doc.headings) < 2 or doc.totals[1] is None or scene.signing is None:
        return None
    one, two = doc.headings[scene.signing], doc.headings[scene.consenting]
    mark = "\x01"
    at = doc.head.rfind('class="thead-one"') if doc.form == "page" else doc.head.find("<Thead>")
    head = doc.head[at:].replace(one, mark, 1).replace(two, one, 1).replace(mark, two, 1)
    return _damaged(scene, replace(doc, head=doc.head[:at] + head))


def cell_missing(scene: Scene) -> Mutant | None:
    row = scene.pick(scene.bound())
    return (
        None if row is None else _damaged(scene, scene.doc.with_row(row, replace(row, cells=row.cells[:-1], raw=None)))
    )


def heading_unknown(scene: Scene) -> Mutant | None:
    doc = scene.doc
    heading = doc.headings[scene.consenting]
    if heading not in doc.head:
        return None
    at = doc.head.rfind(heading)
    new = scene.rng.choice(["Something else", "Adhésion", "Date", "", "Withdrawal"])
    return _damaged(scene, replace(doc, head=doc.head[:at] + new + doc.head[at + len(heading) :]))


def other_treaty(scene: Scene) -> Mutant | None:
    """The page of another number, though its rows are the same."""
    doc = scene.doc
    at = doc.head.find("rptHead_ctl00") if doc.form == "page" else 0
    return _damaged(scene, replace(doc, head=doc.head[:at] + doc.head[at:].replace("CHAPTER ", "CHAPTER X", 1)))


def grid_doubled(scene: Scene) -> Mutant | None:
    doc = scene.doc
    if doc.form == "export":
        found = re.search(r"<TGroup.*?</TGroup>", doc.text, re.DOTALL)
    else:
        found = re.search(rf'<table[^>]*id="{P}tblgrid".*?</table>', doc.text, re.DOTALL)
    assert found
    return _said(scene, doc.text[: found.end()] + found[0] + doc.text[found.end() :])


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


def body_of_another(scene: Scene) -> Mutant | None:
    """Behind the head of one page stand the rows of another part of the alphabet, each twice."""
    half = scene.doc.rows[: len(scene.doc.rows) // 2]
    return _damaged(scene, replace(scene.doc, rows=half + half)) if half else None


FAULTS: dict[str, Fault] = {
    f.__name__: f
    for f in (
        cut_anywhere, cut_in_the_grid, cut_in_the_grid_and_closed, piece_cut_out, row_dropped,
        row_dropped_and_counted, signatory_dropped_and_counted, bracketed_row_dropped, total_altered,
        signatories_altered, cell_unreadable, row_doubled, row_doubled_and_counted, grid_emptied, grid_gone,
        maintenance, login, notes_gone, one_note_gone, note_and_mark_gone, note_emptied, date_in_a_note_damaged,
        many_brackets, many_blanked, before_adoption, in_the_future, older_page, column_shifted,
        columns_swapped, headings_swapped, cell_missing, heading_unknown, other_treaty, grid_doubled,
        name_blanked, name_garbled, name_of_another, consent_lost, two_names_exchanged, body_of_another,
    )
}  # fmt: skip

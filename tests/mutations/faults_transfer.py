"""Mutators that damage a document as a whole: cut, emptied, garbled, or another one altogether."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from mutations.forms import Doc, P
from mutations.phrases import (
    in_cell,
)
from mutations.scene import Mutant, Scene, standing
from mutations.truth import Verdict


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


def grid_emptied(scene: Scene) -> Mutant | None:
    return _damaged(scene, replace(scene.doc, rows=()))


def grid_gone(scene: Scene) -> Mutant | None:
    if scene.doc.form == "export":
        text = re.sub(r"<Table colsep.*?</Table>", "", scene.doc.text, count=1, flags=re.DOTALL)
    else:
        text = re.sub(rf'<table[^>]*id="{P}tblgrid".*?</table>', "", scene.doc.text, flags=re.DOTALL)
    return _said(scene, text)


def grid_doubled(scene: Scene) -> Mutant | None:
    doc = scene.doc
    if doc.form == "export":
        found = re.search(r"<TGroup.*?</TGroup>", doc.text, re.DOTALL)
    else:
        found = re.search(rf'<table[^>]*id="{P}tblgrid".*?</table>', doc.text, re.DOTALL)
    assert found
    return _said(scene, doc.text[: found.end()] + found[0] + doc.text[found.end() :])


def maintenance(scene: Scene) -> Mutant | None:
    words = "United Nations Treaty Collection: under urgent maintenance and currently unavailable."
    return _said(scene, f"<!DOCTYPE html><html><head><title>UNTC</title></head><body>{words}</body></html>")


def login(scene: Scene) -> Mutant | None:
    return _said(
        scene,
        "<!DOCTYPE html><html><body>treaties.un.org <form><input name='u'><input type='password'></form></body></html>",
    )


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


def other_treaty(scene: Scene) -> Mutant | None:
    """The page of another number, though its rows are the same."""
    doc = scene.doc
    at = doc.head.find("rptHead_ctl00") if doc.form == "page" else 0
    return _damaged(scene, replace(doc, head=doc.head[:at] + doc.head[at:].replace("CHAPTER ", "CHAPTER X", 1)))


def body_of_another(scene: Scene) -> Mutant | None:
    """Behind the head of one page stand the rows of another part of the alphabet, each twice."""
    half = scene.doc.rows[: len(scene.doc.rows) // 2]
    return _damaged(scene, replace(scene.doc, rows=half + half)) if half else None


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


def heading_unknown(scene: Scene) -> Mutant | None:
    doc = scene.doc
    heading = doc.headings[scene.consenting]
    if heading not in doc.head:
        return None
    at = doc.head.rfind(heading)
    new = scene.rng.choice(["Something else", "Adhésion", "Date", "", "Withdrawal"])
    return _damaged(scene, replace(doc, head=doc.head[:at] + new + doc.head[at + len(heading) :]))


def encoded_twice(scene: Scene) -> Mutant | None:
    """UTF-8 was taken for windows-1252 and encoded again."""
    if sum(not c.isascii() for c in "".join(r.who for r in scene.doc.rows)) == 0:
        return None
    return _said(scene, scene.doc.text.encode().decode("cp1252", errors="ignore"))


def encoded_twice_as_latin(scene: Scene) -> Mutant | None:
    """UTF-8 was taken for ISO-8859-1 and encoded again, in the rows only."""
    rows = tuple(replace(r, raw=(r.raw or "").encode().decode("latin-1")) for r in scene.doc.rows)
    return _damaged(scene, replace(scene.doc, rows=rows)) if rows != scene.doc.rows else None


def letters_lost(scene: Scene) -> Mutant | None:
    """Letters beyond ASCII became question marks."""
    rows = tuple(replace(r, raw=(r.raw or "").encode("ascii", "replace").decode()) for r in scene.doc.rows)
    return _damaged(scene, replace(scene.doc, rows=rows)) if rows != scene.doc.rows else None


OF_TRANSFER = (
    cut_anywhere, cut_in_the_grid, cut_in_the_grid_and_closed, piece_cut_out, grid_emptied, grid_gone,
    grid_doubled, maintenance, login, older_page, other_treaty, body_of_another, columns_swapped,
    headings_swapped, heading_unknown, encoded_twice, encoded_twice_as_latin, letters_lost,
)  # fmt: skip

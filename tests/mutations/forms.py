"""A real page or export cut into the parts that mutators change; what is not changed stays byte for byte."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

P = "ctl00_ctl00_ContentPlaceHolder1_ContentPlaceHolderInnerPage_"
_PAGE_ROW = re.compile(r'\t<tr class="trB(?:White|GGrey)">.*?</tr>\r?\n', re.DOTALL)
_PAGE_CELL = re.compile(r"<td>(.*?)</td>", re.DOTALL)
_PAGE_MARK = re.compile(r"\s*<SUP>.*?</SUP>\s*", re.DOTALL)
_PAGE_NOTE = '<tr align="justify" valign="top">'
_EXPORT_ROW = re.compile(r"[ \t]*<Row>.*?</Row>\r?\n", re.DOTALL)
_EXPORT_CELL = re.compile(r"<Entry />|<Entry>(.*?)</Entry>", re.DOTALL)
_EXPORT_MARK = re.compile(r"\s*&lt;superscript&gt;.*?&lt;/superscript&gt;\s*", re.DOTALL)
_EXPORT_NOTE = re.compile(r"[ \t]*<Note>\s*<index>.*?</Note>\r?\n", re.DOTALL)


@dataclass(frozen=True)
class Row:
    """One row: markup of the name without marks, numbers of its notes, texts of its cells, its source if untouched."""

    name: str
    marks: tuple[int, ...]
    cells: tuple[str, ...]
    raw: str | None = None

    @property
    def who(self) -> str:
        return " ".join(html.unescape(re.sub(r"<[^>]*>", "", self.name)).split())

    @property
    def last(self) -> str:
        return self.cells[-1]

    def put(self, column: int, text: str) -> Row:
        cells = list(self.cells)
        cells[column] = text
        return replace(self, cells=tuple(cells), raw=None)

    def mark(self, *numbers: int) -> Row:
        return replace(self, marks=tuple(sorted({*self.marks, *numbers})), raw=None)

    def rename(self, name: str) -> Row:
        return replace(self, name=name, raw=None)


@dataclass(frozen=True)
class Note:
    """One end note: its number, its markup, its source if untouched."""

    number: int
    markup: str
    raw: str | None = None

    def say(self, markup: str) -> Note:
        return replace(self, markup=markup, raw=None)


@dataclass(frozen=True)
class Doc:
    """A document: what stands before the rows, the rows, what stands between, the notes, what stands behind."""

    form: str
    head: str
    rows: tuple[Row, ...]
    between: str
    notes: tuple[Note, ...]
    tail: str

    @property
    def text(self) -> str:
        row, note = (_page_row, _page_note) if self.form == "page" else (_export_row, _export_note)
        rows = (r.raw if r.raw is not None else row(r) for r in self.rows)
        notes = (n.raw if n.raw is not None else note(n) for n in self.notes)
        opening, closing = ("<EndNotes>", "</EndNotes>") if self.unopened and self.notes else ("", "")
        return "".join((self.head, *rows, self.between, opening, *notes, closing, self.tail))

    @property
    def unopened(self) -> bool:
        """Whether this is an export without a section of notes."""
        return self.form == "export" and "<EndNotes>" not in self.between

    @property
    def body(self) -> bytes:
        return self.text.encode()

    def with_row(self, old: Row, new: Row) -> Doc:
        return replace(self, rows=tuple(new if r is old else r for r in self.rows))

    def find(self, who: str) -> Row:
        return next(r for r in self.rows if r.who == who)

    def put_row(self, row: Row, at: int) -> Doc:
        return replace(self, rows=(*self.rows[:at], row, *self.rows[at:]))

    def drop(self, row: Row) -> Doc:
        return replace(self, rows=tuple(r for r in self.rows if r is not row))

    def note(self, number: int) -> Note | None:
        return next((n for n in self.notes if n.number == number), None)

    def with_note(self, number: int, markup: str) -> Doc:
        return replace(self, notes=tuple(n.say(markup) if n.number == number else n for n in self.notes))

    def with_new_note(self, number: int, markup: str) -> Doc:
        """Insert a note; every later one, and every mark that leads to it, counts one more."""
        shifted = self._renumbered(lambda n: n + 1 if n >= number else n)
        at = sum(n.number < number for n in shifted.notes)
        return replace(shifted, notes=(*shifted.notes[:at], Note(number, markup), *shifted.notes[at:]))

    def _renumbered(self, new: Callable[[int], int]) -> Doc:
        sift = _page_renumbered if self.form == "page" else _export_renumbered
        rows = tuple(replace(r, marks=tuple(map(new, r.marks)), raw=r.raw and sift(r.raw, new)) for r in self.rows)
        notes = tuple(
            replace(n, number=new(n.number), raw=n.raw and sift(n.raw, new), markup=sift(n.markup, new))
            for n in self.notes
        )
        return replace(self, head=sift(self.head, new), rows=rows, between=sift(self.between, new), notes=notes)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the columns of acts."""
        if self.form == "page":
            row = self.head[self.head.rfind('class="thead-one"') :]
            cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        else:
            cells = re.findall(r"<Entry colname[^>]*>(.*?)</Entry>", self.head, re.DOTALL)
        return tuple(" ".join(re.sub(r"<[^>]*>", " ", c).split()) for c in cells[1:])

    @property
    def totals(self) -> tuple[int | None, int | None]:
        found = [self._total("Signatories"), self._total("Parties")]
        return found[0] and int(found[0]["n"]), found[1] and int(found[1]["n"])

    def _total(self, word: str) -> re.Match[str] | None:
        if self.form == "page":
            at = self.head.find("rptStatus_ctl00_tcText")
            pattern = rf"{word}\s*:\s*(?P<n>\d+)"
        else:
            at, pattern = 0, rf"<{word}>(?P<n>\d+)"
        return re.compile(pattern).search(self.head, max(at, 0))

    def add(self, signatories: int = 0, parties: int = 0) -> Doc:
        """Move the printed totals."""
        doc = self
        for word, by in (("Signatories", signatories), ("Parties", parties)):
            if by and (found := doc._total(word)):
                a, b = found.span("n")
                doc = replace(doc, head=f"{doc.head[:a]}{int(found['n']) + by}{doc.head[b:]}")
        return doc

    @property
    def stamp(self) -> datetime | None:
        found = re.search(r"STATUS AS AT : (\d\d-\d\d-\d{4} \d\d:\d\d:\d\d)", self.head)
        return datetime.strptime(found[1], "%d-%m-%Y %H:%M:%S") if found else None  # noqa: DTZ007 - as the page prints it

    def at(self, moment: datetime) -> Doc:
        """Print another stamp."""
        return replace(
            self,
            head=re.sub(
                r"(STATUS AS AT : )\d\d-\d\d-\d{4} \d\d:\d\d:\d\d",
                moment.strftime(r"\g<1>%d-%m-%Y %H:%M:%S"),
                self.head,
            ),
        )


def parse(body: bytes) -> Doc:
    """Cut a real document."""
    text = body.decode("utf-8-sig")
    return _parse_export(text) if text.lstrip().startswith("<?xml") else _parse_page(text)


def _parse_page(text: str) -> Doc:
    grid = text.index(f'id="{P}tblgrid"')
    end = text.index("</table", grid)
    found = list(_PAGE_ROW.finditer(text, grid, end))
    notes, tail = text.find(f'id="{P}dgNotesAll"'), len(text)
    pieces: list[Note] = []
    first = len(text) if notes < 0 else text.index(_PAGE_NOTE, notes)
    if notes >= 0:
        tail = text.index("\r\n\t</table>\r\n</div>", text.rindex(f"{P}dgNotesAll_ctl"))
        starts = [m.start() for m in re.finditer(re.escape(_PAGE_NOTE), text[:tail]) if m.start() >= first]
        pieces = [_cut_note(text[a:b]) for a, b in zip(starts, [*starts[1:], tail], strict=True)]
    rows = tuple(_cut_row(m[0]) for m in found)
    return Doc("page", text[: found[0].start()], rows, text[found[-1].end() : first], tuple(pieces), text[tail:])


def _cut_row(raw: str) -> Row:
    name, *cells = _PAGE_CELL.findall(raw)
    marks = tuple(int(n) for mark in _PAGE_MARK.findall(name) for n in re.findall(r">(\d+)</A>", mark))
    bare = _PAGE_MARK.sub("", name).replace("<br>", "").strip()
    return Row(bare, marks, tuple(" ".join(html.unescape(c.replace("<br>", "")).split()) for c in cells), raw)


def _cut_note(raw: str) -> Note:
    found = re.search(r"<a name='(\d+)'>\d+</a><index></index>(.*)</div>\s*</td>", raw, re.DOTALL)
    assert found, raw[:300]
    return Note(int(found[1]), found[2], raw)


def _page_row(row: Row) -> str:
    marks = ", ".join(f"<A onclick='ShowNoteAll()' href='#{n}' class='noteIndex'>{n}</A>" for n in row.marks)
    name = f"{row.name} <SUP>{marks} </SUP><br>" if marks else f"{row.name}<br>"
    cells = "".join(f"\t\t<td>{_page_cell(c)}</td>\r\n" for c in row.cells)
    return f'\t<tr class="trBWhite">\r\n\t\t<td>{name}</td>\r\n{cells}\t</tr>\r\n'


def _page_cell(text: str) -> str:
    found = re.fullmatch(r"(\[?)(\d{1,2}) (\w{3}) (\d{4})(?: (\w{1,2}))?(\]?)", text)
    if not found:
        return f"{html.escape(text)}<br>" if text else "&nbsp;"
    opened, day, month, year, code, closed = found.groups()
    return f"{opened}{day if len(day) > 1 else f' &nbsp;{day}'} {month}\t {year} {code or ''}{closed}<br>"


def _page_note(note: Note) -> str:
    element = f"{P}dgNotesAll_ctl{note.number + 1:02}"
    return (
        f'{_PAGE_NOTE}\r\n\t\t\t<td>\r\n                <div id="{element}_divNote"></div>\r\n'
        f'                <div id="{element}_divNotesAll" class="divNotesAll" style="text-align: justify">'
        f"<a name='{note.number}'>{note.number}</a><index></index>{note.markup}<br><br></div>\r\n"
        "                </td>\r\n\t\t</tr>"
    )


def _page_renumbered(text: str, new: Callable[[int], int]) -> str:
    text = re.sub(
        r"(href='#)(\d+)('[^<>]*>)(\d+)(</A>)", lambda m: f"{m[1]}{new(int(m[2]))}{m[3]}{new(int(m[4]))}{m[5]}", text
    )
    text = re.sub(
        r"(<a name=')(\d+)('>)(\d+)(</a><index>)", lambda m: f"{m[1]}{new(int(m[2]))}{m[3]}{new(int(m[4]))}{m[5]}", text
    )
    return re.sub(r"(dgNotesAll_ctl)(\d+)(_)", lambda m: f"{m[1]}{new(int(m[2]) - 1) + 1:02}{m[3]}", text)


def _parse_export(text: str) -> Doc:
    body, close = text.index("<Tbody>"), text.index("</Tbody>")
    found = list(_EXPORT_ROW.finditer(text, body, close))
    end_notes = text.find("<EndNotes>")
    notes = list(_EXPORT_NOTE.finditer(text, end_notes)) if end_notes >= 0 else []
    first = notes[0].start() if notes else text.index("<Footer")
    tail = text[notes[-1].end() if notes else first :]
    cut = tuple(_cut_export_note(m[0]) for m in notes)
    between = text[found[-1].end() : first]
    return Doc("export", text[: found[0].start()], tuple(_cut_export_row(m[0]) for m in found), between, cut, tail)


def _cut_export_row(raw: str) -> Row:
    name, *cells = (m[1] or "" for m in _EXPORT_CELL.finditer(raw))
    marks = tuple(int(n) for mark in _EXPORT_MARK.findall(name) for n in re.findall(r"\d+", mark))
    return Row(_EXPORT_MARK.sub("", name).strip(), marks, tuple(" ".join(c.split()) for c in cells), raw)


def _cut_export_note(raw: str) -> Note:
    found = re.search(r"<index>(\d+)</index>\s*(.*?)\s*</Note>", raw, re.DOTALL)
    assert found, raw[:300]
    return Note(int(found[1]), found[2], raw)


def _export_row(row: Row) -> str:
    marks = f"&lt;superscript&gt;{','.join(map(str, row.marks))}&lt;/superscript&gt;" if row.marks else ""
    entries = [f"{row.name}{marks}", *row.cells]
    lines = (f"                <Entry>{e}</Entry>\n" if e else "                <Entry />\n" for e in entries)
    return f"              <Row>\n{''.join(lines)}              </Row>\n"


def _export_note(note: Note) -> str:
    body = note.markup
    if not body.startswith("<text>"):
        tables = re.findall(r"<table.*?</table>", body, re.DOTALL)
        escaped = (
            html.escape(p, quote=False) for p in re.sub(r"<table.*?</table>", "", body, flags=re.DOTALL).split("<br>")
        )
        body = "".join(f"<text>{p}</text>" for p in escaped if p) + "".join(map(_export_table, tables))
    return f"      <Note>\n        <index>{note.number}</index>\n        {body}\n      </Note>\n"


def _export_table(table: str) -> str:
    rows = (re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in table.split("<tr>")[1:])
    return (
        "<table>"
        + "".join("<row>" + "".join(f"<col>{c}</col>" for c in cells) + "</row>" for cells in rows)
        + "</table>"
    )


def _export_renumbered(text: str, new: Callable[[int], int]) -> str:
    def mark(found: re.Match[str]) -> str:
        return f"{found[1]}{re.sub(r'[0-9]+', lambda n: str(new(int(n[0]))), found[2])}{found[3]}"

    text = re.sub(r"(&lt;superscript&gt;)([\d,\s]+)(&lt;/superscript&gt;)", mark, text)
    return re.sub(r"(<index>)(\d+)(</index>)", lambda m: f"{m[1]}{new(int(m[2]))}{m[3]}", text)

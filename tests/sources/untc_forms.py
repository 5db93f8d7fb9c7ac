"""Small pages and exports in the depositary's form, in our own words, to be spoilt by tests."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

ROOM = "ctl00_ctl00_ContentPlaceHolder1_ContentPlaceHolderInnerPage_"
Rows = Sequence[tuple[str, ...]]

HEADINGS = ("Participant", "Signature", "Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)")
ROWS: Rows = (
    ("Austria", " &nbsp;3 Dec\t 1999 <br>", "12 Jan\t 2001 <br>"),
    ("Belgium", "&nbsp;", "14 Feb\t 2002 a<br>"),
    ("Poland", "[ &nbsp;4 Dec\t 1999 ]<br>", "[ &nbsp;5 Mar\t 2003 A]<br>"),
    ("Sweden", "21 Dec\t 1999 <br>", "&nbsp;"),
)
TOTALS = "Signatories :\r     2.     Parties :\r     2"


def mark(*notes: int) -> str:
    """Return note marks as a page hangs them on a name, in the site's mixed case."""
    links = ", ".join(f"<A onclick='ShowNoteAll()' href='#{n}' class='noteIndex'>{n}</A>" for n in notes)
    return f" <SUP>{links} </SUP>"


def _div(name: str, inner: str) -> str:
    return f'<div id="{ROOM}{name}" class="x">\r\n   {inner}\r\n</div>\r\n'


def _table(name: str, rows: Sequence[str], css: str = "table") -> str:
    body = "\r\n\t".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="{css}" id="{ROOM}{name}">\r\n\t{body}\r\n</table>\r\n'


def grid(headings: Sequence[str] = HEADINGS, rows: Rows = ROWS) -> str:
    """Return the participants' table."""
    lines = ["".join(f'<td valign="bottom">{h}<br></td>' for h in headings)]
    lines += [f"<td>{row[0]}<br></td>" + "".join(f"<td>{cell}</td>" for cell in row[1:]) for row in rows]
    return _table("tblgrid", lines)


def section(name: str, items: Sequence[tuple[str, str]], part: str = "Text") -> str:
    """Return a section of statements: name and text per participant."""
    rows = [
        "<td>"
        + _div(f"{name}_ctl{i:02}_divMainText", "")
        + _div(f"{name}_ctl{i:02}_divParticipant", who)
        + f"<div id=\"{ROOM}{name}_ctl{i:02}_div{part}\"><p class='invisible'>{who}</p>{text}<br></div></td>"
        for i, (who, text) in enumerate(items, start=2)
    ]
    return _table(name, rows) if rows else ""


def territories(rows: Rows) -> str:
    """Return the table on territorial application."""
    head = "".join(f"<td>{h}<br></td>" for h in ("Participant", "Date of receipt of the notification", "Territories"))
    return _table("tblDec", [head, *("".join(f"<td>{c}</td>" for c in row) for row in rows)])


def end_notes(texts: Sequence[str]) -> str:
    """Return the end notes, numbered from 1."""
    rows = [
        f'<td><div id="{ROOM}dgNotesAll_ctl{i + 1:02}_divNote"></div>'
        f"<div id=\"{ROOM}dgNotesAll_ctl{i + 1:02}_divNotesAll\"><a name='{i}'>{i}</a><index></index>{text}</div></td>"
        for i, text in enumerate(texts, start=1)
    ]
    return _table("dgNotesAll", rows) if rows else ""


def page(  # noqa: PLR0913 - each argument is one part of the page that a test may spoil
    *,
    chapter: str = "CHAPTER XXVI",
    part: str = "",
    number: str = "5.",
    title: str = "Convention on Paper Windmills",
    place: str = "Oslo, 1 September 1999",
    entry: tuple[str, str] = ("Entry into force", "1 March 2000, in accordance with article 9."),
    totals: str = TOTALS,
    stamp: str = "STATUS AS AT : 03-02-2026 10:16:18 EDT",
    remarks: str = "",
    table: str | None = None,
    below: str = "",
    notes: Sequence[str] = (),
    view_state: str = "dGJsZ3JpZA==",
    link: str = "/doc/Publication/MTDSG/Volume%20II/Chapter%20XXVI/XXVI-5.en.xml",
) -> bytes:
    """Return a whole page."""
    header = (
        _div("div3", stamp)
        + f'<div id="{ROOM}tcHead1">'
        + _div("rptHead_ctl00_tcHead", chapter)
        + _div("rptHead_ctl00_tcText", "TOYS")
        + "</div>"
        + _div("Td1", part)
        + f'<div id="{ROOM}tc">'
        + _div("rptTreaty_ctl00_tcTreaty", f"{number}\r\n    \r\n   {title}")
        + _div("rptTreaty_ctl00_tcText", place)
        + "</div>"
        + _div("rptEIF_ctl00_tcEifLabel", entry[0])
        + _div("rptEIF_ctl00_tcText", f"{entry[1]}\r\n <SUP><A href='#' class='noteIndex'></A> </SUP>")
        + (_div("rptStatus_ctl00_tcText", totals) if totals else "")
        + (_div("rptNotes_ctl00_tcText", remarks) if remarks else "")
    )
    state = f'<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="{view_state}" />'
    body = (
        f'<form>{state}<a id="{ROOM}ucicons_lnkXml" href="{link}">x</a>{header}{table if table is not None else grid()}'
        f'<div id="{ROOM}divnew"></div><div id="{ROOM}tblMain">{below}</div>'
        f'<div id="{ROOM}divNotes">End Note</div>{end_notes(notes)}'
        f'<table><tr><td id="{ROOM}tclnkNote"></td></tr></table>'
    )
    head = '<head><meta charset="utf-8" /><meta name="dc.title" content="United Nations Treaty Collection" /></head>'
    return f"\r\n\r\n<!DOCTYPE html>\r\n<html>{head}<body>{body}</form></body>\r\n</html>\r\n".encode()


def export(  # noqa: PLR0913 - as for pages
    *,
    chapter: str = "CHAPTER XXVI",
    number: str = "<Numsect>5</Numsect><Titlesect>Convention on Paper Windmills</Titlesect>",
    headings: Sequence[str] = HEADINGS,
    rows: Rows = (
        ("Austria", "3 Dec 1999", "12 Jan 2001"),
        ("Belgium", "", "14 Feb 2002 a"),
        ("Poland", "[ 4 Dec 1999 ]", "[ 5 Mar 2003 A]"),
        ("Sweden", "21 Dec 1999", ""),
    ),
    totals: str = "<Signatories>2</Signatories><Parties>2</Parties>",
    below: str = "",
    notes: Sequence[str] = (),
    encoding: str = "utf-8",
) -> bytes:
    """Return a whole export. Texts are escaped here; `number`, `totals`, `below` and `notes` are markup."""
    entries = "".join(f"<Entry>{escape(h)}</Entry>" for h in headings)
    body = "".join("<Row>" + "".join(f"<Entry>{escape(c)}</Entry>" for c in row) + "</Row>\n" for row in rows)
    remarks = "".join(f"<Note><index>{i}</index>{text}</Note>" for i, text in enumerate(notes, start=1))
    text = f"""<?xml version="1.0" encoding="{encoding}"?>
<Document><Treaty><Template>mtdsg</Template><Header><Chapter><Header>{chapter}</Header><Name>TOYS</Name></Chapter>
<ExternalData>{number}<Conclusion>Oslo, 1 September 1999&lt;superscript&gt;1&lt;/superscript&gt;</Conclusion>
<EIF><Label>Entry into force</Label><Labeltext>1 March 2000, in accordance with article 9.</Labeltext></EIF>
<Status><Label>Status</Label>{totals}</Status></ExternalData></Header>
<Participants><Table><TGroup cols="{len(headings)}"><Thead><Row>{entries}</Row></Thead>
<Tbody><Rows>{body}</Rows></Tbody></TGroup></Table></Participants>{below}
<EndNotes>{remarks}</EndNotes><Footer>XXVI 5. Toys</Footer></Treaty></Document>
"""
    return text.encode(encoding)

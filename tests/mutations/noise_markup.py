"""Mutators of markup, spacing, order and frame: whatever they do, nothing may be reported."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html.entities import codepoint2name

from mutations.forms import Doc
from mutations.scene import HALF, Mutant, Scene
from mutations.truth import Verdict


def _quiet(scene: Scene, after: Doc) -> Mutant:
    return Mutant(scene.doc, after, Verdict.SILENT)


def _said(scene: Scene, text: str) -> Mutant:
    """The document as another text, no longer cut into parts."""
    return _quiet(scene, Doc(scene.doc.form, text, (), "", (), ""))


def viewstate(scene: Scene) -> Mutant | None:
    fresh = base64.b64encode(scene.rng.randbytes(900)).decode()
    text, count = re.subn(r'(id="__(?:VIEWSTATE|EVENTVALIDATION)" value=")[^"]*', rf"\g<1>{fresh}", scene.doc.text)
    return _said(scene, text) if count else None


def stamp(scene: Scene) -> Mutant | None:
    if scene.doc.stamp is None:
        return None
    return _quiet(scene, scene.doc.at(scene.doc.stamp + timedelta(days=scene.rng.randrange(8), minutes=17)))


def iso_stamp(scene: Scene) -> Mutant | None:
    if scene.doc.stamp is None:
        return None
    iso = scene.doc.stamp.strftime("STATUS AS AT : %Y-%m-%d %H:%M:%S EDT")
    return _said(scene, re.sub(r"STATUS AS AT : [^<]*", iso, scene.doc.text))


def row_order(scene: Scene) -> Mutant | None:
    rows = list(scene.doc.rows)
    scene.rng.shuffle(rows)
    return _quiet(scene, replace(scene.doc, rows=tuple(rows)))


def row_colours(scene: Scene) -> Mutant | None:
    return _said(
        scene, scene.doc.text.replace("trBWhite", "trBX").replace("trBGGrey", "trBWhite").replace("trBX", "odd")
    )


def heading_order(scene: Scene) -> Mutant | None:
    """The words of a heading stand in another order."""
    doc = scene.doc
    heading = scene.rng.choice([h for h in doc.headings if ", " in h and "(" in h] or [""])
    parts = heading.split(", ")
    if len(parts) < 2 or heading not in doc.head or any(not p[:1].isupper() for p in parts):
        return None
    scene.rng.shuffle(parts)
    return _quiet(scene, replace(doc, head=doc.head.replace(heading, ", ".join(parts))))


def line_ends(scene: Scene) -> Mutant | None:
    text = scene.doc.text
    return _said(scene, text.replace("\r\n", "\n") if "\r\n" in text else text.replace("\n", "\r\n"))


def padding(scene: Scene) -> Mutant | None:
    """Blanks and non-breaking blanks around names and dates."""
    if scene.doc.form == "export":
        return _said(scene, re.sub(r"<Entry>([^<]*)</Entry>", r"<Entry>  \1\n </Entry>", scene.doc.text))
    head, sep, rest = scene.doc.text.partition('class="thead-one"')
    grid, end, tail = rest.partition("</table")
    return _said(
        scene, head + sep + grid.replace("<td>", "<td>\r\n\t &nbsp;").replace("</td>", "&nbsp; </td>") + end + tail
    )


def attributes(scene: Scene) -> Mutant | None:
    if scene.doc.form == "export":
        return None
    head, sep, rest = scene.doc.text.partition('class="thead-one"')
    grid, end, tail = rest.partition("</table")
    return _said(scene, head + sep + grid.replace("<td>", '<td align="left" class="cell" data-x=\'1\'>') + end + tail)


def tag_case(scene: Scene) -> Mutant | None:
    if scene.doc.form == "export":
        return None
    head, sep, rest = scene.doc.text.partition('class="thead-one"')
    grid, end, tail = rest.partition("</table")
    swap = {"td": "TD", "tr": "TR", "A": "a", "SUP": "sup", "br": "BR"}
    grid = re.sub(r"(</?)(td|tr|A|SUP|br)\b", lambda m: m[1] + swap[m[2]], grid)
    return _said(scene, head + sep + grid + end + tail)


def entities(scene: Scene) -> Mutant | None:
    """Letters beyond ASCII as numbered entities, in names."""
    rows = tuple(
        replace(r, raw=r.raw and re.sub(r"[\x80-\uffff]", lambda m: f"&#{ord(m[0])};", r.raw)) for r in scene.doc.rows
    )
    return _quiet(scene, replace(scene.doc, rows=rows)) if rows != scene.doc.rows else None


def surroundings(scene: Scene) -> Mutant | None:
    """The site's own frame changes: scripts, menus, footer."""
    if scene.doc.form == "export":
        text = re.sub(r"<Footer>[^<]*</Footer>", "<Footer>Another footer</Footer>", scene.doc.text)
        return _said(scene, text.replace("<Document>", "<!-- generated -->\n<Document>"))
    text = scene.doc.text.replace("</head>", "<script>var table = '<td>1 Jan 2020</td>';</script></head>", 1)
    return _said(scene, text.replace("</body>", "<footer><p>Terms of use 2026</p></footer></body>"))


def mark_on_a_heading(scene: Scene) -> Mutant | None:
    doc = scene.doc
    if not doc.notes:
        return None
    number = doc.notes[0].number
    if doc.form == "page":
        at = doc.head.rfind('class="thead-one"')
        head = doc.head[:at] + doc.head[at:].replace(
            "Participant",
            f"Participant <SUP><A onclick='ShowNoteAll()' href='#{number}' class='noteIndex'>{number}</A> </SUP>",
            1,
        )
    else:
        head = doc.head.replace(">Participant<", f">Participant&lt;superscript&gt;{number}&lt;/superscript&gt;<", 1)
    return _quiet(scene, replace(doc, head=head)) if head != doc.head else None


def empty_section(scene: Scene) -> Mutant | None:
    doc, between = scene.doc, scene.doc.between
    if doc.form == "export":
        return (
            _quiet(scene, replace(doc, between=between.replace("</Participants>", "</Participants><Objections />", 1)))
            if ("<Objections" not in between)
            else None
        )
    if '_dgObj"' in between:
        return None
    table = '<table id="ctl00_ctl00_ContentPlaceHolder1_ContentPlaceHolderInnerPage_dgObj" cellspacing="0">\r\n</table>'
    return _quiet(scene, replace(doc, between=between.replace("<!--row3-->", "<!--row3-->" + table, 1)))


def section_heading(scene: Scene) -> Mutant | None:
    between = scene.doc.between.replace("Unless otherwise indicated, the", "Except where otherwise indicated,  the")
    return _quiet(scene, replace(scene.doc, between=between)) if between != scene.doc.between else None


def cell_spacing(scene: Scene) -> Mutant | None:
    """Dates without the tab, days without padding, as exports print them."""
    if scene.doc.form == "export":
        return _quiet(scene, replace(scene.doc, rows=tuple(replace(r, raw=None) for r in scene.doc.rows)))
    rows = tuple(
        replace(r, raw=r.raw and r.raw.replace("\t ", " ").replace("<td> &nbsp;", "<td>")) for r in scene.doc.rows
    )
    return _quiet(scene, replace(scene.doc, rows=rows))


def declaration_link(scene: Scene) -> Mutant | None:
    """A name becomes a link, or is one no more."""
    row = scene.pick(list(scene.doc.rows))
    if row is None or scene.doc.form == "export":
        return None
    plain = html.escape(row.who, quote=False)
    name = f"<A href='#EndDec' class='noteIndex' onclick='return ShowDeclarationsNew(this);'>{plain}</A>"
    return _quiet(scene, scene.doc.with_row(row, row.rename(name if "<A" not in row.name else plain)))


def bytes_mark(scene: Scene) -> Mutant | None:
    return _said(scene, "\ufeff" + scene.doc.text)


def blank_lines(scene: Scene) -> Mutant | None:
    return _said(scene, scene.doc.text.replace("</tr>\r\n", "</tr>\r\n\r\n  \r\n").replace("</Row>\n", "</Row>\n\n\n"))


def old_words_for_days(scene: Scene) -> Mutant | None:
    """The text on entry into force is reworded; its date stays."""
    head = scene.doc.head.replace(", in accordance with article", " (in accordance with article", 1)
    return _quiet(scene, replace(scene.doc, head=head)) if head != scene.doc.head else None


def entities_everywhere(scene: Scene) -> Mutant | None:
    """Letters beyond ASCII as entities, by name or by number, in the whole document."""

    def entity(found: re.Match[str]) -> str:
        number = ord(found[0])
        named = scene.doc.form == "page" and number in codepoint2name and scene.rng.random() < HALF
        return f"&{codepoint2name[number]};" if named else f"&#x{number:x};"

    return _said(scene, re.sub(r"[\x80-\uffff]", entity, scene.doc.text))


def blanks_in_names(scene: Scene) -> Mutant | None:
    """Non-breaking blanks stand in names."""
    blank = "&nbsp;" if scene.doc.form == "page" else "\u00a0"
    rows = (r.rename(r.name.replace(" ", blank)) if "<" not in r.name else r for r in scene.doc.rows)
    return _quiet(scene, replace(scene.doc, rows=tuple(rows)))


def apostrophes(scene: Scene) -> Mutant | None:
    """Apostrophes in names are set as typographers do."""
    rows = (r.rename(r.name.replace("'", "\u2019")) if "<" not in r.name else r for r in scene.doc.rows)
    return _quiet(scene, replace(scene.doc, rows=tuple(rows)))


def _page_rewritten(scene: Scene, pattern: str, new: str | Callable[[re.Match[str]], str]) -> Mutant | None:
    return None if scene.doc.form == "export" else _said(scene, re.sub(pattern, new, scene.doc.text))


def tags_in_capitals(scene: Scene) -> Mutant | None:
    return _page_rewritten(scene, r"(</?)(table|div|tr|td|a|br|p|i|span|sup)\b", lambda m: m[1] + m[2].upper())


def attributes_in_capitals(scene: Scene) -> Mutant | None:
    return _page_rewritten(scene, r"\b(id|class|href|name|style)(=[\"'])", lambda m: m[1].upper() + m[2])


def ids_in_single_quotes(scene: Scene) -> Mutant | None:
    return _page_rewritten(scene, r"\bid=\"([^\"']*)\"", r"id='\1'")


def ids_with_blanks(scene: Scene) -> Mutant | None:
    return _page_rewritten(scene, r'\bid="', 'id = "')


def head_and_body(scene: Scene) -> Mutant | None:
    """The table is written with its head and body, and its headings as such."""
    if scene.doc.form == "export":
        return None
    text = scene.doc.text
    first = text.index(">", text.index('tblgrid"')) + 1
    rows, last = text.index("</tr>", first) + len("</tr>"), text.index("</table", first)
    head = text[first:rows].replace("<td", "<th").replace("</td>", "</th>")
    return _said(scene, f"{text[:first]}<thead>{head}</thead><tbody>{text[rows:last]}</tbody>{text[last:]}")


def without_lines(scene: Scene) -> Mutant | None:
    """Nothing but tags between tags."""
    return _said(scene, re.sub(r">\s*\n\s*<", "><", scene.doc.text))


def other_classes(scene: Scene) -> Mutant | None:
    return _page_rewritten(scene, r"thead-one|heading-two|content-two", "x")


def stamp_spacing(scene: Scene) -> Mutant | None:
    return _page_rewritten(scene, r"STATUS AS AT : (\S+) (\S+) EDT", r"STATUS AS AT :  \1   \2&nbsp;EST ")


OF_MARKUP = (
    viewstate, stamp, iso_stamp, row_order, row_colours, heading_order, line_ends, padding, attributes,
    tag_case, entities, surroundings, mark_on_a_heading, empty_section, section_heading, cell_spacing,
    declaration_link, bytes_mark, blank_lines, old_words_for_days, entities_everywhere, blanks_in_names,
    apostrophes, tags_in_capitals, attributes_in_capitals, ids_in_single_quotes, ids_with_blanks, head_and_body,
    without_lines, other_classes, stamp_spacing,
)  # fmt: skip

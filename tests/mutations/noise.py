"""Mutators that change a document without telling of any act: whatever they do, nothing may be reported."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from mutations.events import withdrawal_both_at_once, withdrawal_takes_effect
from mutations.forms import Doc
from mutations.phrases import UNRELATED
from mutations.scene import Mutant, Scene, day_of
from mutations.truth import Verdict

Noise = Callable[[Scene], Mutant | None]


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


def unrelated_note(scene: Scene) -> Mutant | None:
    """A note on something else comes in among the others, and all later ones are renumbered."""
    row = scene.pick(list(scene.doc.rows))
    if row is None:
        return None
    day = scene.lately()
    words = scene.notice(row, day, day).fill(scene.rng.choice(UNRELATED))
    after, _ = scene.told(scene.doc, row, words)
    return _quiet(scene, after)


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


def mark_order(scene: Scene) -> Mutant | None:
    rows = [r for r in scene.doc.rows if len(r.marks) > 1]
    row = scene.pick(rows)
    if row is None:
        return None
    return _quiet(scene, scene.doc.with_row(row, replace(row, marks=row.marks[::-1], raw=None)))


def bytes_mark(scene: Scene) -> Mutant | None:
    return _said(scene, "\ufeff" + scene.doc.text)


def blank_lines(scene: Scene) -> Mutant | None:
    return _said(scene, scene.doc.text.replace("</tr>\r\n", "</tr>\r\n\r\n  \r\n").replace("</Row>\n", "</Row>\n\n\n"))


def old_words_for_days(scene: Scene) -> Mutant | None:
    """The text on entry into force is reworded; its date stays."""
    head = scene.doc.head.replace(", in accordance with article", " (in accordance with article", 1)
    return _quiet(scene, replace(scene.doc, head=head)) if head != scene.doc.head else None


NOISE: dict[str, Noise] = {
    f.__name__: f
    for f in (
        viewstate, stamp, iso_stamp, row_order, row_colours, unrelated_note, heading_order, line_ends, padding,
        attributes, tag_case, mark_position, marks_without_links, note_typography, links_in_notes,
        links_gone_from_notes, words_follow_the_effect, brackets_without_words, statement_spacing, entities,
        surroundings, mark_on_a_heading, empty_section, section_heading, cell_spacing, declaration_link,
        mark_order, bytes_mark, blank_lines, old_words_for_days,
    )
}  # fmt: skip

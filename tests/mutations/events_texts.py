"""Mutators that make a document tell of statements, territories and the treaty itself."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

from mutations.forms import Doc, P
from mutations.phrases import (
    STATEMENTS_WITHDRAWN,
    in_cell,
    in_words,
)
from mutations.scene import Mutant, Scene
from mutations.truth import Truth

_TEXTS = (
    "The Government declares that it understands article 7 as not affecting its obligations under other instruments.",
    "“Pursuant to article 12, the competent authority is the Ministry of Foreign Affairs.”",
)


def _block(doc: Doc, who: str, text: str, section: str, number: int = 99) -> str:
    if doc.form == "export":
        tag = {"dgDec": "Declaration", "dgObj": "Objection"}[section]
        return f'<{tag}><Participant>{who}</Participant><text type="normal">{text}</text></{tag}>'
    return (
        f'<tr align="left" valign="top">\r\n\t\t\t<td>\r\n <div id="{P}{section}_ctl{number}_divMainText"></div>\r\n'
        f'<div id="{P}{section}_ctl{number}_divParticipant" class="heading-two">{who}</div>\r\n'
        f'<div id="{P}{section}_ctl{number}_divText" class="content-two"><p class=\'invisible\'>{who}</p>'
        f"<p align=left><i>Declaration:</i><br></n></p>&nbsp;&nbsp;{text}<br></n><br></div>\r\n </td>\r\n\t\t</tr>"
    )


def _speaks(scene: Scene, section: str) -> Mutant | None:
    doc = scene.doc
    opening = (
        f'id="{P}{section}"' if doc.form == "page" else {"dgDec": "<Declarations>", "dgObj": "<Objections>"}[section]
    )
    at = doc.between.find(opening)
    if at < 0:
        return None
    at = doc.between.index(">", at) + 1
    row = scene.pick([r for r in scene.bound() if f">{r.who}" not in doc.between])
    if row is None:
        return None
    block = _block(doc, html.escape(row.who, quote=False), scene.rng.choice(_TEXTS), section)
    between = doc.between[:at] + "\r\n\t\t" + block + doc.between[at:]
    return Mutant(doc, replace(doc, between=between), (Truth("statement_made", row.who),))


def declares(scene: Scene) -> Mutant | None:
    """A participant makes a declaration."""
    return _speaks(scene, "dgDec")


def objects(scene: Scene) -> Mutant | None:
    """A participant objects."""
    return _speaks(scene, "dgObj")


def declaration_goes(scene: Scene) -> Mutant | None:
    """A participant's declaration is no longer printed."""
    made = declares(scene)
    if made is None:
        return None
    return Mutant(made.after, made.before, (Truth("statement_withdrawn", made.expected[0].who),))  # type: ignore[index]


_BLOCK = re.compile(
    r"_dg(?:Dec|Obj)_ctl\d+_divParticipant\"[^>]*>(?P<who>.*?)</div>.*?_divText\"[^>]*>(?P<text>.*?)</div>", re.DOTALL
)


def sentence_is_added(scene: Scene) -> Mutant | None:
    """A participant says more, behind what it has said before."""
    between = scene.doc.between
    blocks = list(_BLOCK.finditer(between)) if scene.doc.form == "page" else []
    if not blocks:
        return None
    block = scene.rng.choice(blocks)
    who = " ".join(html.unescape(re.sub(r"<SUP>.*?</SUP>|<[^>]*>", "", block["who"])).split())
    words = "<p align=right>2 February 2026</p><br>&nbsp;The State further recognizes the panel of article 31.<br></n>"
    between = between[: block.end("text")] + words + between[block.end("text") :]
    return Mutant(scene.doc, replace(scene.doc, between=between), (Truth("statement_made", who),))


def sentence_goes(scene: Scene) -> Mutant | None:
    """What a participant had said last is no longer printed."""
    made = sentence_is_added(scene)
    if made is None:
        return None
    return Mutant(made.after, made.before, (Truth("statement_withdrawn", made.expected[0].who),))  # type: ignore[index]


def first_objection(scene: Scene) -> Mutant | None:
    """A section of objections appears, with one objection."""
    doc, row = scene.doc, scene.pick(scene.bound())
    if row is None or doc.form == "export" or '_dgObj"' in doc.between or "<!--row3-->" not in doc.between:
        return None
    block = _block(doc, html.escape(row.who, quote=False), _TEXTS[0], "dgObj", 2)
    table = f'<div>\r\n\t<table cellspacing="0" id="{P}dgObj">\r\n\t\t{block}\r\n\t</table>\r\n</div>'
    between = doc.between.replace("<!--row3-->", f"<!--row3-->{table}", 1)
    return Mutant(doc, replace(doc, between=between), (Truth("statement_made", row.who),))


def declaration_goes_by_note(scene: Scene) -> Mutant | None:
    """A declaration is no longer printed, and a note says that it was withdrawn: told once."""
    made = declares(scene)
    if made is None:
        return None
    who = made.expected[0].who  # type: ignore[index]
    assert who
    row, day = made.before.find(who), scene.lately()
    words = "On {day}, {gov} notified the Secretary-General of its decision to withdraw its earlier declaration."
    after, _ = scene.told(made.before, row, scene.notice(row, day, day).fill(words))
    return Mutant(made.after, after, (Truth("statement_withdrawn", who),))


def withdraws_a_statement(scene: Scene) -> Mutant | None:
    """A note tells of a reservation or declaration withdrawn."""
    row = scene.pick(scene.bound())
    if row is None:
        return None
    day = scene.lately()
    notice = scene.notice(row, day, day + timedelta(days=30))
    after, _ = scene.told(scene.doc, row, notice.fill(scene.rng.choice(STATEMENTS_WITHDRAWN)))
    return Mutant(scene.doc, after, (Truth("statement_withdrawn", row.who),))


def extends_to_territory(scene: Scene) -> Mutant | None:
    """A notification of territorial application is received."""
    row = scene.pick(scene.bound())
    if row is None or scene.doc.form != "page":
        return None
    between, empty = scene.doc.between, re.search(r'(id="[^"]*_tblDec"[^>]*>)\s*(</table>)', scene.doc.between)
    if empty is None:
        return None
    head = "<tr><td>Participant</td><td>Date of receipt of the notification</td><td>Territories</td></tr>"
    line = f"<tr><td>{row.who}</td><td>{in_cell(scene.lately())}</td><td>Isle of Man</td></tr>"
    between = f"{between[: empty.end(1)]}\r\n{head}{line}\r\n{between[empty.start(2) :]}"
    return Mutant(scene.doc, replace(scene.doc, between=between), (Truth("territory_extended", row.who),))


def enters_into_force(scene: Scene) -> Mutant | None:
    """The treaty itself enters into force."""
    doc = scene.doc
    if "XXVI" not in doc.head or "see article XIV" not in doc.head:
        return None
    day = scene.lately()
    head = re.sub(r"\[see article XIV\][^<]*", f"{in_words(day)}, in accordance with article XIV (1). ", doc.head)
    head = head.replace("Not yet in force", "Entry into force")
    return Mutant(doc, replace(doc, head=head), (Truth("treaty_in_force", None),))


OF_TEXTS = (
    declares, objects, declaration_goes, sentence_is_added, sentence_goes, first_objection,
    declaration_goes_by_note, withdraws_a_statement, extends_to_territory, enters_into_force,
)  # fmt: skip

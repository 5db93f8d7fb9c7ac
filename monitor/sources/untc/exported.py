"""Reads the collection's XML export of a treaty: parsed safely, then read as a page is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from lxml import etree

from monitor.domain.snapshot import Finding, StatementKind, Totals
from monitor.sources.untc.encoding import declared, decode, repair
from monitor.sources.untc.markup import label, plain
from monitor.sources.untc.notes import EndNote
from monitor.sources.untc.printed import Printed, PrintedHeader, PrintedRow, PrintedStatement
from monitor.sources.untc.reference import compose
from monitor.sources.untc.refusal import Unreadable, hold, note, refuse
from monitor.sources.untc.regions import export_ends
from monitor.sources.untc.sections import SILENT, end_note, territory

_DECLARATION = re.compile(r"^\s*<\?xml\b[^<>]*\?>")
_FORBIDDEN = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_STRAY_BRACKET = re.compile(r"<(?!/?[A-Za-z][\w.-]*(?:\s[^<>]*)?/?>)")
_STRAY_AMPERSAND = re.compile(r"&(?!(?:lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_ENTITIES = (
    ("&lt;", "\ue000", "<"),
    ("&gt;", "\ue001", ">"),
    ("&amp;", "\ue002", "&"),
    ("&quot;", "\ue003", '"'),
    ("&apos;", "\ue004", "'"),
)
_RECOVERED = note("recovered", "the export is not well-formed: stray characters in its texts were escaped")
_FIGURE = re.compile(r"[0-9]{1,4}")
_STATEMENTS = (
    ("Declarations/Declaration", StatementKind.DECLARATION),
    ("Objections/Objection", StatementKind.OBJECTION),
    ("DeclarationsUnderArticle/Declaration", StatementKind.ARTICLE_DECLARATION),
    ("Notifications/Notification", StatementKind.NOTIFICATION),
)


def printed(body: bytes) -> Printed:
    """Return what an export prints. Raises Unreadable."""
    text, findings = decode(body, declared(body))
    root, mended = _parse(text)
    if not export_ends(text.encode("utf-8", errors="replace")[-1024:]):
        raise Unreadable(refuse("truncated", "the export was cut: its end is missing"))
    treaty = root.find("Treaty")
    if treaty is None:
        raise Unreadable(refuse("not-an-export", "the document is no export of a treaty"))
    headings, rows = _grid(treaty)
    return Printed(
        form="export",
        header=_header(treaty),
        headings=headings,
        rows=rows,
        statements=(*_statements(treaty), *_territories(treaty)),
        notes=tuple(_notes(treaty)),
        findings=(*findings, *mended),
    )


def _parse(text: str) -> tuple[etree._Element, tuple[Finding, ...]]:
    """Return the root, mending what must be mended: of 407 exports seen raw, 271 were not well-formed.

    What those had were characters cut to one byte: control characters, and Cyrillic letters that became `<` and `&`.
    Both can be mended without loss. What is still not well-formed then has lost something, and is held.
    """
    if not text.strip():
        raise Unreadable(refuse("empty-document", "the document is empty"))
    if "\x00" in text:
        raise Unreadable(refuse("not-an-export", "the document holds zero bytes: it is no text, or a damaged one"))
    if _FORBIDDEN.search(text):
        raise Unreadable(refuse("doctype", "the document declares a document type or entities; no export does"))
    text, controls = repair(_DECLARATION.sub("", text))
    restored = (note("control-characters", "control characters in the export were replaced"),) if controls else ()
    for mended, findings in ((text, restored), (_escaped(text), (*restored, _RECOVERED))):
        with suppress(etree.XMLSyntaxError):
            return etree.fromstring(mended.encode("utf-8", errors="replace"), _parser(recover=False)), findings
    return _salvaged(text), (*restored, hold("recovered", "the export's markup is broken; part of it may be lost"))


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )


def _escaped(text: str) -> str:
    return _STRAY_BRACKET.sub("&lt;", _STRAY_AMPERSAND.sub("&amp;", text))


def _salvaged(text: str) -> etree._Element:
    """Return what a recovering parser makes of it; after an error it drops entities, so they are hidden from it."""
    hidden = _escaped(text)
    for entity, stand_in, _ in _ENTITIES:
        hidden = hidden.replace(entity, stand_in)
    root = etree.fromstring(hidden.encode("utf-8", errors="replace"), _parser(recover=True))
    if root is None:
        raise Unreadable(refuse("not-an-export", "the document is no XML"))
    back = {ord(stand_in): character for _, stand_in, character in _ENTITIES}
    for element in root.iter():
        element.text = element.text and element.text.translate(back)
    return root


def _text(parent: etree._Element | None, path: str) -> str:
    return _inner(parent.find(path)) if parent is not None else ""


def _inner(element: etree._Element | None) -> str:
    return "".join(map(str, element.itertext())) if element is not None else ""


def _header(treaty: etree._Element) -> PrintedHeader:
    data = treaty.find("Header/ExternalData")
    part = _text(treaty, "Header/SubChapter") or _text(treaty, "Header/Chapter/SubChapter")
    reference = compose(
        _text(treaty, "Header/Chapter/Header"),
        plain(part),
        plain(_text(data, "Numsect")),
        plain(_text(data, "Subnumsect")),
    )
    if not reference:
        raise Unreadable(refuse("no-number", "the export does not give the treaty's chapter and number"))
    return PrintedHeader(
        reference=reference,
        title=plain(_text(data, "Subtitlesect") or _text(data, "Titlesect")),
        place_and_date=plain(_text(data, "Conclusion")),
        entry_label=plain(_text(data, "EIF/Label")),
        entry=plain(_text(data, "EIF/Labeltext")),
        stated=Totals(_figure(_text(data, "Status/Signatories")), _figure(_text(data, "Status/Parties"))),
        stamp=None,
        remarks=plain(" ".join(_inner(e) for e in data.iterfind("TreatyNote/Text")) if data is not None else ""),
    )


def _figure(source: str) -> int | None:
    found = _FIGURE.match(plain(source))
    return int(found[0]) if found else None


def _grid(treaty: etree._Element) -> tuple[tuple[str, ...], tuple[PrintedRow, ...]]:
    groups = treaty.findall("Participants/Table/TGroup")
    if len(groups) != 1:
        rule, what = ("several-grids", f"{len(groups)} tables") if groups else ("no-grid", "no table")
        raise Unreadable(refuse(rule, f"the export has {what} of participants"))
    headings = tuple(label(_inner(entry)).text for entry in groups[0].iterfind("Thead/Row/Entry"))
    rows = (row.findall("Entry") for row in groups[0].iterfind("Tbody/Rows/Row"))
    return headings, tuple(_row([_inner(entry) for entry in row]) for row in rows)


def _row(entries: list[str]) -> PrintedRow:
    return PrintedRow(label(entries[0] if entries else "").as_name(), tuple(" ".join(e.split()) for e in entries[1:]))


def _statements(treaty: etree._Element) -> Iterator[PrintedStatement]:
    for path, kind in _STATEMENTS:
        for element in treaty.iterfind(path):
            who = label(_text(element, "Participant")).as_name().text
            text = plain("<br>".join(_inner(t) for t in element.iterfind("text")))
            if text and not who:
                raise Unreadable(refuse("nameless-statement", f"{path} has a text without a participant"))
            if who and (text or kind in SILENT):
                yield PrintedStatement(kind, who, text)


def _territories(treaty: etree._Element) -> Iterator[PrintedStatement]:
    who = ""
    for element in treaty.iterfind("TerritorialApplications/Application"):
        who = label(_text(element, "Participant")).as_name().text or who
        yield from territory(who, plain(_text(element, "DateNotification")), plain(_text(element, "Territories")))


def _notes(treaty: etree._Element) -> Iterator[EndNote]:
    for element in treaty.iterfind("EndNotes/Note"):
        number = _figure(_text(element, "index"))
        if number is None:
            continue
        one = end_note(number, "<br>".join(_inner(t) for t in element.iterfind("text")))
        yield EndNote(number, one.text, one.tables + tuple(_table(t) for t in element.iterfind("table")))


def _table(table: etree._Element) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(plain(_inner(cell)) for cell in row.iterfind("col")) for row in table.iterfind("row"))

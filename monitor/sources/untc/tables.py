"""Tables of a page into rows of cells, by lxml on the table's own slice of the page."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from monitor.sources.untc.markup import Label, fold, numbers

_MARKS = frozenset({"sup", "superscript"})


def _parser() -> etree.HTMLParser:
    return etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)


def rows(source: str) -> tuple[tuple[etree._Element, ...], ...]:
    """Return the cells of each row of a table; empty for markup that holds none."""
    data = source.replace("\x00", "\ufffd").encode("utf-8", errors="replace")
    root = etree.fromstring(data, _parser()) if data.strip() else None
    if root is None:
        return ()
    return tuple(tuple(row.iterchildren("td", "th")) for row in root.iter("tr"))


def cell_text(cell: etree._Element) -> str:
    """Return everything that a cell prints, white space folded."""
    return fold(cell.text or "") if _only_text(cell) else fold("".join(map(str, cell.itertext())))


def _only_text(cell: etree._Element) -> bool:
    """Whether a cell holds nothing but text, perhaps before one line break: almost all do, and are read at once."""
    inside = len(cell)
    return inside == 0 or (inside == 1 and cell[0].tag == "br" and not len(cell[0]) and not cell[0].tail)


def cell_label(cell: etree._Element) -> Label:
    """Return a cell's words without its note marks, and the marks' numbers."""
    marks = () if _only_text(cell) else tuple(cell.iter(*_MARKS))
    if not marks:
        return Label(cell_text(cell))
    return Label(fold("".join(_outside_marks(cell))), tuple(n for mark in marks for n in numbers(cell_text(mark))))


def cell_name(cell: etree._Element) -> Label:
    """Return the participant's name in a cell, also without marks that stand in it as plain characters."""
    return cell_label(cell).as_name()


def _outside_marks(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in _MARKS:
            yield from _outside_marks(child)
        elif len(child) == 0 and not numbers(child.text or ""):
            yield child.text or ""
        yield child.tail or ""


def texts(source: str) -> tuple[tuple[str, ...], ...]:
    """Return a table as rows of plain texts (the tables inside end notes)."""
    return tuple(tuple(map(cell_text, row)) for row in rows(source))

"""Tables of a page into rows of cells, by lxml on the table's own slice of the page.

A round reads hundreds of thousands of cells, so they are walked in C: a stylesheet writes out their texts, and only
cells with note marks are ever looked at one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from lxml import etree

from monitor.sources.untc.markup import Label, fold, numbers

_MARKS = frozenset({"sup", "superscript"})
_MARKED, _CELL, _ROW = "\ufdd0", "\ufdd1", "\ufdd2"
"""Stand before a cell with marks, behind a cell and behind a row; no text may hold these noncharacters."""
_NONCHARACTER = re.compile(f"[{_MARKED}-{_ROW}]|&#(?:0*6497[678]|[xX]0*[fF][dD][dD][012])(?![0-9a-fA-F])")
_WALK = etree.XSLT(
    etree.XML(f"""
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text"/>
  <xsl:template match="/">
    <xsl:for-each select="//tr">
      <xsl:for-each select="td|th">
        <xsl:if test=".//sup|.//superscript">{_MARKED}</xsl:if>
        <xsl:value-of select="."/>
        <xsl:text>{_CELL}</xsl:text>
      </xsl:for-each>
      <xsl:text>{_ROW}</xsl:text>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>""")
)


class Row(NamedTuple):
    """The texts of a row's cells, white space folded, and those cells that carry note marks, by their place."""

    texts: tuple[str, ...]
    marked: Mapping[int, etree._Element] = MappingProxyType({})

    def label(self, place: int) -> Label:
        """Return a cell's words without its note marks, and the marks' numbers."""
        cell = self.marked.get(place)
        if cell is None:
            return Label(self.texts[place])
        marks = tuple(n for mark in cell.iter(*_MARKS) for n in numbers(fold("".join(map(str, mark.itertext())))))
        return Label(fold("".join(_outside_marks(cell))), marks)

    def name(self, place: int) -> Label:
        """Return the participant's name in a cell, also without marks that stand in it as plain characters."""
        return self.label(place).as_name()


def rows(source: str) -> tuple[Row, ...]:
    """Return the rows of a table and of the tables in it; empty for markup that holds none."""
    data = _clean(source).encode("utf-8", errors="replace")
    root = etree.fromstring(data, _parser()) if data.strip() else None
    if root is None:
        return ()
    written = fold(str(_WALK(root))).split(_ROW)[:-1]
    return tuple(_row(cells, row) for cells, row in zip(written, root.iter("tr"), strict=True))


def texts(source: str) -> tuple[tuple[str, ...], ...]:
    """Return a table as rows of plain texts (the tables inside end notes)."""
    return tuple(row.texts for row in rows(source))


def _parser() -> etree.HTMLParser:
    return etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)


def _clean(source: str) -> str:
    """Return markup without what no table may hold; it stands out as what could not be decoded."""
    suspicious = "&#" in source or any(sign in source for sign in (_MARKED, _CELL, _ROW))
    return (_NONCHARACTER.sub("\ufffd", source) if suspicious else source).replace("\x00", "\ufffd")


def _row(written: str, row: etree._Element) -> Row:
    cells = [cell.strip() for cell in written.split(_CELL)[:-1]]
    if _MARKED not in written:
        return Row(tuple(cells))
    elements = zip(cells, row.iterchildren("td", "th"), strict=True)
    marked = {place: element for place, (cell, element) in enumerate(elements) if cell.startswith(_MARKED)}
    return Row(tuple(cell.removeprefix(_MARKED).lstrip() for cell in cells), marked)


def _outside_marks(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in _MARKS:
            yield from _outside_marks(child)
        elif len(child) == 0 and not numbers(child.text or ""):
            yield child.text or ""
        yield child.tail or ""

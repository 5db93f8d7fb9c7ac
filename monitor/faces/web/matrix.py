"""The table of countries and treaties: a cell is written once for each standing, a column once for each strip."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from urllib.parse import quote

from markupsafe import Markup

from monitor.domain.action import ActionKind
from monitor.domain.participation import Standing
from monitor.domain.wording import spoken
from monitor.faces.web.board import Strip
from monitor.faces.web.drawing import kind_of
from monitor.faces.web.memory import Memory
from monitor.faces.web.rendering import STATUS, environment

ABSENT = Markup('<td class="s-none">\N{EN DASH}</td>')
UNREAD = Markup('<td class="s-unread">not read</td>')
_CELL = Markup('<td class="s-{}">{}{}</td>')
_SMALL = Markup("<small>{}</small>")
_ROW = Markup('<tr><th scope="row"><a href="/countries/{}">{}</a></th>{}</tr>\n')


def matrix(columns: tuple[Strip, ...], names: Mapping[str, str], memory: Memory) -> Markup:
    """Return the table; `names` are the countries by key, each of which gets a line."""
    cells = [memory.about((column,), "cells", partial(_cells, column)) for column in columns]
    others = [ABSENT if column.read else UNREAD for column in columns]
    pairs = list(zip(cells, others, strict=True))
    rows = [_row(key, name, pairs) for key, name in sorted(names.items(), key=lambda item: item[1])]
    template = environment().get_template("matrix.html")
    return Markup(template.render(columns=columns, rows=Markup("").join(rows)))  # noqa: S704 - the template escapes


def _row(key: str, name: str, columns: list[tuple[dict[str, Markup], Markup]]) -> Markup:
    line = "".join([cells.get(key, other) for cells, other in columns])
    return _ROW.format(quote(key), name, Markup(line))  # noqa: S704 - of cells that are written here


def _cells(column: Strip) -> dict[str, Markup]:
    return {key: _cell(where) for key, where in column.standings.items()}


@lru_cache(maxsize=4096)
def _cell(where: Standing) -> Markup:
    """Return what is said of one standing: the status, what it rests on, what is to come."""
    kind = kind_of(where)
    word = STATUS[where.status.value] if where.status.value != "none" else "\N{EN DASH}"
    small = []
    if where.conditional or where.basis.value != "stated":
        small.append("conditional" if where.conditional else where.basis.value)
    if where.pending:
        day = where.pending.effective
        verb = "leaves" if where.pending.kind is ActionKind.WITHDRAWAL else "suspends"
        small.append(f"{verb} {spoken(day) if day else 'day unknown'}")
    return _CELL.format(kind, word, Markup("").join(_SMALL.format(text) for text in small))

"""Draws the map of the world and the chart of parties as SVG, on the server: a reader needs no script to see them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from markupsafe import Markup

from monitor.domain.participation import Standing, Status
from monitor.faces.web.board import Step
from monitor.faces.web.rendering import STATUS

_SHAPES = Path(__file__).parent / "world.json"

WIDTH, HEIGHT = 1000, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 14, 28


@dataclass(frozen=True, slots=True)
class World:
    """Shapes by participant's code, and dots for States too small to have one; `view` is the picture's viewBox."""

    view: str
    land: Mapping[str, str]
    dots: Mapping[str, tuple[int, int]]
    unnamed: tuple[str, ...]


@cache
def world() -> World:
    """Return the vendored shapes (Natural Earth, public domain; see tools/draw_world.py)."""
    data = json.loads(_SHAPES.read_text("utf-8"))
    dots = {code: (x, y) for code, (x, y) in data["dots"].items()}
    return World(data["view"], data["land"], dots, tuple(data["unnamed"]))


def kind_of(where: Standing | None) -> str:
    """Return the class in which a standing is drawn: its status, or that a party is about to leave."""
    if where is None:
        return "none"
    leaving = where.pending is not None and where.status in {Status.PARTY, Status.CONTRACTING}
    return "leaving" if leaving else where.status.value


def map_of(standings: Mapping[str, Standing], names: Mapping[str, str], label: str) -> Markup:
    """Return the world, coloured by status; `label` is what the picture says to those who do not see it."""
    shapes = world()
    parts = [Markup('<svg class="map" viewBox="{}" role="img" aria-label="{}">').format(shapes.view, label)]
    parts += [Markup('<path class="land" d="{}"/>').format(d) for d in shapes.unnamed]
    for code, d in shapes.land.items():
        where = standings.get(code)
        parts.append(
            Markup('<path class="s-{}" d="{}"><title>{}</title></path>').format(
                kind_of(where), d, _said(names.get(code, code), where)
            )
        )
    for code, (x, y) in shapes.dots.items():
        if (where := standings.get(code)) is not None:
            said = _said(names.get(code, code), where)
            circle = Markup('<circle class="s-{}" cx="{}" cy="{}" r="4"><title>{}</title></circle>')
            parts.append(circle.format(kind_of(where), x, y, said))
    return Markup("").join([*parts, Markup("</svg>")])


def _said(name: str, where: Standing | None) -> str:
    if where is None:
        return f"{name}: not on the page"
    text = f"{name}: {STATUS[where.status.value]}"
    return f"{text}, leaves on {where.pending.effective}" if kind_of(where) == "leaving" and where.pending else text


def chart_of(steps: tuple[Step, ...], today: date, on: date) -> Markup:
    """Return the number of parties over time as a line of steps, dashed where it is still to come."""
    if not steps:
        return Markup("")
    frame = _Frame.of(steps, today, on)
    done = [s for s in steps if s.day <= today]
    level = done[-1].parties if done else 0
    to_come = [Step(today, level), *(s for s in steps if s.day > today)]
    label = f"Number of parties over time: {level} now, at most {max(s.parties for s in steps)}"
    parts = [Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, HEIGHT, label)]
    parts += [frame.line(n) for n in frame.levels()] + [frame.year(y) for y in frame.years()]
    parts.append(Markup('<path class="past" d="{}"/>').format(frame.path([*done, Step(today, level)])))
    parts.append(Markup('<path class="future" d="{}"/>').format(frame.path(to_come)))
    parts.append(frame.mark(on))
    return Markup("").join([*parts, Markup("</svg>")])


@dataclass(frozen=True, slots=True)
class _Frame:
    """The scales of the chart: days to the right, parties upwards."""

    first: date
    last: date
    top: int

    @classmethod
    def of(cls, steps: tuple[Step, ...], today: date, on: date) -> _Frame:
        days = [s.day for s in steps] + [today, on]
        return cls(min(days), max(days), max(5, *(s.parties for s in steps)))

    def x(self, day: date) -> float:
        span = max(1, (self.last - self.first).days)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - self.first).days / span, 1)

    def y(self, parties: int) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * parties / self.top, 1)

    def path(self, steps: list[Step]) -> str:
        """Return the line: level until the next day, then up or down."""
        parts = [f"M{self.x(steps[0].day)} {self.y(steps[0].parties)}"] if steps else []
        parts += [f"H{self.x(b.day)}V{self.y(b.parties)}" for _, b in pairwise(steps)]
        return "".join(parts)

    def levels(self) -> range:
        """Return the numbers at which a line crosses the chart: four or five of them."""
        step = next(s for s in (1, 2, 5, 10, 20, 25, 50, 100) if self.top / s <= 5)  # noqa: PLR2004 - as said
        return range(0, self.top + 1, step)

    def years(self) -> range:
        """Return the years that are written below: at most ten."""
        span = self.last.year - self.first.year + 1
        step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000, 10000) if span / s <= 10)  # noqa: PLR2004 - as said
        start = -(-self.first.year // step) * step
        return range(start, self.last.year + 1, step)

    def line(self, parties: int) -> Markup:
        shape = Markup('<line x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}" class="y">{}</text>')
        return shape.format(
            LEFT, WIDTH - RIGHT, self.y(parties), self.y(parties), LEFT - 6, self.y(parties) + 4, parties
        )

    def year(self, year: int) -> Markup:
        day = max(self.first, date(year, 1, 1))
        return Markup('<text x="{}" y="{}" class="x">{}</text>').format(self.x(day), HEIGHT - 8, year)

    def mark(self, day: date) -> Markup:
        line = Markup('<line class="mark" x1="{}" x2="{}" y1="{}" y2="{}"/>')
        return line.format(self.x(day), self.x(day), TOP, HEIGHT - BOTTOM)

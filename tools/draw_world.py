"""Makes `monitor/faces/web/world.json` from Natural Earth's shapes (public domain), as npm's `world-atlas` packs them.

    npm pack world-atlas@2 && tar xzf world-atlas-2.*.tgz && python tools/draw_world.py package

States that the coarse shapes (1:110 million) leave out become dots at the middle of their finer ones (1:50 million).
The projection is Equal Earth (Šavrič, Patterson, Jenny 2018): areas are true, so that no State looks more than it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import asin, cos, radians, sqrt
from pathlib import Path
from typing import Any

from monitor.settings import shipped_names

TARGET = Path(__file__).parent.parent / "monitor" / "faces" / "web" / "world.json"
SCALE = 181.0
HALF_TURN = 180
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796

Ring = list[tuple[float, float]]

CALLED = {
    "Dem. Rep. Congo": "CD", "Dominican Rep.": "DO", "Central African Rep.": "CF", "Eq. Guinea": "GQ", "eSwatini": "SZ",
    "Solomon Is.": "SB", "Bosnia and Herz.": "BA", "Macedonia": "MK", "S. Sudan": "SS", "Antigua and Barb.": "AG",
    "St. Vin. and Gren.": "VC", "St. Kitts and Nevis": "KN", "Marshall Is.": "MH", "Vatican": "VA", "Palestine": "PS",
    "Cook Is.": "CK", "Kosovo": "XK", "Côte d'Ivoire": "CI", "Congo": "CG", "United States of America": "US",
    "Micronesia": "FM", "São Tomé and Principe": "ST", "Cabo Verde": "CV", "Turkey": "TR", "Niue": "NU",
    "Saint Lucia": "LC",
}  # fmt: skip
"""Natural Earth's short names that are in no table of ours."""

DEPENDENT = {"Greenland", "Puerto Rico", "New Caledonia", "Falkland Is.", "Fr. S. Antarctic Lands"}
"""Shapes without a standing of their own, drawn as land."""

TOO_SMALL = {"TV": (179.2, -8.5)}
"""Where a State lies that even the finer shapes leave out."""


def main(folder: Path) -> None:
    """Write the file, and tell which shapes have no code."""
    coarse, fine = (_features(json.loads((folder / f"countries-{r}.json").read_text())) for r in ("110m", "50m"))
    land: dict[str, str] = {}
    unnamed = []
    for name, rings in coarse:
        code = None if name in DEPENDENT else _code(name)
        if name == "Antarctica":
            continue
        if code:
            land[code] = _path(rings)
        else:
            unnamed.append(_path(rings))
            print(f"drawn as land alone: {name}", file=sys.stderr)  # noqa: T201 - a tool talks
    dots = {code: _project(*place) for code, place in TOO_SMALL.items()}
    dots |= {c: _middle(r) for name, r in fine if name not in DEPENDENT and (c := _code(name)) and c not in land}
    data = {"view": "0 0 1000 440", "land": land, "dots": dots, "unnamed": unnamed}
    TARGET.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")


def _code(name: str) -> str | None:
    if name in CALLED:
        return CALLED[name]
    found = shipped_names().lookup(name)
    return found.code if found else None


def _features(topology: dict[str, Any]) -> Iterator[tuple[str, list[Ring]]]:
    """Yield each country's name and rings, in degrees."""
    arcs = [_absolute(arc, topology["transform"]) for arc in topology["arcs"]]
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        yield geometry["properties"]["name"], [_ring(ring, arcs) for polygon in polygons for ring in polygon]


def _absolute(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    """Undo the steps and the grid in which TopoJSON writes an arc."""
    (kx, ky), (dx, dy) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * kx + dx, y * ky + dy))
    return points


def _ring(indices: Iterable[int], arcs: list[Ring]) -> Ring:
    """Join arcs; a negative index means the arc the other way round."""
    points: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def _halves(ring: Ring) -> list[Ring]:
    """Cut a ring that crosses the 180th meridian, so that nothing is drawn across the whole world."""
    sides: dict[bool, Ring] = {}
    east = ring[0][0] >= 0
    for before, point in pairwise([ring[0], *ring]):
        if abs(point[0] - before[0]) > HALF_TURN:
            east = not east
        sides.setdefault(east, []).append(point)
    return list(sides.values())


def _project(longitude: float, latitude: float) -> tuple[int, int]:
    t = asin(sqrt(3) / 2 * _sin(latitude))
    t2 = t * t
    t6 = t2**3
    x = radians(longitude) * cos(t) / (sqrt(3) / 2 * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)))
    y = t * (A1 + A2 * t2 + t6 * (A3 + A4 * t2))
    return round(500 + x * SCALE), round(238 - y * SCALE)


def _sin(degrees: float) -> float:
    return cos(radians(90 - degrees))


def _path(rings: list[Ring]) -> str:
    """Return the rings as an SVG path of whole, relative steps."""
    parts = []
    for ring in (part for whole in rings for part in _halves(whole)):
        points = [_project(*point) for point in ring]
        kept = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
        if len(kept) > 2:  # noqa: PLR2004 - fewer points have no area
            steps = "".join(f"l{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(kept))
            parts.append(f"M{kept[0][0]} {kept[0][1]}{steps}z".replace(" -", "-"))
    return "".join(parts)


def _middle(rings: list[Ring]) -> tuple[int, int]:
    """Return the middle of the largest ring."""
    largest = max(rings, key=len)
    longitude, latitude = (sum(p[i] for p in largest) / len(largest) for i in (0, 1))
    return _project(longitude, latitude)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

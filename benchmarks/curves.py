"""Draws curves as SVG, on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10

from report import COLOURS

LEFT, TOP, WIDTH, HEIGHT = 90, 40, 520, 300


def curves(title: str, unit: str, lines: Mapping[str, Sequence[float]], steps: Sequence[object], axis: str) -> str:
    """Return curves of one value a step, named at their ends, an SVG of its own; `axis` says what the steps are."""
    values = [value for line in lines.values() for value in line]
    low, high = floor(log10(min(values))), ceil(log10(max(values)))

    def x(step: float) -> float:
        return LEFT + WIDTH * step / (len(steps) - 1)

    def y(value: float) -> float:
        return TOP + HEIGHT * (high - log10(value)) / (high - low)

    parts = [f'<text x="10" y="20" font-weight="bold">{escape(title)}</text>']
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:,g} {unit}</text>')
    parts += [
        f'<text x="{x(place):.1f}" y="{TOP + HEIGHT + 20}" text-anchor="middle">{step}</text>'
        for place, step in enumerate(steps)
    ]
    parts.append(f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 40}" text-anchor="middle">{escape(axis)}</text>')
    for (name, line), colour in zip(lines.items(), COLOURS, strict=False):
        points = " ".join(f"{x(step):.1f},{y(value):.1f}" for step, value in enumerate(line))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{LEFT + WIDTH + 8}" y="{y(line[-1]) + 4:.1f}" fill="{colour}">{escape(name)}</text>')
    space = f'width="{LEFT + WIDTH + 190}" height="{TOP + HEIGHT + 55}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {space} font-family="sans-serif" font-size="12">'
    return "\n".join((head, '<rect width="100%" height="100%" fill="#fff"/>', *parts, "</svg>", ""))

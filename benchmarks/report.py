"""Writes what a run measured: tables in Markdown, the same on the terminal, and a plot as SVG."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from math import log10
from pathlib import Path
from statistics import median

from results import OURS, Results
from targets import verdicts

ROUNDS = (
    ("First round", "volatile", "first"),
    ("Unchanged round, every body differs", "volatile", "unchanged"),
    ("Unchanged round, answered with 304", "conditional", "unchanged"),
    ("Five pages changed, every body differs", "volatile", "changed"),
    ("Five pages changed, the others answered with 304", "conditional", "changed"),
)
_SHARED = "More means that others used the machine: then trust ratios, not seconds."
COLOURS = ("#1b6ca8", "#c8803a", "#e0a96d", "#6d8b4f", "#8c5a7c")
"""Of bars and lines, in their order."""


def conditions(versions: Mapping[str, str], server: str, load: tuple[float, float]) -> tuple[str, ...]:
    """Return lines on where and with what was measured; `load` is the load average before and after."""
    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    cores = f"{os.cpu_count()} cores {model}, {memory / 1e6:.0f} GB"
    system = f"{platform.system()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return (
        f"Measured {datetime.now(UTC):%d %b %Y %H:%M} UTC: {cores}, {system}.",
        f"Load average before {load[0]:.1f}, after {load[1]:.1f}; the suite alone makes about 1. {_SHARED}",
        "Programs: " + ", ".join(f"{name} {number}" for name, number in versions.items()) + f"; origin: {server}.",
    )


def _lines(file: str) -> list[str]:
    return Path(file).read_text().splitlines() if Path(file).exists() else []


def markdown(results: Results) -> str:
    """Return the whole report."""
    return "\n".join(("# Side by side", "", *results.conditions, "", *_body(results), ""))


def _body(results: Results) -> Iterator[str]:
    yield f"{results.pages} pages. Seconds: median (least-most); each program's own start is included."
    for title, mode, state in ROUNDS:
        yield from (
            "",
            f"## {title}",
            "",
            "| program | runs | seconds | ours / theirs | CPU s | peak MB | bytes kept per page |",
        )
        yield "|---|---|---|---|---|---|---|"
        for program in results.programs(mode, state):
            yield _row(results, program, mode, state)
    yield from ("", "## Starting", "")
    yield f"`--help`: {results.help.ours} s, an empty Typer program with {results.help.commands} commands: "
    yield f"{results.help.empty} s, ratio pair by pair {results.help.ratio:.2f}. From the start of the process to the "
    yield f"first page's answer: `check` {results.start.check} s, `run` {results.start.run} s."
    yield from ("", "## Targets", "", "| target | at most | measured | |", "|---|---|---|---|")
    for one in verdicts(results):
        word = {True: "kept", False: "**missed**", None: "-"}[one.kept]
        yield f"| {one.about} | {one.limit} | {one.measured} | {word} |"
    yield from ("", "## Single steps", "", "| step | ms: median (least-most) |", "|---|---|")
    yield from (f"| {s.name} | {s.takes.middle:.3f} ({s.takes.low:.3f}-{s.takes.high:.3f}) |" for s in results.steps)
    if results.wrong:
        yield from ("", "## Invalid rounds", "", *(f"- {line}" for line in results.wrong))


def _row(results: Results, program: str, mode: str, state: str) -> str:
    rounds = results.of(program, mode, state)
    cpu, memory = median(r.taken.cpu for r in rounds), max(r.taken.memory for r in rounds)
    ratio = results.ratio(program, mode, state)
    beside = "" if program == OURS or ratio is None else f"{ratio:.3f}"
    kept = median(r.kept if state == "first" else r.grown for r in rounds) / results.pages
    wall = results.wall(program, mode, state)
    return f"| {program} | {len(rounds)} | {wall} | {beside} | {cpu:.2f} | {memory:.0f} | {round(kept):,} |"


def plot(results: Results) -> str:
    """Return the medians as bars on a logarithmic scale, an SVG of its own."""
    left, width, bar = 330, 420, 16
    bars = [
        (title if not number else "", program, results.wall(program, mode, state).middle)
        for title, mode, state in ROUNDS
        for number, program in enumerate(results.programs(mode, state))
    ]
    names = list(dict.fromkeys(name for _, name, _ in bars))
    top = log10(max(seconds for _, _, seconds in bars) * 1000)
    parts, y = [], 30
    for title, name, seconds in bars:
        if title:
            y += 26
            parts.append(f'<text x="10" y="{y - 6}" font-weight="bold">{escape(title)}</text>')
        length = width * (log10(max(seconds * 1000, 100)) - 2) / (top - 2)
        colour = COLOURS[names.index(name) % len(COLOURS)]
        parts.append(f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<rect x="{left}" y="{y}" width="{max(length, 1):.1f}" height="{bar - 3}" fill="{colour}"/>')
        parts.append(f'<text x="{left + max(length, 1) + 6:.1f}" y="{y + 12}">{seconds:.2f} s</text>')
        y += bar
    space = f'width="{left + width + 90}" height="{y + 20}"'
    title = f"{results.pages} pages, median seconds of a whole process (logarithmic)"
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {space} font-family="sans-serif" font-size="12">',
            '<rect width="100%" height="100%" fill="#fff"/>',
            f'<text x="10" y="20">{title}</text>',
            *parts,
            "</svg>",
            "",
        )
    )

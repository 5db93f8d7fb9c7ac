"""Runs one command as a whole process and says what it took: wall time, CPU seconds and peak memory of its tree."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run took. `wall` and `cpu` in seconds, `memory` (peak resident) in MB, `code` its exit code."""

    wall: float
    cpu: float
    memory: float
    code: int = 0


@dataclass(frozen=True, slots=True)
class Spread:
    """Least, median and most of several runs."""

    low: float
    middle: float
    high: float

    def __str__(self) -> str:
        return f"{self.middle:.2f} ({self.low:.2f}-{self.high:.2f})"


def spread(values: Sequence[float]) -> Spread:
    """Return least, median and most. Raises ValueError for no values."""
    return Spread(min(values), median(values), max(values))


def run(command: Sequence[str], output: Path, errors: Path) -> Taken:
    """Run a command to its end, its output to files, and return what it and its children took."""
    launch = (sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py")), str(output), str(errors))
    told = subprocess.run((*launch, *command), stdout=subprocess.PIPE, check=True, text=True).stdout
    wall, cpu, memory, code = map(float, told.split())
    return Taken(wall, cpu, memory / 1024, int(code))


def size(folder: Path, but: Sequence[str] = ()) -> int:
    """Return the bytes of all files in a folder, save those named."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and file.name not in but)


def tree_takes(pid: int) -> tuple[float, float]:
    """Return the CPU seconds and the resident memory (MB) of a running process and its children, as they are now."""
    cpu = memory = 0.0
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            memory += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * _PAGE / 1e6
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        cpu += sum(map(int, fields[11:15])) / _TICKS  # its own, and those of children that have ended
    return cpu, memory

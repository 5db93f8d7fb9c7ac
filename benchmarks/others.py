"""Runs the benchmarks that stand beside the suite, each a script with a report of its own, and keeps what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = ("reading", "fanout", "deliveries", "overview", "questions", "workers", "growth", "memory")


def run_others(folder: Path) -> tuple[str, ...]:
    """Run each script that there is, print its report and write it to `folder`; return those that failed."""
    failed = []
    env = {**os.environ, "COLUMNS": "130", "PYTHONPATH": str(HERE.parent / "tests")}  # tests start a PostgreSQL
    for name in SCRIPTS:
        script = HERE / f"{name}.py"
        if script.exists():
            print(f"\n{name}", flush=True)
            ended = subprocess.run(
                [sys.executable, str(script)], stdout=subprocess.PIPE, env=env, text=True, check=False
            )
            print(ended.stdout, flush=True)
            if not (folder / f"{name}.md").exists():  # a script may write its own, with plots
                (folder / f"{name}.txt").write_text(ended.stdout)
            failed += [name] if ended.returncode else []
    return tuple(failed)

"""The benchmark suite: this program beside its peers over the same pages, in one run.

    make bench          500 pages, every peer, then the other scripts; writes benchmarks/results/
    make bench-quick    60 pages, without the slowest peer; only prints

It exits with 0 unless a round was invalid (a page missed, falsely called changed, or not asked for) or one of the other
scripts did not end well.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from environments import cache
from micro import steps
from origin import Origin, running
from others import run_others
from pages import Site, write_site
from programs import Ours, fast_peers, versions
from report import conditions, markdown, plot
from results import PEERS, SLOW, Results
from rich.console import Console
from rich.markdown import Markdown
from side_by_side import Round, repeat, rounds_of
from slow_peer import ServerPeer
from startup import first_requests, help_pairs, kept_per_check, peak_of_daemon


def main() -> int:
    """Measure, print, write; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=500, help="pages of the site, a multiple of 20, at least 60")
    parser.add_argument("--repeat", type=int, default=5, help="repetitions beside the fast peers")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS, help="which peers; all by default")
    parser.add_argument("--write", type=Path, help="folder for the report and the plot")
    parser.add_argument("--others", action="store_true", help="also run the other scripts, and write their reports")
    wanted = parser.parse_args()
    cache().mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache(), prefix="run-") as place:
        results = _measure(Path(place), wanted.pages, wanted.repeat, frozenset(wanted.peers))
    text = markdown(results)
    Console(width=None if sys.stdout.isatty() else 130).print(Markdown(text))
    failed: tuple[str, ...] = ()
    if wanted.write:
        wanted.write.mkdir(parents=True, exist_ok=True)
        (wanted.write / "side-by-side.md").write_text(
            text.replace("# Side by side\n", "# Side by side\n\n![](side-by-side.svg)\n", 1)
        )
        (wanted.write / "side-by-side.svg").write_text(plot(results))
        failed = run_others(wanted.write) if wanted.others else ()
    for name in failed:
        print(f"{name}.py did not end well; it may want what is not installed here, such as PostgreSQL.")
    for line in results.wrong:
        print(f"Invalid: {line}")
    return 1 if results.wrong or failed else 0


def _measure(place: Path, pages: int, times: int, peers: frozenset[str]) -> Results:
    start, load = time.monotonic(), os.getloadavg()[0]
    print(f"Writing {pages} pages in four states…", flush=True)
    site = write_site(place / "site", pages, datetime.now(UTC).date())
    print(f"{site.bytes_per_page:,} bytes a page; {len(site.news)} of them change.", flush=True)
    ours = Ours(site.news)
    with running(place / "origin", site.folder) as origin:
        fast = repeat(
            origin, site, (ours, *(p for p in fast_peers() if p.program in peers)), place / "fast", times, _say
        )
        beside, failed = _beside_slow(origin, site, ours, place / "slow") if SLOW in peers else ([], ())
        print("Starting…", flush=True)
        helped = help_pairs(place / "help")
        first = first_requests(origin, place / "start")
        kept = kept_per_check(origin, place / "kept", pages)
        daemon = peak_of_daemon(origin, place / "daemon", pages)
        single = steps(place / "micro")
        about = conditions(versions(), origin.server, (load, os.getloadavg()[0]))
    took = f"The suite took {(time.monotonic() - start) / 60:.0f} minutes, pages of {site.bytes_per_page:,} bytes."
    return Results((*about, took), pages, tuple(fast), tuple(beside), helped, first, kept, single, daemon, failed)


def _beside_slow(origin: Origin, site: Site, ours: Ours, place: Path) -> tuple[list[Round], tuple[str, ...]]:
    """Run the slow peer once. If it fails, that makes the run invalid, but nothing that was measured is lost."""
    rounds, peer = [], ServerPeer()
    try:
        for one in rounds_of(origin, site, (peer, ours), place, "volatile"):
            _say(one)
            rounds.append(one)
    except OSError as error:  # also what urllib raises, and TimeoutError
        print(f"{peer.name} failed: {error}", flush=True)
        return [], (f"{peer.name}: {error}",)
    return rounds, ()


def _say(one: Round) -> None:
    taken = f"{one.taken.wall:8.2f} s  cpu {one.taken.cpu:7.2f} s  {one.taken.memory:5.0f} MB"
    print(f"{one.mode:12}{one.state:10}{one.program:31}{taken}", *one.wrong[:3], flush=True)


if __name__ == "__main__":
    sys.exit(main())

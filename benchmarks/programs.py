"""Each program that watches pages, behind one door: prepared afresh in a folder, then asked for round after round.

Settings are those that were found best for the peers: all look at the participants' table alone.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from compileall import compile_dir
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from environments import VERSIONS, program
from measuring import Taken, run, size
from pages import News, file_name, reference

import monitor

TABLE = "ctl00_ctl00_ContentPlaceHolder1_ContentPlaceHolderInnerPage_tblgrid"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program said after a round: how many pages were new, which changed, and what was wrong (page: words)."""

    taken: Taken
    new: int
    changed: frozenset[int]
    wrong: tuple[str, ...] = ()


class Prepared(Protocol):
    """A program ready for its first round."""

    def round(self, state: str) -> Outcome:
        """Check every page once, and return what was said of them."""
        ...

    def kept(self) -> int:
        """Return the bytes that the program keeps now."""
        ...


class Program(Protocol):
    """A program that is measured."""

    @property
    def name(self) -> str:
        """Its name, with the setting that tells it from another run of the same program."""
        ...

    @contextmanager
    def prepared(self, folder: Path, address: str, pages: int) -> Iterator[Prepared]:
        """Write its configuration for the pages under an address, and yield it ready for its first round."""
        ...


@dataclass(frozen=True, slots=True)
class CommandLinePeer:
    """urlwatch or webchanges: one process per round, its report on stdout."""

    name: str
    program: str
    options: tuple[str, ...]
    filters: str
    hooks: str = ""

    @contextmanager
    def prepared(self, folder: Path, address: str, pages: int) -> Iterator[Prepared]:
        """Write job list, hooks and configuration."""
        one = 'name: t{i:04d}\nurl: {address}{file}\nfilter:\n  - css: "table#{table}"\n  - {filters}\n'
        jobs = (
            one.format(i=i, address=address, file=file_name(i), table=TABLE, filters=self.filters) for i in range(pages)
        )
        (folder / "jobs.yaml").write_text("---\n".join(jobs))
        (folder / "hooks.py").write_text(self.hooks)
        (folder / "config.yaml").write_text(
            "display: {error: true, new: true, unchanged: false, empty-diff: true}\nreport:\n"
            "  text: {details: true, footer: true, line_length: 75, minimal: false}\n"
            "  stdout: {color: false, enabled: true}\n"
        )
        places = ("jobs.yaml", "config.yaml", "hooks.py", "cache.db")
        paths = (str(folder / place) for place in places)
        arguments = [x for pair in zip(self.options[:4], paths, strict=True) for x in pair]
        yield _Reporting((str(program(self.program)), *arguments, *self.options[4:]), folder)


@dataclass(frozen=True, slots=True)
class _Reporting:
    command: tuple[str, ...]
    folder: Path

    def round(self, state: str) -> Outcome:
        output = self.folder / f"{state}.out"
        taken = run(self.command, output, self.folder / f"{state}.err")
        said = output.read_text(errors="replace")
        found = {
            word: frozenset(map(int, re.findall(rf"{word}: t(\d+)", said))) for word in ("NEW", "CHANGED", "ERROR")
        }
        return Outcome(taken, len(found["NEW"]), found["CHANGED"], tuple(f"page {i}: error" for i in found["ERROR"]))

    def kept(self) -> int:
        return sum(file.stat().st_size for file in self.folder.glob("cache.db*"))


@dataclass(frozen=True, slots=True)
class Ours:
    """Our own program: `treaty-monitor check` as a whole process, configured as a user would."""

    news: tuple[News, ...]
    name: str = "treaty-monitor"

    @contextmanager
    def prepared(self, folder: Path, address: str, pages: int) -> Iterator[Prepared]:
        """Write a configuration with one treaty per page and a subscription to everything.

        The program is compiled, as pip has compiled the peers.
        """
        compile_dir(Path(monitor.__file__).parent, quiet=1)
        configure(folder / "config", address, range(pages))
        yield _Typed(folder, pages, self.news)


def configure(config: Path, address: str, pages: Sequence[int]) -> None:
    """Write a configuration that watches these pages under an address, with a subscription to everything."""
    (config / "treaties").mkdir(parents=True)
    (config / "monitor.toml").write_text(
        'timezone = "Europe/Warsaw"\ncontact = "bench@example.org"\n'
        '[web]\nlisten = "127.0.0.1:0"\n'
        '[network]\nallow = ["127.0.0.1/32"]\npause = "0s"\n'
    )
    (config / "subscriptions.toml").write_text(
        '[[subscriptions]]\nname = "all"\ntreaties = "all"\ncountries = "all"\nkinds = "all"\nchannels = ["console"]\n'
    )
    for page in pages:
        (config / "treaties" / f"kind-{page}.toml").write_text(
            f'slug = "kind-{page}"\nreference = "{reference(page)}"\n'
            f'title = "Convention on the Exchange of Matters of Kind {page}"\n'
            f'[[sources]]\nsource = "untc"\nurl = "{address}{file_name(page)}"\nevery = "12h"\n'
        )


def command(folder: Path, *words: str) -> tuple[str, ...]:
    """Return this program's command over `folder`/config and `folder`/state."""
    own = Path(sys.executable).with_name("treaty-monitor")
    return (str(own), "--config", str(folder / "config"), "--state", str(folder / "state"), *words)


@dataclass(frozen=True, slots=True)
class _Typed:
    folder: Path
    pages: int
    news: tuple[News, ...]

    def round(self, state: str) -> Outcome:
        output = self.folder / f"{state}.json"
        taken = run(command(self.folder, "--json", "check"), output, self.folder / f"{state}.err")
        try:
            said = json.loads(output.read_text())
        except ValueError:
            errors = (self.folder / f"{state}.err").read_text(errors="replace")
            return Outcome(taken, 0, frozenset(), (f"no JSON; exit code {taken.code}: {errors[-500:]}",))
        page_of = {reference(i): i for i in range(self.pages)}
        outcomes = [(page_of[c["treaty"]], c["outcome"]) for c in said["checks"]]
        unexpected = [(i, o) for i, o in outcomes if o not in {"baseline", "unchanged", "changed"}]
        wrong = [f"{reference(i)}: {o}" for i, o in unexpected]
        if taken.code:
            wrong.append(f"exit code {taken.code}")
        return Outcome(
            taken,
            new=sum(o == "baseline" for _, o in outcomes),
            changed=frozenset(i for i, o in outcomes if o == "changed"),
            wrong=(*wrong, *self._not_typed(said["changes"], changed=state == "changed")),
        )

    def _not_typed(self, changes: Sequence[dict[str, object]], *, changed: bool) -> Iterator[str]:
        """Yield what was missed and what was made up, change by change."""
        wanted = {(n.reference, n.kind.value, n.participant) for n in self.news} if changed else set()
        told = [(c["treaty"], c["kind"], c["participant"]["code"]) for c in changes]  # type: ignore[index]
        yield from (f"missed: {' '.join(map(str, one))}" for one in sorted(wanted - set(told)))
        yield from (
            f"false or twice: {' '.join(map(str, one))}" for one in told if one not in wanted or told.count(one) > 1
        )

    def kept(self) -> int:
        return size(self.folder / "state")


def fast_peers() -> tuple[CommandLinePeer, ...]:
    """Return the peers that are measured as often as this program. The better of two settings of urlwatch counts."""
    urlwatch = ("--urls", "--config", "--hooks", "--cache")
    webchanges = ("--jobs", "--config", "--hooks", "--database", "--max-workers", "2")
    two = "import urlwatch.worker\nurlwatch.worker.MAX_WORKERS = 2\n"
    return (
        CommandLinePeer("urlwatch, 2 workers", "urlwatch", urlwatch, "html2text", two),
        CommandLinePeer("urlwatch, 10 workers", "urlwatch", urlwatch, "html2text"),
        CommandLinePeer("webchanges, 2 workers", "webchanges", webchanges, "html2text: strip_tags"),
    )


def versions() -> dict[str, str]:
    """Return the version of each program that is measured."""
    commit = subprocess.run(
        ["git", "-C", str(Path(monitor.__file__).parent), "rev-parse", "--short", "HEAD"],  # noqa: S607 - git of the path
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
    )
    return {"treaty-monitor": f"{version('treaty-monitor')} ({commit.stdout.strip() or 'no git'})", **VERSIONS}

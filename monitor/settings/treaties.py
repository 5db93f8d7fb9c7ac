"""Makes watched treaties of the treaty files, and fills in what a file leaves out: slug, title, address, rules."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.domain.errors import UsageError
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.settings.files import Files
from monitor.settings.model import SourceTable, TreatyFile
from monitor.settings.shipped import rules_for, shipped_catalogue
from monitor.settings.vocabulary import Vocabulary
from monitor.sources.interface import Reader

MAIN_SOURCE = "untc"
"""Where a treaty is read if its file names no source."""


def read_treaties(files: Files, known: Vocabulary, readers: Mapping[str, Reader]) -> tuple[Treaty, ...]:
    """Return the treaties of all files that are right; what is wrong is noted, a lack of any treaty included."""
    names = [path.relative_to(files.folder).as_posix() for path in files.visible("treaties/*.toml")]
    if files.listed("treaties") and not names:
        files.add(
            "treaties/", "*.toml", "no treaty file", 'at least one; "treaty-monitor init" writes two to begin with'
        )
    treaties = {}
    for name in names:
        raw = files.toml(name)
        table = files.parse(TreatyFile, name, raw, known)
        if table is not None:
            treaties[name] = _treaty(files, name, table, readers)
    _tell_apart(files, treaties)
    return tuple(treaties.values())


def _treaty(files: Files, name: str, table: TreatyFile, readers: Mapping[str, Reader]) -> Treaty:
    entry = shipped_catalogue().get(table.reference)
    tables = table.sources or [SourceTable.model_construct(source=MAIN_SOURCE)]
    sources: list[WatchedSource] = []
    for number, source in enumerate(tables):
        try:
            url = source.url or readers[source.source].locate(table.reference)
        except UsageError as error:
            files.add(name, f"sources[{number}].url", "nothing", f"an address, because {error}")
            continue
        if any(source.source == other.key for other in sources):
            files.add(name, f"sources[{number}].source", f'"{source.source}" twice', "each source once")
        obey = source.robots == "obey"
        sources.append(WatchedSource(source.source, url, source.every, obey_robots=obey, when_quiet=source.when_quiet))
    return Treaty(
        reference=table.reference,
        slug=table.slug or (entry.slug if entry else table.reference.lower()),
        title=table.title or (entry.title if entry else table.reference),
        sources=tuple(sources),
        rules=table.rules.over(rules_for(table.reference)),
    )


def _tell_apart(files: Files, treaties: Mapping[str, Treaty]) -> None:
    """Note every slug and number that two files share."""
    for key in ("slug", "reference"):
        first: dict[str, str] = {}
        for name, treaty in treaties.items():
            value = getattr(treaty, key)
            if value in first:
                files.add(name, key, f'"{value}", which {first[value]} has too', "one file for each treaty")
            first.setdefault(value, name)

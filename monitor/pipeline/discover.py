"""Lists what a depositary's collection holds, chapter by chapter; one chapter's failure is a finding, not the end."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.document import Document
from monitor.domain.errors import DisallowedError, SourceError
from monitor.domain.snapshot import Finding, Level
from monitor.fetching.interface import Fetcher, Request
from monitor.sources.interface import Collection, Listed


@dataclass(frozen=True, slots=True)
class Discovered:
    """The treaties found, in the collection's order, and the chapters that could not be read."""

    treaties: tuple[Listed, ...]
    findings: tuple[Finding, ...] = ()


async def discover(fetcher: Fetcher, collection: Collection, index: str | None = None) -> Discovered:
    """Return every treaty that the collection's chapters list. Raises SourceError if the contents cannot be read."""
    contents = await fetcher.fetch(Request(index or collection.index))
    if not isinstance(contents, Document):
        raise SourceError(f"{collection.index} gave no page", temporary=True)
    chapters = collection.chapters(contents.body, contents.url)
    if not chapters:
        raise SourceError(f"{contents.url} links no chapter: not the contents of {collection.key}", temporary=False)
    found: dict[str, Listed] = {}
    findings = []
    for url in chapters:
        try:
            page = await fetcher.fetch(Request(url))
        except (SourceError, DisallowedError) as error:
            findings.append(Finding(Level.NOTE, "chapter-unread", str(error)))
            continue
        listed = collection.treaties(page.body, page.url) if isinstance(page, Document) else ()
        if not listed:
            findings.append(Finding(Level.NOTE, "chapter-empty", f"{url} lists no treaty"))
        found |= {t.reference: t for t in listed if t.reference not in found}
    return Discovered(tuple(found.values()), tuple(findings))

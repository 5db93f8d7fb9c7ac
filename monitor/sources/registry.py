"""Which readers there are: those of the package, and those that installed packages offer."""

from __future__ import annotations

from importlib.metadata import entry_points

from monitor.domain.errors import MonitorError
from monitor.domain.participant import Names
from monitor.sources.interface import Collection, Reader
from monitor.sources.untc.chapters import UntcCollection
from monitor.sources.untc.export import UntcExport
from monitor.sources.untc.page import UntcPage

READER_VERSION = "7"
"""Changes whenever what a reader extracts changes: stored pages are then read again, and differences are no news."""

GROUP = "monitor.sources"
"""The group of entry points under which other packages offer readers: each a callable from names to a Reader."""


def readers(names: Names) -> dict[str, Reader]:
    """Return every reader by its key; MonitorError if an installed one cannot be loaded or takes a key twice."""
    own: list[Reader] = [UntcPage(names), UntcExport(names)]
    found = {reader.key: reader for reader in own}
    for entry in entry_points(group=GROUP):
        try:
            reader: Reader = entry.load()(names)
        except (ImportError, AttributeError, TypeError) as error:
            raise MonitorError(f'the source "{entry.name}" ({entry.value}) cannot be loaded: {error}') from error
        if reader.key in found:
            raise MonitorError(
                f'the source "{entry.name}" ({entry.value}) takes the key "{reader.key}", which is taken'
            )
        found[reader.key] = reader
    return found


def collections() -> dict[str, Collection]:
    """Return the collections whose contents can be listed, by the key of the source that reads their pages."""
    return {UntcCollection.key: UntcCollection()}

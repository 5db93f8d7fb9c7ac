"""What `extract` and `compare` do with the bytes of saved pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from monitor import bootstrap
from monitor.domain.errors import UsageError
from monitor.domain.plausibility import Limits
from monitor.domain.snapshot import Reading
from monitor.faces.cli.trouble import among
from monitor.pipeline import offline, report
from monitor.settings import Settings, rules_for, shipped_names
from monitor.sources.interface import Reader


def readings(settings: Settings | None, bodies: Iterable[bytes], source: str | None) -> tuple[Reading, ...]:
    """Return the readings, each by the reader that recognises it or by the one that is named. Raises UsageError."""
    readers = bootstrap.readers(settings.names if settings else shipped_names())
    if source is None:
        return tuple(offline.read_saved(body, readers.values()) for body in bodies)
    named = _named(readers, source)
    return tuple(named.read(body) for body in bodies)


def extracted(reading: Reading) -> dict[str, Any]:
    """Return what `extract` prints, under the rules that the catalogue has for the page's treaty."""
    reference = reading.snapshot.header.reference if reading.snapshot else ""
    return report.extracted(reading, rules_for(reference))


def compared(settings: Settings | None, pair: tuple[Reading, ...]) -> dict[str, Any]:
    """Return what `compare` prints."""
    before, after = pair
    limits = settings.plausibility.limits if settings else Limits()
    return offline.compared(offline.compare_files(before, after, rules_for, limits))


def is_refused(shape: dict[str, Any]) -> bool:
    """Return whether a page was refused."""
    return offline.is_refused(shape["findings"])


def _named(readers: dict[str, Reader], key: str) -> Reader:
    if key in readers:
        return readers[key]
    raise UsageError(f'there is no source "{key}"{among(key, sorted(readers))}')

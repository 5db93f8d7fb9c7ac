"""The collection's XML export of a treaty, as a round knows it: recognised and told apart by slices of bytes.

How an export is read is loaded with the first that has to be (see `exported`).
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256

from monitor.domain.participant import Names
from monitor.domain.snapshot import Reading
from monitor.sources.untc.encoding import declared
from monitor.sources.untc.reference import export_address, notification_address
from monitor.sources.untc.regions import END_OF_EXPORT, export_ends


class UntcExport:
    """Reads XML exports of the UN Treaty Collection. They print no stamp, so a snapshot has no day of its own.

    Does not read `SpecialTables` (contributions, office letters) and `LON` (acts of the League's time, under
    the treaty before its amendment): neither shows an act towards this treaty.
    """

    key = "untc-xml"

    def __init__(self, names: Names) -> None:
        self._names = names

    def recognises(self, body: bytes) -> bool:
        """Whether this is an export of the collection."""
        head = body[:4096]
        return b"<Document" in head and b"<Treaty" in head and b"<html" not in head.lower()

    def notification_url(self, number: str) -> str | None:
        """Return the address of a depositary notification's text, or None for what is no such number."""
        return notification_address(number)

    def locate(self, reference: str) -> str:
        """Return the address of the treaty's export; UsageError for what is no number of the collection."""
        return export_address(reference)

    def fingerprint(self, body: bytes) -> str | None:
        """Return a digest of the treaty's element, the whole of an export; None if it is not whole."""
        start, stop = body.find(b"<Treaty"), body.rfind(END_OF_EXPORT)
        if start < 0 or stop < start or not export_ends(body):
            return None
        return sha256(declared(body) + b"\0" + body[start:stop]).hexdigest()

    def read(self, body: bytes, expected: str | None = None) -> Reading:
        """Return the reading of an export; one that cannot be taken as fact gives findings of level refuse."""
        from monitor.sources.untc.assemble import reading  # noqa: PLC0415 - see above
        from monitor.sources.untc.exported import printed  # noqa: PLC0415 - see above

        return reading(partial(printed, body), self._names, expected)

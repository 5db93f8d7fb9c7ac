"""The collection's status page (ViewDetails.aspx), as a round knows it: recognised and told apart by slices of bytes.

How a page is read is loaded with the first that has to be (see `statuspage`): in most rounds none has changed.
"""

from __future__ import annotations

from functools import partial

from monitor.domain.participant import Names
from monitor.domain.snapshot import Reading
from monitor.sources.untc.reference import notification_address, page_address
from monitor.sources.untc.regions import page_fingerprint

_TRAITS = (b"ContentPlaceHolderInnerPage", b"United Nations Treaty Collection", b"treaties.un.org", b'tblgrid"')


class UntcPage:
    """Reads status pages of the UN Treaty Collection. Does not fetch, does not judge news."""

    key = "untc"

    def __init__(self, names: Names) -> None:
        self._names = names

    def recognises(self, body: bytes) -> bool:
        """Whether this is a page of the collection: HTML with one of its traits (also a page that will be refused)."""
        head = body[:2048].lstrip().lower()
        return (b"<html" in head or b"<!doctype html" in head) and any(trait in body for trait in _TRAITS)

    def notification_url(self, number: str) -> str | None:
        """Return the address of a depositary notification's text, or None for what is no such number."""
        return notification_address(number)

    def locate(self, reference: str) -> str:
        """Return the address of the treaty's page; UsageError for what is no number of the collection."""
        return page_address(reference)

    def fingerprint(self, body: bytes) -> str | None:
        """Return a digest of the page from chapter to last note, None for a page that is not whole."""
        return page_fingerprint(body)

    def read(self, body: bytes, expected: str | None = None) -> Reading:
        """Return the reading of a page; a page that cannot be taken as fact gives findings of level refuse."""
        from monitor.sources.untc.assemble import reading  # noqa: PLC0415 - see above
        from monitor.sources.untc.statuspage import printed  # noqa: PLC0415 - see above

        return reading(partial(printed, body), self._names, expected)

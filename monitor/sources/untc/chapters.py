"""The collection's own table of contents: its chapters, and the treaties that each chapter's page lists.

Written after reports of these pages (STRUCTURE 1): a chapter links its treaties by `mtdsg_no`. No such page was at
hand; the tests' pages are our own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urljoin, urlsplit

from monitor.sources.interface import Listed
from monitor.sources.untc.encoding import declared, decode
from monitor.sources.untc.reference import SITE, is_reference

if TYPE_CHECKING:
    from bs4 import Tag

_NUMBERED = re.compile(r"^\s*\d+\s*\.?\s*(?:[a-z]\s*[.)]?\s+)?")


class UntcCollection:
    """The UN Treaty Collection as a list of treaties. Fetches nothing."""

    key = "untc"
    index = f"{SITE}/Pages/ParticipationStatus.aspx?clang=_en"

    def chapters(self, body: bytes, address: str) -> tuple[str, ...]:
        """Return the addresses of the chapters' pages that the index links, each once, in its order."""
        found = (urljoin(address, str(a["href"])) for a in _links(body) if "treaties.aspx" in str(a["href"]).lower())
        return tuple(dict.fromkeys(url.split("#")[0] for url in found if "id" in _query(url)))

    def treaties(self, body: bytes, address: str) -> tuple[Listed, ...]:
        """Return the treaties that a chapter's page lists, each once, in its order."""
        listed: dict[str, Listed] = {}
        for link in _links(body):
            url = urljoin(address, str(link["href"]))
            reference = "".join(_query(url).get("mtdsg_no", ()))
            title = _NUMBERED.sub("", " ".join(link.get_text(" ").split()))
            if is_reference(reference) and (title or reference not in listed):
                listed.setdefault(reference, Listed(reference, title, url))
        return tuple(listed.values())


def _links(body: bytes) -> list[Tag]:
    from bs4 import BeautifulSoup, Tag  # noqa: PLC0415 - only `treaties discover` reads contents

    soup = BeautifulSoup(decode(body, declared(body))[0], "lxml")
    return [a for a in soup.find_all("a", href=True) if isinstance(a, Tag)]


def _query(url: str) -> dict[str, list[str]]:
    return {name.lower(): values for name, values in parse_qs(urlsplit(url).query).items()}

"""Changes of the record as an Atom feed (RFC 4287). Ids stay the same, whoever asks and from wherever."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from monitor.domain.change import RecordedChange
from monitor.domain.wire import instant
from monitor.domain.wording import summary, title

ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

ET.register_namespace("", ATOM)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is about.

    `name` makes its id, `base` is the page's address as its reader sees it, `path` the feed's own below that, quoted.
    """

    name: str
    title: str
    base: str
    path: str


def write(feed: Feed, changes: tuple[RecordedChange, ...]) -> bytes:
    """Return the feed of these changes, newest first; its date is that of the newest."""
    root = ET.Element(f"{{{ATOM}}}feed")
    _put(root, "id", _id(f"feed {feed.name}"))
    _put(root, "title", feed.title)
    _put(root, "updated", instant(changes[0].first_seen if changes else _NEVER))
    _put(_put(root, "author"), "name", "treaty-monitor")
    _put(root, "link", rel="self", href=feed.base + feed.path, type="application/atom+xml")
    _put(root, "link", rel="alternate", href=feed.base + "/", type="text/html")
    for change in changes:
        _entry(root, feed, change)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(root: ET.Element, feed: Feed, item: RecordedChange) -> None:
    entry = _put(root, "entry")
    _put(entry, "id", _id(item.id))
    _put(entry, "title", title((item.change,), item.treaty_title))
    _put(entry, "updated", instant(item.first_seen))
    _put(entry, "published", instant(item.first_seen))
    _put(entry, "link", rel="alternate", href=f"{feed.base}/changes/{item.id}", type="text/html")
    _put(entry, "link", rel="via", href=item.url, type="text/html")
    _put(entry, "category", term=item.change.kind.value)
    _put(entry, "category", term=item.treaty_slug, scheme="urn:treaty-monitor:treaty")
    text = [summary(item.change, item.treaty_title)]
    text += [f"The row now reads: {item.after.excerpt}"] if item.after else []
    _put(entry, "summary", " ".join(text), type="text")


def _put(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    """Add an element. What XML cannot carry (control characters of a page) is left out."""
    clean = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", clean)
    element.text = _NOT_XML.sub("", text) if text is not None else None
    return element


def _id(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:treaty-monitor:{name}')}"

"""Writes an Atom feed (RFC 4287) of messages from the feed as it stands and one message more. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from lxml import etree

from monitor.channels.facts import Fact
from monitor.channels.message import Message, read
from monitor.channels.render import as_fragment
from monitor.domain import wire
from monitor.domain.delivery import Delivery

ATOM = "http://www.w3.org/2005/Atom"
NEWEST = 100
"""Entries that a feed keeps."""
BEGUN = "2025"
"""The year in which the tags of feeds began to be minted (RFC 4151 wants a day on which their domain was ours)."""


class FeedError(ValueError):
    """What stands in the file is no feed that this program wrote; it is left as it is."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the entries. `name` and `domain` make the feed's id, `url` is where readers get it."""

    name: str
    title: str
    domain: str
    url: str | None = None

    def tag(self, what: str) -> str:
        """Return an id that never changes (RFC 4151)."""
        return f"tag:{self.domain},{BEGUN}:{what}"


def with_message(feed: bytes, head: Head, delivery: Delivery) -> bytes:
    """Return the feed with this delivery on top, in place of one with its id, and no more than the newest entries.

    `feed` is empty at first. Raises FeedError for what is no feed of this name, DeliveryError like `read`.
    """
    entry = _entry(head, delivery)
    kept = [old for old in _entries(feed, head) if old.findtext(_name("id")) != entry.findtext(_name("id"))]
    root = _element("feed")
    entries = [entry, *kept][:NEWEST]
    _fill(root, head, max(one.findtext(_name("updated")) or "" for one in entries))
    root.extend(entries)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _entries(feed: bytes, head: Head) -> list[etree._Element]:
    if not feed.strip():
        return []
    try:
        root = etree.fromstring(feed, etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True))
    except etree.XMLSyntaxError as error:
        raise FeedError("it holds something that is no XML") from error
    if root.tag != _name("feed") or root.findtext(_name("id")) != head.tag(head.name):
        raise FeedError("it holds something else than this channel's feed")
    return root.findall(_name("entry"))


def _fill(root: etree._Element, head: Head, updated: str) -> None:
    _text(root, "id", head.tag(head.name))
    _text(root, "title", head.title)
    _text(root, "updated", updated)
    if head.url:
        _link(root, "self", Fact("", "", head.url), "application/atom+xml")
    _text(etree.SubElement(root, _name("author")), "name", "treaty-monitor")
    _text(root, "generator", "treaty-monitor").set("version", version("treaty-monitor"))


def _entry(head: Head, delivery: Delivery) -> etree._Element:
    message = read(delivery)
    made = wire.instant(delivery.created) or ""
    entry = _element("entry")
    _text(entry, "id", head.tag(delivery.id))
    _text(entry, "title", message.title)
    _text(entry, "updated", made)
    _text(entry, "published", made)
    _text(entry, "summary", message.summary)
    etree.SubElement(entry, _name("category"), term=message.heading)
    for number, fact in enumerate(_linked(message)):
        _link(entry, "related" if number else "alternate", fact, None)
    _text(entry, "content", as_fragment(message)).set("type", "html")
    return entry


def _linked(message: Message) -> tuple[Fact, ...]:
    """Return each address that the message links to once, in the order in which a reader meets them."""
    facts = [*(fact for entry in message.entries for fact in entry.facts), *message.links]
    urls = dict.fromkeys(fact.url for fact in facts if fact.url)
    return tuple(next(fact for fact in facts if fact.url == url) for url in urls)


def _name(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _element(tag: str) -> etree._Element:
    return etree.Element(_name(tag), nsmap={None: ATOM})  # type: ignore[dict-item]  # the stubs forget the default


def _text(parent: etree._Element, tag: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, _name(tag))
    element.text = text
    return element


def _link(parent: etree._Element, relation: str, fact: Fact, kind: str | None) -> None:
    link = etree.SubElement(parent, _name("link"), rel=relation, href=fact.url or "")
    if kind:
        link.set("type", kind)
    if fact.label:
        link.set("title", f"{fact.label}: {fact.value}")

"""Reads the frozen body of a delivery into what people are shown; every channel for people renders from this."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from monitor.channels.facts import STATEMENTS, Fact, facts_of, moment, words
from monitor.channels.wording import clean, web_link
from monitor.domain.delivery import Delivery
from monitor.domain.errors import DeliveryError

TONES = {
    "withdrawal_notified": "leaving",
    "withdrawal_effective": "leaving",
    "suspension_notified": "leaving",
    "consent_revoked": "leaving",
    "signature_disavowed": "leaving",
    "signed": "joining",
    "consented": "joining",
    "entered_into_force": "joining",
    "provisionally_applied": "joining",
    "withdrawal_retracted": "joining",
    "treaty_in_force": "joining",
}
"""Changes that lead away from a treaty or towards it; all others are neither."""
HEADINGS = {
    "treaty.status_changed": "Status change",
    "treaty.effect_upcoming": "Effect to come",
    "treaty.digest": "Digest",
    "treaty.reading_held": "Reading held back",
    "source.stale": "Source not read",
    "source.recovered": "Source read again",
    "name.unknown": "Name not known",
    "delivery.dead": "Alert not delivered",
    "channel.disabled": "Channel disabled",
    "subscription.left": "Recipient unsubscribed",
    "coverage": "What is watched",
    "test": "Test message: no treaty has changed",
}
EXCERPT = 600
"""Characters of the row, as it was read, that are shown as evidence."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of others, and where they stand."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One change in a message. `tone` is "leaving", "joining" or "other"; `quotes` show what was read."""

    title: str
    summary: str
    tone: str
    facts: tuple[Fact, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The changes of one State and treaty; without a title where the whole message is about them."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message as people read it. Every string is clean (one line, no control characters), none is markup."""

    heading: str
    title: str
    summary: str
    treaty: str
    sections: tuple[Section, ...]
    details: tuple[str, ...]
    links: tuple[Fact, ...]
    subscription: str
    thread: str
    made: str

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All changes, in the order in which they are read."""
        return tuple(entry for section in self.sections for entry in section.entries)


def read(delivery: Delivery) -> Message:
    """Return the message. Raises DeliveryError (permanent) for a body that no version of this program writes."""
    try:
        return _read(delivery.body, delivery.subscription)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise DeliveryError(
            f"the stored message {delivery.id} cannot be read ({type(error).__name__}: {clean(str(error), 100)})",
            permanent=True,
        ) from error


@lru_cache(maxsize=16)  # the recipients of one alert come one after the other and read the same
def _read(text: str, subscription: str) -> Message:
    body = json.loads(text)
    return _message(body, body["data"], subscription)


def _message(body: Mapping[str, Any], data: Mapping[str, Any], subscription: str) -> Message:
    changes = data.get("changes") or ([data] if "kind" in data else [])
    return Message(
        heading=HEADINGS.get(body["type"]) or words(body["type"]),
        title=clean(data["title"], 300),
        summary=clean(data["summary"]),
        treaty=_treaty(data.get("treaty")),
        sections=_sections(changes) if body["type"] == "treaty.digest" else _one_section(changes),
        details=tuple(clean(sentence) for sentence in data.get("details") or ()),
        links=() if changes else _links(data.get("links") or {}),
        subscription=clean(data.get("subscription") or subscription),
        thread=clean(data.get("thread") or ""),
        made=moment(body["timestamp"]),
    )


def _one_section(changes: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    return (Section("", tuple(map(_entry, changes))),) if changes else ()


def _sections(changes: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    """Return a digest's changes by treaty and State, in the order of their names, each group in its own order."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for change in changes:
        who = clean((change.get("participant") or {}).get("name") or "")
        treaty = change.get("treaty")
        title = change.get("treaty_title")
        named = {"title": title, "reference": treaty} if title and isinstance(treaty, str) else treaty
        groups.setdefault((_treaty(named), who), []).append(_entry(change))
    return tuple(Section(": ".join(filter(None, names)), tuple(groups[names])) for names in sorted(groups))


def _treaty(treaty: Mapping[str, Any] | str | None) -> str:
    if isinstance(treaty, Mapping):
        return clean(f"{treaty['title']} ({treaty['reference']})")
    return clean(treaty or "")


def _entry(change: Mapping[str, Any]) -> Entry:
    after = (change.get("evidence") or {}).get("after") or {}
    said = clean(change.get("text") or "") if change["kind"] in STATEMENTS else ""
    quotes = (
        Quote("The text as read from the page", said),
        Quote(_read_as(change), clean(after.get("excerpt") or "", EXCERPT)),
    )
    return Entry(
        title=clean(change["title"], 300),
        summary=clean(change["summary"]),
        tone=TONES.get(change["kind"], "other"),
        facts=facts_of(change),
        quotes=tuple(quote for quote in quotes if quote.text),
    )


def _read_as(change: Mapping[str, Any]) -> str:
    return "The row as read from the page" if change.get("participant") else "As read from the page"


def _links(links: Mapping[str, Any]) -> tuple[Fact, ...]:
    named = ((words(name).capitalize(), web_link(url)) for name, url in links.items())
    return tuple(Fact(name, url, url) for name, url in named if url)

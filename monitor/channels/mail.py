"""Writes the mail of one delivery: headers by RFC 5322, 3834, 2369 and 8058, text and HTML. Sends nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, getaddresses
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from monitor.channels.message import Message, read
from monitor.channels.options import Leave
from monitor.channels.render import as_html, as_text
from monitor.channels.wording import clean
from monitor.domain.delivery import Delivery
from monitor.domain.errors import DeliveryError

VERBATIM = {"message-id", "references", "in-reply-to", "list-id", "list-unsubscribe"}


class AddressError(ValueError):
    """The text is not exactly one mail address."""


LONGEST_WORD = 60
"""A subject with a longer word cannot be folded as it stands, and is encoded whole."""


class _Policy(EmailPolicy):
    """The stdlib's policy, save that identifiers and addresses are never broken into encoded words when long.

    And a long subject begins on the header's own line: readers would take a fold for a leading space.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in VERBATIM:
            return f"{name}: {value}{self.linesep}".encode()
        if name.lower() == "subject":  # the policy loses characters where encoded words and plain ones alternate
            plain = str(value).isascii() and max(map(len, str(value).split(" "))) < LONGEST_WORD
            subject = Header(str(value), "us-ascii" if plain else "utf-8", header_name=name)
            return f"{name}: {subject.encode(linesep=self.linesep)}{self.linesep}".encode()
        return super().fold_binary(name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What every mail of one channel carries.

    `sender` is an address with or without a name; `envelope_sender` where bounces go (default: the sender);
    `list_domain` ends the List-Id (default: the sender's domain). `unsubscribe` is an https or mailto address
    in which `{recipient}`, `{subscription}` and `{delivery}` are replaced; only https gets one-click (RFC 8058).
    Without it, `leave` gives the address by which a subscription's recipient leaves; the operator's mail has none.
    """

    sender: str
    envelope_sender: str | None = None
    list_domain: str | None = None
    unsubscribe: str | None = None
    leave: Leave | None = None

    def __post_init__(self) -> None:
        """Raise AddressError for a sender that is no address, found at start and not at the first mail."""
        parse_address(self.sender)
        parse_address(self.envelope_sender or self.sender)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail ready to be sent: the envelope, the bytes, and whether the server must support SMTPUTF8."""

    sender: str
    recipient: str
    content: bytes
    utf8: bool


def compose(delivery: Delivery, letterhead: Letterhead) -> Mail:
    """Return the mail. The same delivery always gives the same bytes, so that a repeat is recognised as one.

    Raises DeliveryError (permanent) for a recipient that is no address or a body that cannot be read.
    """
    try:
        recipient = parse_address(delivery.recipient)
    except AddressError as error:
        raise DeliveryError(str(error), permanent=True) from error
    sender = parse_address(letterhead.sender)
    bounces = parse_address(letterhead.envelope_sender or letterhead.sender)
    utf8 = not (sender.addr_spec + recipient.addr_spec + bounces.addr_spec).isascii()
    message = read(delivery)
    head = _shared_head(letterhead, message, delivery.created, delivery.subscription, utf8=utf8)
    own = _own_head(delivery, recipient, sender.domain, _way_out(delivery, letterhead), utf8=utf8)
    return Mail(bounces.addr_spec, recipient.addr_spec, head + own + _content(message), utf8)


@lru_cache(maxsize=256)
def parse_address(text: str) -> Address:
    """Return the one address in the text, its domain in ASCII (IDNA). Raises AddressError."""
    found = getaddresses([text]) if text == clean(text, 400) else []
    name, spec = found[0] if len(found) == 1 else ("", "")
    local, at, domain = spec.rpartition("@")
    if not (at and local and spec in text and re.fullmatch(r"[^\s@<>,;:\"()]+", domain)):
        raise AddressError(f"{clean(text, 80)!r} is not a mail address; write name@example.org")
    try:
        return Address(name, username=local, domain=domain if domain.isascii() else domain.encode("idna").decode())
    except ValueError as error:  # UnicodeError of IDNA is one
        raise AddressError(f"{clean(text, 80)!r} is not a mail address: {error}") from error


@lru_cache(maxsize=16)  # the recipients of one alert come one after the other and get the same
def _shared_head(
    letterhead: Letterhead, message: Message, created: datetime, subscription: str, *, utf8: bool
) -> bytes:
    """Return the headers that all recipients of an alert get.

    The thread is named after State and treaty, so that no stored state is needed for it. That a machine wrote this is
    said by RFC 3834 and by Exchange's own header.
    """
    sender = parse_address(letterhead.sender)
    mail = EmailMessage(policy=_Policy(linesep="\r\n", utf8=utf8))
    mail["From"] = sender
    mail["Subject"] = f"[treaty-monitor] {message.title}"
    mail["Date"] = format_datetime(created)
    if message.thread:
        root = f"<thread-{sha256(message.thread.encode()).hexdigest()[:24]}@{sender.domain}>"
        mail["In-Reply-To"] = root
        mail["References"] = root
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    label = re.sub(r"[^a-z0-9]+", "-", subscription.lower()).strip("-")[:60] or "operator"
    mail["List-Id"] = f"<{label}.treaty-monitor.{letterhead.list_domain or sender.domain}>"
    return _headers(mail)


def _own_head(delivery: Delivery, recipient: Address, domain: str, way_out: str | None, *, utf8: bool) -> bytes:
    """Return the headers of one recipient: the mail is named after its delivery, and says how to leave."""
    mail = EmailMessage(policy=_Policy(linesep="\r\n", utf8=utf8))
    mail["To"] = recipient
    mail["Message-ID"] = f"<{delivery.id}@{domain}>"
    if way_out:
        mail["List-Unsubscribe"] = f"<{clean(way_out)}>"
        if way_out.startswith("https://"):
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return _headers(mail)


def _headers(mail: EmailMessage) -> bytes:
    return mail.as_bytes().removesuffix(b"\r\n")  # the empty line that would end the headers


def _way_out(delivery: Delivery, letterhead: Letterhead) -> str | None:
    """Return the address by which the recipient gets no more of this, or None."""
    if letterhead.unsubscribe is None:
        if letterhead.leave is None or not delivery.subscription:
            return None
        return letterhead.leave(delivery.subscription, delivery.recipient)
    values = {"recipient": delivery.recipient, "subscription": delivery.subscription, "delivery": delivery.id}
    address = letterhead.unsubscribe
    for name, value in values.items():
        address = address.replace("{" + name + "}", quote(value, safe=""))
    return address


@lru_cache(maxsize=16)  # the recipients of one alert come one after the other and get the same
def _content(message: Message) -> bytes:
    """Return text and HTML with the headers that belong to them; what parts them cannot stand in either."""
    text, html = as_text(message), as_html(message)
    parts = EmailMessage(policy=_Policy(linesep="\r\n"))
    parts.set_content(text, cte="quoted-printable")
    parts.add_alternative(html, subtype="html", cte="quoted-printable")
    parts.set_boundary("=_" + sha256(f"{text}\0{html}".encode()).hexdigest()[:24])
    return parts.as_bytes()

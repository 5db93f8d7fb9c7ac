"""Builds the channels of this package from a user's options, and says of each wrong option what is allowed."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TextIO, runtime_checkable
from urllib.parse import urlsplit

import httpx

from monitor.channels.console import ConsoleChannel
from monitor.channels.email import EmailChannel, MailServer, Tls
from monitor.channels.interface import Channel
from monitor.channels.mail import AddressError, Letterhead
from monitor.channels.signing import SecretError
from monitor.channels.webhook import WebhookChannel
from monitor.channels.wording import web_link

PORTS = {"smtp": 25, "smtps": 465}


@runtime_checkable
class Secret(Protocol):
    """A value that is read where it is needed and shown nowhere."""

    def reveal(self) -> str:
        """Return the value. Raises MonitorError if its variable or file is missing."""
        ...


class ChannelSettings(Protocol):
    """One table of channels.toml: its name, its type, and its other keys as settings resolved them."""

    @property
    def name(self) -> str:
        """The table's name."""
        ...

    @property
    def type(self) -> str:
        """The key of the factory."""
        ...

    @property
    def options(self) -> Mapping[str, Any]:
        """The other keys; a value is text, a number, a Secret, or a list of these."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What channels share: how to get a guarded transport, and the stream of the console."""

    transport: Callable[[], httpx.AsyncBaseTransport | None]
    stream: TextIO


class OptionError(ValueError):
    """One option is wrong. `found` never shows a secret."""

    def __init__(self, key: str, found: str, allowed: str) -> None:
        self.key, self.found, self.allowed = key, found, allowed
        super().__init__(f"{key}: found {found}; allowed: {allowed}")


def console(settings: ChannelSettings, around: Surroundings) -> Channel:
    """Return a console channel; it has no options."""
    return ConsoleChannel(around.stream, settings.name)


def email(settings: ChannelSettings, around: Surroundings) -> Channel:  # noqa: ARG001 - every factory takes both
    """Return a mail channel from `server` and `from`.

    Optional: `username`, `password`, `tls`, `ca_file`, `timeout`, `envelope_from`, `list_domain`, `unsubscribe`.
    """
    options = settings.options
    try:
        letterhead = Letterhead(
            sender=_required(options, "from"),
            envelope_sender=options.get("envelope_from"),
            list_domain=options.get("list_domain"),
            unsubscribe=options.get("unsubscribe"),
        )
    except AddressError as error:
        raise OptionError("from", str(error), "one mail address") from error
    return EmailChannel(settings.name, _mail_server(options), letterhead)


def webhook(settings: ChannelSettings, around: Surroundings) -> Channel:
    """Return a webhook channel from `url` and `secret` (several while one replaces another); optional: `timeout`."""
    url = _required(settings.options, "url")
    if web_link(url) is None:
        raise OptionError("url", "something else", "an http or https address")
    secrets = [_revealed(one) for one in settings.options.get("secret") or ()]
    if not secrets:
        raise OptionError("secret", "nothing", 'a signing secret, as "env:NAME" or "file:PATH"')
    return _webhook(settings, url, secrets, around.transport())


def _webhook(
    settings: ChannelSettings, url: str, secrets: Iterable[str], transport: httpx.AsyncBaseTransport | None
) -> Channel:
    try:
        return WebhookChannel(settings.name, url, secrets, transport, timeout=_seconds(settings.options, 20.0))
    except SecretError as error:
        raise OptionError("secret", str(error), "whsec_ and base64, or whsk_ and an Ed25519 key") from error
    except httpx.InvalidURL as error:
        raise OptionError("url", str(error), "an http or https address") from error


def _mail_server(options: Mapping[str, Any]) -> MailServer:
    scheme, host, port = _server(_required(options, "server"))
    return MailServer(
        host=host,
        port=port,
        tls=_tls(scheme, options.get("tls")),
        username=_asked_for(options.get("username")),
        password=_asked_for(options.get("password")),
        timeout=_seconds(options, 60.0),
        context=_authorities(options.get("ca_file")),
    )


def _server(address: str) -> tuple[str, str, int]:
    """Return scheme, host and port. Nothing but these may stand in the address, least of all a password."""
    allowed = "smtp://host:port or smtps://host:port, with user name and password in keys of their own"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise OptionError("server", str(error), allowed) from error
    if parts.scheme not in PORTS or not host or parts.username or parts.path.strip("/"):
        raise OptionError("server", "something else", allowed)
    return parts.scheme, host, port or PORTS[parts.scheme]


def _tls(scheme: str, wanted: str | None) -> Tls:
    if scheme == "smtps":
        if wanted == Tls.NEVER:
            raise OptionError("tls", '"never"', "nothing beside smtps://, or smtp:// as server")
        return Tls.IMPLICIT
    try:
        return Tls(wanted or Tls.AUTO)
    except ValueError as error:
        raise OptionError("tls", repr(wanted), '"auto", "require" or "never"') from error


def _authorities(file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:  # ssl.SSLError is one
        raise OptionError("ca_file", f"{file!r} ({error.strerror or error})", "a file of PEM certificates") from error


def _seconds(options: Mapping[str, Any], default: float) -> float:
    value = default if options.get("timeout") is None else options["timeout"]
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise OptionError("timeout", repr(value), "a number of seconds above 0")
    return float(value)


def _required(options: Mapping[str, Any], key: str) -> str:
    value = _revealed(options.get(key) or "")
    if not isinstance(value, str) or not value:
        raise OptionError(key, "something else" if value else "nothing", "text")
    return value


def _asked_for(value: str | Secret | None) -> Callable[[], str] | None:
    return None if value is None else lambda: _revealed(value)


def _revealed(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value

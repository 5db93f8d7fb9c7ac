"""Builds the channels of this package from a user's options, and says of each wrong option what is allowed."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from monitor.channels.apprise import AddressError as AppriseAddressError
from monitor.channels.apprise import AppriseChannel
from monitor.channels.atom import AtomChannel
from monitor.channels.console import ConsoleChannel
from monitor.channels.email import EmailChannel, MailServer, Tls
from monitor.channels.feed import Head
from monitor.channels.file import FileChannel
from monitor.channels.interface import Channel
from monitor.channels.mail import AddressError, Letterhead
from monitor.channels.options import ChannelSettings, OptionError, Secret, Surroundings, required, revealed, seconds
from monitor.channels.signing import SecretError
from monitor.channels.webhook import WebhookChannel
from monitor.channels.wording import web_link

PORTS = {"smtp": 25, "smtps": 465}
NOBODYS = "treaty-monitor.invalid"
"""The domain of a feed's ids where none is configured; nobody can ever own it (RFC 2606)."""


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
            sender=required(options, "from"),
            envelope_sender=options.get("envelope_from"),
            list_domain=options.get("list_domain"),
            unsubscribe=options.get("unsubscribe"),
        )
    except AddressError as error:
        raise OptionError("from", str(error), "one mail address") from error
    return EmailChannel(settings.name, _mail_server(options), letterhead)


def webhook(settings: ChannelSettings, around: Surroundings) -> Channel:
    """Return a webhook channel from `url` and `secret` (several while one replaces another); optional: `timeout`."""
    url = required(settings.options, "url")
    if web_link(url) is None:
        raise OptionError("url", "something else", "an http or https address")
    secrets = [revealed(one) for one in settings.options.get("secret") or ()]
    if not secrets:
        raise OptionError("secret", "nothing", 'a signing secret, as "env:NAME" or "file:PATH"')
    return _webhook(settings, url, secrets, around.transport())


def apprise(settings: ChannelSettings, around: Surroundings) -> Channel:
    """Return a channel to one of Apprise's services from `url`, a secret; optional: `timeout`."""
    url, timeout = required(settings.options, "url"), seconds(settings.options, 30.0)
    try:
        return AppriseChannel(settings.name, url, around.objection, timeout=timeout)
    except ImportError as error:
        allowed = 'this type once its package is installed: pip install "treaty-monitor[apprise]"'
        raise OptionError("type", '"apprise", which needs a package that is not here', allowed) from error
    except AppriseAddressError as error:
        allowed = "one address as https://appriseit.com/services/ describes them"
        raise OptionError("url", str(error), allowed) from error


def file(settings: ChannelSettings, around: Surroundings) -> Channel:
    """Return a channel that appends to the file `path`, or writes to the program's output for "-"."""
    if required(settings.options, "path") == "-":
        return FileChannel(settings.name, around.stream)
    return FileChannel(settings.name, _path(settings.options))


def atom(settings: ChannelSettings, around: Surroundings) -> Channel:  # noqa: ARG001 - every factory takes both
    """Return a channel that keeps a feed in the file `path`; optional: `title`, `url` (where it is read), `domain`."""
    options = settings.options
    url = options.get("url")
    domain = options.get("domain") or (urlsplit(url).hostname if url else None) or NOBODYS
    head = Head(settings.name, options.get("title") or f"treaty-monitor: {settings.name}", domain, url)
    return AtomChannel(settings.name, _path(options), head)


def _path(options: Mapping[str, Any]) -> Path:
    path = Path(required(options, "path"))
    if path.is_dir() or not path.parent.is_dir():
        raise OptionError("path", f'"{path}"', "a file in a folder that is there")
    return path


def _webhook(
    settings: ChannelSettings, url: str, secrets: Iterable[str], transport: httpx.AsyncBaseTransport | None
) -> Channel:
    try:
        return WebhookChannel(settings.name, url, secrets, transport, timeout=seconds(settings.options, 20.0))
    except SecretError as error:
        raise OptionError("secret", str(error), "whsec_ and base64, or whsk_ and an Ed25519 key") from error
    except httpx.InvalidURL as error:
        raise OptionError("url", str(error), "an http or https address") from error


def _mail_server(options: Mapping[str, Any]) -> MailServer:
    scheme, host, port = _server(required(options, "server"))
    return MailServer(
        host=host,
        port=port,
        tls=_tls(scheme, options.get("tls")),
        username=_asked_for(options.get("username")),
        password=_asked_for(options.get("password")),
        timeout=seconds(options, 60.0),
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


def _asked_for(value: str | Secret | None) -> Callable[[], str] | None:
    return None if value is None else lambda: revealed(value)

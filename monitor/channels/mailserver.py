"""Builds the mail channel from a user's options, and says of each wrong option what is allowed."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from monitor.channels.email import EmailChannel, MailServer, Tls
from monitor.channels.interface import Channel
from monitor.channels.mail import AddressError, Letterhead
from monitor.channels.options import ChannelSettings, OptionError, Secret, Surroundings, required, revealed, seconds

PORTS = {"smtp": 25, "smtps": 465}


def email(settings: ChannelSettings, around: Surroundings) -> Channel:
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
            leave=around.leave,
        )
    except AddressError as error:
        raise OptionError("from", str(error), "one mail address") from error
    return EmailChannel(settings.name, _mail_server(options), letterhead)


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
    """Return what reads it anew for each log-in, so that it may be renewed; that it is there is seen now."""
    if value is None:
        return None
    revealed(value)
    return lambda: revealed(value)

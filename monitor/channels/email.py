"""Sends mail by SMTP: one recipient per delivery, so that none can harm another; what goes well shares a connection."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from aiosmtplib import SMTP

from monitor.channels.answers import FAILURES, judge
from monitor.channels.connections import Connections, Line
from monitor.channels.mail import Letterhead, Mail, compose
from monitor.channels.wording import clean
from monitor.domain.delivery import Delivery
from monitor.domain.errors import DeliveryError, MonitorError


class Tls(StrEnum):
    """When the connection is encrypted. Certificates are always verified."""

    AUTO = "auto"  # STARTTLS where the server offers it
    REQUIRE = "require"  # STARTTLS, or no mail
    NEVER = "never"
    IMPLICIT = "implicit"  # from the first byte (smtps)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in. `timeout` is in seconds and bounds the whole exchange of one message.

    `username` and `password` are asked for anew all the time, so that a rotated secret takes effect without a
    restart; neither is kept or shown. `context` replaces the system's certificate authorities. `per_connection` is how
    many messages one connection carries at most.
    """

    host: str
    port: int
    tls: Tls = Tls.AUTO
    username: Callable[[], str] | None = field(default=None, repr=False)
    password: Callable[[], str] | None = field(default=None, repr=False)
    timeout: float = 60.0
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    per_connection: int = 100

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def credentials(self) -> tuple[str, str] | None:
        """Return user name and password, or None for a server that asks for none. Raises DeliveryError (temporary)."""
        try:
            return (self.username(), self.password() if self.password else "") if self.username else None
        except MonitorError as error:
            raise DeliveryError(f"the log-in for {self} cannot be read: {error}", permanent=False) from error


class EmailChannel:
    """Hands each delivery to the mail server. Does not retry, queue or remember: that is the outbox's.

    A connection whose message was confirmed carries the next one; after any failure it is closed.
    """

    per_change = False
    addressed = True

    def __init__(self, name: str, server: MailServer, letterhead: Letterhead) -> None:
        self.name = name
        self._server = server
        self._letterhead = letterhead
        self._connections = Connections(server.per_connection)

    async def send(self, delivery: Delivery) -> str:
        """Send the mail and return the server's answer. Raises DeliveryError."""
        mail = compose(delivery, self._letterhead)
        credentials = self._server.credentials()
        try:
            async with asyncio.timeout(self._server.timeout):
                return await self._hand_in(mail, credentials)
        except FAILURES as error:
            raise judge(error, str(self._server), *(credentials or ())) from error

    async def _hand_in(self, mail: Mail, credentials: tuple[str, str] | None) -> str:
        """Hand over envelope and content; once the content is confirmed, nothing can fail any more."""
        line = await self._begun_again(mail) or await self._begun(mail, credentials)
        with _closed_on_failure(line.client):
            encoding = "utf-8" if mail.utf8 else "ascii"
            await line.client.rcpt(mail.recipient, encoding=encoding)
            answer = await line.client.data(mail.content)
        self._connections.give_back(line)
        return clean(f"{answer.code} {answer.message}", 300)

    async def _begun_again(self, mail: Mail) -> Line | None:
        """Return a used connection that has taken the sender, or None.

        Whatever goes wrong before the recipient is named is asked of a new connection: servers close idle ones, and
        limit the messages of one.
        """
        line = self._connections.take()
        if line is None:
            return None
        try:
            with _closed_on_failure(line.client):
                await _begin(line.client, mail)
        except FAILURES:
            return None
        return line

    async def _begun(self, mail: Mail, credentials: tuple[str, str] | None) -> Line:
        """Return a new connection that has taken the log-in and the sender."""
        client = await self._connected()
        with _closed_on_failure(client):
            if credentials:
                _refuse_clear_text(client, self._server)
                await client.login(*credentials)
            await _begin(client, mail)
        return Line(client)

    async def _connected(self) -> SMTP:
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls is Tls.IMPLICIT,
            start_tls={Tls.AUTO: None, Tls.REQUIRE: True}.get(server.tls, False),
            tls_context=server.context,
            timeout=server.timeout,
            local_hostname=await asyncio.to_thread(_own_name),
        )
        await client.connect()
        return client


@contextmanager
def _closed_on_failure(client: SMTP) -> Iterator[None]:
    """Close a connection if what is asked of it fails or is broken off: nobody can tell any more where it stands."""
    with ExitStack() as failed:
        failed.callback(client.close)
        yield
        failed.pop_all()


async def _begin(client: SMTP, mail: Mail) -> None:
    encoding, options = await _beyond_ascii(client) if mail.utf8 else ("ascii", ())
    await client.mail(mail.sender, options=options, encoding=encoding)


async def _beyond_ascii(client: SMTP) -> tuple[str, tuple[str, ...]]:
    """Return encoding and options for international addresses (RFC 6531). Raises DeliveryError if not supported."""
    if client.is_ehlo_or_helo_needed:
        await client.ehlo()
    if not client.supports_extension("smtputf8"):
        raise DeliveryError("the mail server does not carry addresses beyond ASCII (SMTPUTF8)", permanent=True)
    return "utf-8", ("SMTPUTF8", "BODY=8BITMIME")


def _refuse_clear_text(client: SMTP, server: MailServer) -> None:
    """Keep the password off the open network, even if somebody on the way hides that the server offers STARTTLS."""
    encrypted = client.get_transport_info("sslcontext") is not None
    if not (encrypted or server.tls is Tls.NEVER or _is_this_machine(server.host)):
        raise DeliveryError(
            f'{server} offers no encryption and the password is not sent in clear text; tls = "never" would allow it',
            permanent=False,
        )


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def _own_name() -> str:
    """Return this machine's name for EHLO; asked for once, since it may take a look-up."""
    return socket.getfqdn().strip() or "localhost"

"""Where the demo's alerts arrive: a mailbox behind a real SMTP server, a webhook receiver that checks signatures."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from standardwebhooks import Webhook, WebhookVerificationError

from monitor.faces.demo.serving import LOOPBACK, Answer, LocalServer, Received, Served

ACCEPTED = "250 OK"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as it came over the wire: the envelope's addresses, the bytes, and what they say."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The parsed message."""
        return BytesParser(policy=policy.default).parsebytes(self.raw)

    @property
    def subject(self) -> str:
        """The subject, decoded; empty where there is none."""
        return str(self.message["subject"] or "")


class Inbox(Served):
    """An SMTP server on an ephemeral port of 127.0.0.1 that takes every message, from `start` (or `with`) to `stop`.

    `on_mail` is called with each message, in the server's thread. `options` go to aiosmtpd's Controller
    (`tls_context`, `require_starttls`, `authenticator`, `auth_required`). A subclass decides otherwise about
    recipients and messages by `judge_recipient` and `judge_message`.
    """

    def __init__(self, on_mail: Callable[[Mail], None] | None = None, **options: Any) -> None:
        self.mails: list[Mail] = []
        self._on_mail = on_mail
        self._controller = _AnyPort(_Reception(self), hostname=LOOPBACK, port=0, **options)

    @property
    def port(self) -> int:
        """The port that the system gave; known once the server has started."""
        return self._controller.port

    @property
    def url(self) -> str:
        """The server as a channel's configuration names it."""
        return f"smtp://{LOOPBACK}:{self.port}"

    def start(self) -> Self:
        """Begin to serve."""
        self._controller.start()
        return self

    def stop(self) -> None:
        """End serving and free the port."""
        self._controller.stop()

    def judge_recipient(self, address: str) -> str:  # noqa: ARG002 - the door for subclasses
        """Return the answer to RCPT TO; one that does not begin with 2 refuses the recipient."""
        return ACCEPTED

    def judge_message(self, mail: Mail) -> str:  # noqa: ARG002 - the door for subclasses
        """Return the answer to the message's end: beginning with 2 it is taken; an empty one breaks the connection."""
        return ACCEPTED

    def take(self, mail: Mail) -> str:
        """Keep the message if it is not refused, and return the answer."""
        answer = self.judge_message(mail)
        if answer.startswith("2"):
            self.mails.append(mail)
            if self._on_mail:
                self._on_mail(mail)
        return answer


class _AnyPort(Controller):
    """A controller that learns the port which the system gave: aiosmtpd would try out port 0 itself."""

    port: int

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # it stands when this is called
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd's


class _Reception:
    """What aiosmtpd calls at each step; the answers are the inbox's."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._inbox.judge_recipient(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - same
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        answer = self._inbox.take(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        if not answer and server.transport:
            server.transport.close()
        return answer


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook as it arrived. `verified` says whether its signature held when it came; `error` why not."""

    id: str
    body: bytes
    headers: dict[str, str]
    error: str | None = None

    @property
    def verified(self) -> bool:
        """Whether the signature held."""
        return self.error is None

    @property
    def payload(self) -> Any:
        """The body's JSON. Raises ValueError where it is none."""
        return json.loads(self.body)


class HookReceiver(LocalServer):
    """A webhook receiver that verifies Standard Webhooks signatures with the standard's own library.

    A request whose signature does not hold gets 401, any other what `reply` is set to (204 at first).
    `on_hook` is called with each verified hook, in the connection's thread. Signatures older than five minutes
    by the machine's clock do not hold, whatever time the demo plays.
    """

    def __init__(self, secret: str, on_hook: Callable[[Hook], None] | None = None, **options: Any) -> None:
        self.hooks: list[Hook] = []
        self.reply: Answer = Answer(204)
        self._webhook = Webhook(secret)
        self._on_hook = on_hook
        super().__init__(self._judge, **options)

    def _judge(self, request: Received) -> Answer:
        hook = Hook(request.headers.get("webhook-id", ""), request.body, request.headers, self._error(request))
        self.hooks.append(hook)
        if not hook.verified:
            return Answer(401, body=(hook.error or "").encode())
        if self._on_hook:
            self._on_hook(hook)
        return self.reply

    def _error(self, request: Received) -> str | None:
        try:
            self._webhook.verify(request.body, request.headers)
        except WebhookVerificationError as error:
            return str(error)
        return None

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from support.certificates import Authority
from support.mailbox import SilentServer, StubbornInbox, free_port

from monitor.channels.email import EmailChannel, MailServer, Tls
from monitor.channels.mail import Letterhead
from monitor.domain.errors import DeliveryError, UsageError

Make = Callable[..., Any]
LETTERHEAD = Letterhead(sender="treaty-monitor@example.org")
PASSWORD = "hunter2-and-more"


def channel(port: int, **options: Any) -> EmailChannel:
    return EmailChannel("desk-mail", MailServer(**{"host": "127.0.0.1", "port": port} | options), LETTERHEAD)


def log_in(password: str = PASSWORD) -> dict[str, Any]:
    return {"username": lambda: "monitor", "password": lambda: password}


def only_monitor(_server: object, _session: object, _envelope: object, _method: str, given: Any) -> AuthResult:
    return AuthResult(success=isinstance(given, LoginPassword) and given.password == PASSWORD.encode(), handled=False)


async def failure(sender: EmailChannel, delivery: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await sender.send(delivery)
    assert PASSWORD not in str(caught.value)
    return caught.value


async def test_a_message_arrives_at_its_recipient(deliver: Make) -> None:
    with StubbornInbox() as inbox:
        assert await channel(inbox.port).send(deliver()) == "250 OK"
    (mail,) = inbox.mails
    assert (mail.sender, mail.recipients) == ("treaty-monitor@example.org", ("desk@example.org",))
    assert mail.subject == "[treaty-monitor] Poland: withdrawal notified, Mine Ban Convention"


async def test_starttls_is_used_where_it_is_offered(deliver: Make) -> None:
    authority = Authority()
    with StubbornInbox(tls_context=authority.server(), require_starttls=True) as inbox:
        await channel(inbox.port, context=authority.client()).send(deliver())
    assert len(inbox.mails) == 1


async def test_starttls_that_is_required_and_not_offered_keeps_the_message(deliver: Make) -> None:
    with StubbornInbox() as inbox:
        error = await failure(channel(inbox.port, tls=Tls.REQUIRE), deliver())
    assert not error.permanent
    assert "STARTTLS" in str(error)
    assert inbox.mails == []


async def test_starttls_is_left_alone_when_the_user_says_never(deliver: Make) -> None:
    with StubbornInbox(tls_context=Authority().server()) as inbox:
        await channel(inbox.port, tls=Tls.NEVER).send(deliver())
    assert len(inbox.mails) == 1


async def test_a_certificate_of_an_unknown_authority_is_temporary_and_said_clearly(deliver: Make) -> None:
    with StubbornInbox(tls_context=Authority().server()) as inbox:
        error = await failure(channel(inbox.port), deliver())
    assert not error.permanent
    assert "certificate is not valid" in str(error)
    assert inbox.mails == []


async def test_a_certificate_for_another_host_is_not_accepted(deliver: Make) -> None:
    authority = Authority()
    with StubbornInbox(tls_context=authority.server("mail.example.org")) as inbox:
        error = await failure(channel(inbox.port, context=authority.client()), deliver())
    assert "certificate is not valid" in str(error)


async def test_tls_from_the_first_byte(deliver: Make) -> None:
    authority = Authority()
    with StubbornInbox(ssl_context=authority.server()) as inbox:
        await channel(inbox.port, tls=Tls.IMPLICIT, context=authority.client()).send(deliver())
        error = await failure(channel(inbox.port, tls=Tls.IMPLICIT, context=Authority().client()), deliver())
    assert len(inbox.mails) == 1
    assert "certificate is not valid" in str(error)


async def test_a_server_without_tls_is_no_partner_for_tls_from_the_first_byte(deliver: Make) -> None:
    with StubbornInbox() as inbox:
        error = await failure(channel(inbox.port, tls=Tls.IMPLICIT, timeout=5), deliver())
    assert not error.permanent
    assert "no trustworthy encryption" in str(error)


async def test_the_log_in_works_over_starttls(deliver: Make) -> None:
    authority = Authority()
    options = {"authenticator": only_monitor, "auth_required": True, "tls_context": authority.server()}
    with StubbornInbox(**options) as inbox:
        await channel(inbox.port, context=authority.client(), **log_in()).send(deliver())
    assert len(inbox.mails) == 1


async def test_a_wrong_password_is_tried_again_since_a_person_puts_it_right(deliver: Make) -> None:
    options = {"authenticator": only_monitor, "auth_require_tls": False}
    with StubbornInbox(**options) as inbox:
        error = await failure(channel(inbox.port, **log_in("wrong-" + PASSWORD)), deliver())
    assert not error.permanent
    assert "refused the user name or password: 535" in str(error)


async def test_a_server_that_asks_for_a_log_in_which_is_not_configured_is_temporary(deliver: Make) -> None:
    authority = Authority()
    options = {"authenticator": only_monitor, "auth_required": True, "tls_context": authority.server()}
    with StubbornInbox(**options) as inbox:
        error = await failure(channel(inbox.port, context=authority.client()), deliver())
    assert not error.permanent
    assert "530" in str(error)


async def test_a_password_never_crosses_the_open_network_in_clear_text(deliver: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr("monitor.channels.email._is_this_machine", lambda _host: False)
    with StubbornInbox(authenticator=only_monitor, auth_require_tls=False) as inbox:
        error = await failure(channel(inbox.port, **log_in()), deliver())
        assert await channel(inbox.port, tls=Tls.NEVER, **log_in()).send(deliver())
    assert not error.permanent
    assert "not sent in clear text" in str(error)


async def test_a_secret_that_cannot_be_read_keeps_the_message(deliver: Make) -> None:
    def missing() -> str:
        raise UsageError("the variable SMTP_PASSWORD is not set")

    error = await failure(channel(1, username=lambda: "monitor", password=missing), deliver())
    assert not error.permanent
    assert "SMTP_PASSWORD" in str(error)


async def test_one_refused_recipient_of_three_harms_no_other(deliver: Make) -> None:
    with StubbornInbox() as inbox:
        inbox.refused["gone@example.org"] = "550 5.1.1 no such user"
        sender = channel(inbox.port)
        addresses = ("one@example.org", "gone@example.org", "two@example.org")
        results = await asyncio.gather(*(sender.send(deliver(to=a)) for a in addresses), return_exceptions=True)
    assert (results[0], results[2]) == ("250 OK", "250 OK")
    assert isinstance(results[1], DeliveryError)
    assert results[1].permanent
    assert str(results[1]).endswith("refused the recipient: 550 5.1.1 no such user")
    assert {m.recipients for m in inbox.mails} == {("one@example.org",), ("two@example.org",)}


@pytest.mark.parametrize(("answer", "permanent"), [("450 mailbox busy", False), ("552 too large", True)])
async def test_answers_about_the_recipient_are_temporary_or_final_by_their_first_digit(
    answer: str, *, permanent: bool, deliver: Make
) -> None:
    with StubbornInbox() as inbox:
        inbox.refused["desk@example.org"] = answer
        assert (await failure(channel(inbox.port), deliver())).permanent is permanent


@pytest.mark.parametrize(
    ("answer", "permanent"), [("451 try later", False), ("554 spam", True), ("421 closing", False)]
)
async def test_answers_about_the_message_are_temporary_or_final_by_their_first_digit(
    answer: str, *, permanent: bool, deliver: Make
) -> None:
    with StubbornInbox() as inbox:
        inbox.answer = answer
        error = await failure(channel(inbox.port), deliver())
    assert error.permanent is permanent
    assert answer in str(error)


async def test_a_greeting_that_never_comes_ends_in_time_and_slows_down(deliver: Make) -> None:
    with SilentServer() as server:
        before = time.monotonic()
        error = await failure(channel(server.port, timeout=0.3), deliver())
    assert (error.permanent, error.slow_down) == (False, True)
    assert time.monotonic() - before < 3


async def test_a_server_that_is_not_there_is_temporary(deliver: Make) -> None:
    error = await failure(channel(free_port()), deliver())
    assert (error.permanent, error.slow_down) == (False, False)
    assert "cannot reach 127.0.0.1:" in str(error)


async def test_after_a_lost_connection_the_repeat_carries_the_same_message_id(deliver: Make) -> None:
    with StubbornInbox() as inbox:
        inbox.cut = True
        error = await failure(channel(inbox.port), deliver())
        inbox.cut = False
        await channel(inbox.port).send(deliver())
    assert not error.permanent
    assert "lost before it confirmed" in str(error)
    first, second = inbox.mails
    assert first.message["Message-ID"] == second.message["Message-ID"] == "<msg_000000000000000000000001@example.org>"


async def scripted(*lines: bytes) -> asyncio.Server:
    """Serve SMTP from a script: the greeting, then one answer to each command; then hang up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for line in lines:
            writer.write(line + b"\r\n")
            await reader.readline()
        writer.close()

    return await asyncio.start_server(serve, "127.0.0.1", 0)


@pytest.mark.parametrize(
    "script",
    [(b"554 no service here",), (b"421 too busy",), (b"not smtp at all",), (b"220 hi", b"500 what", b"500 what")],
)
async def test_a_server_that_will_not_talk_keeps_the_message(script: tuple[bytes, ...], deliver: Make) -> None:
    async with await scripted(*script) as server:
        error = await failure(channel(server.sockets[0].getsockname()[1], timeout=3), deliver())
    assert not error.permanent


async def test_a_server_that_repeats_the_password_does_not_get_it_into_the_record(deliver: Make) -> None:
    repeats = b"535 no such password " + PASSWORD.encode()
    script = (b"220 hi", b"250-me\r\n250 AUTH PLAIN", repeats, repeats)
    async with await scripted(*script) as server:
        error = await failure(channel(server.sockets[0].getsockname()[1], timeout=3, **log_in()), deliver())
    assert "***" in str(error)


async def test_an_international_mailbox_needs_a_server_that_carries_it(deliver: Make) -> None:
    with StubbornInbox(enable_SMTPUTF8=True) as able, StubbornInbox(enable_SMTPUTF8=False) as unable:
        await channel(able.port).send(deliver(to="jörg@example.org"))
        error = await failure(channel(unable.port), deliver(to="jörg@example.org"))
    assert able.mails[0].recipients == ("jörg@example.org",)
    assert error.permanent
    assert "SMTPUTF8" in str(error)


def test_credentials_do_not_show_in_the_servers_representation() -> None:
    server = MailServer(host="mail.example.org", port=587, context=ssl.create_default_context(), **log_in())
    assert "password" not in repr(server)
    assert str(server) == "mail.example.org:587"

from __future__ import annotations

import json
import smtplib
import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import httpx
import pytest
from aiosmtpd.smtp import AuthResult
from standardwebhooks import Webhook
from support.certificates import Authority
from support.mailbox import SilentServer, StubbornInbox, free_port

from monitor.faces.demo.inbox import Hook, HookReceiver, Inbox, Mail
from monitor.faces.demo.serving import Answer

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def message(subject: str = "Poland: withdrawal notified") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "monitor@example.org", "desk@example.org", subject
    mail.set_content("A notice has been deposited.")
    return mail


def send(inbox: Inbox, *recipients: str) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", inbox.port, timeout=5) as client:
        return client.send_message(message(), to_addrs=recipients or ("desk@example.org",))


def test_a_message_arrives_with_its_envelope_and_is_announced() -> None:
    announced: list[Mail] = []
    with Inbox(announced.append) as inbox:
        send(inbox, "desk@example.org", "other@example.org")
        assert inbox.url == f"smtp://127.0.0.1:{inbox.port}"
    (mail,) = inbox.mails
    assert announced == [mail]
    assert (mail.sender, mail.recipients) == ("monitor@example.org", ("desk@example.org", "other@example.org"))
    assert mail.subject == "Poland: withdrawal notified"
    assert "deposited" in mail.message.get_content()


def test_a_stubborn_inbox_refuses_one_recipient_and_takes_the_others() -> None:
    with StubbornInbox() as inbox:
        inbox.refused["gone@example.org"] = "550 no such user"
        refused = send(inbox, "desk@example.org", "gone@example.org")
    assert refused == {"gone@example.org": (550, b"no such user")}
    assert inbox.mails[0].recipients == ("desk@example.org",)


@pytest.mark.parametrize("answer", ["451 later", "554 never"])
def test_a_stubborn_inbox_answers_every_message_as_it_is_told(answer: str) -> None:
    with StubbornInbox() as inbox:
        inbox.answer = answer
        with pytest.raises(smtplib.SMTPDataError, match=answer.split()[1]):
            send(inbox)
    assert (inbox.tried, inbox.mails) == (1, [])


def test_a_connection_cut_after_the_message_leaves_the_sender_without_an_answer() -> None:
    with StubbornInbox() as inbox:
        inbox.cut = True
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send(inbox)
    assert len(inbox.mails) == 1


def test_an_inbox_with_tls_and_a_password_lets_only_its_user_in() -> None:
    authority = Authority()

    def judge(_server: object, _session: object, _envelope: object, _mechanism: str, login: object) -> AuthResult:
        return AuthResult(success=getattr(login, "password", b"") == b"sesame", handled=False)

    options = {"require_starttls": True, "auth_required": True, "authenticator": judge}
    with (
        Inbox(tls_context=authority.server(), **options) as inbox,
        smtplib.SMTP("127.0.0.1", inbox.port, timeout=5) as client,
    ):
        client.starttls(context=authority.client())
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("monitor", "wrong")
        client.login("monitor", "sesame")
        client.send_message(message())
    assert len(inbox.mails) == 1


def test_an_inbox_with_a_strangers_certificate_is_not_trusted() -> None:
    with (
        Inbox(tls_context=Authority().server()) as inbox,
        smtplib.SMTP("127.0.0.1", inbox.port, timeout=5) as client,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        client.starttls(context=Authority().client())


def test_a_silent_server_never_greets_and_a_free_port_never_answers() -> None:
    with SilentServer() as server, pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        smtplib.SMTP("127.0.0.1", server.port, timeout=0.1)
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", free_port(), timeout=1)


def post(receiver: HookReceiver, secret: str = SECRET, at: datetime | None = None) -> httpx.Response:
    at = at or datetime.now(UTC)
    body = json.dumps({"type": "test"})
    headers = {
        "content-type": "application/json",
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", at, body),
    }
    return httpx.post(receiver.url, content=body, headers=headers)


def test_a_signed_hook_is_verified_kept_and_announced() -> None:
    announced: list[Hook] = []
    with HookReceiver(SECRET, announced.append) as receiver:
        assert post(receiver).status_code == 204
    (hook,) = receiver.hooks
    assert announced == [hook]
    assert (hook.id, hook.verified, hook.payload) == ("msg_1", True, {"type": "test"})


def test_a_hook_with_another_secret_or_an_old_stamp_is_refused_and_not_announced() -> None:
    announced: list[Hook] = []
    with HookReceiver(SECRET, announced.append) as receiver:
        assert post(receiver, secret="whsec_c29tZXRoaW5nIGVsc2U=").status_code == 401
        assert post(receiver, at=datetime.now(UTC) - timedelta(minutes=6)).status_code == 401
    assert [hook.verified for hook in receiver.hooks] == [False, False]
    assert announced == []


def test_a_receiver_answers_as_it_is_told() -> None:
    with HookReceiver(SECRET) as receiver:
        receiver.reply = Answer(429, {"Retry-After": "120"})
        answer = post(receiver)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "120")

"""One connection for consecutive mails, over a mail server on loopback that keeps a record of each connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

import pytest

from monitor.channels import connections
from monitor.channels.email import EmailChannel, MailServer
from monitor.channels.mail import Letterhead
from monitor.domain.errors import DeliveryError

Make = Callable[..., Any]


@dataclass
class Post:
    """A mail server. `answer` gives the answer to a command ("" hangs up) from the connection's number and the command.

    `dialogues` has the first word of every command of each connection, `mails` every message that was confirmed or,
    with "" as answer to its end, taken without a word.
    """

    answer: Callable[[int, str, int], str] = lambda _connection, _command, _nth: "250 OK"
    dialogues: list[list[str]] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said: list[str] = []
        self.dialogues.append(said)
        number = len(self.dialogues)
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            command = line.split()[0].decode().split(":")[0].upper()
            said.append(command)
            if command == "DATA":
                writer.write(b"354 go on\r\n")
                self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
            answer = self.answer(number, command, said.count(command))
            if not answer:
                break
            writer.write(answer.encode() + b"\r\n")
        writer.close()


@asynccontextmanager
async def post(answer: Callable[[int, str, int], str] | None = None) -> AsyncIterator[Post]:
    office = Post(answer) if answer else Post()
    async with await asyncio.start_server(office.serve, "127.0.0.1", 0) as server:
        office.port = server.sockets[0].getsockname()[1]
        yield office


def channel(office: Post, **options: Any) -> EmailChannel:
    server = MailServer(host="127.0.0.1", port=office.port, **{"timeout": 5.0} | options)
    return EmailChannel("desk-mail", server, Letterhead(sender="treaty-monitor@example.org"))


@pytest.fixture(autouse=True)
def short_goodbyes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "GOODBYE", 0.05)  # the server of a test ends with the test's own event loop


MAIL = ["MAIL", "RCPT", "DATA"]


async def test_consecutive_mails_share_a_connection(deliver: Make) -> None:
    async with post() as office:
        sender = channel(office)
        for number in range(3):
            assert await sender.send(deliver(name=f"msg_{number}", to=f"{number}@example.org")) == "250 OK"
    assert office.dialogues == [["EHLO", *MAIL, *MAIL, *MAIL]]
    assert [message_from_bytes(mail)["To"] for mail in office.mails] == [f"{n}@example.org" for n in range(3)]


async def test_mails_at_the_same_time_each_have_a_connection(deliver: Make) -> None:
    async with post() as office:
        sender = channel(office)
        await asyncio.gather(*(sender.send(deliver(name=f"msg_{number}")) for number in range(3)))
        await sender.send(deliver(name="msg_3"))
    assert sorted(map(len, office.dialogues)) == [4, 4, 7]


async def test_a_connection_carries_no_more_than_its_number(deliver: Make) -> None:
    async with post() as office:
        sender = channel(office, per_connection=2)
        for number in range(3):
            await sender.send(deliver(name=f"msg_{number}"))
        await asyncio.sleep(0.05)
    assert office.dialogues == [["EHLO", *MAIL, *MAIL, "QUIT"], ["EHLO", *MAIL]]


async def test_a_refused_recipient_costs_the_next_one_nothing_but_a_new_connection(deliver: Make) -> None:
    async with post(lambda _c, command, nth: "550 no" if (command, nth) == ("RCPT", 2) else "250 OK") as office:
        sender = channel(office)
        await sender.send(deliver(name="msg_1"))
        with pytest.raises(DeliveryError, match="refused the recipient") as caught:
            await sender.send(deliver(name="msg_2"))
        await sender.send(deliver(name="msg_3"))
    assert caught.value.permanent
    assert office.dialogues == [["EHLO", *MAIL, "MAIL", "RCPT"], ["EHLO", *MAIL]]
    assert [message_from_bytes(mail)["Message-ID"][:6] for mail in office.mails] == ["<msg_1", "<msg_3"]


@pytest.mark.parametrize("answer", ["421 too many mails in one session", "451 later", "550 session limit", ""])
async def test_what_a_used_connection_answers_before_the_recipient_is_asked_of_a_new_one(
    answer: str, deliver: Make
) -> None:
    async with post(lambda _c, command, nth: answer if (command, nth) == ("MAIL", 2) else "250 OK") as office:
        sender = channel(office)
        await sender.send(deliver(name="msg_1"))
        assert await sender.send(deliver(name="msg_2")) == "250 OK"
    assert office.dialogues == [["EHLO", *MAIL, "MAIL"], ["EHLO", *MAIL]]


async def test_a_refused_sender_is_told_by_the_new_connection(deliver: Make) -> None:
    refusing = lambda connection, command, nth: "550 who?" if command == "MAIL" and connection + nth > 2 else "250 OK"  # noqa: E731
    async with post(refusing) as office:
        sender = channel(office)
        await sender.send(deliver(name="msg_1"))
        with pytest.raises(DeliveryError, match="refused the sender") as caught:
            await sender.send(deliver(name="msg_2"))
    assert caught.value.permanent


async def test_after_a_used_connection_is_lost_at_the_end_of_a_mail_the_repeat_is_the_same_bytes(deliver: Make) -> None:
    async with post(lambda _c, command, nth: "" if (command, nth) == ("DATA", 2) else "250 OK") as office:
        sender = channel(office)
        await sender.send(deliver(name="msg_1"))
        with pytest.raises(DeliveryError, match="lost before it confirmed") as caught:
            await sender.send(deliver(name="msg_2"))
        await sender.send(deliver(name="msg_2"))
    assert not caught.value.permanent
    assert len(office.mails) == 3
    assert office.mails[1] == office.mails[2] != office.mails[0]


async def test_a_connection_takes_leave_when_nothing_more_comes(deliver: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LINGER", 0.05)
    async with post() as office:
        sender = channel(office)
        await sender.send(deliver(name="msg_1"))
        await asyncio.sleep(0.2)
        assert office.dialogues == [["EHLO", *MAIL, "QUIT"]]
        await sender.send(deliver(name="msg_2"))
    assert len(office.dialogues) == 2


def test_a_command_that_ends_takes_leave_of_its_connections(deliver: Make) -> None:
    async def send_and_end() -> None:
        await channel(office).send(deliver())

    async def serve(port: asyncio.Future[int], end: asyncio.Event) -> None:
        async with await asyncio.start_server(office.serve, "127.0.0.1", 0) as server:
            port.set_result(server.sockets[0].getsockname()[1])
            await end.wait()

    async def both() -> None:
        port, end = asyncio.get_running_loop().create_future(), asyncio.Event()
        serving = asyncio.create_task(serve(port, end))
        office.port = await port
        await asyncio.to_thread(asyncio.run, send_and_end())
        await asyncio.sleep(0.05)
        end.set()
        await serving

    office = Post()
    asyncio.run(both())
    assert office.dialogues == [["EHLO", *MAIL, "QUIT"]]


async def test_a_server_that_never_says_goodbye_makes_no_confirmed_mail_a_failure(deliver: Make) -> None:
    async with post() as office:
        office.answer = lambda _c, command, _n: "" if command == "QUIT" else "250 OK"
        sender = channel(office, per_connection=1, timeout=0.5)
        for number in range(3):
            assert await sender.send(deliver(name=f"msg_{number}")) == "250 OK"
    assert len(office.mails) == 3

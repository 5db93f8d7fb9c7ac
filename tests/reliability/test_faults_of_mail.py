"""What a mail server can do to us, over real sockets: the outbox says it, nothing is lost, webhooks go on."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from reliability.installation import CHANNELS, DESKS, Installation
from reliability.outbox import Program, program
from support.certificates import Authority
from support.mailbox import SilentServer, StubbornInbox

from monitor.channels.email import EmailChannel, MailServer
from monitor.channels.mail import Letterhead
from monitor.domain.delivery import DeliveryState, Outcome
from monitor.pipeline.outbox import AT_ONCE

MAILS, HOOKS = 21, 10
PATIENCE = 0.4
"""Seconds; a configuration allows no less than one."""
LETTERHEAD = Letterhead(sender="treaty-monitor@example.org")
PENDING, SENT, DEAD = DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.DEAD


def mail_through(installation: Installation, url: str, options: str = "") -> None:
    """Let the mail channel use this server."""
    text = CHANNELS.format(mail=url, hook=installation.hook.url, options=options)
    installation.configure("channels.toml", text)


def assert_webhooks_arrived(running: Program) -> None:
    assert len(running.installation.hook.hooks) == HOOKS
    assert {d.state for d in running.outbox("case-system")} == {SENT}


async def assert_all_arrive(running: Program, **later: float) -> None:
    """Send again when the server is well, and see every mail arrive at last, each id at its own recipient."""
    await running.deliver(**later)
    assert {d.state for d in running.outbox("desk-mail")} == {SENT}
    ids = {str(m.message["Message-ID"]) for m in running.installation.mail.mails}
    assert {f"<{d.id}@example.org>" for d in running.outbox("desk-mail")} == ids
    assert len(ids) == MAILS


async def test_a_temporary_answer_is_tried_again(installation: Installation) -> None:
    installation.mail.answer = "451 4.3.0 try later"
    async with program(installation) as running:
        await running.deliver()
        ((what, why),) = running.last("desk-mail", PENDING)
        assert (what, why.endswith("refused the message: 451 4.3.0 try later")) == (Outcome.RETRY, True)
        assert_webhooks_arrived(running)
        installation.mail.answer = "250 OK"
        await assert_all_arrive(running, seconds=6)


async def test_a_final_answer_makes_a_dead_letter_that_can_be_sent_by_hand(installation: Installation) -> None:
    installation.mail.answer = "554 5.7.1 never"
    async with program(installation) as running:
        await running.deliver()
        ((what, why),) = running.last("desk-mail", DEAD)
        assert (what, why.endswith("refused the message: 554 5.7.1 never")) == (Outcome.DEAD, True)
        assert_webhooks_arrived(running)
        await running.deliver(days=2)
        assert installation.mail.tried == MAILS
        installation.mail.answer = "250 OK"
        running.retry_by_hand()
        await assert_all_arrive(running)


async def test_one_refused_recipient_of_three_harms_no_other(installation: Installation) -> None:
    installation.mail.refused[DESKS[1]] = "550 5.1.1 no such user"
    async with program(installation) as running:
        await running.deliver()
        states = Counter((d.recipient, d.state) for d in running.outbox("desk-mail"))
        assert states == {(DESKS[0], SENT): 7, (DESKS[1], DEAD): 7, (DESKS[2], SENT): 7}
        assert all("550 5.1.1" in d.attempts[-1].detail for d in running.outbox("desk-mail", DEAD))
        assert_webhooks_arrived(running)
        installation.mail.refused.clear()
        running.retry_by_hand()
        await assert_all_arrive(running)


async def test_a_connection_lost_after_the_message_is_tried_again_under_the_same_id(installation: Installation) -> None:
    installation.mail.cut = True
    async with program(installation) as running:
        await running.deliver()
        ((what, why),) = running.last("desk-mail", PENDING)
        assert (what, "was lost before it confirmed the message" in why) == (Outcome.RETRY, True)
        assert_webhooks_arrived(running)
        installation.mail.cut = False
        await assert_all_arrive(running, seconds=6)
    assert set(Counter(str(m.message["Message-ID"]) for m in installation.mail.mails).values()) == {2}
    assert len({m.raw for m in installation.mail.mails}) == MAILS


async def test_a_greeting_that_never_comes_delays_no_webhook(installation: Installation) -> None:
    async with program(installation) as running:
        with SilentServer() as silent:
            server = MailServer(host="127.0.0.1", port=silent.port, timeout=PATIENCE)
            well = running.replace_channel(EmailChannel("desk-mail", server, LETTERHEAD))
            took = await running.deliver()
        assert took >= MAILS / AT_ONCE * PATIENCE
        ((what, why),) = running.last("desk-mail", PENDING)
        assert (what, "did not answer in time" in why) == (Outcome.RETRY, True)
        soonest = min(d.next_attempt for d in running.outbox("desk-mail"))
        assert soonest >= installation.now + timedelta(seconds=60)
        assert_webhooks_arrived(running)
        assert installation.arrivals[-1] - installation.arrivals[0] < took / 2
        running.replace_channel(well)
        await assert_all_arrive(running, minutes=2)


@pytest.mark.parametrize("host", ["127.0.0.1", "mail.example.org"])
async def test_a_wrong_certificate_keeps_every_mail_until_it_is_right(host: str, installation: Installation) -> None:
    """Of an unknown authority, or for another host: in both cases nobody can know who listens."""
    trusted, unknown = Authority(), Authority()
    trust = trusted.write(installation.home)
    with StubbornInbox(tls_context=(unknown if host == "127.0.0.1" else trusted).server(host)) as stranger:
        mail_through(installation, stranger.url, f'ca_file = "{trust}"')
        async with program(installation) as running:
            await running.deliver()
            ((what, why),) = running.last("desk-mail", PENDING)
            assert (what, "certificate is not valid" in why) == (Outcome.RETRY, True)
            assert_webhooks_arrived(running)
        assert stranger.mails == []
    mail_through(installation, installation.mail.url)
    async with program(installation) as running:
        await assert_all_arrive(running, seconds=6)

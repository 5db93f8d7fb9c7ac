"""One channel's slowness is nobody else's: the order in which messages really arrive."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from reliability.installation import SECRET, Installation
from reliability.outbox import program
from reliability.play import play
from support.site import LocalSite

from monitor.channels.fake import RecordingChannel
from monitor.channels.webhook import WebhookChannel
from monitor.domain.delivery import Delivery, DeliveryState, Outcome
from monitor.faces.demo.serving import Answer
from monitor.faces.demo.serving import Received as Request
from monitor.pipeline.outbox import deliver_due

SLOW = 0.8
"""Seconds that the slow receiver takes for each of its messages: four at a time, ten on the first day."""


def slow_answer(_request: Request) -> Answer:
    time.sleep(SLOW)
    return Answer(204)


async def test_what_becomes_due_while_one_channel_is_slow_is_sent_meanwhile(installation: Installation) -> None:
    """As in the daemon: the pass over the outbox is still at work for one channel when a check has news for both."""
    async with program(installation) as running:
        with LocalSite() as site:
            url = site.put("/hooks", slow_answer)
            running.replace_channel(WebhookChannel("case-system", url, (SECRET,)))
            under_way = asyncio.create_task(running.deliver())
            await asyncio.sleep(SLOW)
            assert not under_way.done()
            installation.begin(play()[2])
            mails = len(installation.mail.mails)
            await running.check()
            told = time.monotonic()
            while len(installation.mail.mails) == mails:  # noqa: ASYNC110 - the mail server lives in a thread
                await asyncio.sleep(0.02)
            assert time.monotonic() - told < 3 * SLOW
            assert not under_way.done()
            await under_way
    assert {d.state for d in (*running.outbox("desk-mail"), *running.outbox("case-system"))} == {DeliveryState.SENT}


class Hanging(RecordingChannel):
    """Takes a message and never comes back."""

    async def send(self, delivery: Delivery) -> str:
        await super().send(delivery)
        await asyncio.Event().wait()
        return "never"


async def test_an_attempt_ends_before_its_lease_so_that_nobody_else_takes_the_message_up(
    installation: Installation,
) -> None:
    async with program(installation) as running:
        hanging = Hanging("case-system", per_change=True, addressed=False)
        running.replace_channel(hanging)
        running.hurry(lease=timedelta(seconds=0.5))
        await running.deliver()
        ((what, why),) = running.last("case-system", DeliveryState.PENDING)
        assert (what, why) == (Outcome.RETRY, "broken off after 0.4 seconds without an end")
        assert {len(d.attempts) for d in running.outbox("case-system")} == {1}
        assert min(d.next_attempt for d in running.outbox("case-system")) >= installation.now + timedelta(minutes=1)


async def test_once_it_is_enough_what_is_in_hand_is_finished_and_nothing_more_is_taken(
    installation: Installation,
) -> None:
    async with program(installation) as running:
        with LocalSite() as site:
            running.replace_channel(WebhookChannel("case-system", site.put("/hooks", slow_answer), (SECRET,)))
            await deliver_due(running.desk, lambda: installation.now, lambda: len(site.received) > 0)
            sent = running.outbox("case-system", DeliveryState.SENT)
            assert len(sent) == len(site.received) <= 4
            assert running.outbox("case-system", DeliveryState.SENDING) == ()
        assert len(running.outbox("case-system", DeliveryState.PENDING)) == 10 - len(sent)

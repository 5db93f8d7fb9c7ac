"""What a webhook's receiver can do to us, over real sockets: the outbox says it, nothing is lost, mails go on."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from reliability.installation import CHANNELS, SECRET, Installation
from reliability.outbox import Program, outcome, program
from support.certificates import Authority
from support.mailbox import SilentServer
from support.site import LocalSite, endless, slowly

from monitor.channels.webhook import WebhookChannel
from monitor.domain.delivery import DeliveryState, Outcome
from monitor.faces.demo.serving import Answer
from monitor.fetching.guard import guarded_transport
from monitor.pipeline.outbox import AT_ONCE

MAILS, HOOKS = 21, 10
PENDING, SENT, DEAD = DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.DEAD
PATH = "/hooks/treaties"


def hooks_to(installation: Installation, url: str) -> None:
    """Let the webhook channel use this site."""
    installation.configure("channels.toml", CHANNELS.format(mail=installation.mail.url, hook=url, options=""))


def assert_mails_arrived(running: Program) -> None:
    assert len(running.installation.mail.mails) == MAILS
    assert {d.state for d in running.outbox("desk-mail")} == {SENT}


async def assert_all_arrive(running: Program, **later: float) -> None:
    """Send again when the receiver is well, and see every webhook arrive once, verified, under its delivery's id."""
    running.installation.hook.reply = Answer(204)
    running.installation.hook.hooks.clear()
    await running.deliver(**later)
    assert {d.state for d in running.outbox("case-system")} == {SENT}
    arrived = sorted((h.id, h.verified, h.body.decode()) for h in running.installation.hook.hooks)
    assert arrived == sorted((d.id, True, d.body) for d in running.outbox("case-system"))


async def test_a_500_is_tried_again(installation: Installation) -> None:
    installation.hook.reply = Answer(500, body=b"out of order")
    async with program(installation) as running:
        await running.deliver()
        assert running.last("case-system", PENDING) == {
            (Outcome.RETRY, "127.0.0.1 answered 500 Internal Server Error: out of order")
        }
        assert_mails_arrived(running)
        await assert_all_arrive(running, seconds=6)


@pytest.mark.parametrize(("asked", "least", "most"), [("90", 90, 90), ("86400", 120, 120), ("1", 60, 60)])
async def test_a_429_waits_as_long_as_it_asks_within_bounds(
    asked: str, least: float, most: float, installation: Installation
) -> None:
    """At least a minute, at most twice the step, which counts as a minute where it is shorter."""
    installation.hook.reply = Answer(429, {"Retry-After": asked})
    async with program(installation) as running:
        await running.deliver()
        assert {what for what, _ in running.last("case-system", PENDING)} == {Outcome.RETRY}
        waits = {d.next_attempt - installation.now for d in running.outbox("case-system")}
        assert timedelta(seconds=least) <= min(waits) <= max(waits) <= timedelta(seconds=most)
        assert_mails_arrived(running)
        asked_before = len(installation.hook.hooks)
        await running.deliver(seconds=least - 1)
        assert len(installation.hook.hooks) == asked_before
        await assert_all_arrive(running, seconds=2)


async def test_a_410_is_final_and_every_letter_is_kept(installation: Installation) -> None:
    """Those that met it are dead letters; what had not been tried when the receiver closed may wait instead."""
    installation.hook.reply = Answer(410)
    async with program(installation) as running:
        await running.deliver()
        await running.deliver(days=2)
        dead, waiting = running.outbox("case-system", DEAD), running.outbox("case-system", PENDING)
        assert {outcome(a) for d in dead for a in d.attempts} == {(Outcome.DEAD, "127.0.0.1 answered 410 Gone")}
        assert len(dead) == len(installation.hook.hooks)
        assert len(dead) + len(waiting) >= HOOKS
        assert not any(d.attempts for d in waiting)
        assert {d.state for d in running.outbox("desk-mail")} == {SENT}


async def test_a_redirect_to_a_private_address_is_not_followed(installation: Installation) -> None:
    with LocalSite() as private:
        installation.hook.reply = Answer(307, {"Location": private.url + "/inside"})
        async with program(installation) as running:
            await running.deliver()
            ((what, why),) = running.last("case-system", PENDING)
            assert (what, "redirects are not followed" in why) == (Outcome.RETRY, True)
            assert private.received == []
            assert_mails_arrived(running)
            await assert_all_arrive(running, seconds=6)


async def test_a_name_whose_address_turns_private_is_not_connected_to(installation: Installation) -> None:
    """The first answer of the name server is allowed, the next ones are not: each attempt is judged by its own."""
    answers: list[str] = ["127.0.0.1"]

    async def resolver(_host: str, _port: int) -> tuple[str, ...]:
        return (answers[0],)

    transport = guarded_transport((ip_network("127.0.0.1/32"),), resolver)
    channel = WebhookChannel(
        "case-system", f"http://hooks.example.org:{installation.hook.port}{PATH}", (SECRET,), transport
    )
    async with program(installation) as running:
        running.replace_channel(channel)
        installation.hook.reply = Answer(503)
        await running.deliver()
        assert {what for what, _ in running.last("case-system", PENDING)} == {Outcome.RETRY}
        tried = len(installation.hook.hooks)
        answers[:] = ["127.0.0.2"]
        await running.deliver(seconds=6)
        ((what, why),) = running.last("case-system", PENDING)
        assert (what, "hooks.example.org leads to 127.0.0.2, a loopback address" in why) == (Outcome.RETRY, True)
        assert len(installation.hook.hooks) == tried
        assert_mails_arrived(running)
        answers[:] = ["127.0.0.1"]
        await assert_all_arrive(running, minutes=10)


@pytest.mark.parametrize("kind", ["slow", "huge"])
async def test_a_body_that_drips_or_never_ends_is_heard_a_little(
    kind: str, installation: Installation, monkeypatch: Any
) -> None:
    """A status of success is a success; the body is only the answer's text."""
    monkeypatch.setattr("monitor.channels.webhook.PATIENCE", 0.2)
    with LocalSite() as site:
        site.put(PATH, lambda _: Answer(200, body=slowly(b"x" * 99, pause=0.1) if kind == "slow" else endless()))
        hooks_to(installation, site.url)
        async with program(installation) as running:
            await running.deliver()
            outcomes = running.last("case-system", SENT)
            assert {what for what, _ in outcomes} == {Outcome.SENT}
            assert max(len(why) for _, why in outcomes) <= 300
            assert len(site.received) == HOOKS
            assert_mails_arrived(running)


async def test_a_status_that_never_comes_delays_no_mail(installation: Installation) -> None:
    async with program(installation) as running:
        with SilentServer() as silent:
            url = f"http://127.0.0.1:{silent.port}{PATH}"
            well = running.replace_channel(WebhookChannel("case-system", url, (SECRET,), timeout=1.0))
            took = await running.deliver()
        assert took >= HOOKS / AT_ONCE
        ((what, why),) = running.last("case-system", PENDING)
        assert (what, why) == (Outcome.RETRY, "127.0.0.1 did not answer within 1 seconds")
        assert min(d.next_attempt for d in running.outbox("case-system")) >= installation.now + timedelta(seconds=60)
        assert_mails_arrived(running)
        assert installation.arrivals[-1] - installation.arrivals[0] < took / 2
        running.replace_channel(well)
        await assert_all_arrive(running, minutes=2)


async def test_broken_tls_keeps_every_message_until_it_is_right(installation: Installation) -> None:
    with LocalSite(tls=Authority().server()) as site:
        site.put(PATH, Answer(200))
        hooks_to(installation, site.url)
        async with program(installation) as running:
            await running.deliver()
            ((what, why),) = running.last("case-system", PENDING)
            assert (what, "certificate is not valid" in why) == (Outcome.RETRY, True)
            assert_mails_arrived(running)
        assert site.received == []
    hooks_to(installation, installation.hook.url)
    async with program(installation) as running:
        await assert_all_arrive(running, seconds=6)


async def test_a_receiver_that_speaks_no_tls_gets_nothing(installation: Installation) -> None:
    hooks_to(installation, installation.hook.url.replace("http:", "https:"))
    async with program(installation) as running:
        await asyncio.wait_for(running.deliver(), 20)
        ((what, why),) = running.last("case-system", PENDING)
        assert (what, "no trustworthy encryption" in why) == (Outcome.RETRY, True)
        assert installation.hook.hooks == []
        assert_mails_arrived(running)

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks import Webhook
from support.certificates import Authority
from support.mailbox import SilentServer, free_port
from support.site import LocalSite, endless, slowly

from monitor.channels.signing import SecretError, signer
from monitor.channels.webhook import LARGEST, WebhookChannel
from monitor.domain.errors import DeliveryError
from monitor.faces.demo.inbox import HookReceiver
from monitor.faces.demo.serving import Answer
from monitor.fetching.guard import guarded_transport

Make = Callable[..., Any]
OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEW = "whsec_" + base64.b64encode(b"n" * 32).decode()
PATH = "/hooks/token-of-the-receiver"


def channel(url: str, *secrets: str, **options: Any) -> WebhookChannel:
    return WebhookChannel("case-system", url, secrets or (OLD,), **options)


@pytest.fixture
def hook(deliver: Make, change: Make) -> Any:
    return deliver(change(), to="case-system")


async def answered(hook: Any, *answers: Answer, **options: Any) -> DeliveryError | str:
    """Send once to a site that gives these answers, and return what the outbox would hear."""
    with LocalSite() as site:
        try:
            return await channel(site.say(PATH, *answers), **options).send(hook)
        except DeliveryError as error:
            return error


async def failure(hook: Any, *answers: Answer, **options: Any) -> DeliveryError:
    error = await answered(hook, *answers, **options)
    assert isinstance(error, DeliveryError)
    assert "token-of-the-receiver" not in str(error)
    return error


async def test_the_frozen_body_arrives_signed_under_the_deliverys_id(hook: Any) -> None:
    with HookReceiver(OLD) as receiver:
        assert await channel(receiver.url).send(hook) == "204 No Content"
    (got,) = receiver.hooks
    assert got.verified
    assert got.body == hook.body.encode()
    assert got.id == hook.id
    assert got.headers["content-type"] == "application/json"
    assert got.headers["user-agent"].startswith("treaty-monitor/")
    assert got.payload["data"]["participant"]["code"] == "PL"


async def test_names_beyond_ascii_are_signed_as_they_are_sent(deliver: Make, change: Make) -> None:
    with HookReceiver(OLD) as receiver:
        await channel(receiver.url).send(deliver(change("Türkiye")))
    assert receiver.hooks[0].payload["data"]["participant"]["name"] == "Türkiye"


async def test_while_a_secret_is_rotated_both_receivers_can_verify(hook: Any) -> None:
    with HookReceiver(OLD) as before, HookReceiver(NEW) as after:
        for receiver in (before, after):
            await channel(receiver.url, OLD, NEW).send(hook)
            assert receiver.hooks[0].verified
            assert receiver.hooks[0].headers["webhook-signature"].count("v1,") == 2


async def test_a_repeat_differs_in_timestamp_and_signature_only(hook: Any) -> None:
    instants = [datetime.now(UTC), datetime.now(UTC) + timedelta(seconds=90)]
    with HookReceiver(OLD) as receiver:
        sender = channel(receiver.url, now=lambda: instants.pop(0))
        await sender.send(hook)
        instants.insert(0, datetime.now(UTC) + timedelta(seconds=90))
        await sender.send(hook)
    one, two = receiver.hooks
    assert (one.body, one.id, one.verified, two.verified) == (two.body, two.id, True, True)
    differing = {name for name in one.headers if one.headers[name] != two.headers[name]}
    assert differing == {"webhook-timestamp", "webhook-signature"}


async def test_an_asymmetric_secret_signs_with_ed25519(hook: Any) -> None:
    key = Ed25519PrivateKey.generate()
    with LocalSite() as site:
        url = site.put("/", Answer(200))
        await channel(url, "whsk_" + base64.b64encode(key.private_bytes_raw()).decode()).send(hook)
        got = site.received[0]
    version, signature = got.headers["webhook-signature"].split(",")
    signed = f"{hook.id}.{got.headers['webhook-timestamp']}.".encode() + got.body
    key.public_key().verify(base64.b64decode(signature), signed)
    assert version == "v1a"


def test_signatures_are_those_of_the_standards_library() -> None:
    at = datetime.now(UTC)
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp()))}
    headers["webhook-signature"] = signer(OLD)("msg_1", at, '{"a": "ü"}')
    assert Webhook(OLD).verify('{"a": "ü"}', headers) == {"a": "ü"}


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_a", "whsec_ü", "whsk_AAAA", "whsk_!"])
def test_an_unusable_secret_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(SecretError) as caught:
        signer(secret)
    assert secret in {"", "whsec_"} or secret not in str(caught.value)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_every_2xx_is_success(status: int, hook: Any) -> None:
    assert str(await answered(hook, Answer(status))).startswith(str(status))


@pytest.mark.parametrize("status", [400, 401, 404, 500, 502, 503])
async def test_other_failures_are_tried_again(status: int, hook: Any) -> None:
    error = await failure(hook, Answer(status, body=b"out of\r\norder"))
    assert (error.permanent, error.slow_down, error.disable) == (False, False, False)
    assert f"127.0.0.1 answered {status}" in str(error)
    assert "out of order" in str(error)


async def test_410_is_final_and_disables_the_channel(hook: Any) -> None:
    error = await failure(hook, Answer(410))
    assert (error.permanent, error.disable) == (True, True)


@pytest.mark.parametrize(
    ("value", "seconds"), [("120", 120.0), ("999999999999", 86400.0), ("soon", None), ("-5", None)]
)
async def test_429_slows_down_and_retry_after_is_passed_on(value: str, seconds: float | None, hook: Any) -> None:
    error = await failure(hook, Answer(429, {"Retry-After": value}))
    assert (error.permanent, error.slow_down, error.retry_after) == (False, True, seconds)


async def test_retry_after_may_be_a_date(hook: Any) -> None:
    now = datetime(2026, 2, 3, 12, 0, tzinfo=UTC)
    error = await failure(hook, Answer(503, {"Retry-After": "Tue, 03 Feb 2026 12:05:00 GMT"}), now=lambda: now)
    assert error.retry_after == 300.0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_a_failure_and_never_followed(status: int, hook: Any) -> None:
    with LocalSite() as site, LocalSite() as private:
        url = site.put(PATH, Answer(status, {"Location": private.url + "/inside"}))
        with pytest.raises(DeliveryError, match="redirects are not followed") as caught:
            await channel(url).send(hook)
    assert not caught.value.permanent
    assert private.received == []


async def test_a_receiver_that_never_answers_ends_in_time_and_slows_down(hook: Any) -> None:
    with SilentServer() as server:
        before = time.monotonic()
        with pytest.raises(DeliveryError, match="did not answer within") as caught:
            await channel(f"http://127.0.0.1:{server.port}/", timeout=0.3).send(hook)
    assert (caught.value.permanent, caught.value.slow_down) == (False, True)
    assert time.monotonic() - before < 3


async def test_a_success_whose_text_drips_or_never_ends_is_a_success(hook: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("monitor.channels.webhook.PATIENCE", 0.3)
    before = time.monotonic()
    assert str(await answered(hook, Answer(200, body=slowly(b"x" * 100, pause=0.1)))).startswith("200 OK")
    assert len(str(await answered(hook, Answer(200, body=endless())))) <= 300
    assert time.monotonic() - before < 5


async def test_a_connection_that_breaks_off_is_tried_again(hook: Any) -> None:
    error = await failure(hook, Answer(hang_up=True))
    assert (error.permanent, error.slow_down) == (False, False)
    assert "127.0.0.1 could not be reached" in str(error)


async def test_a_receiver_that_is_not_there_is_tried_again(hook: Any) -> None:
    with pytest.raises(DeliveryError, match="could not be reached") as caught:
        await channel(f"http://127.0.0.1:{free_port()}/").send(hook)
    assert not caught.value.permanent


async def test_a_certificate_of_an_unknown_authority_is_said_clearly(hook: Any) -> None:
    with LocalSite(tls=Authority().server()) as site:
        with pytest.raises(DeliveryError, match="certificate is not valid") as caught:
            await channel(site.put(PATH, Answer(200))).send(hook)
        assert site.received == []
    assert not caught.value.permanent


async def test_plain_text_where_tls_is_expected_is_said_clearly(hook: Any) -> None:
    with LocalSite() as site, pytest.raises(DeliveryError, match="no trustworthy encryption"):
        await channel(site.url.replace("http:", "https:")).send(hook)


async def test_an_address_that_the_guard_refuses_is_final_and_says_what_to_do(hook: Any) -> None:
    with LocalSite() as site:
        url = site.put(PATH, Answer(200))
        with pytest.raises(DeliveryError, match=r'add "127.0.0.1/32" to `allow`') as caught:
            await channel(url, transport=guarded_transport()).send(hook)
        allowed = guarded_transport((ip_network("127.0.0.1/32"),))
        assert await channel(url, transport=allowed).send(hook) == "200 OK"
        assert len(site.received) == 1
    assert caught.value.permanent


async def test_a_body_over_the_limit_is_never_sent(hook: Any) -> None:
    with LocalSite() as site:
        url = site.put(PATH, Answer(200))
        with pytest.raises(DeliveryError, match="bytes") as caught:
            await channel(url).send(replace(hook, body=json.dumps("x" * LARGEST)))
        assert site.received == []
    assert caught.value.permanent


async def test_the_environments_proxy_is_no_way_round_the_guard(hook: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    assert await answered(hook, Answer(204)) == "204 No Content"


async def test_a_receiver_that_repeats_the_secret_does_not_get_it_into_the_record(hook: Any) -> None:
    error = await failure(hook, Answer(500, body=f"{OLD} at {PATH}".encode()))
    assert OLD not in str(error)


async def test_one_receiver_gets_a_few_requests_at_a_time(deliver: Make, change: Make) -> None:
    open_now, most = 0, 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.02)
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        open_now -= 1
        writer.close()

    async with await asyncio.start_server(count, "127.0.0.1", 0) as server:
        sender = channel(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        hooks = [deliver(change(), name=f"msg_{n}") for n in range(20)]
        assert set(await asyncio.gather(*(sender.send(one) for one in hooks))) == {"204 No Content"}
    assert 1 < most <= 4


def test_the_channel_outlives_the_event_loop_it_first_ran_in(hook: Any) -> None:
    with HookReceiver(OLD) as receiver:
        sender = channel(receiver.url)
        assert [asyncio.run(sender.send(hook)) for _ in range(2)] == ["204 No Content"] * 2

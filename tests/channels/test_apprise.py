from __future__ import annotations

import json
import logging
import socket
import sys
import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from support.mailbox import SilentServer, free_port
from support.site import LocalSite, slowly

from monitor.channels.apprise import AddressError, AppriseChannel
from monitor.channels.lookout import RefusedError, lookout
from monitor.domain.errors import DeliveryError
from monitor.faces.demo.serving import Answer
from monitor.fetching.guard import objection

Make = Callable[..., Any]
TOKEN = "tok3n-Nobody-May-See"
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def allowing(*networks: Any) -> Callable[[str], str | None]:
    return lambda address: objection(ip_address(address), networks)


def channel(port: int, path: str = f"/{TOKEN}", *, allow: tuple[Any, ...] = LOOPBACK, **options: Any) -> AppriseChannel:
    return AppriseChannel("chat", f"json://user:{TOKEN}@127.0.0.1:{port}{path}", allowing(*allow), **options)


async def failure(sender: AppriseChannel, delivery: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await sender.send(delivery)
    assert TOKEN.lower() not in str(caught.value).lower()
    return caught.value


async def test_a_service_gets_the_title_and_the_plain_text(deliver: Make) -> None:
    with LocalSite() as site:
        site.put(f"/{TOKEN}", Answer(200))
        assert await channel(site.port).send(deliver()) == "taken by JSON"
    (request,) = site.received
    said = json.loads(request.body)
    assert said["title"] == "Poland: withdrawal notified, Mine Ban Convention"
    assert said["message"].startswith("STATUS CHANGE\n\nPoland (Mine Ban Convention)")
    assert "Date of effect          2026-02-20" in said["message"]
    assert said["type"] == "warning"


async def test_a_failure_is_temporary_and_says_what_apprise_said_but_never_the_address(deliver: Make) -> None:
    with LocalSite() as site:
        site.put(f"/{TOKEN}", Answer(500, body=TOKEN.encode()))
        error = await failure(channel(site.port), deliver())
    assert not error.permanent
    assert "JSON did not take it" in str(error)
    assert "500" in str(error)


async def test_a_service_that_is_not_there_is_temporary(deliver: Make) -> None:
    assert not (await failure(channel(free_port()), deliver())).permanent


async def test_a_service_that_never_answers_slows_down_in_time(deliver: Make) -> None:
    with SilentServer() as server:
        before = time.monotonic()
        error = await failure(channel(server.port, "/?rto=30", timeout=1), deliver())
    assert (error.permanent, error.slow_down) == (False, True)
    assert time.monotonic() - before < 8


async def test_an_answer_that_drips_is_not_waited_for(deliver: Make) -> None:
    with LocalSite() as site:
        site.put(f"/{TOKEN}", Answer(200, body=slowly(b"x" * 6, pause=0.4)))
        error = await failure(channel(site.port, timeout=1), deliver())
    assert error.slow_down


async def test_a_private_address_is_refused_for_good_and_hears_nothing(deliver: Make) -> None:
    with LocalSite() as site:
        error = await failure(channel(site.port, allow=()), deliver())
    assert error.permanent
    assert "127.0.0.1 is a loopback address" in str(error)
    assert "[network]" in str(error)
    assert site.received == []


@pytest.mark.parametrize(
    "address", ["json://localhost:{}/x", "json://[::1]:{}/x", "mailto://a:b@localhost:{}?to=c@example.org"]
)
async def test_no_spelling_of_this_machine_and_no_protocol_gets_past_the_guard(address: str, deliver: Make) -> None:
    with LocalSite() as site:
        sender = AppriseChannel("chat", address.format(site.port), allowing())
        assert (await failure(sender, deliver())).permanent
    assert site.received == []


async def test_a_name_that_turns_private_after_a_check_gains_nothing(
    deliver: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalSite() as site:
        here = socket.getaddrinfo("127.0.0.1", site.port, type=socket.SOCK_STREAM)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: here)
        sender = AppriseChannel("chat", f"json://public.example.org:{site.port}/x", allowing())
        assert (await failure(sender, deliver())).permanent
    assert site.received == []


async def test_a_proxy_of_the_environment_is_judged_like_any_address(
    deliver: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalSite() as site:
        monkeypatch.setenv("http_proxy", site.url)
        sender = AppriseChannel("chat", "json://public.example.org/x", allowing())
        assert (await failure(sender, deliver())).permanent
    assert site.received == []


@pytest.mark.parametrize("wish", ["", "?redirect=yes"])
async def test_redirects_are_not_followed_whatever_the_address_says(wish: str, deliver: Make) -> None:
    with LocalSite() as site:
        elsewhere = site.put("/elsewhere", Answer(200))
        site.put(f"/{TOKEN}", Answer(307, {"Location": elsewhere}))
        assert not (await failure(channel(site.port, f"/{TOKEN}{wish}"), deliver())).permanent
    assert site.asked("/elsewhere") == []


async def test_an_address_cannot_make_a_failure_count_as_a_success(deliver: Make) -> None:
    with LocalSite() as site:
        site.put(f"/{TOKEN}", Answer(500))
        await failure(channel(site.port, f"/{TOKEN}?optional=yes"), deliver())


def test_what_is_too_long_for_a_service_comes_in_parts_unless_the_address_says_otherwise() -> None:
    assert channel(1)._service.overflow_mode.value == "split"
    assert channel(1, "/?overflow=truncate")._service.overflow_mode.value == "truncate"


@pytest.mark.parametrize("url", ["", "nonsense", f"nosuch://{TOKEN}", f"slack://{TOKEN}", f"tgram://{TOKEN}/"])
def test_an_address_that_apprise_does_not_know_is_refused_without_being_shown(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(AddressError) as caught:
        AppriseChannel("chat", url, allowing())
    assert TOKEN not in str(caught.value) + caplog.text


async def test_no_log_at_any_level_holds_the_address(deliver: Make, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), LocalSite() as site:
        site.put("/", Answer(200))
        site.put(f"/{TOKEN}", Answer(404))
        await failure(channel(site.port), deliver())
        await channel(site.port, "/").send(deliver())
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("attack", ["@everyone", "@here", "<!channel>", "<@U0123>", "<#C0123>", "@Channel", "@all"])
async def test_a_page_cannot_call_a_whole_chat_together(attack: str, deliver: Make, change: Make, join: Make) -> None:
    with LocalSite() as site:
        site.put(f"/{TOKEN}", Answer(200))
        await channel(site.port).send(deliver(join(change(f"Poland {attack}"))))
    said = json.loads(site.received[0].body)
    assert attack not in said["title"] + said["message"]
    assert said["title"].replace("\u2060", "").startswith(f"Poland {attack}: ")


async def test_mail_addresses_in_a_message_stay_as_they_are(deliver: Make) -> None:
    with LocalSite() as site:
        site.put(f"/{TOKEN}", Answer(200))
        await channel(site.port).send(deliver({"title": "T", "summary": "Write to desk@example.org."}, kind="test"))
    assert "desk@example.org" in json.loads(site.received[0].body)["message"]


def test_without_the_package_the_type_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ImportError):
        channel(1)


def test_the_watch_sees_datagrams_and_unresolved_names_and_only_its_own_context() -> None:
    with LocalSite() as site, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        with lookout(allowing()) as watch:
            with pytest.raises(RefusedError):
                datagram.sendto(b"x", ("127.0.0.1", site.port))
            with socket.socket() as stream, pytest.raises(RefusedError):
                stream.connect(("localhost", site.port))
            with socket.socket() as stream, pytest.raises(RefusedError):
                stream.connect(("", site.port))
        assert len(watch.refused) == 3
        with socket.create_connection(("127.0.0.1", site.port)) as free:
            assert free.getpeername()[1] == site.port

"""The outside service: asked once, through the guard, and never the end of a round."""

from __future__ import annotations

import logging
from ipaddress import ip_network

import httpx
import pytest
from support.site import HANG_UP, LocalSite, slowly

from monitor.channels.ping import pinger
from monitor.faces.demo.serving import Answer
from monitor.fetching.guard import guarded_transport

LOOPBACK = (ip_network("127.0.0.1/32"),)
PATH = "/ping/5f1c-secret"


def guarded() -> httpx.AsyncBaseTransport:
    return guarded_transport(LOOPBACK)


async def test_it_asks_once(caplog: pytest.LogCaptureFixture) -> None:
    with LocalSite() as site:
        url = site.put(PATH, Answer(200, {}, b"OK"))
        await pinger(url, guarded)()
        assert [request.method for request in site.asked(PATH)] == ["GET"]
    assert caplog.records == []


@pytest.mark.parametrize(
    "answer",
    [Answer(500), HANG_UP, Answer(302, {"Location": "/elsewhere"}), Answer(404)],
    ids=["500", "hang up", "redirect", "404"],
)
async def test_a_service_that_is_not_well_is_logged_without_its_address(
    answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), LocalSite() as site:
        await pinger(site.put(PATH, answer), guarded)()
        assert site.asked("/elsewhere") == []
    [record] = caplog.records
    assert "secret" not in record.getMessage()


async def test_a_slow_service_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    with LocalSite() as site:
        url = site.put(PATH, lambda _: Answer(200, {}, slowly(b"x" * 10, pause=0.2)))
        await pinger(url, guarded, timeout=5)()  # the body is not waited for
        assert caplog.records == []
        await pinger(url.replace("http:", "https:"), guarded, timeout=0.3)()
    assert "not reached" in caplog.text


async def test_a_private_address_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    with LocalSite() as site:
        await pinger(site.put(PATH, Answer(200)), guarded_transport)()
        assert site.received == []
    assert "loopback" in caplog.text


@pytest.mark.parametrize("url", ["no address", "http://[::1", "ftp://x.org/secret"])
async def test_what_is_no_web_address_is_logged_and_raises_nothing(url: str, caplog: pytest.LogCaptureFixture) -> None:
    await pinger(url, guarded)()
    assert "secret" not in caplog.text
    assert len(caplog.records) == 1

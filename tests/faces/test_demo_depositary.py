from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from support.certificates import Authority
from support.site import HANG_UP, LocalSite, endless, slowly

from monitor.faces.demo.depositary import Depositary
from monitor.faces.demo.replica import write_page
from monitor.faces.demo.scenes import REFERENCE, mine_ban
from monitor.faces.demo.serving import Answer

FIRST = mine_ban()[0].treaty
PAGE = write_page(FIRST, datetime(2025, 3, 18, 10, 0, tzinfo=UTC))


@pytest.fixture
def depositary() -> Iterator[Depositary]:
    with Depositary() as server:
        server.show(REFERENCE, PAGE)
        yield server


def test_the_page_on_display_is_served_under_its_treatys_address(depositary: Depositary) -> None:
    answer = httpx.get(depositary.address(FIRST.path))
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_a_repeated_request_with_the_pages_validator_gets_304_until_the_page_changes(depositary: Depositary) -> None:
    address = depositary.address(FIRST.path)
    validator = {"If-None-Match": httpx.get(address).headers["etag"]}
    assert httpx.get(address, headers=validator).status_code == 304
    depositary.show(REFERENCE, write_page(FIRST, datetime(2025, 3, 19, tzinfo=UTC), seed=7))
    assert httpx.get(address, headers=validator).status_code == 200


def test_an_unknown_number_answers_200_without_participants_like_the_depositary(depositary: Depositary) -> None:
    answer = httpx.get(depositary.address("/Pages/ViewDetails.aspx?mtdsg_no=XXVI-99"))
    assert answer.status_code == 200
    assert "tblgrid" not in answer.text


def test_robots_allow_the_pages_and_other_paths_are_not_found(depositary: Depositary) -> None:
    assert "Disallow: /Pages/Login.aspx" in httpx.get(depositary.address("/robots.txt")).text
    assert httpx.get(depositary.address("/elsewhere")).status_code == 404


def test_every_request_is_recorded_as_it_arrived(depositary: Depositary) -> None:
    httpx.get(depositary.address(FIRST.path), headers={"User-Agent": "tester"})
    (request,) = depositary.received
    assert (request.method, request.path) == ("GET", "/Pages/ViewDetails.aspx")
    assert request.query["mtdsg_no"] == REFERENCE
    assert request.headers["user-agent"] == "tester"


def test_a_stopped_site_breaks_off_open_connections_and_can_come_back_on_its_port() -> None:
    with httpx.Client() as client:
        with LocalSite() as site:
            address, port = site.put("/", b"first"), site.port
            assert client.get(address).text == "first"
        with pytest.raises(httpx.TransportError):
            client.get(address)
        with LocalSite(port=port) as site:
            site.put("/", b"second")
            assert client.get(address).text == "second"


def test_a_site_gives_a_run_of_answers_and_stays_with_the_last() -> None:
    with LocalSite() as site:
        address = site.say("/page", Answer(503, {"Retry-After": "1"}), Answer(429), Answer(200, body=b"at last"))
        assert [httpx.get(address).status_code for _ in range(4)] == [503, 429, 200, 200]
        assert len(site.asked("/page")) == 4


def test_a_site_can_hang_up_be_slow_and_never_end() -> None:
    with LocalSite() as site:
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(site.put("/gone", HANG_UP))
        slow = site.put("/slow", lambda _: Answer(body=slowly(b"abc", pause=0.05)))
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(slow, timeout=0.02)
        assert httpx.get(slow, timeout=2).text == "abc"
        with httpx.stream("GET", site.put("/endless", lambda _: Answer(body=endless()))) as answer:
            assert len(next(answer.iter_raw(200_000))) == 200_000


def test_a_head_request_gets_the_headers_alone() -> None:
    with LocalSite() as site:
        answer = httpx.head(site.put("/", b"twelve bytes"))
    assert (answer.headers["content-length"], answer.content) == ("12", b"")


def test_a_tls_site_is_trusted_with_its_authority_only_and_no_silent_client_blocks_it() -> None:
    authority = Authority()
    with LocalSite(tls=authority.server()) as site, socket.create_connection(("127.0.0.1", site.port)):
        address = site.put("/", b"sealed")
        assert httpx.get(address, verify=authority.client()).text == "sealed"
        with pytest.raises(httpx.ConnectError, match="certificate"):
            httpx.get(address)

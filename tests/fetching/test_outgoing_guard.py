"""The guard: which addresses are refused, and that what was checked is what is connected to."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, ip_address, ip_network
from pathlib import Path

import httpx
import pytest
import trustme
from fetching.loopback_site import Site, answer, to_loopback
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import SourceError
from monitor.fetching.guard import GuardedBackend, RefusedAddressError, guarded_transport, objection
from monitor.fetching.http import HttpFetcher
from monitor.fetching.interface import Request
from monitor.fetching.resolver import Resolver, system_resolver

LOOPBACK = (ip_network("127.0.0.1/32"),)


@asynccontextmanager
async def client(resolver: Resolver | None = None, allow: tuple = LOOPBACK) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=guarded_transport(allow, resolver), trust_env=False) as made:
        yield made


def answering(*answers: tuple[str, ...]) -> Resolver:
    queue = list(answers)

    async def resolve(_: str, __: int) -> tuple[str, ...]:
        return queue.pop(0) if len(queue) > 1 else queue[0]

    return resolve


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("0.0.0.0", "unspecified"),
        ("::", "unspecified"),
        ("127.8.8.8", "loopback"),
        ("::1", "loopback"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("192.168.1.1", "private"),
        ("fd00::1", "private"),
        ("fec0::1", "private"),
        ("169.254.169.254", "link-local"),
        ("fe80::1%2", "link-local"),
        ("100.64.0.1", "shared"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("240.0.0.1", "private"),
        ("255.255.255.255", "private"),
        ("192.0.2.1", "private"),
        ("::ffff:10.0.0.1", "private"),
        ("::ffff:127.0.0.1", "loopback"),
        ("2002:7f00:1::", "loopback"),
        ("64:ff9b::a9fe:a9fe", "link-local"),
        ("::127.0.0.1", "reserved"),
        ("2001:db8::1", "private"),
        ("2001::1", "private"),
    ],
)
def test_addresses_inside_somebodys_network_are_refused(address: str, kind: str) -> None:
    assert objection(ip_address(address), ()) == kind


@pytest.mark.parametrize("address", ["8.8.8.8", "157.150.185.49", "2600:1f18::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_not(address: str) -> None:
    assert objection(ip_address(address), ()) is None


def test_allowed_networks_are_allowed_in_every_disguise_and_no_others() -> None:
    assert objection(ip_address("127.0.0.1"), LOOPBACK) is None
    assert objection(ip_address("::ffff:127.0.0.1"), LOOPBACK) is None
    assert objection(ip_address("127.0.0.2"), LOOPBACK) == "loopback"
    assert objection(ip_address("fd00::5"), (ip_network("fd00::/8"),)) is None


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_however_an_ipv6_address_carries_it(address: IPv4Address) -> None:
    plain = objection(address, ())
    assert objection(ip_address(f"::ffff:{address}"), ()) == plain
    assert objection(ip_address(f"64:ff9b::{address}"), ()) == plain
    assert objection(ip_address((0x2002 << 112) | (int(address) << 80)), ()) == plain


async def test_an_allowed_address_is_connected_to_under_its_name(site: Site) -> None:
    site.on("/hook", answer(200, b"taken"))
    async with client(answering(("127.0.0.1",))) as web:
        got = await web.get(f"http://depositary.example:{site.port}/hook")
    assert got.content == b"taken"
    assert site.headers[-1]["host"] == f"depositary.example:{site.port}"


async def test_an_answer_that_turns_private_between_check_and_use_is_refused(site: Site) -> None:
    site.on("/hook", answer(200, b"taken"))
    async with client(answering(("127.0.0.1",), ("127.0.0.2",))) as web:
        url = f"http://rebinding.example:{site.port}/hook"
        await web.get(url)
        with pytest.raises(RefusedAddressError, match=r"rebinding.example leads to 127.0.0.2, a loopback address"):
            await web.get(url)
    assert len(site.asked) == 1


async def test_a_name_is_looked_up_once_per_connection_so_that_nothing_can_turn_after_the_check(site: Site) -> None:
    looked_up: list[str] = []

    async def turning(host: str, _: int) -> tuple[str, ...]:
        looked_up.append(host)
        return ("127.0.0.1",) if len(looked_up) == 1 else ("169.254.169.254",)

    site.on("/hook", answer(200, b"taken"))
    async with client(turning) as web:
        await web.get(f"http://rebinding.example:{site.port}/hook")
    assert looked_up == ["rebinding.example"]


async def test_authorities_are_read_for_the_first_https_address_and_then_trusted(
    site: Site, secure_site: Site, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[ssl.SSLContext] = []

    def trusting() -> ssl.SSLContext:
        made.append(context := ssl.create_default_context())
        authority.configure_trust(context)
        return context

    monkeypatch.setattr(httpx, "create_ssl_context", trusting)
    async with client(to_loopback) as web:
        await web.get(site.on("/hook", answer(200, b"taken")))
        assert made == []
        for path in ("/first", "/second"):
            assert (await web.get(secure_site.on(path, answer(200, b"safe")))).content == b"safe"
    assert len(made) == 1


async def test_authorities_that_the_environment_names_are_trusted(
    secure_site: Site, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with client(to_loopback) as web:
        assert (await web.get(secure_site.on("/page", answer(200, b"safe")))).content == b"safe"
    async with client(to_loopback) as web:
        with pytest.raises(httpx.ConnectError, match="Hostname mismatch"):
            await web.get(f"https://other.example:{secure_site.port}/page")


@pytest.mark.parametrize("file", ["/nowhere/authorities.pem", __file__])
async def test_authorities_that_cannot_be_read_are_named_and_nothing_is_asked(
    secure_site: Site, fetcher_of: Callable[..., HttpFetcher], monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", file)
    with pytest.raises(SourceError, match="the authorities that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read"):
        await fetcher_of(resolver=to_loopback, patient=False).fetch(Request(secure_site.url("/page")))
    assert secure_site.asked == []


async def test_of_several_addresses_only_those_that_are_permitted_are_tried(site: Site) -> None:
    site.on("/hook", answer(200, b"taken"))
    async with client(answering(("10.0.0.1", "::1", "127.0.0.1"))) as web:
        assert (await web.get(f"http://mixed.example:{site.port}/hook")).status_code == 200
    async with client(answering(("10.0.0.1", "::1"))) as web:
        with pytest.raises(RefusedAddressError, match="private address"):
            await web.get("http://mixed.example/hook")


async def test_the_next_address_is_tried_where_one_does_not_answer(site: Site) -> None:
    site.on("/hook", answer(200, b"taken"))
    both = (ip_network("127.0.0.0/8"),)
    async with client(answering(("127.0.0.9", "127.0.0.1")), allow=both) as web:
        assert (await web.get(f"http://two.example:{site.port}/hook")).status_code == 200


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "localhost", "[::ffff:7f00:1]", "0"])
async def test_odd_spellings_of_loopback_are_seen_through(site: Site, host: str) -> None:
    async with client(allow=()) as web:
        with pytest.raises(RefusedAddressError):
            await web.get(f"http://{host}:{site.port}/")
    assert not site.asked


async def test_the_refusal_can_be_told_from_other_failures_and_names_the_way_out() -> None:
    async with client(allow=()) as web:
        with pytest.raises(httpx.ConnectError) as caught:
            await web.get("http://169.254.169.254/latest/meta-data/")
    assert isinstance(caught.value, RefusedAddressError)
    assert 'add "169.254.169.254/32" to `allow`' in str(caught.value)


async def test_proxies_of_the_environment_are_ignored(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", site.url(""))
    monkeypatch.setenv("ALL_PROXY", site.url(""))
    async with client(answering(("10.0.0.1",))) as web:
        with pytest.raises(RefusedAddressError):
            await web.get("http://inside.example/")
    assert not site.asked


async def test_unix_sockets_are_refused() -> None:
    with pytest.raises(RefusedAddressError):
        await GuardedBackend(LOOPBACK, system_resolver).connect_unix_socket("/run/some.sock")


async def test_a_name_without_any_address_is_a_connection_failure() -> None:
    async with client(answering(())) as web:
        with pytest.raises(httpx.ConnectError, match=r"empty\.example has no address"):
            await web.get("http://empty.example/")


async def test_a_port_that_does_not_exist_is_a_connection_failure() -> None:
    async with client() as web:
        with pytest.raises(httpx.ConnectError, match="there is no port 99999"):
            await web.get("http://127.0.0.1:99999/")


async def test_the_systems_resolver_gives_every_address_once() -> None:
    found = await system_resolver("127.0.0.1", 80)
    assert found == ("127.0.0.1",)

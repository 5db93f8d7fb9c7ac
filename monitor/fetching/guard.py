"""The one guard for outgoing requests: no connection to an address inside somebody's network unless it is allowed.

An address is judged at the moment of connecting and only that address is connected to: a name whose answer turns
private between a check and its use gains nothing. TLS still verifies, and the Host header still carries, the name.
Proxies named by the environment are ignored: a proxy would resolve the name itself, behind the guard's back.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from itertools import islice

import httpcore
import httpx

from monitor.fetching.resolver import Resolver, system_resolver

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

CONNECTIONS = 4
"""Connections that one transport holds at most: we are a guest everywhere."""

_ADDRESSES_TRIED = 6
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_SHARED = IPv4Network("100.64.0.0/10")  # RFC 6598: between a provider and its customers


class RefusedAddressError(httpx.ConnectError):
    """A host has no address that may be connected to. Permanent: the configuration decides, not the network."""


def carried(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address carries inside (mapped, 6to4, NAT64), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def objection(address: Address, allow: tuple[Network, ...]) -> str | None:
    """Return what is wrong with connecting to this address, in one word or two, or None.

    The ranges are those of IANA's special-purpose registries (RFC 6890); 169.254.169.254 is link-local.
    """
    inner = carried(address)
    if any(one in network for network in allow for one in (address, inner)):
        return None
    kinds = {
        "unspecified": inner.is_unspecified,
        "loopback": inner.is_loopback,
        "link-local": inner.is_link_local,
        "multicast": inner.is_multicast,
        "private": inner.is_private or (isinstance(inner, IPv6Address) and inner.is_site_local),
        "shared": isinstance(inner, IPv4Address) and inner in _SHARED,
        "reserved": inner.is_reserved or not inner.is_global,
    }
    return next((kind for kind, applies in kinds.items() if applies), None)


def is_port(number: int) -> bool:
    """Whether there is such a port; httpx lets any number pass, down to the socket's OverflowError."""
    return 0 < number < 65_536  # noqa: PLR2004 - the width of the field in the header of TCP


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections: resolves the host, judges every address, connects to one that may be connected to."""

    def __init__(self, allow: tuple[Network, ...], resolver: Resolver) -> None:
        self._allow = allow
        self._resolver = resolver
        self._tcp = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect within `timeout` seconds, each address having its share. Raises RefusedAddressError."""
        if not is_port(port):
            raise httpcore.ConnectError(f"there is no port {port}")
        started = asyncio.get_running_loop().time()
        addresses = await self._permitted(host, port, timeout)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            share = _share(timeout, started, left)
            try:
                return await self._tcp.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - same
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: a socket of this machine is no public address."""
        raise RefusedAddressError(f"{path} is a socket of this machine; it is never connected to")

    async def sleep(self, seconds: float) -> None:
        """Sleep."""
        await asyncio.sleep(seconds)

    async def _permitted(self, host: str, port: int, seconds: float | None) -> tuple[str, ...]:
        found = await self._resolve(host, port, seconds)
        objections = {address: objection(ip_address(address), self._allow) for address in found}
        permitted = tuple(islice((a for a, why in objections.items() if why is None), _ADDRESSES_TRIED))
        if not permitted and objections:
            raise RefusedAddressError(_refusal(host, *next(iter(objections.items()))))
        return permitted

    async def _resolve(self, host: str, port: int, seconds: float | None) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(seconds):
                return await self._resolver(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"no name server has given an address for {host}") from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error


def _share(seconds: float | None, started: float, addresses: int) -> float | None:
    if seconds is None:
        return None
    return max(0.1, (started + seconds - asyncio.get_running_loop().time()) / addresses)


def _refusal(host: str, address: str, kind: str | None) -> str:
    shown = f"{host} leads to {address}, a {kind} address" if host != address else f"{host} is a {kind} address"
    width = ip_address(address).max_prefixlen
    return f'{shown}; if that is meant, add "{address}/{width}" to `allow` under [network] in monitor.toml'


class _Pool(httpcore.AsyncConnectionPool):
    """Reads the authorities for its first https address: that takes 20 ms, and many a transport meets none."""

    def create_connection(self, origin: httpcore.Origin) -> httpcore.AsyncConnectionInterface:
        """Return a connection that is still to be opened. Raises ConnectError if the authorities cannot be read."""
        if origin.scheme == b"https" and self._ssl_context is None:
            self._ssl_context = _authorities()
        return super().create_connection(origin)


def _authorities() -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # also ssl's, where no certificate is in it
        why = str(error)
    # outside the handler: the error above, as a cause, would be taken for the network's
    raise httpcore.ConnectError(f"the authorities that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read: {why}")


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a guarded backend: HTTP/1.1, no proxy, no unix socket."""

    def __init__(self, allow: tuple[Network, ...], resolver: Resolver, trust: ssl.SSLContext | None) -> None:
        # httpx has no parameter for the backend; in place of its one pool stands one that differs in nothing else
        self._pool = _Pool(
            ssl_context=trust,
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=15.0,
            network_backend=GuardedBackend(allow, resolver),
        )


def guarded_transport(
    allow: tuple[Network, ...] = (), resolver: Resolver | None = None, trust: ssl.SSLContext | None = None
) -> httpx.AsyncBaseTransport:
    """Return a transport for httpx.AsyncClient that refuses private addresses outside `allow`.

    Pass `trust_env=False` to the client as well, or it would route around this transport by the environment's
    proxies. `trust` defaults to certifi's authorities, or those named by SSL_CERT_FILE or SSL_CERT_DIR.
    """
    return GuardedTransport(allow, resolver or system_resolver, trust)

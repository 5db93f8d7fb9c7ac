"""A small real HTTP server on loopback: what arrives is recorded, what goes out is decided by one function."""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it arrived. Header names are in lower case; `target` is path and query as sent."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of several with one name the last."""
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sends back.

    `body` as bytes goes out with its length. As an iterable it goes out piece by piece, without a length,
    and the connection closes after it: for endless, slow and broken bodies. `hang_up` sends nothing at all.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Iterable[bytes] = b""
    hang_up: bool = False


class Served(ABC):
    """A server that stands from `start` to `stop`, or for a `with`."""

    @abstractmethod
    def start(self) -> Self:
        """Begin to serve."""

    @abstractmethod
    def stop(self) -> None:
        """End serving and free the port."""

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class LocalServer(Served):
    """Serves on a port of 127.0.0.1 (0: any free one) in threads of its own, from `start` (or `with`) to `stop`.

    `received` holds the requests in the order of their arrival. Does not check whether a request makes sense:
    that is for `answer`.
    """

    def __init__(
        self, answer: Callable[[Received], Answer], *, tls: ssl.SSLContext | None = None, port: int = 0
    ) -> None:
        self.received: list[Received] = []
        self._answer = answer
        self._scheme = "https" if tls else "http"
        self._server = _Server((LOOPBACK, port), _handler(self._take))
        if tls:  # each handshake in its connection's own thread: a client that never speaks holds up nobody else
            listening = self._server.socket
            self._server.socket = tls.wrap_socket(listening, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        """The port that the system gave."""
        return self._server.server_port

    @property
    def url(self) -> str:
        """Scheme, address and port, without a slash at the end."""
        return f"{self._scheme}://{LOOPBACK}:{self.port}"

    def start(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """End serving, free the port and break off what is under way, as a server that goes down does."""
        self._server.shutdown()
        self._server.server_close()
        self._server.break_off()
        self._thread.join()

    def _take(self, request: Received) -> Answer:
        self.received.append(request)
        return self._answer(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request_thread(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        """Serve one connection, known to `break_off` as long as it lasts."""
        self._connections.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._connections.discard(request)

    def break_off(self) -> None:
        """Close the connections that clients keep open."""
        for connection in tuple(self._connections):
            with contextlib.suppress(OSError):  # the client was quicker
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over clients that have had enough (size limits, timeouts, distrust); print all else."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed knows the socket


def _handler(take: Callable[[Received], Answer]) -> type[BaseHTTPRequestHandler]:
    """Return the request handler that hands every request to `take`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "LocalServer"
        sys_version = ""
        disable_nagle_algorithm = True

        def serve(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            length = int(headers.get("content-length", 0))
            body = self.rfile.read(length)
            if len(body) < length:  # the sender died before it had said all: nothing has arrived
                self.close_connection = True
                return
            self.send(take(Received(self.command, self.path, headers, body)))

        def send(self, answer: Answer) -> None:
            if answer.hang_up:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if isinstance(answer.body, bytes):
                self.send_header("Content-Length", str(len(answer.body)))
            else:
                self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.writelines([answer.body] if isinstance(answer.body, bytes) else answer.body)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = serve  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            """Stay silent: `received` is the record."""

    return Handler

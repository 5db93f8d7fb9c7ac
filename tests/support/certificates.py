"""Certificates for servers on loopback, from an authority that only the test trusts."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme

from monitor.faces.demo.serving import LOOPBACK


class Authority:
    """A certificate authority of one test: contexts for its servers, and the file that its clients trust."""

    def __init__(self) -> None:
        self._authority = trustme.CA()

    def server(self, *hosts: str) -> ssl.SSLContext:
        """Return the context of a server of these names (127.0.0.1 and localhost without any)."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._authority.issue_cert(*(hosts or (LOOPBACK, "localhost"))).configure_cert(context)
        return context

    def client(self) -> ssl.SSLContext:
        """Return the context of a client that trusts this authority and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._authority.configure_trust(context)
        return context

    def write(self, folder: Path) -> Path:
        """Write the authority's certificate and return its file, for SSL_CERT_FILE and the like."""
        file = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(file))
        return file

"""Tells a failure of encryption from a failure of the network, for channels of every protocol."""

from __future__ import annotations

import ssl


def tls_fault(error: BaseException | None) -> str | None:
    """Return in words what went wrong with TLS, if the error or one of its causes is such; else None."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"its certificate is not valid ({error.verify_message})"
        if isinstance(error, ssl.SSLError):
            return (error.reason or str(error)).replace("_", " ").lower()
        error = error.__cause__ or error.__context__
    return None

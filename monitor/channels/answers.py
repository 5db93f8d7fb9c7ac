"""Judges what a mail server answered, or failed to answer: which failures are final, and in words that help."""

from __future__ import annotations

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from monitor.channels.trust import tls_fault
from monitor.channels.wording import masked
from monitor.domain.errors import DeliveryError

FINAL = 500
"""The first of the answers that are final (RFC 5321, 4.2.1)."""
OURS = {530, 534, 535, 538}
"""Authentication or encryption asked for (RFC 4954, RFC 3207): a person corrects the configuration, then it works."""
STEPS = {
    SMTPSenderRefused: "refused the sender",
    SMTPRecipientRefused: "refused the recipient",
    SMTPDataError: "refused the message",
    SMTPAuthenticationError: "refused the user name or password",
}


def judge(error: Exception, server: str, *secrets: str) -> DeliveryError:
    """Return what the failure of one exchange means for its delivery. No secret stands in the text.

    Final are only 5xx answers to this message's own sender, recipient or content. Whatever concerns the
    connection, its encryption or the log-in is the same for every message, is put right by a person or by time, and
    is tried again. After a lost connection nobody knows whether the message was taken: it is sent again under
    the same Message-ID.
    """
    fault = tls_fault(error)
    if fault is not None:
        return _temporary(f"no trustworthy encryption with {server}: {masked(fault, *secrets)}")
    if isinstance(error, TimeoutError):
        return DeliveryError(f"{server} did not answer in time", permanent=False, slow_down=True)
    if isinstance(error, SMTPResponseException):
        return _answered(error, server, *secrets)
    if isinstance(error, SMTPServerDisconnected):
        return _temporary(f"the connection to {server} was lost before it confirmed the message")
    if isinstance(error, SMTPConnectError):
        return _temporary(f"cannot reach {server}: {masked(str(error), *secrets)}")
    return _temporary(f"sending through {server} failed: {masked(str(error) or type(error).__name__, *secrets)}")


def _answered(error: SMTPResponseException, server: str, *secrets: str) -> DeliveryError:
    did = STEPS.get(type(error))
    text = f"{server} {did or 'is not ready'}: {error.code} {masked(error.message, *secrets)}".rstrip()
    final = did is not None and error.code >= FINAL and error.code not in OURS
    return DeliveryError(text, permanent=final and not isinstance(error, SMTPAuthenticationError))


def _temporary(text: str) -> DeliveryError:
    return DeliveryError(text, permanent=False)


FAILURES = (SMTPException, OSError, ValueError)
"""Everything that an exchange with a mail server may raise: `TimeoutError` and `ssl.SSLError` are kinds of OSError."""

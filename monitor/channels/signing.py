"""Signs webhooks per Standard Webhooks 1.0: HMAC-SHA256 (`v1`) with a `whsec_` secret, Ed25519 (`v1a`) with `whsk_`."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

Signer = Callable[[str, datetime, str], str]
"""Takes id, timestamp (aware UTC) and body; returns one signature with its version in front."""
SYMMETRIC, ASYMMETRIC = "whsec_", "whsk_"
SEED = 32
"""Bytes of an Ed25519 seed; a longer key carries its public half behind it."""


class SecretError(ValueError):
    """The text is no signing secret. Says why, never what was found."""


def signer(secret: str) -> Signer:
    """Return what signs with this secret. Raises SecretError."""
    if secret.startswith(ASYMMETRIC):
        return _asymmetric(secret)
    try:
        b64decode(secret.removeprefix(SYMMETRIC), validate=True)  # the library drops what is no base64: a typing error
        webhook = Webhook(secret)
    except (binascii.Error, ValueError, EmptyWebhookSecretError) as error:
        raise SecretError(
            "not a signing secret; write whsec_ and base64, as `openssl rand -base64 32` gives"
        ) from error
    return lambda message, at, body: str(webhook.sign(message, at, body))


def _asymmetric(secret: str) -> Signer:
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - only whsk_ secrets need it
            Ed25519PrivateKey,
        )

        key = Ed25519PrivateKey.from_private_bytes(b64decode(secret.removeprefix(ASYMMETRIC), validate=True)[:SEED])
    except ImportError as error:
        raise SecretError("a whsk_ secret needs the package `cryptography`; install it or use whsec_") from error
    except ValueError as error:  # base64's own error is one
        raise SecretError("not an Ed25519 key; write whsk_ and the base64 of its 32 or 64 bytes") from error

    def sign(message: str, at: datetime, body: str) -> str:
        content = f"{message}.{int(at.timestamp())}.{body}".encode()
        return "v1a," + b64encode(key.sign(content)).decode()

    return sign

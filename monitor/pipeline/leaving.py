"""Lets one receiver leave one subscription by a link (RFC 8058), and come back; the record remembers both for good."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer

from monitor.domain.errors import UsageError
from monitor.pipeline.desk import Desk
from monitor.pipeline.trouble import tell
from monitor.storage.interface import Departure, Storage

logger = logging.getLogger(__name__)

KEY = "key of unsubscribing"
PATH = "/unsubscribe/"
"""Where the web face takes leave; a word follows it."""


class Words:
    """Makes and reads the words by which receivers leave: signed, the same for one receiver as long as the key is.

    The key is made at the first use and lies in the record, so that a link in an old mail still works after a
    restart, a move or a restored backup.
    """

    def __init__(self, storage: Storage) -> None:
        with storage.begin(read_only=True) as tx:
            key = tx.setting(KEY)
        self._signer = URLSafeSerializer(key or _new_key(storage), salt="unsubscribe")

    def word(self, subscription: str, recipient: str) -> str:
        """Return the word by which a recipient leaves a subscription."""
        return str(self._signer.dumps([subscription, recipient]))

    def read(self, word: str) -> tuple[str, str]:
        """Return subscription and recipient. Raises UsageError for a word that is none of ours."""
        try:
            subscription, recipient = self._signer.loads(word)
        except (BadSignature, ValueError, TypeError) as error:
            raise UsageError("this link is damaged or was not made here; nothing was changed") from error
        return str(subscription), str(recipient)


def _new_key(storage: Storage) -> str:
    with storage.begin() as tx:
        key = tx.setting(KEY) or secrets.token_urlsafe(32)
        tx.save_setting(KEY, key)
    return key


def link(public: str, word: str) -> str:
    """Return the address that a mail carries, on the public address of the web face."""
    return f"{public.rstrip('/')}{PATH}{word}"


def whom(desk: Desk, word: str) -> tuple[str, str]:
    """Return whom a word is about, subscription and recipient; changes nothing. Raises UsageError."""
    return Words(desk.storage).read(word)


def unsubscribe(desk: Desk, word: str, now: datetime) -> Departure:
    """Let the recipient whom a word names leave its subscription: no more mail of it, what waits included.

    The operator is told once. Leaving again changes nothing. Raises UsageError.
    """
    subscription, recipient = whom(desk, word)
    with desk.storage.begin() as tx:
        gone = next((d for d in tx.departures() if d.of(subscription, recipient)), None)
        if gone:
            return gone
        departure = Departure(subscription, recipient, now)
        tx.depart(departure)
        heading = f'A recipient has left the subscription "{subscription}"'
        text = (
            f"{recipient} has unsubscribed and gets no more mail of it. "
            f'If that was a mistake: treaty-monitor subscriptions readmit "{subscription}" {recipient}'
        )
        tell(desk, tx, "subscription.left", (heading, text), f"left {subscription} {recipient}", now)
    return departure


def readmit(storage: Storage, subscription: str, recipient: str, now: datetime) -> Departure:
    """Send to a recipient again who had left; return what was undone. Raises UsageError."""
    with storage.begin() as tx:
        gone = next((d for d in tx.departures() if d.of(subscription, recipient)), None)
        if gone is None:
            raise UsageError(f'"{recipient}" has not left the subscription "{subscription}"')
        tx.readmit(gone, now)
    logger.info("%s is in the subscription %s again", recipient, subscription)
    return gone

"""Keeps an Atom feed of alerts in a file, for feed readers and for scripts that follow feeds."""

from __future__ import annotations

import asyncio
from pathlib import Path

from monitor.channels.feed import FeedError, Head, with_message
from monitor.channels.files import rewrite
from monitor.channels.wording import clean
from monitor.domain.delivery import Delivery
from monitor.domain.errors import DeliveryError


class AtomChannel:
    """Puts each delivery on top of the feed and replaces the file as a whole. Serves it to nobody.

    A repeat replaces its entry. A file that is not this channel's feed is never overwritten.
    """

    per_change = False
    addressed = False

    def __init__(self, name: str, path: Path, head: Head) -> None:
        self.name = name
        self._path = path
        self._head = head
        self._turn = asyncio.Lock()

    async def send(self, delivery: Delivery) -> str:
        """Enter the delivery. Raises DeliveryError: temporary where the file cannot be written or is not ours."""
        async with self._turn:  # rather than let threads wait for the file's lock
            try:
                await asyncio.to_thread(rewrite, self._path, lambda feed: with_message(feed, self._head, delivery))
            except FeedError as error:
                raise DeliveryError(f"{self._path} is left alone: {error}; move it away", permanent=False) from error
            except OSError as error:
                raise DeliveryError(f"the feed cannot be written: {clean(str(error), 200)}", permanent=False) from error
        return "entered"

"""Prints alerts where the program was started: what happens to them until somebody configures a channel."""

from __future__ import annotations

import asyncio
from typing import TextIO

from monitor.channels.message import read
from monitor.channels.render import WIDTH, as_text
from monitor.domain.delivery import Delivery
from monitor.domain.errors import DeliveryError


class ConsoleChannel:
    """Writes each delivery as one block of plain text and flushes it."""

    name = "console"
    per_change = False
    addressed = False

    def __init__(self, stream: TextIO, name: str = "console") -> None:
        self.name = name
        self._stream = stream

    async def send(self, delivery: Delivery) -> str:
        """Write the block. Raises DeliveryError (temporary) if nobody reads the output any more."""
        rule = "=" * WIDTH
        block = f"\n{rule}\n{as_text(read(delivery))}{rule}\n"
        try:
            await asyncio.to_thread(self._write, block)
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            raise DeliveryError(f"the output cannot be written: {error}", permanent=False) from error
        return "written"

    def _write(self, block: str) -> None:
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        self._stream.write(block.encode(encoding, "replace").decode(encoding))
        self._stream.flush()

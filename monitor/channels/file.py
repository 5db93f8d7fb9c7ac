"""Writes alerts for scripts: one line of JSON each, into a file or to the program's output."""

from __future__ import annotations

import asyncio
import io
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from monitor.channels.files import append_line
from monitor.channels.wording import clean
from monitor.domain.delivery import Delivery
from monitor.domain.errors import DeliveryError


class FileChannel:
    """Appends the body of each delivery, one change in the webhook's shape, with the delivery's `id` in front.

    A line is on the disk when it counts as sent. After a crash in between it comes a second time under the same
    id. The text is ASCII, what is beyond it escaped, so that a line is one line for every reader.
    """

    per_change = True
    addressed = False

    def __init__(self, name: str, target: Path | TextIO) -> None:
        self.name = name
        self._target = target

    async def send(self, delivery: Delivery) -> str:
        """Write the line. Raises DeliveryError: temporary where the file cannot be written."""
        line = _line(delivery)
        try:
            await asyncio.to_thread(self._write, line)
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            raise DeliveryError(f"the line cannot be written: {clean(str(error), 200)}", permanent=False) from error
        return "written"

    def _write(self, line: str) -> None:
        if isinstance(self._target, Path):
            append_line(self._target, line)
        else:
            self._target.write(line + "\n")
            self._target.flush()
            with suppress(io.UnsupportedOperation, OSError):  # a terminal or a pipe has no disk to wait for
                os.fsync(self._target.fileno())


def _line(delivery: Delivery) -> str:
    try:
        return json.dumps({"id": delivery.id} | json.loads(delivery.body))
    except (ValueError, TypeError) as error:
        raise DeliveryError(f"the stored message {delivery.id} is no JSON object", permanent=True) from error

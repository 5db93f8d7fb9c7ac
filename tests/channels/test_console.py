from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Any

import pytest

from monitor.channels.console import ConsoleChannel
from monitor.channels.fake import RecordingChannel
from monitor.domain.errors import DeliveryError

Make = Callable[..., Any]


async def test_an_alert_is_printed_as_one_readable_block(deliver: Make) -> None:
    stream = io.StringIO()
    assert await ConsoleChannel(stream).send(deliver()) == "written"
    assert "Poland: withdrawal notified, Mine Ban Convention" in stream.getvalue()
    assert "Date of effect          2026-02-20" in stream.getvalue()


async def test_a_single_change_in_the_webhooks_shape_is_readable_too(deliver: Make, change: Make) -> None:
    stream = io.StringIO()
    await ConsoleChannel(stream).send(deliver(change()))
    assert "article 20 (3)" in stream.getvalue()


async def test_a_terminal_that_knows_ascii_only_still_shows_the_alert(deliver: Make, change: Make, join: Make) -> None:
    raw = io.BytesIO()
    terminal = io.TextIOWrapper(raw, encoding="ascii")
    await ConsoleChannel(terminal).send(deliver(join(change("Türkiye"))))
    assert b"T?rkiye" in raw.getvalue()


async def test_an_output_that_nobody_reads_keeps_the_alert(deliver: Make) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "w")
    with pytest.raises(DeliveryError, match="cannot be written") as caught:
        await ConsoleChannel(stream).send(deliver())
    assert not caught.value.permanent
    with pytest.raises(BrokenPipeError):
        stream.close()


async def test_a_closed_output_keeps_the_alert(deliver: Make) -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(DeliveryError) as caught:
        await ConsoleChannel(stream).send(deliver())
    assert not caught.value.permanent


async def test_the_fake_channel_remembers_and_fails_as_told(deliver: Make) -> None:
    failure = DeliveryError("later", permanent=False)
    fake = RecordingChannel(failures=[failure])
    fake.refused["gone@example.org"] = DeliveryError("no such user", permanent=True)
    with pytest.raises(DeliveryError, match="later"):
        await fake.send(deliver())
    with pytest.raises(DeliveryError, match="no such user"):
        await fake.send(deliver(to="gone@example.org"))
    assert await fake.send(deliver()) == "kept as number 1"
    assert [d.recipient for d in fake.sent] == ["desk@example.org"]

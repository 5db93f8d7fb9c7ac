from __future__ import annotations

import asyncio
import io
import json
import os
import resource
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from monitor.channels.file import FileChannel
from monitor.channels.files import append_line
from monitor.domain.errors import DeliveryError

Make = Callable[..., Any]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("ascii").splitlines()]


async def test_each_message_is_one_line_with_its_id_and_its_body(tmp_path: Path, deliver: Make, change: Make) -> None:
    channel = FileChannel("log", tmp_path / "alerts.jsonl")
    for name in ("msg_1", "msg_2"):
        assert await channel.send(deliver(change(), name=name)) == "written"
    first, second = lines(tmp_path / "alerts.jsonl")
    assert (first["id"], second["id"]) == ("msg_1", "msg_2")
    assert first | {"id": ""} == {"id": ""} | json.loads(deliver(change()).body)


async def test_a_repeat_comes_under_the_same_id(tmp_path: Path, deliver: Make) -> None:
    channel = FileChannel("log", tmp_path / "alerts.jsonl")
    await channel.send(deliver())
    await channel.send(deliver())
    first, second = lines(tmp_path / "alerts.jsonl")
    assert first == second


@pytest.mark.parametrize("breaking", ["\n", "\r\n", "\u2028", "\x85", "\x0b", "\x1e"])
async def test_no_text_of_a_page_can_begin_a_line(breaking: str, tmp_path: Path, deliver: Make, change: Make) -> None:
    name = f'Poland{breaking}{{"id": "msg_forged"}}'
    await FileChannel("log", tmp_path / "alerts.jsonl").send(deliver(change(name)))
    (line,) = lines(tmp_path / "alerts.jsonl")
    assert line["data"]["participant"]["name"] == name


async def test_what_a_crash_has_torn_off_spoils_no_other_line(tmp_path: Path, deliver: Make) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_text('{"id": "msg_torn", "ty')
    await FileChannel("log", path).send(deliver())
    torn, whole = path.read_text("ascii").splitlines()
    assert torn == '{"id": "msg_torn", "ty'
    assert json.loads(whole)["id"] == deliver().id


def test_a_full_disk_leaves_no_half_line(tmp_path: Path) -> None:
    def on_a_small_disk(path: Path, answers: Any) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))
        import signal  # noqa: PLC0415 - only the child process needs it

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            append_line(path, "x" * 100)
        except OSError as error:
            answers.put(error.errno)

    path = tmp_path / "alerts.jsonl"
    append_line(path, "first")
    context = get_context("fork")
    answers = context.Queue()
    child = context.Process(target=on_a_small_disk, args=(path, answers))
    child.start()
    assert answers.get(timeout=10) == 27  # EFBIG, as ENOSPC would be
    child.join()
    assert path.read_text() == "first\n"


async def test_a_file_that_cannot_be_written_keeps_the_message(tmp_path: Path, deliver: Make) -> None:
    (tmp_path / "no-folder").touch()
    with pytest.raises(DeliveryError, match="cannot be written") as caught:
        await FileChannel("log", tmp_path / "no-folder" / "alerts.jsonl").send(deliver())
    assert not caught.value.permanent


async def test_lines_written_at_once_stand_one_after_the_other(tmp_path: Path, deliver: Make) -> None:
    channels = [FileChannel("log", tmp_path / "alerts.jsonl") for _ in range(4)]
    sends = [channel.send(deliver(name=f"msg_{n}_{m}")) for n, channel in enumerate(channels) for m in range(5)]
    await asyncio.gather(*sends)
    assert len({line["id"] for line in lines(tmp_path / "alerts.jsonl")}) == 20


async def test_the_output_takes_lines_as_well(deliver: Make) -> None:
    stream = io.StringIO()
    await FileChannel("out", stream).send(deliver())
    assert json.loads(stream.getvalue())["id"] == deliver().id


async def test_an_output_that_nobody_reads_keeps_the_message(deliver: Make) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "w")
    with pytest.raises(DeliveryError) as caught:
        await FileChannel("out", stream).send(deliver())
    assert not caught.value.permanent
    with pytest.raises(BrokenPipeError):
        stream.close()


@pytest.mark.parametrize("body", ["", "[]", "null", '"text"'])
async def test_a_body_that_is_no_object_is_final(body: str, tmp_path: Path, deliver: Make) -> None:
    with pytest.raises(DeliveryError, match="no JSON object") as caught:
        await FileChannel("log", tmp_path / "alerts.jsonl").send(replace(deliver(), body=body))
    assert caught.value.permanent

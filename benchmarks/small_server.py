"""Serves files over HTTP/1.1 with an access log, where nginx is missing: `small_server.py LOG FOLDER=PORT=MODE …`.

Slower than nginx, for all programs alike. In the mode `conditional` it answers 304 to a matching ETag.
"""

from __future__ import annotations

import asyncio
import sys
import time
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import TextIO


async def _talk(
    folder: Path, mode: str, log: TextIO, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            lines = head.decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1].partition("?")[0]
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
            status, answer = _answer(folder / path.lstrip("/"), headers.get("if-none-match"), mode)
            writer.write(answer)
            log.write(f"{time.time():.3f} {status} {path}\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the client has gone
    finally:
        writer.close()


def _answer(file: Path, known: str | None, mode: str) -> tuple[int, bytes]:
    if not file.is_file():
        return 404, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    written = file.stat()
    tag = f'"{written.st_mtime_ns:x}-{written.st_size:x}"'
    validators = f"ETag: {tag}\r\nLast-Modified: {formatdate(written.st_mtime, usegmt=True)}\r\n"
    if mode == "conditional" and known == tag:
        return 304, f"HTTP/1.1 304 Not Modified\r\n{validators}\r\n".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {written.st_size}\r\n"
    return 200, f"{head}{validators if mode == 'conditional' else ''}\r\n".encode() + file.read_bytes()


async def _serve(log_file: Path, arguments: list[str]) -> None:
    with log_file.open("a", buffering=1) as log:
        servers = []
        for argument in arguments:
            folder, port, mode = argument.rsplit("=", 2)
            talk = partial(_talk, Path(folder), mode, log)
            servers.append(await asyncio.start_server(talk, "127.0.0.1", int(port)))
        await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2:]))

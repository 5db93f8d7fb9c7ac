"""Takes an answer's body off the wire, unpacked, and never more of it than is allowed."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

import httpx

from monitor.domain.errors import SourceError

ENCODINGS = "gzip, deflate"
"""What we ask for: what the standard library unpacks piece by piece, so that a bomb stops at the limit."""

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_PIECE = 65_536


class TooLargeError(Exception):
    """The body is larger than the limit; `kept` is its beginning, exactly as long as the limit."""

    def __init__(self, kept: bytes) -> None:
        self.kept = kept
        super().__init__(f"more than {len(kept)} bytes")


async def read_body(response: httpx.Response, limit: int) -> bytes:
    """Return the whole body, unpacked.

    Raises TooLargeError beyond `limit` bytes (counted after unpacking), SourceError for a damaged or unknown
    encoding, and httpx's errors where the connection breaks.
    """
    pieces, size = [], 0
    async for piece in _unpacked(response):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise TooLargeError(b"".join(pieces)[:limit])
    return b"".join(pieces)


async def _unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    raw = response.aiter_raw()  # as it comes off the wire: cutting it into equal pieces copies all of it once more
    if encoding in ("", "identity"):
        async for piece in raw:
            yield piece
    elif encoding in ("gzip", "x-gzip", "deflate"):
        async for piece in _inflated(raw, response.url.host):
            yield piece
    else:
        raise SourceError(f"{response.url.host} sent the encoding {encoding!r}, not asked for", temporary=False)


async def _inflated(raw: AsyncIterator[bytes], host: str) -> AsyncIterator[bytes]:
    unpacker = None
    async for packed in raw:
        unpacker = unpacker or _unpacker(packed)
        rest = packed
        while rest and not unpacker.eof:
            try:
                piece = unpacker.decompress(rest, _PIECE)
            except zlib.error as error:
                raise SourceError(f"what {host} sent cannot be unpacked ({error})", temporary=True) from error
            rest = unpacker.unconsumed_tail
            yield piece
    if unpacker and not unpacker.eof:
        yield unpacker.flush()  # at most one repetition (258 bytes) can be left once all input is taken
    if unpacker and not unpacker.eof:
        raise SourceError(f"the packed answer of {host} breaks off before its end", temporary=True)


def _unpacker(start: bytes) -> zlib._Decompress:
    """Return the unpacker that fits: some servers send "deflate" without its zlib header (RFC 9110, 8.4.1.2)."""
    try:
        zlib.decompressobj(_GZIP_OR_ZLIB).decompress(start, 1)
    except zlib.error:
        return zlib.decompressobj(-zlib.MAX_WBITS)
    return zlib.decompressobj(_GZIP_OR_ZLIB)

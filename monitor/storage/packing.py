"""Packs pages: a page alone, or what it has beyond an earlier page of its source, which it then names in front.

Both are zstd. In front of a page that rests on another stands a frame that zstd itself passes over, with the SHA-256 of
that page: `zstd -d --patch-from=BASE FILE.zst` opens it without this program.
"""

from __future__ import annotations

from zstandard import (
    DICT_TYPE_RAWCONTENT,
    ZstdCompressionDict,
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
)

_LEVEL = 3
_SAVING = 1 / 8
"""What leaning on another page must save. The state that a page carries for its server is new each time and is most of
what is left, up to five sixths of a page packed alone: more cannot be asked, and with less a new start is due."""

_FRONT = b"\x5a\x2a\x4d\x18" + (32).to_bytes(4, "little")
"""How a frame of 32 bytes begins that is to be passed over (RFC 8878, 3.1.2)."""
_BEHIND = len(_FRONT) + 32


def packed(body: bytes, base: bytes | None, sha256: str) -> bytes:
    """Return a page packed: upon the page `base`, whose SHA-256 is given, where that saves enough, else alone."""
    alone = ZstdCompressor(level=_LEVEL).compress(body)
    if base is None:
        return alone
    resting = _FRONT + bytes.fromhex(sha256) + _upon(base, body)
    return resting if len(resting) <= len(alone) * (1 - _SAVING) else alone


def rests_on(pack: bytes) -> str | None:
    """Return the SHA-256 of the page that must be at hand to open this one, or None. The first 40 bytes suffice."""
    return pack[len(_FRONT) : _BEHIND].hex() if pack.startswith(_FRONT) and len(pack) >= _BEHIND else None


def opened(pack: bytes, base: bytes | None) -> bytes:
    """Return the page; `base` is the one that it rests on. Raises ZstdError."""
    if base is None:
        return ZstdDecompressor().decompress(pack)
    return ZstdDecompressor(dict_data=_raw(base)).decompress(pack[_BEHIND:])


def _upon(base: bytes, body: bytes) -> bytes:
    both = len(base) + len(body)
    reach = max(10, both.bit_length())  # the whole base must stay within reach to the page's end; 10 is zstd's least
    how = ZstdCompressionParameters.from_level(_LEVEL, source_size=both, window_log=reach)
    return ZstdCompressor(dict_data=_raw(base), compression_params=how).compress(body)


def _raw(base: bytes) -> ZstdCompressionDict:
    return ZstdCompressionDict(base, dict_type=DICT_TYPE_RAWCONTENT)

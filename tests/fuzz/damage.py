"""Ways in which bytes of a real document are damaged on their way, each such that the damage can be known for one."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Damage = Callable[[bytes, Random], bytes]
_LONG = 50_000
_FEW_ROWS = 2_000


def random_bytes(body: bytes, rng: Random) -> bytes:
    """No document at all."""
    return rng.randbytes(rng.randrange(min(len(body), _LONG)))


def cut(body: bytes, rng: Random) -> bytes:
    """The transfer ended early, perhaps within a letter of several bytes."""
    return body[: rng.randrange(len(body.rstrip()) - 8)]


def beheaded(body: bytes, rng: Random) -> bytes:
    """The first part is missing, at least as far as the treaty's number."""
    least = max(body.find(b"rptTreaty_ctl00"), body.find(b"<Numsect>"))
    return body[rng.randrange(least, len(body)) :]


def spliced(body: bytes, rng: Random) -> bytes:
    """The end follows upon the beginning of the rows: most of the table is missing."""
    first, last = _rows(body)
    third = (last - first) // 3
    if third < _FEW_ROWS:
        return cut(body, rng)  # of two rows, what is left may be two whole other rows
    return body[: first + rng.randrange(third)] + body[last - rng.randrange(third) :]


def repeated(body: bytes, rng: Random) -> bytes:
    """A long piece of the rows was sent twice."""
    first, last = _rows(body)
    a = rng.randrange(first, (first + last) // 2)
    b = min(last, a + max(2_000, (last - first) // 4))
    return body[:b] + body[a:b] + body[b:]


def flipped(body: bytes, rng: Random) -> bytes:
    """Bits flip all over the rows, one in some hundred bytes: too many to be believable anywhere."""
    first, last = _rows(body)
    changed = bytearray(body)
    for _ in range(max(20, (last - first) // 300)):
        changed[rng.randrange(first, last)] ^= 0x80
    return bytes(changed)


def zeroed(body: bytes, rng: Random) -> bytes:
    """A block of the file was never written."""
    at = rng.randrange(len(body) - 1)
    return body[:at] + b"\0" * min(4096, len(body) - at) + body[at + 4096 :]


def nested(body: bytes, rng: Random) -> bytes:
    """Tags open without end in the middle of the rows."""
    first, last = _rows(body)
    at = rng.randrange(first, last)
    tag = rng.choice([b"<div>", b"<table><tr><td>", b"<Row>", b"<b><i>"])
    return body[:at] + tag * rng.choice([3, 500, 20_000]) + body[at:]


def huge_attribute(body: bytes, rng: Random) -> bytes:
    """An attribute of megabytes stands in a row, unclosed."""
    first, last = _rows(body)
    at = body.find(b"<", rng.randrange(first, last)) + 3
    return body[:at] + b' x="' + b"A" * rng.choice([10_000, 2_000_000]) + body[at:]


def entity_bomb(body: bytes, rng: Random) -> bytes:
    """Entities that grow by the power of ten, or that read a file, before the document."""
    lines = b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, rng.randrange(3, 12)))
    bomb = b'<!DOCTYPE r [<!ENTITY a0 "x"><!ENTITY f SYSTEM "file:///etc/passwd">' + lines + b"]>"
    declaration = re.match(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*\?>", body)
    at = declaration.end() if declaration else 0
    changed = body[:at] + bomb + body[at:]
    return changed if declaration else changed[: len(bomb) + rng.randrange(len(body) // 2)]


def control_characters(body: bytes, rng: Random) -> bytes:
    """Control characters are strewn over the names and dates."""
    first, last = _rows(body)
    changed = bytearray(body)
    for _ in range(400):
        changed[rng.randrange(first, last)] = rng.choice([0x00, 0x01, 0x0B, 0x1B, 0xFF, 0xC3])
    return bytes(changed)


def other_encoding(body: bytes, rng: Random) -> bytes:
    """The bytes are those of an encoding that nobody declared."""
    text = body.decode("utf-8", errors="replace")
    return text.encode(rng.choice(["utf-32", "utf-7", "cp037", "utf-16-le"]), errors="replace")


def _rows(body: bytes) -> tuple[int, int]:
    """Where the rows of the table begin and end."""
    page = body.find(b'tblgrid"')
    if page < 0:
        return body.find(b"<Tbody>") + 7, body.find(b"</Tbody>")
    return body.find(b"</tr>", page) + 5, body.find(b"</table", page)


DAMAGES: dict[str, Damage] = {
    f.__name__: f
    for f in (
        random_bytes, cut, beheaded, spliced, repeated, flipped, zeroed, nested, huge_attribute, entity_bomb,
        control_characters, other_encoding,
    )
}  # fmt: skip

"""The small languages of configured values: durations, periods, addresses, references. Each says what it allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import time
from difflib import get_close_matches
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from monitor.domain.names import normalised
from monitor.domain.treaty import Unit
from monitor.settings import secret

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d|w)")
_PERIOD = re.compile(r"(\d{1,4}) (day|month|year)s?")
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\x00-\x1f]+@[^\s@<>,;:\"\\()\x00-\x1f]+")
_REFERENCE = re.compile(r"[IVXL]+(?:-[A-Z])?-\d+(?:-[0-9a-z]+)*")
_LISTEN = re.compile(r"(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<host>[A-Za-z0-9.\-]+)):(?P<port>\d{1,5})")
_LAST_PORT = 65535
_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_PLACE = re.compile(r"\{[^}]*\}?")
_PLACES = ("{recipient}", "{subscription}", "{delivery}")
DATABASE = re.compile(r"(postgres|postgresql|sqlite)(\+\w+)?://.*")
PING = re.compile(r"https?://[^\s/]\S*")
TOKEN_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_MOST_DAYS = 3650
_NO_ZONES = frozenset({"posix", "right", "posixrules"})
"""Where the system keeps its zones a second and third time, counted otherwise."""
_DAYS = {"day": 1, "month": 30, "year": 365}
_LEAST_KEEPING, _MOST_KEEPING = 30, 100 * 365

FOR_EVER = "for ever"
"""How long what has no period is kept."""

WORD, LIST, TABLE = "<word>", "<list>", "<table>"
"""Tags of the forms that a value may have; no message shows them."""


def wrong(allowed: str, nearest: str | None = None, found: str | None = None) -> PydanticCustomError:
    """Return the error that becomes a Mistake; `found` replaces the value itself where that must not be shown."""
    return PydanticCustomError("not_allowed", "{allowed}", {"allowed": allowed, "nearest": nearest, "found": found})


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed word that is most like a mistyped one, for "did you mean"; None if none is near."""
    words = {normalised(candidate): candidate for candidate in allowed}
    close = get_close_matches(normalised(word), words, n=1)
    return words[close[0]] if close else None


def text(value: object, allowed: str) -> str:
    """Return the value if it is a text that may stand in a header: not empty, one line, no control characters."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise wrong(allowed)
    return value


def _value(check: Callable[[Any], Any], **schema: Any) -> tuple[BeforeValidator, WithJsonSchema]:
    return BeforeValidator(check), WithJsonSchema({"type": "string", **schema})


def seconds(value: object) -> float:
    """Return "12h", "30m" or "2d" in seconds."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise wrong('a number and a unit (ms, s, m, h, d, w), such as "30m", "12h" or "2d"')
    return float(match[1]) * _SECONDS[match[2]]


def _some_seconds(value: object) -> float:
    duration = seconds(value)
    if duration < 1:
        raise wrong('at least one second, such as "30m"')
    return duration


def _period(value: object) -> tuple[int, Unit]:
    match = _PERIOD.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise wrong('a number and days, months or years, such as "90 days", "6 months" or "1 year"')
    return int(match[1]), Unit(match[2] + "s")


def _keeping(value: object) -> float | None:
    if value == FOR_EVER:
        return None
    match = _PERIOD.fullmatch(value) if isinstance(value, str) else None
    days = int(match[1]) * _DAYS[match[2]] if match else 0
    if not _LEAST_KEEPING <= days <= _MOST_KEEPING:
        raise wrong(f'"{FOR_EVER}", or {_LEAST_KEEPING} days to 100 years, such as "18 months" or "2 years"')
    return days * _SECONDS["d"]


def _time_of_day(value: object) -> time:
    match = _TIME_OF_DAY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise wrong('a time of day in quotes, such as "08:00" or "22:30"')
    return time(int(match[1]), int(match[2]))


def _days_before(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_DAYS:
        raise wrong(f"whole days before an effect, from 0 (the day itself) to {_MOST_DAYS}")
    return value


def _timezone(value: object) -> ZoneInfo:
    zone = _zone(value) if isinstance(value, str) else None
    if zone is None:
        allowed = 'the name of a time zone, such as "Europe/Warsaw" or "UTC"'
        raise wrong(allowed, nearest(str(value), available_timezones()))
    return zone


def _zone(name: str) -> ZoneInfo | None:
    """Return a zone by its name, and None for what only looks like one; `available_timezones` opens 600 files."""
    if name.partition("/")[0] in _NO_ZONES:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def _network(value: object) -> IPv4Network | IPv6Network:
    try:
        return ip_network(value if isinstance(value, str) else "")
    except ValueError:
        raise wrong('an address range such as "127.0.0.1/32" or "fd00::/8" (no host bits set)') from None


def _listen(value: object) -> tuple[str, int]:
    match = _LISTEN.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match["port"]) > _LAST_PORT:
        raise wrong('an address and a port, such as "127.0.0.1:8477" or "[::1]:8477"')
    return match["v6"] or match["host"], int(match["port"])


def _split(value: object, schemes: tuple[str, ...], allowed: str) -> SplitResult:
    address = text(value, allowed)
    try:
        parts = urlsplit(address)
        usable = parts.scheme in schemes and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or " " in address:
        raise wrong(allowed)
    if parts.username is not None or parts.password is not None:
        raise wrong(f"{allowed}, without a user name or password in it", found="an address with a user name")
    return parts


def web_address(value: object) -> str:
    """Return the address of a page of the web."""
    return _split(value, ("http", "https"), 'a web address, such as "https://example.org/path"').geturl()


def _public(value: object) -> str:
    allowed = 'an https address without a query, such as "https://alerts.example.org"'
    parts = _split(value, ("https",), allowed)
    if parts.query or parts.fragment:
        raise wrong(allowed)
    return parts.geturl().rstrip("/")


def _url_or_secret(value: object) -> str:
    return value if isinstance(value, str) and secret.REFERENCE.fullmatch(value) else web_address(value)


def _server(value: object) -> str:
    return _split(value, ("smtp", "smtps"), '"smtp://host:port" or "smtps://host:port"').geturl()


def _database(value: object) -> str:
    allowed = '"postgresql://host/name", "sqlite:///path", or env:NAME or file:PATH that holds such an address'
    address = text(value, allowed)
    if not secret.REFERENCE.fullmatch(address) and not DATABASE.match(address):
        raise wrong(allowed, found="another address")
    return address


def _documents(value: object) -> str:
    allowed = 'a directory, as its whole path, or "s3://bucket/prefix"'
    place = text(value, allowed)
    if not re.fullmatch(r"/\S.*|s3://[a-z0-9][a-z0-9.-]+(/[^\s?#@]*)?", place):
        raise wrong(allowed)
    return place


def mailbox(value: object) -> str:
    """Return the address of a mailbox."""
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        raise wrong("an email address, such as desk@example.org")
    return value


def _sender(value: object) -> str:
    allowed = 'an email address, such as "desk@example.org" or "Treaty desk <desk@example.org>"'
    if not _ADDRESS.fullmatch(parseaddr(text(value, allowed))[1]):
        raise wrong(allowed)
    return str(value)


def _secret(value: object) -> str:
    if not isinstance(value, str) or not secret.REFERENCE.fullmatch(value):
        raise wrong(secret.ALLOWED, found="a plain value (not shown)")
    return value


def _token_hash(value: object) -> str:
    if not isinstance(value, str) or not (TOKEN_HASH.fullmatch(value) or secret.REFERENCE.fullmatch(value)):
        raise wrong(f'"sha256:" and 64 hexadecimal digits, or {secret.ALLOWED}', found="another value (not shown)")
    return value


def is_loopback(host: str) -> bool:
    """Return whether only programs of this machine reach an address: 127.0.0.0/8, ::1, or the name localhost."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _unsubscribe(value: object) -> str:
    allowed = "https://… (one click) or mailto:…, in which " + ", ".join(_PLACES) + " are replaced"
    address = text(value, allowed)
    known = all(place in _PLACES for place in _PLACE.findall(address))
    if not address.startswith(("https://", "mailto:")) or " " in address or not known:
        raise wrong(allowed)
    return address


def _domain(value: object) -> str:
    if not isinstance(value, str) or not _DOMAIN.fullmatch(value):
        raise wrong('a domain in small letters, such as "example.org"')
    return value


def _reference(value: object) -> str:
    if not isinstance(value, str) or not _REFERENCE.fullmatch(value):
        raise wrong('the depositary\'s number of the treaty, such as "XXVI-5" or "XXVII-7-d"')
    return value


def _slug(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]*", value):
        raise wrong('a short name of small letters, digits and "-", such as "mine-ban"')
    return value


def _line(value: object) -> str:
    return text(value, "a text in one line")


Seconds = Annotated[float, *_value(seconds, examples=["2s"])]
SomeSeconds = Annotated[float, *_value(_some_seconds, examples=["12h", "30m", "2d"])]
LegalPeriod = Annotated[tuple[int, Unit], *_value(_period, examples=["6 months", "90 days"])]
Keeping = Annotated[float | None, *_value(_keeping, examples=[FOR_EVER, "2 years"])]
TimeOfDay = Annotated[time, *_value(_time_of_day, examples=["08:00"], pattern=f"^({_TIME_OF_DAY.pattern})$")]
DaysBefore = Annotated[
    int, BeforeValidator(_days_before), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": _MOST_DAYS})
]
TimeZone = Annotated[ZoneInfo, *_value(_timezone, examples=["Europe/Warsaw"])]
Range = Annotated[IPv4Network | IPv6Network, *_value(_network, examples=["127.0.0.1/32"])]
Listen = Annotated[tuple[str, int], *_value(_listen, examples=["127.0.0.1:8477"])]
Url = Annotated[str, *_value(web_address, format="uri")]
PublicAddress = Annotated[str, *_value(_public, format="uri", pattern="^https://")]
UrlOrSecret = Annotated[str, *_value(_url_or_secret, examples=["env:PING_URL"])]
Server = Annotated[str, *_value(_server, examples=["smtp://mail.example.org:587"])]
Documents = Annotated[str, *_value(_documents, examples=["s3://treaty-pages", "/mnt/treaty-pages"])]
Database = Annotated[str, *_value(_database, examples=["env:DATABASE_URL"])]
Address = Annotated[str, *_value(mailbox, format="email")]
Sender = Annotated[str, *_value(_sender)]
TokenHash = Annotated[str, *_value(_token_hash, pattern="^(sha256:[0-9a-f]{64}|(env|file):.+)$")]
SecretReference = Annotated[str, *_value(_secret, pattern="^(env|file):.+$")]
Reference = Annotated[str, *_value(_reference, pattern=f"^{_REFERENCE.pattern}$")]
Slug = Annotated[str, *_value(_slug, pattern="^[a-z0-9][a-z0-9-]*$")]
Unsubscribe = Annotated[str, *_value(_unsubscribe, pattern="^(https://|mailto:)")]
Domain = Annotated[str, *_value(_domain, format="hostname")]
Line = Annotated[str, *_value(_line)]

"""Who may ask: a token of which only the hash is known, a signed cookie for browsers, and a limit on guessing."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from starlette.requests import HTTPConnection

from monitor.settings.objects import Web
from monitor.settings.values import is_loopback

SESSION, FORM = "treaty_monitor_session", "treaty_monitor_form"
"""Names of cookies."""

HOURS = 12
"""For which a browser stays signed in."""

FAILURES, WINDOW = 5, timedelta(minutes=5)
"""Wrong tokens that one address may send within this time."""

MOST_ADDRESSES = 10_000


@dataclass(slots=True)
class Failures:
    """Counts wrong tokens by the sender's address."""

    clock: Callable[[], datetime]
    _seen: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)

    def count(self, address: str) -> None:
        """Note a wrong token."""
        self._seen.setdefault(address, deque(maxlen=FAILURES)).append(self.clock())
        self._seen.move_to_end(address)
        while len(self._seen) > MOST_ADDRESSES:
            self._seen.popitem(last=False)

    def wait(self, address: str) -> int:
        """Return for how many seconds this address must wait; 0 if it may try."""
        seen = self._seen.get(address)
        if not seen or len(seen) < FAILURES:
            return 0
        return max(0, int((seen[0] + WINDOW - self.clock()).total_seconds()))


class Access:
    """Decides who may ask. The signing key lives as long as the process: after a restart browsers sign in again."""

    def __init__(self, web_of: Callable[[], Web], clock: Callable[[], datetime]) -> None:
        self._web_of = web_of
        self._key = secrets.token_bytes(32)
        self.failures = Failures(clock)

    @property
    def web(self) -> Web:
        """Where the page listens, as configured now."""
        return self._web_of()

    @property
    def demanded(self) -> str | None:
        """The hash of the token that is demanded ("sha256:…"), None on loopback without one.

        Raises ConfigurationError for a hash that lies elsewhere and is not there, or is none.
        """
        return self.web.demanded

    @property
    def open(self) -> bool:
        """Whether reading needs no token: only programs of this machine can ask."""
        return is_loopback(self.web.host)

    def fits(self, token: str) -> bool:
        """Whether this is the token, compared in constant time."""
        given = "sha256:" + sha256(token.encode()).hexdigest()
        return hmac.compare_digest(given, self.demanded or "")

    def session(self) -> str:
        """Return a cookie for somebody who has shown the token; another token makes it worthless."""
        return self._sessions.dumps(self._mark)

    def admitted(self, connection: HTTPConnection) -> bool:
        """Whether a request carries the cookie, or the token itself; a wrong token counts as a failure."""
        try:
            if self._sessions.loads(connection.cookies.get(SESSION, ""), max_age=HOURS * 3600) == self._mark:
                return True
        except BadSignature:
            pass  # no cookie, one of another process, or an old one: only the token helps
        token = _token(connection)
        if token is None or self.failures.wait(address(connection)):
            return False
        if self.fits(token):
            return True
        self.failures.count(address(connection))
        return False

    def form_token(self, seed: str) -> str:
        """Return the field that a form must bring along with its cookie `seed`."""
        return self._forms.dumps(seed)

    def form_fits(self, seed: str, token: str) -> bool:
        """Whether a form's field was made for this cookie."""
        try:
            return bool(seed) and hmac.compare_digest(str(self._forms.loads(token)), seed)
        except BadSignature:
            return False

    @property
    def _mark(self) -> str:
        return sha256((self.demanded or "").encode()).hexdigest()[:16]

    @property
    def _sessions(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._key, salt="session")

    @property
    def _forms(self) -> URLSafeSerializer:
        return URLSafeSerializer(self._key, salt="form")


def address(connection: HTTPConnection) -> str:
    """Return the address that a request comes from."""
    return connection.client.host if connection.client else "unknown"


def _token(connection: HTTPConnection) -> str | None:
    """Return the token of the header Authorization: Bearer, or Basic with the token as password (feed readers)."""
    scheme, _, value = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""

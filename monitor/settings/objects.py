"""The configuration as the program uses it: frozen, complete, every word resolved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.domain.alert import Subscription
from monitor.domain.errors import ConfigurationError, Mistake, UsageError, did_you_mean
from monitor.domain.names import NameTable
from monitor.domain.plausibility import Limits
from monitor.domain.treaty import Treaty
from monitor.settings.resolve import codes_of, matching_treaties, nearest_country, nearest_treaty
from monitor.settings.secret import Secret, revealed
from monitor.settings.values import DATABASE, PING, TOKEN_HASH

Option = str | float | Secret | tuple["Option", ...]


def _fitting(value: str | Secret | None, form: re.Pattern[str], key: str, allowed: str) -> str | None:
    """Return a value of monitor.toml that may lie elsewhere. Raises ConfigurationError if it is not there or unfit."""
    found = revealed(value)
    if found is None or form.fullmatch(found):
        return found
    raise ConfigurationError((Mistake("monitor.toml", key, "something else (not shown)", allowed),))


@dataclass(frozen=True, slots=True)
class Web:
    """Where the web face listens. `token_hash` is "sha256:…" of the access token, which other addresses demand.

    `public` is the https address under which recipients of mail reach it to unsubscribe, without a slash at the end.
    """

    host: str = "127.0.0.1"
    port: int = 8477
    token_hash: str | Secret | None = None
    public: str | None = None

    @property
    def demanded(self) -> str | None:
        """The hash of the token that is demanded, read now; None without one.

        Raises ConfigurationError for one that lies elsewhere and is not there, or is no hash: no token would ever fit.
        """
        return _fitting(self.token_hash, TOKEN_HASH, "web.token_hash", '"sha256:" and 64 hexadecimal digits')


@dataclass(frozen=True, slots=True)
class Network:
    """How the program asks for pages. Times are in seconds.

    `allow` are the private ranges that sources and webhooks may use, `retries` the further attempts after a
    temporary failure, `max_bytes` the size of a body, unpacked, beyond which it is refused.
    """

    allow: tuple[IPv4Network | IPv6Network, ...] = ()
    pause: float = 2.0
    timeout: float = 60.0
    max_bytes: int = 20_000_000
    retries: int = 2


@dataclass(frozen=True, slots=True)
class Operator:
    """Who hears of trouble; nobody named means the log.

    `coverage` says whether a mail tells every month what is watched; `ping` is the address of an outside service that
    raises the alarm when it is no longer asked.
    """

    channels: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    coverage: bool = True
    ping: str | Secret | None = None

    @property
    def ping_url(self) -> str | None:
        """The address to ask after each good round, or None. Raises ConfigurationError, also for one that is none."""
        return _fitting(self.ping, PING, "operator.ping", "an http or https address")


@dataclass(frozen=True, slots=True)
class Plausibility:
    """What the gate believes at once, and how patient it is (seconds).

    A held reading clears when a fetch at least `confirm_after` later agrees; a source without a good reading for
    `stale_after` is stale.
    """

    limits: Limits = field(default_factory=Limits)
    confirm_after: float = 3600.0
    stale_after: float = 3 * 86400.0


@dataclass(frozen=True, slots=True)
class Retention:
    """How long, in seconds, the program keeps what no alert rests on; None: for ever.

    `pages` counts from when a page was replaced, `messages` (their texts and failed attempts) from when one arrived.
    """

    pages: float | None = None
    messages: float | None = 2 * 365 * 86400.0


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One channel. `options` are the file's keys without `type`, those that were not given left out.

    email: `server`, `from`, `username` (str or Secret), `password` (Secret), `tls`, `timeout` (seconds), `ca_file`,
    `envelope_from`, `list_domain`, `unsubscribe`; webhook: `url`, `secret` (tuple of Secret), `timeout`; apprise: `url`
    (Secret), `timeout`; file: `path` ("-" is the output); atom: `path`, `title`, `url`, `domain`.
    """

    name: str
    type: str
    options: Mapping[str, Option] = field(default_factory=dict)


CONSOLE = ChannelSettings("console", "console")
"""The channel that is built in."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration.

    `documents` is where pages are kept, if not in the state folder; `groups` maps a group's name to participant codes;
    `files` are those that were read.
    """

    config_dir: Path
    state_dir: Path
    timezone: ZoneInfo
    contact: str
    database: str | Secret | None
    documents: str | None
    web: Web
    network: Network
    operator: Operator
    plausibility: Plausibility
    retention: Retention
    treaties: tuple[Treaty, ...]
    channels: tuple[ChannelSettings, ...]
    subscriptions: tuple[Subscription, ...]
    names: NameTable
    groups: Mapping[str, frozenset[str]]
    files: tuple[Path, ...]

    @property
    def database_url(self) -> str | None:
        """The database's address, or None for SQLite under the state directory.

        Raises ConfigurationError for one that lies elsewhere and is not there, or is no address.
        """
        return _fitting(self.database, DATABASE, "database", "postgresql://host/name or sqlite:///path")

    def channel(self, name: str) -> ChannelSettings | None:
        """Return the channel of this name, or None."""
        return next((channel for channel in self.channels if channel.name == name), None)

    def find_treaty(self, word: str) -> Treaty:
        """Return the treaty that a slug, a number or a unique part of a title means. Raises UsageError."""
        found = matching_treaties(self.treaties, word)
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(f'"{word}" fits several treaties: ' + ", ".join(treaty.slug for treaty in found))
        raise UsageError(f'no treaty "{word}" is configured' + did_you_mean(nearest_treaty(self.treaties, word)))

    def find_countries(self, word: str) -> frozenset[str]:
        """Return the participant codes that a code, a name or a group means. Raises UsageError."""
        codes = codes_of(word, self.names, self.groups)
        if codes is None:
            raise UsageError(
                f'"{word}" is no known country or group' + did_you_mean(nearest_country(word, self.names, self.groups))
            )
        return codes

"""Everything that the pipeline works with, put together by bootstrap; the pipeline itself knows no concrete class."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, timedelta, tzinfo
from hashlib import sha256

from monitor.channels.interface import Channel
from monitor.domain.alert import Directory, Subscription
from monitor.domain.claim import Seed
from monitor.domain.errors import UsageError
from monitor.domain.participant import Names
from monitor.domain.plausibility import Limits
from monitor.domain.treaty import Rules, Treaty, WatchedSource
from monitor.fetching.interface import Fetcher
from monitor.sources.interface import Reader
from monitor.storage.interface import Archive, Storage

Watched = tuple[Treaty, WatchedSource]


@dataclass(frozen=True, slots=True)
class Operator:
    """Who hears of trouble; without channels, the log alone. `coverage`: also, every month, of what is watched."""

    channels: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    coverage: bool = True


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait before believing, complaining, and taking up a dead sender's work."""

    confirm_after: timedelta = timedelta(hours=1)
    stale_after: timedelta = timedelta(days=3)
    lease: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what no alert rests on is kept after it has been replaced, or has arrived. None: for ever."""

    pages: timedelta | None = None
    messages: timedelta | None = None


def no_step(name: str) -> None:
    """Do nothing at a named step; tests that kill the process put their own function here."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The working place of the pipeline. `chance` gives numbers in [0, 1) for jitter; `step` is called at each step.

    `zone` is the operator's time zone; `ping`, where configured, asks an outside service that raises the alarm when
    it is no longer asked, and never raises.
    """

    treaties: tuple[Treaty, ...]
    subscriptions: tuple[Subscription, ...]
    channels: dict[str, Channel]
    readers: dict[str, Reader]
    reader_version: str
    fetcher: Fetcher
    storage: Storage
    archive: Archive
    chance: Callable[[], float]
    names: Names
    seeds: tuple[Seed, ...] = ()
    operator: Operator = field(default_factory=Operator)
    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)
    retention: Retention = field(default_factory=Retention)
    step: Callable[[str], None] = no_step
    zone: tzinfo = UTC
    ping: Callable[[], Awaitable[None]] | None = None
    directory: Directory = field(init=False, repr=False, compare=False)
    _rules: dict[str, Rules] = field(init=False, repr=False, compare=False)
    _watched: tuple[Watched, ...] = field(init=False, repr=False, compare=False)
    _reads: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Put subscriptions, final clauses and sources in order, once for all alerts, checks and ticks."""
        object.__setattr__(self, "directory", Directory(self.subscriptions))
        object.__setattr__(self, "_rules", {t.reference: t.rules for t in reversed(self.treaties)})
        object.__setattr__(self, "_watched", _sources_of(dict.fromkeys(self.treaties)))

    def subscription(self, name: str) -> Subscription | None:
        """Return the subscription of this name, or None where there is none any more."""
        return self.directory.named(name)

    def seed(self, reference: str) -> Seed | None:
        """Return the seed of a treaty, or None."""
        return next((s for s in self.seeds if s.reference == reference), None)

    def rules(self, reference: str) -> Rules:
        """Return the final clauses that apply to a treaty's number."""
        return self._rules.get(reference) or Rules()

    def reads(self, reference: str) -> str:
        """Return what a reading of the treaty's page rests on beside the page: reader, names, final clauses.

        Where any of them has changed, the page is read again, and what is new in that alone is no news.
        """
        if reference not in self._reads:
            by = sha256(f"{self.names.edition} {self.rules(reference)}".encode()).hexdigest()
            self._reads[reference] = f"{self.reader_version} {by[:16]}"
        return self._reads[reference]

    def treaty(self, wanted: str) -> Treaty:
        """Return the watched treaty with this slug, number or unique part of its title. Raises UsageError."""
        folded = wanted.casefold()
        exact = [t for t in self.treaties if folded in {t.slug.casefold(), t.reference.casefold()}]
        found = exact or [t for t in self.treaties if folded in t.title.casefold() and t.title != t.reference]
        if len(found) == 1:
            return found[0]
        words = ", ".join(t.slug for t in self.treaties)
        why = "matches several treaties" if found else "is not a watched treaty"
        raise UsageError(f'"{wanted}" {why}; watched are: {words}')

    def watched(self, wanted: tuple[str, ...] = ()) -> tuple[Watched, ...]:
        """Return the sources of the named treaties, of all without names."""
        return _sources_of(dict.fromkeys(self.treaty(w) for w in wanted)) if wanted else self._watched


def _sources_of(treaties: Iterable[Treaty]) -> tuple[Watched, ...]:
    return tuple((treaty, source) for treaty in treaties for source in treaty.sources)

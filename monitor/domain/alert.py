"""Who is to hear of which change: subscriptions, and the alerts that they give rise to. Pure; sends nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from hashlib import sha256
from itertools import chain, product

from monitor.domain.change import Change, ChangeKind, RecordedChange
from monitor.domain.timing import Digest, QuietHours


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who hears of what. An empty frozenset for treaties, countries or kinds is not allowed; None means "all".

    `treaties` are references, `countries` participant keys (groups already expanded). Without `digest` each alert
    goes out at once, without `quiet` at any hour. `reminders` are days before an effect (0 on the day itself), counted
    by the calendar in `zone`.
    """

    name: str
    treaties: frozenset[str] | None
    countries: frozenset[str] | None
    kinds: frozenset[ChangeKind] | None
    channels: tuple[str, ...]
    recipients: tuple[str, ...] = field(default=())
    digest: Digest | None = None
    quiet: QuietHours | None = None
    reminders: tuple[int, ...] = ()
    zone: tzinfo = UTC

    def wants(self, change: Change) -> bool:
        """Whether this subscription asks for this change. A change of the treaty itself concerns every country."""
        return (
            (self.treaties is None or change.treaty in self.treaties)
            and (self.countries is None or change.key is None or change.key in self.countries)
            and (self.kinds is None or change.kind in self.kinds)
        )


@dataclass(frozen=True, slots=True)
class Alert:
    """The changes of one State and treaty that one subscription is told together."""

    subscription: Subscription
    treaty: str
    participant_key: str | None
    changes: tuple[RecordedChange, ...]

    @property
    def id(self) -> str:
        """Derived from the subscription and the changes: the same news is the same alert, whoever computes it."""
        parts = (self.subscription.name, *sorted(c.id for c in self.changes))
        return "alr_" + sha256("\x1f".join(parts).encode()).hexdigest()[:24]


class Directory:
    """Subscriptions by name and by what they ask for, so that who wants a change is found without asking everybody.

    A subscription that names a few treaties and countries stands under each pair of them; one that names many stands
    under its countries alone, so that memory grows with what people wrote and not with its product.
    """

    def __init__(self, subscriptions: Iterable[Subscription]) -> None:
        self._all = tuple(subscriptions)
        self._named = {s.name: s for s in reversed(self._all)}
        self._under: dict[tuple[str | None, str | None], list[int]] = defaultdict(list)
        for number, subscription in enumerate(self._all):
            for key in _places(subscription):
                self._under[key].append(number)

    def named(self, name: str) -> Subscription | None:
        """Return the subscription of this name, or None."""
        return self._named.get(name)

    def wanting(self, change: Change) -> Iterator[tuple[int, Subscription]]:
        """Yield the subscriptions that ask for a change, each with its place in the configuration's order."""
        treaty, who = change.treaty, change.key
        places = product((treaty, None), (who, None))
        numbers = range(len(self._all)) if who is None else chain.from_iterable(self._under.get(p, ()) for p in places)
        yield from ((n, self._all[n]) for n in numbers if self._all[n].wants(change))


MANY = 64
"""Pairs of a treaty and a country under which one subscription stands at most."""


def _places(subscription: Subscription) -> Iterable[tuple[str | None, str | None]]:
    treaties, countries = subscription.treaties or (None,), subscription.countries or (None,)
    return product(treaties if len(treaties) * len(countries) <= MANY or countries == (None,) else (None,), countries)


def route(changes: tuple[RecordedChange, ...], directory: Directory) -> tuple[Alert, ...]:
    """Return one alert per subscription, treaty and State; every matching subscription fires, in its own order."""
    groups: dict[tuple[int, str, str | None], list[RecordedChange]] = defaultdict(list)
    found: dict[int, Subscription] = {}
    for recorded in changes:
        for number, subscription in directory.wanting(recorded.change):
            found[number] = subscription
            groups[number, recorded.change.treaty, recorded.change.key].append(recorded)
    ordered = sorted(groups.items(), key=lambda item: item[0][0])  # stable: each one's alerts stay in their order
    return tuple(Alert(found[number], treaty, key, tuple(group)) for (number, treaty, key), group in ordered)

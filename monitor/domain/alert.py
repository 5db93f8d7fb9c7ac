"""Who is to hear of which change: subscriptions, and the alerts that they give rise to. Pure; sends nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from hashlib import sha256

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


def route(changes: tuple[RecordedChange, ...], subscriptions: tuple[Subscription, ...]) -> tuple[Alert, ...]:
    """Return one alert per subscription, treaty and State; every matching subscription fires."""
    alerts = []
    for subscription in subscriptions:
        groups: dict[tuple[str, str | None], list[RecordedChange]] = {}
        for recorded in changes:
            if subscription.wants(recorded.change):
                groups.setdefault((recorded.change.treaty, recorded.change.key), []).append(recorded)
        alerts += [Alert(subscription, treaty, key, tuple(group)) for (treaty, key), group in groups.items()]
    return tuple(alerts)

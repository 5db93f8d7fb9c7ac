"""Who hears of what: found by the directory, it is the same as asking every subscription about every change."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.action import ActionKind, TreatyAction
from monitor.domain.alert import MANY, Alert, Directory, Subscription, route
from monitor.domain.change import Change, ChangeKind, RecordedChange
from monitor.domain.participant import Participant, ParticipantKind

TREATIES, COUNTRIES = ("XXVI-5", "XXVI-6", "IV-4"), ("PL", "EE", "LV")
KINDS = (ChangeKind.SIGNED, ChangeKind.WITHDRAWAL_NOTIFIED)
MORE = frozenset(f"X{number}" for number in range(MANY))


def some(words: tuple[str, ...]) -> st.SearchStrategy[frozenset[str] | None]:
    """Return all, a few, or so many that a subscription does not stand under every pair of them."""
    few = st.frozensets(st.sampled_from(words), min_size=1)
    return st.none() | few | few.map(lambda chosen: chosen | MORE)


@st.composite
def subscriptions(draw: st.DrawFn) -> tuple[Subscription, ...]:
    kinds = st.none() | st.frozensets(st.sampled_from(KINDS), min_size=1)
    asked = draw(st.lists(st.tuples(some(TREATIES), some(COUNTRIES), kinds), max_size=6))
    return tuple(Subscription(f"s{n}", *each, ("mail",)) for n, each in enumerate(asked))


@st.composite
def news(draw: st.DrawFn) -> tuple[RecordedChange, ...]:
    who = st.none() | st.sampled_from(COUNTRIES)
    found = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(TREATIES), who), max_size=6))
    return tuple(_recorded(*each, number) for number, each in enumerate(found))


def _recorded(kind: ChangeKind, treaty: str, code: str | None, day: int) -> RecordedChange:
    who = Participant(code, code, code, ParticipantKind.STATE) if code else None
    act = TreatyAction(kind=ActionKind.SIGNATURE, date=date(2026, 1, 1 + day))
    change = Change(kind=kind, treaty=treaty, participant=who, action=act)
    return RecordedChange(change, datetime(2026, 1, 1, tzinfo=UTC), treaty, treaty, "untc", "https://example.org")


def asking_everybody(changes: tuple[RecordedChange, ...], everybody: tuple[Subscription, ...]) -> list[Alert]:
    alerts = []
    for subscription in everybody:
        wanted = [c for c in changes if subscription.wants(c.change)]
        groups = {about: [c for c in wanted if _about(c) == about] for about in dict.fromkeys(map(_about, wanted))}
        alerts += [Alert(subscription, *about, tuple(group)) for about, group in groups.items()]
    return alerts


def _about(recorded: RecordedChange) -> tuple[str, str | None]:
    return recorded.change.treaty, recorded.change.key


@given(news(), subscriptions())
def test_routing_is_the_same_as_asking_everybody(
    changes: tuple[RecordedChange, ...], everybody: tuple[Subscription, ...]
) -> None:
    assert list(route(changes, Directory(everybody))) == asking_everybody(changes, everybody)


def test_a_subscription_is_found_by_its_name() -> None:
    one, other = (Subscription(name, None, None, None, ("mail",)) for name in ("one", "other"))
    directory = Directory((one, other))
    assert (directory.named("other"), directory.named("third")) == (other, None)


def test_who_names_many_treaties_and_countries_stands_under_its_countries_alone() -> None:
    many = Subscription("many", MORE | {"IV-4"}, MORE | {"PL"}, None, ("mail",))
    directory = Directory((many,))
    assert len(directory._under) == MANY + 1
    assert [s for _, s in directory.wanting(_recorded(KINDS[0], "IV-4", "PL", 0).change)] == [many]

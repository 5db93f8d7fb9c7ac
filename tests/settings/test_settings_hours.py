"""When people hear, and what the operator hears beside alerts: from the file to the program's objects."""

from __future__ import annotations

from datetime import time
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.change import ChangeKind
from monitor.domain.errors import Mistake
from monitor.domain.timing import Digest, Every, QuietHours
from monitor.settings import Settings, check_secrets, effective

WARSAW, NEW_YORK = ZoneInfo("Europe/Warsaw"), ZoneInfo("America/New_York")


class Load(Protocol):
    """What the fixture `load` gives."""

    def __call__(self, **files: str | bytes) -> Settings: ...


class Wrong(Protocol):
    """What the fixture `wrong` gives."""

    def __call__(self, **files: str | bytes) -> list[Mistake]: ...


def subscription(more: str = "") -> str:
    return f'[[subscriptions]]\nname = "desk"\nchannels = ["console"]\n{more}\n'


def test_without_a_word_everything_goes_out_at_once_and_nothing_is_repeated(load: Load) -> None:
    [desk] = load(subscriptions=subscription()).subscriptions
    assert (desk.digest, desk.quiet, desk.reminders, desk.zone) == (None, None, (), ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ('"hourly"', Digest(Every.HOURLY, time(0), WARSAW)),
        ('"daily"', Digest(Every.DAILY, time(8), WARSAW)),
        ('"weekly"', Digest(Every.WEEKLY, time(8), WARSAW, 0)),
        ('{ every = "weekly", weekday = "friday", at = "17:30" }', Digest(Every.WEEKLY, time(17, 30), WARSAW, 4)),
        ('{ every = "hourly", at = "00:15" }', Digest(Every.HOURLY, time(0, 15), WARSAW)),
    ],
)
def test_a_digest_is_a_word_or_a_table(load: Load, text: str, digest: Digest) -> None:
    settings = load(monitor='timezone = "Europe/Warsaw"', subscriptions=subscription(f"digest = {text}"))
    assert settings.subscriptions[0].digest == digest


def test_a_subscription_may_live_in_another_time_zone(load: Load) -> None:
    text = subscription(
        'digest = "daily"\nreminders = [1, 30, 7, 1]\ntimezone = "America/New_York"\n'
        'quiet = { from = "22:00", to = "07:00", except = ["withdrawal_notified"] }'
    )
    [desk] = load(monitor='timezone = "Europe/Warsaw"', subscriptions=text).subscriptions
    breaking = frozenset({ChangeKind.WITHDRAWAL_NOTIFIED})
    assert desk.quiet == QuietHours(time(22), time(7), NEW_YORK, breaking)
    assert (desk.digest, desk.zone) == (Digest(Every.DAILY, time(8), NEW_YORK), NEW_YORK)
    assert desk.reminders == (30, 7, 1)


MISTAKES = [
    ('digest = "dayly"', "digest", "daily"),
    ("digest = 5", "digest", None),
    ('digest = { every = "daly" }', "digest.every", "daily"),
    ('digest = { every = "daily", weekday = "monday" }', "digest.weekday", None),
    ('digest = { every = "weekly", weekday = "mondy" }', "digest.weekday", "monday"),
    ('digest = { every = "weekly", at = "8:00" }', "digest.at", None),
    ('digest = { every = "weekly", att = "08:00" }', "digest.att", "at"),
    ('digest = { at = "08:00" }', "digest.every", None),
    ('quiet = { from = "22:00" }', "quiet.to", None),
    ('quiet = { from = "22:00", to = "24:00" }', "quiet.to", None),
    ('quiet = { from = "22:00", to = "22:00" }', "quiet.to", None),
    ('quiet = { from = 22, to = "07:00" }', "quiet.from", None),
    (
        'quiet = { from = "22:00", to = "07:00", except = ["withdrawal_notifed"] }',
        "quiet.except[0]",
        "withdrawal_notified",
    ),
    ('quiet = "night"', "quiet", None),
    ("reminders = [-1]", "reminders[0]", None),
    ("reminders = [true]", "reminders[0]", None),
    ('reminders = ["30 days"]', "reminders[0]", None),
    ("reminders = 30", "reminders", None),
    ('timezone = "Europe/Warsow"', "timezone", "Europe/Warsaw"),
]


@pytest.mark.parametrize(("text", "key", "nearest"), MISTAKES)
def test_each_mistake_is_one_sentence(wrong: Wrong, text: str, key: str, nearest: str | None) -> None:
    [mistake] = wrong(subscriptions=subscription(text))
    assert (mistake.file, mistake.key) == ("subscriptions.toml", f"subscriptions[0].{key}")
    assert mistake.nearest == nearest
    assert "pydantic" not in str(mistake)
    assert mistake.allowed


def test_all_mistakes_come_at_once(wrong: Wrong) -> None:
    text = subscription('digest = "dayly"\nquiet = { from = "1", to = "2" }\nreminders = [-1, 9999]')
    assert len(wrong(subscriptions=text, monitor='[operator]\ncoverage = "weekly"')) == 6


def test_the_operator_hears_of_the_coverage_monthly_unless_told_otherwise(load: Load) -> None:
    assert load().operator.coverage
    assert not load(monitor='[operator]\ncoverage = "never"').operator.coverage


@pytest.mark.parametrize("text", ['ping = "ping"', 'ping = "ftp://x.org"', "ping = 1", 'coverage = "monthy"'])
def test_mistakes_of_the_operators_table(wrong: Wrong, text: str) -> None:
    assert [m.key for m in wrong(monitor=f"[operator]\n{text}")] == [f"operator.{text.split(maxsplit=1)[0]}"]


def test_a_ping_is_an_address_or_a_secret_that_is_never_shown(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    open_one = load(monitor='[operator]\nping = "https://ping.example.org/abc"')
    assert open_one.operator.ping_url == "https://ping.example.org/abc"
    monkeypatch.setenv("PING_URL", "https://ping.example.org/hunter2")
    settings = load(monitor='[operator]\nping = "env:PING_URL"')
    assert settings.operator.ping_url == "https://ping.example.org/hunter2"
    assert "hunter2" not in f"{settings!r} {effective(settings)}"
    monkeypatch.delenv("PING_URL")
    assert [m.key for m in check_secrets(settings)] == ["operator.ping"]


def test_what_is_in_effect_says_when_a_subscription_hears(load: Load) -> None:
    text = subscription('digest = "daily"\nquiet = { from = "22:00", to = "07:00" }\nreminders = [30]')
    [shown] = effective(load(monitor='timezone = "Europe/Warsaw"', subscriptions=text))["subscriptions"]
    assert shown["digest"] == {"every": "daily", "at": "08:00:00", "zone": "Europe/Warsaw", "weekday": 0}
    assert shown["quiet"] == {"start": "22:00:00", "end": "07:00:00", "zone": "Europe/Warsaw", "breaking": []}
    assert (shown["reminders"], shown["treaties"]) == ([30], "all")
    [plain] = effective(load(subscriptions=subscription()))["subscriptions"]
    assert (plain["digest"], plain["quiet"]) == (None, None)

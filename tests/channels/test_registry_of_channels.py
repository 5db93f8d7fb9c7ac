from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from support.mailbox import StubbornInbox

from monitor.channels import catalogue, registry
from monitor.channels.catalogue import channel_types
from monitor.channels.fake import RecordingChannel
from monitor.channels.interface import Channel
from monitor.channels.registry import build_channels
from monitor.domain.errors import ConfigurationError, DeliveryError, Mistake
from monitor.faces.demo.inbox import HookReceiver
from monitor.settings.objects import ChannelSettings
from monitor.settings.secret import Secret

Make = Callable[..., Any]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass(frozen=True)
class Hidden:
    value: str

    def reveal(self) -> str:
        return self.value


@dataclass(frozen=True)
class Settings:
    name: str
    type: str
    options: dict[str, Any] = field(default_factory=dict)


def nothing_against(_address: str) -> None:
    return None


def build(*settings: Settings) -> dict[str, Channel]:
    return build_channels(settings, lambda: None, io.StringIO(), nothing_against)


def mistakes(*settings: Settings) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        build(*settings)
    return [str(mistake) for mistake in caught.value.mistakes]


def mail(**options: Any) -> Settings:
    return Settings("desk-mail", "email", {"server": "smtp://127.0.0.1", "from": "a@example.org"} | options)


def hook(**options: Any) -> Settings:
    return Settings("case-system", "webhook", {"url": "https://example.org/h", "secret": (SECRET,)} | options)


def test_the_console_is_always_there() -> None:
    channels = build()
    assert list(channels) == ["console"]
    assert (channels["console"].per_change, channels["console"].addressed) == (False, False)


def test_channels_stand_under_their_names_and_say_how_they_are_fed() -> None:
    channels = build(mail(), hook(), Settings("screen", "console"))
    assert list(channels) == ["console", "desk-mail", "case-system", "screen"]
    assert all(channel.name == name for name, channel in channels.items())
    assert (channels["desk-mail"].per_change, channels["desk-mail"].addressed) == (False, True)
    assert (channels["case-system"].per_change, channels["case-system"].addressed) == (True, False)


async def test_configured_channels_really_send(deliver: Make, change: Make) -> None:
    with StubbornInbox() as inbox, HookReceiver(SECRET) as receiver:
        log_in = {"username": Hidden("u"), "password": Hidden("p")}
        settings = (mail(server=inbox.url), hook(url=receiver.url, secret=(Hidden(SECRET),), timeout=5))
        channels = build(*settings)
        await channels["desk-mail"].send(deliver())
        await channels["case-system"].send(deliver(change()))
        with pytest.raises(DeliveryError, match="AUTH"):
            await build(mail(server=inbox.url, **log_in))["desk-mail"].send(deliver())
    assert len(inbox.mails) == 1
    assert receiver.hooks[0].verified


def test_each_webhook_asks_for_a_guarded_transport() -> None:
    asked: list[int] = []
    build_channels([hook(), mail()], lambda: asked.append(1), io.StringIO(), nothing_against)
    assert asked == [1]


def test_every_mistake_is_reported_at_once() -> None:
    found = mistakes(Settings("a", "emial"), mail(tls="sometimes"), hook(secret=None))
    assert len(found) == 3
    assert "a.type: found 'emial'" in found[0]
    assert 'did you mean "email"?' in found[0]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (mail(server="mail.example.org"), "smtp://host:port"),
        (mail(server="smtp://user:pw@mail.example.org"), "keys of their own"),
        (mail(server="smtp://mail.example.org:notaport"), "smtp://host:port"),
        (mail(server="smtps://mail.example.org", tls="never"), "smtps://"),
        (mail(server=7), "text"),
        (mail(**{"from": "nobody"}), "one mail address"),
        (mail(**{"from": None}), "nothing"),
        (mail(timeout=0), "number of seconds"),
        (mail(timeout="1m"), "number of seconds"),
        (mail(ca_file="no/such/file"), "PEM"),
        (hook(url="ftp://example.org"), "http or https"),
        (hook(secret=()), "env:NAME"),
        (hook(secret=(Hidden("whsec_a"),)), "whsec_ and base64"),
    ],
)
def test_a_wrong_option_is_one_clear_sentence_without_any_secret(settings: Settings, words: str) -> None:
    (mistake,) = mistakes(settings)
    assert words in mistake
    assert settings.name in mistake
    assert "user:pw" not in mistake
    assert "whsec_a" not in mistake.split()


def test_a_secret_that_cannot_be_read_is_one_mistake_among_the_others() -> None:
    class Missing:
        def reveal(self) -> str:
            raise ConfigurationError((Mistake("channels.toml", "case-system.secret", "nothing", "set HOOK_SECRET"),))

    found = mistakes(hook(secret=(Missing(),)), mail(username="monitor", password=Missing()), mail(tls="sometimes"))
    assert len(found) == 3
    assert "HOOK_SECRET" in found[0]
    assert "HOOK_SECRET" in found[1]


def test_a_configuration_as_the_settings_room_gives_it_builds(tmp_path: Path) -> None:
    secret = Secret("file:hook", "channels.toml", "hook.secret", tmp_path)
    (tmp_path / "hook").write_text(SECRET)
    given = [
        ChannelSettings(
            "desk-mail",
            "email",
            {
                "server": "smtp://mail.example.org:587",
                "host": "mail.example.org",
                "port": 587,
                "implicit_tls": False,
                "from": "treaty-monitor@example.org",
                "username": "monitor",
                "password": secret,
                "tls": "auto",
                "timeout": 60.0,
            },
        ),
        ChannelSettings("hook", "webhook", {"url": "https://example.org/h", "secret": (secret,), "timeout": 15.0}),
        ChannelSettings("console", "console"),
    ]
    assert set(build_channels(given, lambda: None, io.StringIO(), nothing_against)) == {"console", "desk-mail", "hook"}


def test_a_file_of_authorities_that_holds_none_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    assert "PEM" in mistakes(mail(ca_file=str(empty)))[0]


def third_party(settings: Any, around: Any) -> Channel:
    assert around.stream
    return RecordingChannel(settings.name)


def test_other_packages_add_types_by_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "third_party", third_party)
    point = EntryPoint("pager", f"{__name__}:third_party", "monitor.channels")
    monkeypatch.setattr(EntryPoint, "load", lambda _self: third_party)
    for module in (registry, catalogue):
        monkeypatch.setattr(
            module, "entry_points", lambda group, name=None: [point] if group and name in {None, "pager"} else []
        )
    assert isinstance(build(Settings("night", "pager"))["night"], RecordingChannel)
    assert channel_types() == ("apprise", "atom", "console", "email", "file", "pager", "webhook")

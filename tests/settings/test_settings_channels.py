"""Every type of channel, those of other packages included, from the user's words to a channel that is built."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.channels.apprise import AppriseChannel
from monitor.channels.registry import build_channels
from monitor.domain.errors import ConfigurationError, Mistake
from monitor.settings import Settings, check_secrets, effective, load_settings

Load = Callable[..., Settings]
Wrong = Callable[..., list[Mistake]]

EVERY = """
[mail]
type = "email"
server = "smtp://127.0.0.1:2525"
from = "monitor@example.org"
envelope_from = "bounces@example.org"
list_domain = "lists.example.org"
unsubscribe = "https://example.org/leave/{delivery}?who={recipient}&what={subscription}"
[hook]
type = "webhook"
url = "https://example.org/x"
secret = "env:TM_HOOK"
[chat]
type = "apprise"
url = "env:TM_CHAT"
timeout = "20s"
[log]
type = "file"
path = "alerts.jsonl"
[out]
type = "file"
path = "-"
[feed]
type = "atom"
path = "feed.atom"
title = "Treaty news"
url = "https://example.org/feed.atom"
domain = "example.org"
[screen]
type = "console"
"""


def test_a_configuration_of_every_type_is_read_and_built(
    load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir()
    monkeypatch.setenv("TM_HOOK", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    monkeypatch.setenv("TM_CHAT", "json://user:hunter2@chat.example.org/hunter2")
    settings = load(channels=EVERY)
    channels = build_channels(settings.channels, lambda: None, io.StringIO(), lambda _address: None)
    assert list(channels) == ["console", "mail", "hook", "chat", "log", "out", "feed", "screen"]
    assert [name for name, channel in channels.items() if channel.per_change] == ["hook", "log", "out"]
    assert [name for name, channel in channels.items() if channel.addressed] == ["mail"]
    assert isinstance(channels["chat"], AppriseChannel)
    assert "hunter2" not in f"{effective(settings)}{settings}{channels}"


def test_the_address_of_a_webhook_may_be_a_secret_too(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TM_HOOK", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    monkeypatch.setenv("TM_URL", "https://example.org/hunter2")
    settings = load(channels='[hook]\ntype = "webhook"\nurl = "env:TM_URL"\nsecret = "env:TM_HOOK"')
    assert "hook" in build_channels(settings.channels, lambda: None, io.StringIO(), lambda _address: None)
    assert effective(settings)["channels"][1]["options"]["url"] == "*** (env:TM_URL)"
    monkeypatch.setenv("TM_URL", "hunter2")
    with pytest.raises(ConfigurationError, match=r"hook.url: found something else") as caught:
        build_channels(settings.channels, lambda: None, io.StringIO(), lambda _address: None)
    assert "hunter2" not in str(caught.value)


def test_files_that_the_program_writes_start_at_the_states_folder_and_those_it_reads_at_the_configurations(
    load: Load, tmp_path: Path
) -> None:
    settings = load(channels=EVERY.replace("list_domain =", 'ca_file = "ca.pem"\nlist_domain ='))
    options = {channel.name: channel.options for channel in settings.channels}
    assert options["log"]["path"] == str(tmp_path / "state" / "alerts.jsonl")
    assert options["feed"]["path"] == str(tmp_path / "state" / "feed.atom")
    assert options["out"]["path"] == "-"
    assert options["mail"]["ca_file"] == str(tmp_path / "config" / "ca.pem")


def test_an_apprise_address_that_is_missing_or_nonsense_is_named_and_never_shown(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load(channels='[chat]\ntype = "apprise"\nurl = "env:TM_CHAT"')
    monkeypatch.delenv("TM_CHAT", raising=False)
    assert [(m.key, "TM_CHAT" in m.found) for m in check_secrets(settings)] == [("chat.url", True)]
    monkeypatch.setenv("TM_CHAT", "hunter2")
    with pytest.raises(ConfigurationError) as caught:
        build_channels(settings.channels, lambda: None, io.StringIO(), lambda _address: None)
    assert "chat.url" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_without_its_package_the_type_apprise_says_what_to_install(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TM_CHAT", "json://chat.example.org")
    monkeypatch.setitem(sys.modules, "apprise", None)
    settings = load(channels='[chat]\ntype = "apprise"\nurl = "env:TM_CHAT"')
    with pytest.raises(ConfigurationError, match=r"channels.toml: chat.type: .*pip install .*\[apprise\]"):
        build_channels(settings.channels, lambda: None, io.StringIO(), lambda _address: None)


@pytest.mark.parametrize("path", [".", "no/such/folder/alerts.jsonl"])
@pytest.mark.parametrize("kind", ["file", "atom"])
def test_a_path_that_no_file_can_have_is_a_mistake_at_start(kind: str, path: str, load: Load, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    settings = load(channels=f'[log]\ntype = "{kind}"\npath = "{path}"')
    with pytest.raises(ConfigurationError, match=r"log.path: .*a file in a folder that is there"):
        build_channels(settings.channels, lambda: None, io.StringIO(), lambda _address: None)


MAIL = '[m]\ntype = "email"\nserver = "smtp://h:25"\nfrom = "a@example.org"\n'
WRONG = [
    ('[c]\ntype = "apprise"', "c.url", None),
    ('[c]\ntype = "apprise"\nurl = "slack://hunter2/hunter2"', "c.url", None),
    ('[c]\ntype = "aprise"\nurl = "env:X"', "c.type", "apprise"),
    ('[c]\ntype = "file"', "c.path", None),
    ('[c]\ntype = "file"\npath = 3', "c.path", None),
    ('[c]\ntype = "file"\npth = "x"\npath = "x"', "c.pth", "path"),
    ('[c]\ntype = "atom"\npath = "a\\nb"', "c.path", None),
    ('[c]\ntype = "atom"\npath = "a"\ndomain = "Example Org"', "c.domain", None),
    ('[c]\ntype = "atom"\npath = "a"\nurl = "feed"', "c.url", None),
    ("[c]\ntype = 5", "c.type", None),
    (MAIL + 'unsubscribe = "http://example.org/u"', "m.unsubscribe", None),
    (MAIL + 'unsubscribe = "https://example.org/{recpient}"', "m.unsubscribe", None),
    (MAIL + 'unsubscribe = "https://example.org/>\\r\\nBcc: x@example.org"', "m.unsubscribe", None),
    (MAIL + 'list_domain = "example.org>\\r\\nBcc: x"', "m.list_domain", None),
    (MAIL + 'list_domain = "example.org> <x"', "m.list_domain", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "nearest"), WRONG)
def test_each_mistake_of_a_channel_is_one_message(wrong: Wrong, text: str, key: str, nearest: str | None) -> None:
    [mistake] = wrong(channels=text)
    assert (mistake.file, mistake.key, mistake.nearest) == ("channels.toml", key, nearest)
    assert "hunter2" not in str(mistake)


PAGER = """
class Pager:
    per_change, addressed = False, False

    def __init__(self, name, number):
        self.name, self.number = name, number

    async def send(self, delivery):
        return "paged " + self.number


def pager(settings, around):
    return Pager(settings.name, settings.options["number"].reveal())
"""
SCRIPT = """
import asyncio, io, sys
from pathlib import Path
from monitor.channels.registry import build_channels
from monitor.settings import effective, json_schema, load_settings
settings = load_settings(Path(sys.argv[1]), Path(sys.argv[1]))
channels = build_channels(settings.channels, lambda: None, io.StringIO(), lambda address: None)
print(asyncio.run(channels["night"].send(None)))
print(effective(settings)["channels"][1]["options"])
print("pager" in str(json_schema()["channels.toml"]))
"""


def test_another_package_brings_a_type_of_its_own_by_its_entry_point(tmp_path: Path) -> None:
    """A package that is really installed, in a process that really finds it."""
    packages, config = tmp_path / "packages", tmp_path / "config"
    (packages / "pager-1.0.dist-info").mkdir(parents=True)
    (packages / "pager-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: pager\nVersion: 1.0\n")
    (packages / "pager-1.0.dist-info" / "entry_points.txt").write_text("[monitor.channels]\npager = pager:pager\n")
    (packages / "pager.py").write_text(PAGER)
    (config / "treaties").mkdir(parents=True)
    (config / "treaties" / "mine-ban.toml").write_text('reference = "XXVI-5"')
    (config / "channels.toml").write_text(
        '[night]\ntype = "pager"\nnumber = "env:TM_NUMBER"\nrings = [3, 5]\nkeys = ["env:TM_NUMBER", "open"]\n'
    )
    environment = os.environ | {"PYTHONPATH": str(packages), "TM_NUMBER": "hunter2"}
    done = subprocess.run(  # noqa: S603 - this interpreter, our own script
        [sys.executable, "-c", SCRIPT, config], capture_output=True, text=True, check=False, env=environment
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "paged hunter2",
        "{'number': '*** (env:TM_NUMBER)', 'rings': [3, 5], 'keys': ['*** (env:TM_NUMBER)', 'open']}",
        "True",
    ]
    with pytest.raises(ConfigurationError, match=r'night.type: found "pager"'):
        load_settings(config, config)

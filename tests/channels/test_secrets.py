"""Every channel fails in every way, at the loudest log: no secret is found in log, record, error or `config show`."""

from __future__ import annotations

import asyncio
import json
import logging
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.certificates import Authority
from support.mailbox import SilentServer, StubbornInbox, free_port
from support.site import LocalSite

from monitor.bootstrap import build
from monitor.domain import wire
from monitor.domain.delivery import Delivery
from monitor.domain.errors import ConfigurationError
from monitor.faces import logs
from monitor.faces.demo.serving import Answer
from monitor.pipeline.outbox import Sent, deliver_due
from monitor.settings import Settings, effective, load_settings

PASSWORD = "Hunter2-nobody-may-see"
KEY = b64encode(b"Hunter2-signing-key-of-32-bytes!").decode()
TOKEN = "T0ken-nobody-may-see"
SECRETS = (PASSWORD, KEY, TOKEN)
NOW = datetime(2026, 2, 3, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """Where the channels of the configuration lead."""

    site: LocalSite
    silent: int
    encrypted: int
    repeating: int
    nobody: int


@asynccontextmanager
async def a_server_that_repeats_what_it_is_told() -> AsyncIterator[int]:
    """Serve SMTP that answers the log-in with the password, and everything else with yes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hi\r\n")
        while line := await reader.readline():
            known = {b"EHLO": b"250-me\r\n250 AUTH PLAIN\r\n", b"AUTH": f"535 not {PASSWORD}\r\n".encode()}
            writer.write(known.get(line[:4], b"250 yes\r\n"))
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    with ExitStack() as stack:
        site, silent = stack.enter_context(LocalSite()), stack.enter_context(SilentServer())
        encrypted = stack.enter_context(StubbornInbox(tls_context=Authority().server()))
        for status in (401, 404, 410, 429, 500):
            site.put(f"/{status}/{TOKEN}", Answer(status, body=f"no {TOKEN} nor {KEY}".encode()))
        site.put(f"/302/{TOKEN}", Answer(302, {"Location": f"{site.url}/500/{TOKEN}"}))
        async with a_server_that_repeats_what_it_is_told() as repeating:
            yield Place(site, silent.port, encrypted.port, repeating, free_port())


def mail(name: str, port: int) -> str:
    return f"""
[{name}]
type = "email"
server = "smtp://127.0.0.1:{port}"
from = "monitor@example.org"
username = "env:TM_USER"
password = "file:password"
timeout = "1s"
"""


def hook(name: str, url: str) -> str:
    return f'[{name}]\ntype = "webhook"\nurl = "{url}"\nsecret = ["env:TM_HOOK"]\ntimeout = "1s"\n'


def chat(name: str, variable: str) -> str:
    return f'[{name}]\ntype = "apprise"\nurl = "env:{variable}"\ntimeout = "1s"\n'


def channels(place: Place, environment: pytest.MonkeyPatch) -> str:
    """Return a channels.toml whose every channel fails in a way of its own."""
    text = "".join(
        mail(f"mail-{name}", port)
        for name, port in {
            "silent": place.silent,
            "refused": place.repeating,
            "untrusted": place.encrypted,
            "down": place.nobody,
        }.items()
    )
    here, there = f"127.0.0.1:{place.site.port}", f"127.0.0.2:{place.site.port}"
    addresses = {str(status): f"{here}/{status}/{TOKEN}" for status in (302, 401, 404, 410, 429, 500)}
    addresses |= {"private": f"{there}/500/{TOKEN}", "down": f"127.0.0.1:{place.nobody}/{TOKEN}"}
    addresses |= {"silent": f"127.0.0.1:{place.silent}/{TOKEN}"}
    for name, address in addresses.items():
        text += hook(f"hook-{name}", f"http://{address}?key={TOKEN}") + chat(f"chat-{name}", f"TM_{name}")
        environment.setenv(f"TM_{name}", f"json://monitor:{PASSWORD}@{address}?-X-Key={TOKEN}&rto=9")
    return text


@contextmanager
def loud() -> Iterator[None]:
    """Let the log say everything to stderr, as the command line does with the most `-v`."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.configure(2)
    try:
        yield
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])


@pytest.fixture
def config(tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "config"
    (folder / "treaties").mkdir(parents=True)
    (folder / "treaties" / "mine-ban.toml").write_text('reference = "XXVI-5"')
    (folder / "monitor.toml").write_text('[network]\nallow = ["127.0.0.1/32"]')
    (folder / "channels.toml").write_text(channels(place, monkeypatch))
    (folder / "password").write_text(PASSWORD)
    monkeypatch.setenv("TM_USER", f"user-{TOKEN}")
    monkeypatch.setenv("TM_HOOK", f"whsec_{KEY}")
    return folder


def delivery(channel: str) -> Delivery:
    body = {"type": "test", "timestamp": "2026-02-03T12:00:00Z", "data": {"title": "Test", "summary": "A test."}}
    return Delivery(f"msg_{channel}", channel, "desk@example.org", json.dumps(body), NOW, NOW)


def found_in(text: str) -> list[str]:
    """Return the secrets that stand in a text, as they are or as a header carries them."""
    hidden = [*SECRETS, *(b64encode(secret.encode()).decode().rstrip("=")[:-2] for secret in SECRETS)]
    return [secret for secret in (*hidden, KEY[:8]) if secret.lower() in text.lower()]


async def everything_fails(settings: Settings) -> tuple[list[str], Sent, list[dict[str, Any]]]:
    """Send one message over each channel; return their names, what came of it, and the outbox as it is printed."""
    async with build(settings, patient=False) as desk:
        used = [name for name in desk.channels if name != "console"]
        with desk.storage.begin() as tx:
            tx.enqueue(map(delivery, used))
        outcome = await deliver_due(desk, lambda: NOW)
        with desk.storage.begin() as tx:
            return used, outcome, [wire.delivery(one) for one in tx.deliveries()]


async def test_no_failure_of_any_channel_tells_a_secret(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings(config, tmp_path / "state")
    with loud():
        used, outcome, rows = await everything_fails(settings)
    assert len(used) == 22
    assert outcome.sent == 0
    assert all(row["attempts"][0]["detail"] for row in rows)
    written = capsys.readouterr()
    assert "over chat-500 to" in written.err  # the log was there to be read
    assert found_in(written.out + written.err + json.dumps(rows)) == []


def test_neither_the_configuration_nor_its_mistakes_show_a_secret(config: Path, tmp_path: Path) -> None:
    settings = load_settings(config, tmp_path / "state")
    shown = json.dumps(effective(settings)) + repr(settings)
    assert not [secret for secret in (PASSWORD, KEY) if secret in shown]
    plain = f"""
[a]
type = "email"
server = "smtp://monitor:{PASSWORD}@mail.example.org"
from = "monitor@example.org"
password = "{PASSWORD}"
[b]
type = "webhook"
url = "https://monitor:{PASSWORD}@example.org"
secret = ["whsec_{KEY}"]
[c]
type = "apprise"
url = "json://monitor:{PASSWORD}@example.org"
[d]
type = "apprise"
url = ["json://monitor:{PASSWORD}@example.org"]
"""
    (config / "channels.toml").write_text(plain)
    with pytest.raises(ConfigurationError) as caught:
        load_settings(config, tmp_path / "state")
    assert len(caught.value.mistakes) == 6
    assert found_in(str(caught.value)) == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [("TM_HOOK", PASSWORD), ("TM_HOOK", f"whsk_{KEY[:8]}"), ("TM_500", f"slack://{TOKEN}"), ("TM_500", PASSWORD)],
)
async def test_a_secret_that_is_of_no_use_is_named_and_not_shown(
    variable: str,
    value: str,
    config: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)
    settings = load_settings(config, tmp_path / "state")
    with loud(), pytest.raises(ConfigurationError) as caught:
        async with build(settings, patient=False):
            pass
    assert found_in(str(caught.value) + capsys.readouterr().err) == []

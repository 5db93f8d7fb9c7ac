"""Where the web face may listen, and what other addresses than loopback demand."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest

from monitor.domain.errors import Mistake
from monitor.settings import Secret, Settings, check_secrets, effective

HASH = "sha256:" + sha256(b"token").hexdigest()


@pytest.mark.parametrize("listen", ["127.0.0.1:8477", "[::1]:80", "localhost:9000", "127.8.0.1:1"])
def test_loopback_needs_no_token(load: Callable[..., Settings], listen: str) -> None:
    assert load(monitor=f'[web]\nlisten = "{listen}"').web.token_hash is None


@pytest.mark.parametrize("listen", ["0.0.0.0:8477", "[::]:80", "10.0.0.7:80", "desk.example.org:80"])
def test_any_other_address_demands_one(wrong: Callable[..., list[Mistake]], listen: str) -> None:
    [mistake] = wrong(monitor=f'[web]\nlisten = "{listen}"')
    assert (mistake.file, mistake.key, mistake.found) == ("monitor.toml", "web.token_hash", "none")
    assert "sha256sum" in mistake.allowed


def test_with_a_hash_it_may_listen_anywhere_and_the_hash_is_not_shown(load: Callable[..., Settings]) -> None:
    settings = load(monitor=f'[web]\nlisten = "0.0.0.0:8477"\ntoken_hash = "{HASH}"')
    assert settings.web.token_hash == HASH
    assert effective(settings)["web"]["token_hash"] == "***"


def test_the_hash_may_lie_elsewhere(load: Callable[..., Settings]) -> None:
    settings = load(monitor='[web]\nlisten = "0.0.0.0:8477"\ntoken_hash = "env:TM_NO_SUCH_HASH"')
    assert isinstance(settings.web.token_hash, Secret)
    assert [m.key for m in check_secrets(settings)] == ["web.token_hash"]


def test_what_lies_elsewhere_has_to_be_a_hash_and_is_not_repeated(
    load: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load(monitor='[web]\nlisten = "0.0.0.0:8477"\ntoken_hash = "env:TM_HASH"')
    for wrong_one in (HASH.removeprefix("sha256:"), "my-own-token", f"{HASH}  -"):
        monkeypatch.setenv("TM_HASH", wrong_one)
        [mistake] = check_secrets(settings)
        assert (mistake.key, wrong_one in str(mistake), "sha256:" in mistake.allowed) == ("web.token_hash", False, True)
    monkeypatch.setenv("TM_HASH", HASH)
    assert (check_secrets(settings), settings.web.demanded) == ((), HASH)


def test_the_token_itself_is_no_hash_and_is_not_repeated(wrong: Callable[..., list[Mistake]]) -> None:
    [mistake] = wrong(monitor='[web]\ntoken_hash = "my-own-token"')
    assert "my-own-token" not in str(mistake)


def test_the_public_address_for_unsubscribing_is_https_and_ends_without_a_slash(load: Callable[..., Settings]) -> None:
    assert (
        load(monitor='[web]\npublic = "https://alerts.example.org/tm/"').web.public == "https://alerts.example.org/tm"
    )
    assert load(monitor="").web.public is None


@pytest.mark.parametrize(
    "public", ["http://alerts.example.org", "alerts.example.org", "https://a.example/?x=1", "https://u:p@a.example"]
)
def test_any_other_public_address_is_a_mistake(wrong: Callable[..., list[Mistake]], public: str) -> None:
    [mistake] = wrong(monitor=f'[web]\npublic = "{public}"')
    assert (mistake.file, mistake.key) == ("monitor.toml", "web.public")

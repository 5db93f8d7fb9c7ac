from __future__ import annotations

import io
from pathlib import Path

import pytest
from support.site import LocalSite

from monitor import bootstrap
from monitor.domain.errors import ConfigurationError, SourceError, StorageError
from monitor.fetching.interface import Request
from monitor.settings import Settings, load_settings, shipped_names

FILES = {
    "monitor.toml": '[plausibility]\nunexplained_departures = 5\nconfirm_after = "2h"\n'
    '[operator]\nchannels = ["hook"]\n',
    "treaties/mine-ban.toml": 'reference = "XXVI-5"\n',
    "channels.toml": '[hook]\ntype = "webhook"\nurl = "https://example.org/h"\nsecret = "env:TM_BOOTSTRAP"\n',
    "subscriptions.toml": '[[subscriptions]]\nname = "all"\nchannels = ["hook", "console"]\n',
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name, text in FILES.items():
        file = tmp_path / "config" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return load_settings(tmp_path / "config", tmp_path / "state")


async def test_the_whole_desk_carries_what_the_configuration_says(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TM_BOOTSTRAP", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    steps: list[str] = []
    async with bootstrap.build(settings, patient=True, stream=io.StringIO(), step=steps.append) as desk:
        assert set(desk.channels) == {"hook", "console"}
        assert (desk.channels["hook"].per_change, desk.operator.channels) == (True, ("hook",))
        assert (desk.limits.departures, desk.patience.confirm_after.total_seconds()) == (5, 7200)
        assert [seed.reference for seed in desk.seeds] == ["XXVI-5"]
        assert desk.rules("XXVI-5").withdrawal is not None
        assert 0 <= desk.chance() < 1
        desk.step("here")
        with desk.storage.begin() as tx:
            tx.save_setting("a", "b")
    assert steps == ["here"]
    with bootstrap.record(settings) as desk, desk.storage.begin() as tx:
        assert tx.setting("a") == "b"


async def test_the_whole_desk_needs_its_secrets(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TM_BOOTSTRAP", raising=False)
    with pytest.raises(ConfigurationError, match="TM_BOOTSTRAP"):
        async with bootstrap.build(settings, patient=False):
            pytest.fail("a desk without its secret")


async def test_a_desk_for_reading_needs_no_secret_and_asks_no_source(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TM_BOOTSTRAP", raising=False)
    with bootstrap.record(settings) as desk:
        assert desk.channels == {}
        with pytest.raises(SourceError, match=r"example\.org"):
            await desk.fetcher.fetch(Request("https://example.org/"))


def test_a_file_in_the_place_of_the_state_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("", "utf-8")
    with pytest.raises(StorageError, match="state"):
        bootstrap.make_state(tmp_path / "state")


def test_readers_are_at_hand_without_any_configuration() -> None:
    assert {"untc", "untc-xml"} <= set(bootstrap.readers(shipped_names()))


async def test_an_outside_service_is_asked_where_the_operator_names_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TM_BOOTSTRAP", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    async with bootstrap.build(settings, patient=False) as desk:
        assert (desk.ping, desk.operator.coverage, str(desk.zone)) == (None, True, "UTC")
    with LocalSite() as site:
        url = site.put("/ping", b"OK")
        (settings.config_dir / "monitor.toml").write_text(
            f'timezone = "Europe/Warsaw"\n[network]\nallow = ["127.0.0.1/32"]\n'
            f'[operator]\ncoverage = "never"\nping = "{url}"\n',
            "utf-8",
        )
        asking = load_settings(settings.config_dir, settings.state_dir)
        async with bootstrap.build(asking, patient=False) as desk:
            assert desk.ping is not None
            await desk.ping()
            assert (desk.operator.coverage, str(desk.zone)) == (False, "Europe/Warsaw")
        assert len(site.asked("/ping")) == 1

from __future__ import annotations

import socket

import pytest
from support.home import SCENES, Home

from monitor.faces.demo.play import FILES, Played, play, stage
from monitor.faces.demo.scenes import REFERENCE

NEWS = sum(len(scene.news) for scene in SCENES)


def test_the_play_brings_every_alert_and_no_other() -> None:
    said: list[str] = []
    played = play(0.0, said.append)
    assert (played.days, played.changes, played.missed, played.false_alarms) == (len(SCENES), NEWS, 0, 0)
    assert played.hooks == played.verified == played.mails == NEWS + 1  # and what was pending when it began
    assert played.flawless
    assert any("mail to desk@example.org" in line and "Poland: withdrawal notified" in line for line in said)
    assert any("signature verified" in line and "Estonia: withdrawal effective" in line for line in said)


def test_alerts_are_shown_on_the_day_on_which_they_arrive() -> None:
    said: list[str] = []
    play(0.0, said.append)
    days = [n for n, line in enumerate(said) if not line.startswith(" ")]
    poland = next(n for n, line in enumerate(said) if "Poland: withdrawal effective" in line)
    assert said[max(n for n in days if n < poland)].startswith("20 February 2026")


def test_the_demo_needs_no_network_and_no_configuration(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def only_loopback(self: socket.socket, address: tuple[str, int]) -> None:
        assert address[0] == "127.0.0.1"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_loopback)
    said = home("demo", "--pace", "0", "--json", "--config", str(home.folder / "none"))
    assert (said.code, said.json["missed"], said.json["false_alarms"]) == (0, 0, 0)
    assert "Poland: withdrawal notified" in said.err
    assert not (home.folder / "none").exists()


def test_a_summary_ends_the_play_for_people(home: Home) -> None:
    said = home("demo", "--pace", "0")
    assert (said.code, f"{NEWS} changes" in said.out) == (0, True)


def test_its_configuration_is_one_as_everybody_writes_it() -> None:
    with stage(lambda _: None) as built:
        assert [t.reference for t in built.settings.treaties] == [REFERENCE]
        assert {c.name for c in built.settings.channels} == {"console", "mail", "hook"}
    assert "hook.secret" in FILES


def test_a_missed_change_a_false_alarm_or_a_bad_signature_is_no_flawless_play() -> None:
    assert Played(1, 1, 1, 1, 1).flawless
    assert not Played(1, 1, 1, 1, 1, missed=1).flawless
    assert not Played(1, 1, 1, 1, 1, false_alarms=1).flawless
    assert not Played(1, 1, 1, 2, 1).flawless
    assert not Played(1, 1, 0, 0, 0).flawless

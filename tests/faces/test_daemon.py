"""The daemon as a real process: it starts, checks, delivers, obeys signals, and keeps a second one out."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
from support.daemon import PATIENCE, Start
from support.home import LAST, MONITOR, Home
from support.mailbox import free_port
from support.site import slowly

from monitor.faces.daemon import BATCH, Daemon
from monitor.faces.demo.replica import write_page
from monitor.faces.demo.serving import Answer, LocalServer, Received
from monitor.pipeline import outbox, rounds
from monitor.pipeline.outbox import Sent
from monitor.settings import Settings, load_settings


@pytest.mark.sqlite
def test_it_says_what_it_watches_checks_at_once_delivers_and_ends_well_on_sigterm(home: Home, start: Start) -> None:
    daemon = start()
    assert "baseline of 2025-03-18" in daemon.until("watching", "mine-ban", "untc", "every 12h")
    daemon.until("alerts go to the console until a channel is configured")
    assert "next check at" in daemon.until("mine-ban (untc): changed (13 changes)")
    daemon.until("mine-ban (untc): note: the page's status is as at")
    daemon.until("Poland: withdrawal notified", lines=daemon.printed)
    daemon.until("sent 7")
    assert daemon.stop() == 0
    assert daemon.said[-1].rstrip().endswith("stopped")
    assert [d["state"] for d in home("deliveries", "--json").json["deliveries"]] == ["sent"] * 7


def test_a_restart_does_not_check_again_what_is_not_due_and_does_at_once_what_is_overdue(
    home: Home, start: Start
) -> None:
    home("check", "--deliver")
    asked = len(home.depositary.received)
    daemon = start()
    assert "last read well" in daemon.until("watching", "next check at")
    time.sleep(0.5)  # the first tick comes at once
    assert daemon.stop(signal.SIGINT) == 0
    assert len(home.depositary.received) == asked
    home.alter("update source set next_due = last_checked")  # as after days of downtime
    again = start()
    again.until("mine-ban (untc): unchanged")
    time.sleep(2.5)
    assert again.stop() == 0
    assert len([line for line in again.said if "mine-ban (untc)" in line and "watching" not in line]) == 1


@pytest.mark.sqlite
def test_a_second_daemon_on_the_same_state_is_refused_and_told_who_is_there(home: Home, start: Start) -> None:
    first = start()
    first.until("watching")
    second = home.process("run")
    _, err = second.communicate(timeout=PATIENCE)
    assert second.returncode == 2
    assert f"process {first.process.pid}" in err
    assert "Traceback" not in err
    restored = home("restore", str(home.folder / "any.tar.gz"))
    assert (restored.code, "is running" in restored.err) == (2, True)
    assert first.stop() == 0
    third = start()
    third.until("watching")
    assert third.stop() == 0


@pytest.mark.sqlite
def test_the_lock_of_a_killed_daemon_is_free(start: Start) -> None:
    first = start()
    first.until("watching")
    first.process.kill()
    first.process.wait()
    start().until("watching")


def test_sighup_reads_the_configuration_again_and_keeps_the_old_one_when_the_new_is_wrong(
    home: Home, start: Start
) -> None:
    daemon = start()
    daemon.until("mine-ban (untc): changed")
    home.write("monitor.toml", 'timezone = "Mars/Olympus"\n')
    daemon.process.send_signal(signal.SIGHUP)
    daemon.until("the new configuration is wrong", "Mars/Olympus")
    daemon.until("the old configuration stays in force")
    home.alter("update source set next_due = last_checked")
    daemon.until("mine-ban (untc): unchanged")
    home.write("monitor.toml", MONITOR)
    home.write(
        "treaties/cluster.toml",
        f'reference = "XXVI-6"\n[[sources]]\nsource = "untc"\nurl = "http://127.0.0.1:{free_port()}/"\n',
    )
    daemon.process.send_signal(signal.SIGHUP)
    daemon.until("the configuration was read again")
    assert "trying again at" in daemon.until("cluster-munitions (untc): unreachable")
    assert daemon.stop() == 0


def test_without_a_network_it_stays_up_and_says_when_it_tries_again(home: Home, start: Start) -> None:
    home.watch(f"http://127.0.0.1:{free_port()}/")
    daemon = start()
    line = daemon.until("mine-ban (untc): unreachable", "trying again at")
    assert "baseline of 2025-03-18" in line
    assert home("status", "--country", "PL", "--json").json["participations"][0]["status"] == "party"
    assert daemon.process.poll() is None
    assert daemon.stop() == 0


def test_what_is_in_hand_is_finished_before_it_stops(home: Home, start: Start) -> None:
    page = write_page(LAST, datetime(2026, 2, 3, tzinfo=UTC), noise=64)

    def answer(request: Received) -> Answer:
        if request.path == "/robots.txt":
            return Answer(404)
        return Answer(headers={"Content-Type": "text/html; charset=utf-8"}, body=slowly(page, pause=0.3, size=9000))

    with LocalServer(answer) as slow:
        home.watch(f"{slow.url}/page")
        daemon = start()
        daemon.waited(lambda: "asked" if any(r.path == "/page" for r in slow.received) else None)
        assert daemon.stop() == 0
    assert any("finishing what is in hand" in line for line in daemon.said)
    assert any("mine-ban (untc): changed" in line for line in daemon.said)


@pytest.mark.sqlite
def test_a_record_that_cannot_be_used_ends_no_daemon(home: Home, start: Start) -> None:
    daemon = start()
    daemon.until("mine-ban (untc): changed")
    home.alter("alter table delivery rename to away")
    daemon.until("send:", "tried again every")
    time.sleep(2.5)
    assert len([line for line in daemon.said if "send:" in line]) == 1
    home.alter("alter table away rename to delivery")
    daemon.until("send: it works again")
    assert daemon.process.poll() is None
    assert daemon.stop() == 0


def test_the_log_is_one_json_document_per_line_when_asked(start: Start) -> None:
    daemon = start("--log-format", "json")
    daemon.until("watching")
    assert daemon.stop() == 0
    lines = [json.loads(line) for line in daemon.said]
    assert all({"event", "level", "logger", "timestamp"} <= set(line) for line in lines)


def test_a_wrong_configuration_or_state_ends_before_the_first_check(home: Home) -> None:
    home.write("channels.toml", '[hook]\ntype = "webhook"\nurl = "http://127.0.0.1:1/"\nsecret = "env:TM_NO_SUCH"\n')
    said = home("run")
    assert (said.code, "TM_NO_SUCH" in said.err) == (2, True)
    home.write("channels.toml", "")
    file = home.folder / "file"
    file.write_text("in the place of the state", "utf-8")
    said = home("run", "--state", str(file))
    assert (said.code, str(file) in said.err, "Traceback" in said.err) == (1, True, False)


@pytest.fixture
async def daemon(home: Home) -> AsyncIterator[Daemon]:
    """Return a daemon in this process that watches forty treaties and heeds signals."""
    for number in range(6, 45):
        home.write(f"treaties/t{number}.toml", f'reference = "XXVI-{number}"\n')
    settings = load_settings(home.config, home.state)
    made = Daemon(lambda: settings)
    await made.take(settings)
    made.listen()
    yield made
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().remove_signal_handler(number)
    await made.close()


@pytest.mark.sqlite
async def test_a_new_configuration_waits_for_the_sources_in_hand_and_not_for_the_whole_round(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    async def batch(_desk: object, watched: tuple[object, ...], *_: object) -> tuple[()]:
        asked.append(len(watched))
        signal.raise_signal(signal.SIGHUP)
        await asyncio.sleep(0.05)
        return ()

    monkeypatch.setattr(rounds, "check_batch", batch)
    await daemon.check()
    assert asked == [BATCH]
    await daemon.reload()
    await daemon.check()
    assert asked == [BATCH] * 2


@pytest.mark.sqlite
async def test_no_queue_however_long_keeps_a_new_configuration_waiting(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def sending(_desk: object, _clock: object, enough: Callable[[], bool]) -> Sent:
        begun.set()
        while not enough():  # noqa: ASYNC110 - so the outbox asks, at every message
            await asyncio.sleep(0.01)
        return Sent()

    take, sent = daemon.take, []

    async def taken(settings: Settings) -> None:
        sent.append(asyncio.create_task(daemon.send()))  # a tick comes while the configuration is read
        await begun.wait()
        await take(settings)

    monkeypatch.setattr(outbox, "deliver_due", sending)
    monkeypatch.setattr(daemon, "take", taken)
    signal.raise_signal(signal.SIGHUP)
    await asyncio.sleep(0.05)
    await asyncio.wait_for(daemon.reload(), 30)
    await asyncio.gather(*sent)
    assert sent[0].done()


@pytest.mark.sqlite
async def test_asked_again_while_the_configuration_is_read_it_is_read_once_more(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Settings] = []

    async def take(settings: Settings) -> None:
        taken.append(settings)
        for _ in range(2 if len(taken) == 1 else 0):
            signal.raise_signal(signal.SIGHUP)
            await asyncio.sleep(0.05)

    monkeypatch.setattr(daemon, "take", take)
    signal.raise_signal(signal.SIGHUP)
    await asyncio.sleep(0.05)
    for _ in range(3):
        await daemon.reload()
    assert len(taken) == 2

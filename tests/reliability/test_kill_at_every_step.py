"""A process killed at any step between fetch and delivery: after a restart every alert arrives, under its own id."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from reliability.installation import LEASE, Installation
from reliability.play import Day, play
from reliability.verdict import assert_nothing_lost

from monitor.pipeline.outbox import AT_ONCE

CHECK = ("fetched", "read", "kept", "recorded", "routed", "stored", "committed")
SEND = ("claiming", "claimed", "sent", "settling", "settled")
SHARED = {"claiming", "claimed", "settling", "settled"}
"""Steps of transactions that senders share as they happen to meet: how often they come differs from run to run."""
MOST_IN_HAND = 2 * AT_ONCE
"""Messages that the senders of two channels have in hand: what one death may repeat."""


def disturbed(installation: Installation, days: tuple[Day, ...]) -> Iterator[int]:
    """Let the days come; on each, whoever iterates may have a run killed before the day is brought to its end."""
    for number, day in enumerate(days):
        installation.begin(day)
        yield number
        installation.show(day)
        assert not installation.run()


@pytest.mark.parametrize("step", [*CHECK, *SEND])
def test_every_alert_arrives_after_a_kill_at(step: str, installation: Installation, undisturbed: Any) -> None:
    """The first day dies at the step's first time, the later ones at its last, or in the middle of shared ones."""
    for number in disturbed(installation, play()):
        last = undisturbed.steps[number].get(step, 0)
        last = (last + 1) // 2 if step in SHARED else last
        if last and (number in {0, 2} or step in {"recorded", "stored"}):
            assert installation.run(step, last if number else 1)
    assert installation.kills >= 2
    assert_nothing_lost(installation, undisturbed.record, undisturbed.receipts)
    repeats = sum(installation.repeats().values())
    assert repeats <= (0 if step in CHECK else MOST_IN_HAND * installation.kills)


@pytest.mark.parametrize("arrival", [1, 20])
def test_every_alert_arrives_after_a_kill_between_a_messages_end_and_its_answer(
    arrival: int, installation: Installation, undisturbed: Any
) -> None:
    """The receiver has the message, the sender never hears so: the message is repeated, under the same id."""
    for number in disturbed(installation, play()):
        if number in {0, 2}:
            installation.kill_at_arrival = arrival
            assert installation.run()
    assert installation.kills == 2
    assert sum(installation.repeats().values()) >= 2
    assert_nothing_lost(installation, undisturbed.record, undisturbed.receipts)


def test_the_command_itself_killed_while_it_sends_is_followed_by_one_that_sends_the_rest(
    installation: Installation,
) -> None:
    """What the dead process had in hand is due again when its lease has run out; all else at once."""
    installation.begin(play()[-1])
    installation.kill_at_arrival = 5
    assert installation.command("check", "--deliver") == -signal.SIGKILL
    assert installation.command("deliver") == 0
    in_hand = installation.rows("SELECT id FROM delivery WHERE state = 'sending'")
    assert 1 <= len(in_hand) <= MOST_IN_HAND
    installation.now = datetime.now(UTC) + LEASE
    assert not installation.run()
    assert installation.rows("SELECT DISTINCT state FROM delivery") == [("sent",)]
    arrived = {receipt.id.strip("<>").split("@")[0] for receipt in installation.receipts()}
    assert arrived == {name for (name,) in installation.rows("SELECT id FROM delivery")}
    assert set(installation.lost()) == {name for (name,) in in_hand}

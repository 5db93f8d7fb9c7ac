"""Several processes over one record at once: everything is sent, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from reliability.installation import Installation, Victims
from reliability.play import play


@pytest.fixture
def crew(victims: Victims, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Victims, ...]]:
    with ExitStack() as stack:
        others = [Victims(tmp_path_factory.mktemp("crew")) for _ in range(2)]
        for other in others:
            stack.callback(other.close)
        yield (victims, *others)


def test_processes_that_deliver_at_once_send_nothing_twice(
    installation: Installation, crew: tuple[Victims, ...]
) -> None:
    installation.begin(play()[0])
    assert installation.run("committed", 2)  # everything is in the outbox, nothing has been sent
    assert installation.receipts() == []
    for member in crew:
        member.start(installation.task(check=False))
    assert [installation.ended(member.wait()) for member in crew] == [False] * len(crew)
    assert len(installation.receipts()) == 31
    assert not installation.repeats()
    assert installation.rows("SELECT DISTINCT outcome FROM attempt") == [("sent",)]


def test_processes_that_check_and_deliver_at_once_record_and_send_nothing_twice(
    installation: Installation, crew: tuple[Victims, ...], undisturbed: Any
) -> None:
    for day in play():
        installation.begin(day)
        for member in crew:
            member.start(installation.task())
        assert [installation.ended(member.wait()) for member in crew] == [False] * len(crew)
    assert installation.record()["changes"] == undisturbed.record["changes"]
    assert installation.record()["deliveries"] == undisturbed.record["deliveries"]
    assert {r.id for r in installation.receipts()} == {r.id for r in undisturbed.receipts}
    assert not installation.repeats()

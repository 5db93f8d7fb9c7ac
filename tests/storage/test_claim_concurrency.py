from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from pathlib import Path

from storage.samples import T0, delivery

from monitor.domain.delivery import DeliveryState
from monitor.storage.sql import SqlStorage, open_storage

MANY = 120
LEASE = T0 + timedelta(minutes=5)


def claimed_by_one_sender(place: str) -> list[str]:
    """Claim, a few at a time, until nothing is due."""
    storage = open_storage(place)
    mine: list[str] = []
    while True:
        with storage.begin() as transaction:
            batch = transaction.claim(T0, LEASE, 3)
        if not batch:
            break
        mine += [each.id for each in batch]
    storage.close()
    return mine


def _place(storage: SqlStorage) -> str:
    if storage.file:
        return str(storage.file.parent)
    return storage.engine.url.render_as_string(hide_password=False)


def test_processes_that_claim_at_once_never_share_a_delivery(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue(delivery(number) for number in range(MANY))
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        mine = list(pool.map(claimed_by_one_sender, [_place(storage)] * 3))
    assert Counter(chain.from_iterable(mine)) == Counter(f"msg_{number:06}" for number in range(MANY))


def test_threads_share_one_storage_without_sharing_a_delivery(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue(delivery(number) for number in range(MANY))

    def claim(_: int) -> list[str]:
        with storage.begin() as transaction:
            return [each.id for each in transaction.claim(T0, LEASE, 5)]

    with ThreadPoolExecutor(6) as pool:
        mine = list(pool.map(claim, range(MANY // 5)))
    assert Counter(chain.from_iterable(mine)) == Counter(f"msg_{number:06}" for number in range(MANY))


def test_processes_that_open_a_new_record_at_once_all_succeed(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(claimed_by_one_sender, [str(tmp_path / "state")] * 4)) == [[]] * 4


def test_a_reader_sees_one_state_while_another_process_writes(storage: SqlStorage) -> None:
    with storage.begin(read_only=True) as reader:
        assert reader.deliveries() == ()
        with storage.begin() as writer:
            writer.enqueue([delivery(1)])
        assert reader.deliveries() == ()
    with storage.begin(read_only=True) as reader:
        assert len(reader.deliveries()) == 1


VICTIM = """
import signal, sys, time
from monitor.storage.sql import open_storage
from storage.samples import T0, day, delivery, recorded, change, row, snapshot

storage = open_storage(sys.argv[1])
with storage.begin() as transaction:
    transaction.store_snapshot("XXVI-5", "untc", snapshot(row("EE"), row("LV")), day(1), "bb")
    transaction.record([recorded(change())])
    transaction.enqueue(delivery(number) for number in range(1_000))
    transaction.claim(T0, day(1), 500)
    print("inside", flush=True)
    time.sleep(60)
"""


def test_a_process_killed_inside_a_transaction_leaves_the_record_as_it_was(storage: SqlStorage) -> None:
    with storage.begin() as transaction:
        transaction.enqueue([delivery(1)])
    paths = [str(Path(__file__).parent.parent), *sys.path]
    victim = subprocess.Popen(  # noqa: S603 this very interpreter, on a text of our own
        [sys.executable, "-c", VICTIM, _place(storage)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    assert victim.stdout is not None
    assert victim.stdout.readline() == b"inside\n"
    victim.kill()
    victim.communicate()
    with storage.begin() as transaction:
        assert transaction.latest("XXVI-5", "untc") is None
        assert transaction.changes() == ()
        assert [(each.id, each.state) for each in transaction.deliveries()] == [("msg_000001", DeliveryState.PENDING)]
        assert len(transaction.claim(T0, LEASE, 9)) == 1

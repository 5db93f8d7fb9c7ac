from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from storage.samples import delivery

from monitor.domain.errors import StorageError, UsageError
from monitor.storage.sql import open_storage


def test_a_file_in_place_of_the_state_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(StorageError, match=r"state: the state directory cannot be made: .*--state DIR"):
        open_storage(tmp_path / "state")
    with pytest.raises(StorageError, match=r"state/below: the state directory cannot be made: Not a directory"):
        open_storage(tmp_path / "state" / "below")


def test_a_directory_in_place_of_the_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "monitor.sqlite3").mkdir()
    with pytest.raises(StorageError, match=r"monitor.sqlite3: the database cannot be opened; see that"):
        open_storage(tmp_path)


def test_a_record_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no record here; make one with: treaty-monitor init"):
        open_storage(tmp_path / "state", create=False)
    assert not (tmp_path / "state").exists()


def test_a_database_locked_by_another_program_is_told_after_a_while(tmp_path: Path) -> None:
    first, second = open_storage(tmp_path), open_storage(tmp_path, patience=0.1)
    with first.begin() as transaction:
        transaction.save_setting("a", "1")
        with pytest.raises(StorageError, match="is locked by another program for too long"), second.begin():
            pass
        with second.begin(read_only=True) as reader:
            assert reader.setting("a") is None
    first.close()
    second.close()


def test_a_full_database_is_told_and_nothing_half_is_written(tmp_path: Path) -> None:
    storage = open_storage(tmp_path)
    storage.close()

    def small(raw: Any, _record: object) -> None:
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count = {pages + 4}")

    event.listen(storage.engine, "connect", small)

    def write_much() -> None:
        with storage.begin() as transaction:
            transaction.save_setting("a", "1")
            transaction.enqueue(delivery(number, body=f"{number}" * 99) for number in range(500))

    with pytest.raises(StorageError, match="cannot grow: the disk is full; nothing was changed"):
        write_much()
    with storage.begin() as transaction:
        assert transaction.setting("a") is None
        assert transaction.deliveries() == ()
        transaction.save_setting("a", "small things still fit")
    storage.close()


LIMITED = """
import resource, sys
from monitor.domain.errors import StorageError
from monitor.storage.sql import open_storage
from storage.samples import delivery

storage = open_storage(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    with storage.begin() as transaction:
        transaction.enqueue(delivery(number, body=f"{number}" * 99) for number in range(2_000))
except StorageError as error:
    print(error)
"""


def test_a_limit_on_file_sizes_is_told_and_nothing_half_is_written(tmp_path: Path) -> None:
    open_storage(tmp_path).close()
    paths = ":".join([str(Path(__file__).parent.parent), *sys.path])
    answer = subprocess.run(  # noqa: S603 this very interpreter, on a text of our own
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": paths},
        check=False,
    )
    assert answer.stderr == ""
    assert "monitor.sqlite3: the database cannot" in answer.stdout
    assert "nothing was changed" in answer.stdout
    storage = open_storage(tmp_path)
    with storage.begin() as transaction:
        assert transaction.deliveries() == ()
    storage.close()


def test_a_database_of_a_newer_version_is_told_and_left_alone(tmp_path: Path) -> None:
    storage = open_storage(tmp_path)
    with storage.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    storage.close()
    with pytest.raises(StorageError, match=r"newer version of treaty-monitor \(its revision is 9999\); install that"):
        open_storage(tmp_path)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "monitor.sqlite3").write_text("this is a letter, not a database. " * 50)
    with pytest.raises(StorageError, match=r"is damaged or no database at all; .*treaty-monitor restore FILE"):
        open_storage(tmp_path)


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    storage = open_storage(tmp_path)
    with storage.begin() as transaction:
        transaction.enqueue(delivery(number) for number in range(200))
    storage.close()
    file = tmp_path / "monitor.sqlite3"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))

    def use() -> None:
        storage = open_storage(tmp_path)
        with storage.begin() as transaction:
            transaction.deliveries()

    with pytest.raises(StorageError, match="is damaged"):
        use()


@pytest.mark.parametrize(
    "address", ["mysql://user:hidden@host/db", "no such thing://hidden", "postgresql://u:hidden@h:port/x"]
)
def test_an_unusable_address_is_told_without_its_password(address: str) -> None:
    with pytest.raises(UsageError, match=r"^database: ") as caught:
        open_storage(address)
    assert "hidden" not in str(caught.value)


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StorageError, match=r"cannot be used: .*see that it is there") as caught:
        open_storage("postgresql://u:hidden@127.0.0.1:1/x")
    assert "hidden" not in str(caught.value)
    assert "\n" not in str(caught.value)

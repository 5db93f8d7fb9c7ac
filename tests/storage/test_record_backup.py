from __future__ import annotations

import io
import os
import tarfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from storage.samples import change, day, delivery, recorded, row, snapshot

from monitor.domain.document import Document
from monitor.domain.errors import StorageError, UsageError
from monitor.storage.archive import FileArchive
from monitor.storage.backup import backup, restore
from monitor.storage.sql import SqlStorage, open_storage

PAGE = Document("https://depositary.example/page", b"<html>evidence</html>", day(0))


def record_in(state: Path) -> SqlStorage:
    sha = FileArchive(state / "documents").keep(PAGE).sha256
    (state / "seed").mkdir()
    (state / "seed" / "claims.toml").write_text("dated = 2025-03-18\n")
    storage = open_storage(state)
    with storage.begin() as transaction:
        transaction.store_document("XXVI-5", "untc", PAGE)
        transaction.store_snapshot("XXVI-5", "untc", snapshot(row("PL")), day(0), sha)
        transaction.record([recorded(change())])
        transaction.enqueue([delivery(1)])
    return storage


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    storage = record_in(tmp_path / "state")
    backup(storage, tmp_path / "state" / "documents", tmp_path / "saved" / "record.tar.gz")
    storage.close()
    return tmp_path / "saved" / "record.tar.gz"


def test_a_backup_brings_the_whole_record_back(tmp_path: Path, saved: Path) -> None:
    restore(saved, tmp_path / "other")
    storage = open_storage(tmp_path / "other", create=False)
    with storage.begin() as transaction:
        known = transaction.latest("XXVI-5", "untc")
        assert transaction.changes() == (recorded(change()),)
        assert transaction.deliveries() == (delivery(1),)
    storage.close()
    assert known is not None
    assert known.document is not None
    assert FileArchive(tmp_path / "other" / "documents").read(known.document) == PAGE.body
    assert (tmp_path / "other" / "seed" / "claims.toml").read_text() == "dated = 2025-03-18\n"
    assert sorted(each.name for each in saved.parent.iterdir()) == ["record.tar.gz"]


def test_pages_are_on_the_disk_before_the_database_that_names_them(
    tmp_path: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    really, place = os.fsync, tmp_path / "new" / "state"

    def noted(descriptor: int) -> None:
        assert not (place / "monitor.sqlite3").exists()
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        really(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    restore(saved, place)
    folders = {path for path in (tmp_path / "new").rglob("*") if path.is_dir()}
    files = [path for path in synced if path.name.startswith(".")]  # under the name that they have till they are whole
    assert folders | {tmp_path, tmp_path / "new"} == set(synced) - set(files)
    assert len(files) == len(["a page", "claims.toml"])


def test_an_empty_folder_of_seeds_comes_back_empty(tmp_path: Path) -> None:
    storage = record_in(tmp_path / "state")
    (tmp_path / "state" / "seed" / "claims.toml").unlink()
    backup(storage, tmp_path / "state" / "documents", tmp_path / "record.tar.gz")
    storage.close()
    restore(tmp_path / "record.tar.gz", tmp_path / "other")
    assert list((tmp_path / "other" / "seed").iterdir()) == []


def test_a_backup_goes_into_a_pipe_and_the_pipe_stays(tmp_path: Path) -> None:
    storage, pipe, taken = record_in(tmp_path / "state"), tmp_path / "pipe", tmp_path / "taken"
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: taken.write_bytes(pipe.read_bytes()))
    reader.start()
    backup(storage, tmp_path / "state" / "documents", pipe)
    reader.join(20)
    storage.close()
    assert pipe.is_fifo()
    restore(taken, tmp_path / "other")
    assert (tmp_path / "other" / "monitor.sqlite3").is_file()


def test_a_backup_is_consistent_while_the_record_is_written(tmp_path: Path) -> None:
    storage = record_in(tmp_path / "state")
    done = threading.Event()

    def write() -> None:
        number = 2
        while not done.is_set():
            with storage.begin() as transaction:
                transaction.enqueue([delivery(number), delivery(number + 1)])
            number += 2

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for each in range(5):
            backup(storage, tmp_path / "state" / "documents", tmp_path / f"{each}.tar.gz")
    finally:
        done.set()
        writer.join()
    storage.close()
    restore(tmp_path / "4.tar.gz", tmp_path / "other")
    copy = open_storage(tmp_path / "other")
    with copy.begin() as transaction:
        assert len(transaction.deliveries()) % 2 == 1  # the first one, and whole pairs
    copy.close()


def test_a_record_that_is_there_is_not_overwritten_unless_told(tmp_path: Path, saved: Path) -> None:
    storage = open_storage(tmp_path / "other")
    with storage.begin() as transaction:
        transaction.enqueue([delivery(7)])
    with pytest.raises(UsageError, match="there is a record here already"):
        restore(saved, tmp_path / "other")
    restore(saved, tmp_path / "other", replace=True)
    with storage.begin() as transaction:
        assert transaction.deliveries() == (delivery(1),)
    storage.close()


def test_an_empty_record_is_overwritten(tmp_path: Path, saved: Path) -> None:
    open_storage(tmp_path / "other").close()
    restore(saved, tmp_path / "other")
    storage = open_storage(tmp_path / "other")
    with storage.begin() as transaction:
        assert len(transaction.deliveries()) == 1
    storage.close()


def test_a_record_in_use_by_a_writer_is_not_overwritten(
    tmp_path: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.storage.backup.PATIENCE", 0.1)
    storage = open_storage(tmp_path / "other")
    with storage.begin() as transaction:
        with pytest.raises(StorageError, match="locked by another program"):
            restore(saved, tmp_path / "other", replace=True)
        transaction.save_setting("still", "here")
    storage.close()


def test_a_damaged_backup_is_told_and_changes_nothing(tmp_path: Path, saved: Path) -> None:
    whole = saved.read_bytes()
    for harm in (whole[: len(whole) // 2], whole[:40] + b"\0" * 40 + whole[80:], b"not a backup", b""):
        saved.write_bytes(harm)
        with pytest.raises(StorageError, match=r"record.tar.gz: this file is damaged or no backup|holds no monitor"):
            restore(saved, tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []


def test_a_missing_backup_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such file"):
        restore(tmp_path / "nothing", tmp_path / "other")


def _tar(file: Path, member: tarfile.TarInfo, content: bytes = b"") -> Path:
    member.size = len(content)
    with tarfile.open(file, "w:gz") as tar:
        tar.addfile(member, io.BytesIO(content))
    return file


@pytest.mark.parametrize("name", ["../escaped", "/tmp/escaped", "documents/../../escaped", "elsewhere/file"])  # noqa: S108 never written
def test_a_file_that_reaches_outside_is_refused(tmp_path: Path, name: str) -> None:
    hostile = _tar(tmp_path / "hostile.tar.gz", tarfile.TarInfo(name), b"x")
    with pytest.raises(StorageError, match=r"hostile.tar.gz: this"):
        restore(hostile, tmp_path / "deep" / "other")
    assert not list(tmp_path.rglob("escaped"))


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = tarfile.TarInfo("documents/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with pytest.raises(StorageError, match="it holds documents/link"):
        restore(_tar(tmp_path / "hostile.tar.gz", link), tmp_path / "other")


def test_a_backup_of_something_else_is_refused(tmp_path: Path) -> None:
    odd = _tar(tmp_path / "odd.tar.gz", tarfile.TarInfo("monitor.sqlite3"), b"no database " * 500)
    with pytest.raises(StorageError, match=r"odd.tar.gz: the database is damaged or no database at all"):
        restore(odd, tmp_path / "other")


def test_a_backup_made_by_a_newer_version_is_refused(tmp_path: Path) -> None:
    storage = record_in(tmp_path / "state")
    with storage.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    backup(storage, tmp_path / "state" / "documents", tmp_path / "newer.tar.gz")
    storage.close()
    with pytest.raises(StorageError, match=r"newer.tar.gz: the database was written by a newer version"):
        restore(tmp_path / "newer.tar.gz", tmp_path / "other")


def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    storage = record_in(tmp_path / "state")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match=r"the backup cannot be written: .*disk has space"):
        backup(storage, tmp_path / "state" / "documents", tmp_path / "file" / "record.tar.gz")
    storage.close()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "state"]

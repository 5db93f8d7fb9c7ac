"""Copies the whole record into one file while the program runs, and brings it back."""

from __future__ import annotations

import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from monitor.domain.errors import StorageError, UsageError
from monitor.storage.archive import DOCUMENTS
from monitor.storage.engine import PATIENCE
from monitor.storage.sql import DATABASE, SqlStorage, open_storage
from monitor.storage.trouble import sentence
from monitor.storage.whole import make_directory, whole_file

SEED = "seed"
_COMPRESSION = 3  # of gzip, which every tar opens; the pages are compressed already
_RECORDS = ("reading", "change", "held", "delivery")
"""Tables of which one row makes a record worth protecting."""


def backup(storage: SqlStorage, archive_dir: Path, target: Path) -> None:
    """Write the database, the kept pages and, where present, the seed beside them into one tar.gz file.

    The copy is consistent: the database is copied as of one instant, and the pages after it, so that every page
    it refers to is there. The file appears whole or not at all. Raises UsageError for a folder, StorageError.
    """
    if storage.file is None:
        raise StorageError(f"{storage.where}: PostgreSQL has a backup of its own; use pg_dump, and copy {archive_dir}")
    if target.is_dir():
        raise UsageError(f"{target}: this is a folder; name a file in it, such as {target / 'record.tar.gz'}")
    with _told(target, "the backup cannot be written"):
        make_directory(target.parent)
        with whole_file(target) as out, TemporaryDirectory(dir=target.parent, prefix=".backup.") as scratch:
            copy = Path(scratch) / DATABASE
            _copy_database(storage.file, copy, target)
            _pack(out, {DATABASE: copy, DOCUMENTS: archive_dir, SEED: storage.file.parent / SEED})


def restore(source: Path, state_dir: Path, archive_dir: Path | None = None, *, replace: bool = False) -> None:
    """Bring a backup back into a state directory, its pages into `archive_dir` where they are kept elsewhere.

    A record that is there already is left alone unless `replace`; then the backup takes its place, in one
    transaction, and pages that only the old record had stay in the archive. Raises UsageError if there is no such
    file or there is a record, StorageError also if the file is no backup, is damaged, or of a newer version.
    """
    file = state_dir / DATABASE
    if not replace and _has_record(file):
        raise UsageError(
            f"{file}: there is a record here already; name another directory with --state, or repeat with --replace"
        )
    with _told(state_dir, "the backup cannot be restored"):
        make_directory(state_dir)
        with TemporaryDirectory(dir=state_dir, prefix=".restore.") as scratch:
            _unpack(source, Path(scratch))
            _check(source, Path(scratch))
            for kept, place in ((DOCUMENTS, archive_dir or state_dir / DOCUMENTS), (SEED, state_dir / SEED)):
                _copy_folder(Path(scratch) / kept, place)
            _copy_database(Path(scratch) / DATABASE, file, file)


def _pack(out: IO[bytes], parts: dict[str, Path]) -> None:
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=_COMPRESSION) as tar:
        for name, path in parts.items():
            if path.exists():
                tar.add(path, arcname=name, filter=_finished)


def _finished(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leave out pages that are being written at this moment: their names begin with a dot."""
    return None if Path(member.name).name.startswith(".") else member


def _unpack(source: Path, scratch: Path) -> None:
    """Unpack what a backup holds, and nothing that points elsewhere or is no plain file or directory."""
    try:
        with tarfile.open(source, mode="r:gz") as tar:
            for member in tar:
                parts = PurePosixPath(member.name).parts
                ours = parts[:1] in {(DATABASE,), (DOCUMENTS,), (SEED,)} and ".." not in parts
                if not ours or not (member.isreg() or member.isdir()):
                    raise StorageError(f"{source}: this is no backup of treaty-monitor: it holds {member.name}")
                _unpack_one(tar, member, scratch.joinpath(*parts))
    except FileNotFoundError as error:
        raise UsageError(f"{source}: there is no such file") from error
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise StorageError(f"{source}: this file is damaged or no backup of treaty-monitor: {error}") from error


def _unpack_one(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """Write a plain file or directory under our own rights. Python 3.11.2, Debian 12's, has no extraction filter."""
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    content = tar.extractfile(member)
    if content is not None:
        with content, target.open("xb") as out:
            shutil.copyfileobj(content, out)


def _check(source: Path, scratch: Path) -> None:
    """See that the unpacked database is whole and that this program understands it."""
    if not (scratch / DATABASE).is_file():
        raise StorageError(f"{source}: this is no backup of treaty-monitor: it holds no {DATABASE}")
    try:
        with closing(sqlite3.connect(scratch / DATABASE)) as database:
            answer = database.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise StorageError(sentence(str(source), error)) from error
    if answer != "ok":
        raise StorageError(f"{source}: the database in this backup is damaged: {answer}")
    try:
        open_storage(scratch, create=False).close()
    except StorageError as error:
        raise StorageError(str(error).replace(str(scratch / DATABASE), str(source))) from error


def _copy_folder(source: Path, target: Path) -> None:
    """Copy a folder where there is one, each file whole and on the disk: the database that follows names them."""
    for path in (source, *sorted(source.rglob("*"))) if source.is_dir() else ():
        place = target / path.relative_to(source)
        if path.is_dir():  # also one without files: an empty folder of seeds says that there is none
            make_directory(place)
            continue
        with path.open("rb") as content, whole_file(place) as out:
            shutil.copyfileobj(content, out)


def _copy_database(source: Path, target: Path, place: Path) -> None:
    """Copy a database as of one instant, while others read and write it, in one transaction of the target.

    What goes wrong is told of `place`.
    """
    try:
        with (
            closing(sqlite3.connect(source)) as old,
            closing(sqlite3.connect(target, PATIENCE, isolation_level=None)) as new,
        ):
            new.executescript("BEGIN IMMEDIATE; ROLLBACK")  # a lock is told at once: the copy would wait for ever
            old.backup(new)
    except sqlite3.Error as error:
        raise StorageError(sentence(str(place), error)) from error


def _has_record(file: Path) -> bool:
    if not file.exists():
        return False
    with closing(sqlite3.connect(file)) as database:
        try:
            return any(database.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in _RECORDS)  # noqa: S608 names of our own
        except sqlite3.Error:
            return True  # what cannot be read is not ours to overwrite


@contextmanager
def _told(place: Path, what: str) -> Iterator[None]:
    """Say in one sentence what the operating system refused."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{place}: {what}: {error.strerror or error};"
            " see that the disk has space and that this user may write there"
        ) from error

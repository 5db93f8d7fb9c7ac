"""Files that are there whole or not at all, and directories that a power cut does not take back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.storage.whole import make_directory, whole_file


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return what is brought to the disk, as it comes: a scratch file by its directory and a star."""
    seen: list[Path] = []
    really = os.fsync

    def noted(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        seen.append(path.with_name("*") if path.name.startswith(".") else path)
        really(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    return seen


def write(target: Path, body: bytes) -> None:
    with whole_file(target) as out:
        out.write(body)


def test_a_file_is_on_the_disk_before_its_name_and_then_its_name(tmp_path: Path, synced: list[Path]) -> None:
    write(tmp_path / "page", b"evidence")
    assert (tmp_path / "page").read_bytes() == b"evidence"
    assert synced == [tmp_path / "*", tmp_path]


def test_each_directory_that_is_made_is_brought_to_the_disk_and_none_that_is_there(
    tmp_path: Path, synced: list[Path]
) -> None:
    make_directory(tmp_path / "state" / "documents" / "ab")
    assert (tmp_path / "state" / "documents" / "ab").is_dir()
    assert synced == [tmp_path, tmp_path / "state", tmp_path / "state" / "documents"]
    synced.clear()
    make_directory(tmp_path / "state" / "documents" / "ab")
    make_directory(tmp_path / "state" / "documents" / "cd")
    assert synced == [tmp_path / "state" / "documents"]


def test_no_directory_takes_the_place_of_a_file(tmp_path: Path) -> None:
    write(tmp_path / "documents", b"a file")
    for directory in (tmp_path / "documents", tmp_path / "documents" / "ab"):
        with pytest.raises(OSError, match=r"documents"):
            make_directory(directory)
    assert (tmp_path / "documents").read_bytes() == b"a file"


@pytest.mark.parametrize("trouble", [OSError("the disk is full"), KeyboardInterrupt()])
def test_whatever_breaks_off_the_writing_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, trouble: BaseException
) -> None:
    write(tmp_path / "page", b"old")

    def broken_off() -> None:
        with whole_file(tmp_path / "page") as out:
            out.write(b"ne")
            raise trouble

    with pytest.raises(type(trouble)):
        broken_off()
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"page": b"old"}


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere" / "page")
    for body in (b"made", b"written again"):
        write(tmp_path / "link", body)
        assert (tmp_path / "link").is_symlink()
        assert [(file.name, file.read_bytes()) for file in (tmp_path / "elsewhere").iterdir()] == [("page", body)]


def test_the_longest_name_that_the_system_takes_is_a_name(tmp_path: Path) -> None:
    write(tmp_path / ("ü" * 127), b"evidence")
    assert (tmp_path / ("ü" * 127)).read_bytes() == b"evidence"


def test_the_programs_own_files_are_its_users_and_others_have_the_rights_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path / "own", b"")
        with whole_file(tmp_path / "asked-for", 0o666):
            pass
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("own", "asked-for")] == [0o600, 0o640]

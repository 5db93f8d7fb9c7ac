from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from storage.samples import day

from monitor.domain.document import Document
from monitor.domain.errors import StorageError
from monitor.storage.archive import FileArchive


def page(body: bytes) -> Document:
    return Document("https://depositary.example/page", body, day(0))


@given(st.binary(max_size=2_000))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_page_is_kept_under_its_digest_and_read_back(tmp_path: Path, body: bytes) -> None:
    archive = FileArchive(tmp_path / "documents")
    sha = archive.keep(page(body))
    assert sha == sha256(body).hexdigest()
    assert archive.read(sha) == body
    assert (tmp_path / "documents" / sha[:2] / f"{sha}.zst").is_file()


def test_a_page_is_small_and_kept_once(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    sha = archive.keep(page(b"<td>row</td>" * 20_000))
    (file,) = tmp_path.rglob("*.*")
    before = file.stat()
    archive.keep(page(b"<td>row</td>" * 20_000))
    assert file.name == f"{sha}.zst"
    assert before.st_size < 1_000
    assert file.stat().st_ino == before.st_ino


def test_a_missing_page_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"this page is not in the archive; restore it"):
        FileArchive(tmp_path).read("a" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "g" * 64])
def test_what_is_no_digest_is_never_looked_up(tmp_path: Path, name: str) -> None:
    with pytest.raises(StorageError, match="names no kept page"):
        FileArchive(tmp_path).read(name)


@pytest.mark.parametrize("damage", [b"", b"not zstandard", "cut", "flipped"])
def test_a_damaged_page_is_told(tmp_path: Path, damage: bytes | str) -> None:
    archive = FileArchive(tmp_path)
    sha = archive.keep(page(b"evidence " * 99))
    (file,) = tmp_path.rglob("*.zst")
    whole = file.read_bytes()
    harm = {"cut": whole[:-5], "flipped": whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:]}
    file.write_bytes(damage if isinstance(damage, bytes) else harm[damage])
    with pytest.raises(StorageError, match=r"is damaged|is not what its name says"):
        archive.read(sha)


def test_a_file_under_another_pages_name_is_told(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    sha, other = archive.keep(page(b"one")), archive.keep(page(b"two"))
    (tmp_path / sha[:2] / f"{sha}.zst").write_bytes((tmp_path / other[:2] / f"{other}.zst").read_bytes())
    with pytest.raises(StorageError, match="is not what its name says"):
        archive.read(sha)


def test_a_file_in_place_of_the_archive_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("in the way")
    with pytest.raises(StorageError, match=r"documents: a page cannot be kept: .*disk has space"):
        FileArchive(tmp_path / "documents").keep(page(b"x"))
    assert [each.name for each in tmp_path.iterdir()] == ["documents"]

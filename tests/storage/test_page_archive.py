import random
import subprocess
from hashlib import sha256
from pathlib import Path
from shutil import which

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from storage.samples import day

from monitor.domain.document import Document
from monitor.domain.errors import StorageError
from monitor.storage.archive import FileArchive
from monitor.storage.packing import packed, rests_on


def page(body: bytes) -> Document:
    return Document("https://depositary.example/page", body, day(0))


@given(st.binary(max_size=2_000))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_page_is_kept_under_its_digest_and_read_back(tmp_path: Path, body: bytes) -> None:
    archive = FileArchive(tmp_path / "documents")
    sha = archive.keep(page(body)).sha256
    assert sha == sha256(body).hexdigest()
    assert archive.read(sha) == body
    assert (tmp_path / "documents" / sha[:2] / f"{sha}.zst").is_file()


def test_a_page_is_small_and_kept_once(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    sha = archive.keep(page(b"<td>row</td>" * 20_000)).sha256
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
    sha = archive.keep(page(b"evidence " * 99)).sha256
    (file,) = tmp_path.rglob("*.zst")
    whole = file.read_bytes()
    harm = {"cut": whole[:-5], "flipped": whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:]}
    file.write_bytes(damage if isinstance(damage, bytes) else harm[damage])
    with pytest.raises(StorageError, match=r"is damaged|is not what its name says"):
        archive.read(sha)


def test_a_file_under_another_pages_name_is_told(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    sha, other = (archive.keep(page(body)).sha256 for body in (b"one", b"two"))
    (tmp_path / sha[:2] / f"{sha}.zst").write_bytes((tmp_path / other[:2] / f"{other}.zst").read_bytes())
    with pytest.raises(StorageError, match="is not what its name says"):
        archive.read(sha)


def test_a_file_in_place_of_the_archive_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("in the way")
    with pytest.raises(StorageError, match=r"documents: a page cannot be kept: .*disk has space"):
        FileArchive(tmp_path / "documents").keep(page(b"x"))
    assert [each.name for each in tmp_path.iterdir()] == ["documents"]


def noise(seed: int, letters: int) -> bytes:
    """Return text that nothing packs, as what a page carries for its server."""
    return random.Random(seed).randbytes(letters // 2).hex().encode()  # noqa: S311 material, no secret


ROWS = noise(0, 40_000)


def shown(number: int, state: int = 4_000) -> Document:
    """Return one page as it was asked for once: the rows are the same, the state behind them is new."""
    return page(b"<html>" + noise(number, state) + ROWS + b"%d rows" % number)


def file_of(archive: FileArchive, sha: str) -> Path:
    return archive.directory / sha[:2] / f"{sha}.zst"


def test_a_page_that_repeats_an_earlier_one_is_kept_as_what_is_new_in_it(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    first = archive.keep(shown(1))
    second = archive.keep(shown(2), first.sha256)
    assert (first.base, second.base) == (None, first.sha256)
    assert file_of(archive, second.sha256).stat().st_size < file_of(archive, first.sha256).stat().st_size / 4
    assert archive.read(second.sha256) == shown(2).body
    assert archive.keep(shown(2)) == second, "what is there already is found with what it rests on"


def test_no_page_rests_on_one_that_rests_itself(tmp_path: Path) -> None:
    archive, near = FileArchive(tmp_path), None
    kept = []
    for number in range(5):
        kept.append(archive.keep(shown(number), near))
        near = kept[-1].sha256
    assert [each.base for each in kept] == [None, *[kept[0].sha256] * 4]
    assert [archive.read(each.sha256) for each in kept] == [shown(number).body for number in range(5)]


def test_a_page_that_has_become_another_is_a_new_start(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    first = archive.keep(shown(1))
    other = archive.keep(page(noise(2, 40_000)), first.sha256)
    third = archive.keep(page(noise(2, 40_000) + b"!"), other.sha256)
    assert (other.base, third.base) == (None, other.sha256)


@given(st.binary(max_size=2_000), st.binary(max_size=2_000), st.binary(max_size=3_000))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_page_repeats_it_comes_back_as_it_was(
    tmp_path: Path, front: bytes, back: bytes, said: bytes
) -> None:
    archive = FileArchive(tmp_path / "documents")
    first = archive.keep(page(front + said))
    second = archive.keep(page(said + back), first.sha256)
    assert (archive.read(first.sha256), archive.read(second.sha256)) == (front + said, said + back)


def test_a_page_beside_a_damaged_or_missing_one_is_kept_by_itself(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    archive = FileArchive(tmp_path)
    first = archive.keep(shown(1)).sha256
    file_of(archive, first).write_bytes(b"broken")
    assert archive.keep(shown(2), first).base is None
    assert archive.keep(shown(3), "a" * 64).base is None
    assert "is damaged" in caplog.text
    assert archive.read(shown(2).sha256) == shown(2).body


def test_a_page_whose_ground_is_gone_says_which_file_is_missing_and_is_kept_anew(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    first = archive.keep(shown(1)).sha256
    second = archive.keep(shown(2), first).sha256
    file_of(archive, first).unlink()
    with pytest.raises(StorageError, match=f"{first}.zst: this page is not in the archive"):
        archive.read(second)
    assert archive.keep(shown(2), first).base is None
    assert archive.read(second) == shown(2).body


def test_a_page_that_claims_to_rest_on_one_that_rests_itself_is_told(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    first = archive.keep(shown(1)).sha256
    second = archive.keep(shown(2), first).sha256
    forged = packed(shown(3).body, shown(2).body, second)
    file_of(archive, shown(3).sha256).parent.mkdir(exist_ok=True)
    file_of(archive, shown(3).sha256).write_bytes(forged)
    assert rests_on(forged) == second
    with pytest.raises(StorageError, match=f"{second}.zst: this page is"):
        archive.read(shown(3).sha256)


@pytest.mark.skipif(which("zstd") is None, reason="needs the program zstd")
def test_a_page_is_opened_without_this_program(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    first = archive.keep(shown(1)).sha256
    second = file_of(archive, archive.keep(shown(2), first).sha256)
    (tmp_path / "base").write_bytes(archive.read(first))
    asked = ["zstd", "-d", "-c", f"--patch-from={tmp_path / 'base'}", str(second)]
    done = subprocess.run(asked, check=True, capture_output=True)  # noqa: S603 our own words
    assert done.stdout == shown(2).body

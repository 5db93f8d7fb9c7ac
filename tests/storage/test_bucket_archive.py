"""Pages in S3-compatible storage: kept once, read back exactly, and trouble told in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import pytest
from storage.bucket import Bucket
from storage.samples import T0

from monitor.domain.document import Document
from monitor.domain.errors import StorageError
from monitor.faces.demo.serving import Answer
from monitor.storage.interface import Kept
from monitor.storage.objects import BucketArchive, bucket_archive

PAGE = Document("https://depositary.example/", b"<html>a page</html>" * 100, T0, {})


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    with Bucket() as made:
        for name, value in {
            "AWS_ENDPOINT_URL": made.url,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "hidden",
            "AWS_REGION": "eu-central-1",
            "AWS_ALLOW_HTTP": "true",
        }.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def archive(bucket: Bucket) -> BucketArchive:
    assert bucket.port
    return bucket_archive("s3://pages/treaties")


def test_a_page_comes_back_as_it_was_and_is_written_once(archive: BucketArchive, bucket: Bucket) -> None:
    assert archive.keep(PAGE) == archive.keep(PAGE) == Kept(PAGE.sha256)
    assert archive.read(PAGE.sha256) == PAGE.body
    assert list(bucket.objects) == [f"/pages/treaties/{PAGE.sha256[:2]}/{PAGE.sha256}.zst"]
    assert len([request for request in bucket.received if request.method == "PUT"]) == 1
    assert len(next(iter(bucket.objects.values()))) < len(PAGE.body)


def test_a_page_that_repeats_an_earlier_one_rests_on_it_there_too(archive: BucketArchive, bucket: Bucket) -> None:
    rows = sha256(b"rows").hexdigest().encode() + bytes(range(256)) * 4
    first, second = (Document("https://depositary.example/", rows + b"%d" % n, T0, {}) for n in (1, 2))
    archive.keep(first)
    assert archive.keep(second, first.sha256) == Kept(second.sha256, first.sha256)
    assert archive.read(second.sha256) == second.body
    sizes = {name[-68:-4]: len(content) for name, content in bucket.objects.items()}
    assert sizes[second.sha256] < sizes[first.sha256] / 2


def test_a_page_that_is_missing_damaged_or_another_is_told(archive: BucketArchive, bucket: Bucket) -> None:
    other = sha256(b"other").hexdigest()
    with pytest.raises(StorageError, match="is not in the archive"):
        archive.read(other)
    archive.keep(PAGE)
    (name,) = bucket.objects
    bucket.objects[name.replace(PAGE.sha256, other).replace(f"/{PAGE.sha256[:2]}/", f"/{other[:2]}/")] = bucket.objects[
        name
    ]
    with pytest.raises(StorageError, match="is not what its name says"):
        archive.read(other)
    bucket.objects[name] = b"half a p"
    with pytest.raises(StorageError, match="is damaged"):
        archive.read(PAGE.sha256)
    with pytest.raises(StorageError, match="names no kept page"):
        archive.read("../../etc/passwd")


def test_a_page_that_is_removed_is_gone_and_may_be_kept_again(archive: BucketArchive, bucket: Bucket) -> None:
    archive.keep(PAGE)
    archive.remove([PAGE.sha256, sha256(b"never kept").hexdigest()])
    assert bucket.objects == {}
    with pytest.raises(StorageError, match="is not in the archive"):
        archive.read(PAGE.sha256)
    assert archive.keep(PAGE) == Kept(PAGE.sha256)
    assert archive.read(PAGE.sha256) == PAGE.body
    bucket.refuse = Answer(403, body=b"<Error><Code>AccessDenied</Code></Error>")
    with pytest.raises(StorageError, match="a page cannot be removed"):
        archive.remove([PAGE.sha256])


def test_a_refusal_is_one_sentence_without_the_key(archive: BucketArchive, bucket: Bucket) -> None:
    bucket.refuse = Answer(403, body=b"<Error><Code>AccessDenied</Code></Error>")
    with pytest.raises(StorageError, match="a page cannot be kept") as told:
        archive.keep(PAGE)
    assert "hidden" not in str(told.value)
    with pytest.raises(StorageError, match="cannot be read"):
        archive.read(PAGE.sha256)

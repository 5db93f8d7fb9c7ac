"""Keeps raw pages as evidence in S3-compatible storage, where many machines reach them: same names, same content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256 as digest_of
from typing import Any

from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError

from monitor.domain.document import Document
from monitor.domain.errors import StorageError

_LEVEL = 3
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class BucketArchive:
    """Keeps pages under `prefix/ab/ab12….zst`. Never removes or rewrites one. `store` is obstore's."""

    address: str
    store: Any

    def keep(self, document: Document) -> str:
        """Write the page if it is not there yet and return its SHA-256. Raises StorageError.

        An object appears whole or not at all; what two workers write at once is the same.
        """
        import obstore  # noqa: PLC0415 - an extra: most installations keep their pages in a folder

        sha = document.sha256
        try:
            if not self._there(sha):
                obstore.put(self.store, _name(sha), ZstdCompressor(level=_LEVEL).compress(document.body))
        except (obstore.exceptions.BaseError, OSError) as error:
            raise StorageError(
                f"{self.address}: a page cannot be kept: {_first(error)};"
                " see that the bucket is there and that these credentials may write to it"
            ) from error
        return sha

    def read(self, sha256: str) -> bytes:
        """Return the page. Raises StorageError if it is missing or damaged."""
        import obstore  # noqa: PLC0415 - same

        if not _SHA256.fullmatch(sha256):
            raise StorageError(f'"{sha256}" names no kept page; give the 64 hexadecimal digits of its SHA-256')
        where = f"{self.address}/{_name(sha256)}"
        try:
            body = ZstdDecompressor().decompress(bytes(obstore.get(self.store, _name(sha256)).bytes()))
        except FileNotFoundError as error:
            raise StorageError(f"{where}: this page is not in the archive; restore it from a backup") from error
        except (obstore.exceptions.BaseError, OSError) as error:
            raise StorageError(f"{where}: this page cannot be read: {_first(error)}") from error
        except ZstdError as error:
            raise StorageError(f"{where}: this page is damaged; restore it from a backup") from error
        if digest_of(body).hexdigest() != sha256:
            raise StorageError(f"{where}: this page is not what its name says; restore it from a backup")
        return body

    def _there(self, sha256: str) -> bool:
        import obstore  # noqa: PLC0415 - same

        try:
            obstore.head(self.store, _name(sha256))
        except FileNotFoundError:
            return False
        return True


def bucket_archive(address: str) -> BucketArchive:
    """Return the archive at "s3://BUCKET/PREFIX". Endpoint, region and credentials come from the usual AWS_ variables.

    Nothing is asked yet. Raises StorageError where the packages for it are not installed.
    """
    try:
        from obstore.store import from_url  # noqa: PLC0415 - same
    except ModuleNotFoundError as error:
        raise StorageError(
            f"{address}: object storage needs a package that is not installed ({error.name}):"
            " pip install 'treaty-monitor[s3]'"
        ) from error
    return BucketArchive(address.rstrip("/"), from_url(address))


def _name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}.zst"


def _first(error: BaseException) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]

"""Keeps raw pages as evidence: compressed files named by the SHA-256 of what they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256 as digest_of
from pathlib import Path

from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError

from monitor.domain.document import Document
from monitor.domain.errors import StorageError
from monitor.storage.whole import whole_file

DOCUMENTS = "documents"
"""The archive's directory in the state directory."""

_LEVEL = 3
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileArchive:
    """Keeps pages under `directory/ab/ab12….zst`. Never removes or rewrites one; knows nothing of the database."""

    directory: Path

    def keep(self, document: Document) -> str:
        """Write the page if it is not there yet (whole or not at all) and return its SHA-256.

        When this returns, the page is on the disk: the database may refer to it. Raises StorageError.
        """
        sha = document.sha256
        file = self._file(sha)
        try:
            if not file.exists():
                with whole_file(file) as out:
                    out.write(ZstdCompressor(level=_LEVEL).compress(document.body))
        except OSError as error:
            raise StorageError(
                f"{self.directory}: a page cannot be kept: {error.strerror or error};"
                " see that the disk has space and that this user may write there"
            ) from error
        return sha

    def read(self, sha256: str) -> bytes:
        """Return the page. Raises StorageError if it is missing or damaged."""
        if not _SHA256.fullmatch(sha256):
            raise StorageError(f'"{sha256}" names no kept page; give the 64 hexadecimal digits of its SHA-256')
        file = self._file(sha256)
        try:
            body = ZstdDecompressor().decompress(file.read_bytes())
        except FileNotFoundError as error:
            raise StorageError(f"{file}: this page is not in the archive; restore it from a backup") from error
        except OSError as error:
            raise StorageError(f"{file}: this page cannot be read: {error.strerror or error}") from error
        except ZstdError as error:
            raise StorageError(f"{file}: this page is damaged; restore it from a backup") from error
        if digest_of(body).hexdigest() != sha256:
            raise StorageError(f"{file}: this page is not what its name says; restore it from a backup")
        return body

    def _file(self, sha256: str) -> Path:
        return self.directory / sha256[:2] / f"{sha256}.zst"

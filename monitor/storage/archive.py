"""Keeps raw pages as evidence: packed, named by the SHA-256 of what they hold, and held against it when read."""

from __future__ import annotations

import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256 as digest_of
from pathlib import Path

from zstandard import ZstdError

from monitor.domain.document import Document
from monitor.domain.errors import StorageError
from monitor.storage.interface import Kept
from monitor.storage.packing import opened, packed, rests_on
from monitor.storage.whole import make_directory, whole_file

logger = logging.getLogger(__name__)

DOCUMENTS = "documents"
"""The archive's directory in the state directory."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


class PageArchive(ABC):
    """Keeps pages under names such as `ab/ab12….zst`, wherever that is. Knows nothing of the database.

    A page may rest on one that was kept whole, never on one that rests itself: one damaged file harms no chain.
    """

    advice: str
    """What to look at where nothing can be written."""

    @property
    @abstractmethod
    def place(self) -> str:
        """How the archive is named to a user."""

    @abstractmethod
    def _there(self, name: str) -> bool:
        """Whether something is kept under a name. Raises OSError, as all of these do."""

    @abstractmethod
    def _get(self, name: str) -> bytes:
        """Return what is kept under a name. Raises FileNotFoundError."""

    @abstractmethod
    def _put(self, name: str, content: bytes) -> None:
        """Keep it under a name, whole or not at all; when this returns it will survive a power cut."""

    @abstractmethod
    def _drop(self, names: Iterable[str]) -> None:
        """Remove what is kept under these names, if anything is."""

    def keep(self, document: Document, near: str | None = None) -> Kept:
        """Write the page if it is not there yet (whole or not at all).

        `near` is the SHA-256 of a page of the same source, most of which this one may repeat. When this returns, the
        page is kept: the database may refer to it. Raises StorageError.
        """
        sha = document.sha256
        try:
            found = self._found(sha)
            if found:
                return found
            base = self._base(near)
            pack = packed(document.body, *(base or (None, "")))
            self._put(_name(sha), pack)
        except OSError as error:
            raise StorageError(f"{self.place}: a page cannot be kept: {_why(error)}; {self.advice}") from error
        return Kept(sha, rests_on(pack))

    def remove(self, shas: Iterable[str]) -> None:
        """Remove pages; those that are not there are passed over. Raises StorageError."""
        try:
            self._drop(map(_name, shas))
        except OSError as error:
            raise StorageError(f"{self.place}: a page cannot be removed: {_why(error)}; {self.advice}") from error

    def read(self, sha256: str) -> bytes:
        """Return the page. Raises StorageError if it, or a page that it rests on, is missing or damaged."""
        if not _SHA256.fullmatch(sha256):
            raise StorageError(f'"{sha256}" names no kept page; give the 64 hexadecimal digits of its SHA-256')
        pack = self._fetched(sha256)
        under = rests_on(pack)
        return self._opened(sha256, pack, self._whole(under) if under else None)

    def _whole(self, sha256: str) -> bytes:
        """Return a page on which others rest: it rests on none, whatever its file claims."""
        return self._opened(sha256, self._fetched(sha256), None)

    def _fetched(self, sha256: str) -> bytes:
        where = f"{self.place}/{_name(sha256)}"
        try:
            return self._get(_name(sha256))
        except FileNotFoundError as error:
            raise StorageError(f"{where}: this page is not in the archive; restore it from a backup") from error
        except OSError as error:
            raise StorageError(f"{where}: this page cannot be read: {_why(error)}") from error

    def _opened(self, sha256: str, pack: bytes, base: bytes | None) -> bytes:
        where = f"{self.place}/{_name(sha256)}"
        try:
            body = opened(pack, base)
        except ZstdError as error:
            raise StorageError(f"{where}: this page is damaged; restore it from a backup") from error
        if digest_of(body).hexdigest() != sha256:
            raise StorageError(f"{where}: this page is not what its name says; restore it from a backup")
        return body

    def _found(self, sha256: str) -> Kept | None:
        """Return how a page is kept already; None also where what it rests on is gone: then it is written anew."""
        if not self._there(_name(sha256)):
            return None
        under = rests_on(self._get(_name(sha256)))
        return Kept(sha256, under) if under is None or self._there(_name(under)) else None

    def _base(self, near: str | None) -> tuple[bytes, str] | None:
        """Return the whole page that a page near this one is, or rests on; None where there is none to lean on."""
        if near is None:
            return None
        try:
            pack = self._fetched(near)
            under = rests_on(pack)
            return (self._whole(under), under) if under else (self._opened(near, pack, None), near)
        except StorageError as error:
            logger.warning("%s. The new page is kept by itself", error)
            return None


@dataclass(frozen=True, slots=True)
class FileArchive(PageArchive):
    """Keeps pages as files in a directory."""

    directory: Path
    advice = "see that the disk has space and that this user may write there"

    @property
    def place(self) -> str:
        """The directory."""
        return str(self.directory)

    def _there(self, name: str) -> bool:
        return (self.directory / name).exists()

    def _get(self, name: str) -> bytes:
        return (self.directory / name).read_bytes()

    def _put(self, name: str, content: bytes) -> None:
        file = self.directory / name
        make_directory(file.parent)
        with whole_file(file) as out:
            out.write(content)

    def _drop(self, names: Iterable[str]) -> None:
        for name in names:
            (self.directory / name).unlink(missing_ok=True)


def _name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}.zst"


def _why(error: OSError) -> str:
    return error.strerror or str(error)

"""Keeps raw pages in S3-compatible storage, where many machines reach them: same names, same content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from monitor.domain.errors import StorageError
from monitor.storage.archive import PageArchive


@dataclass(frozen=True, slots=True)
class BucketArchive(PageArchive):
    """Keeps pages as objects under a prefix. `store` is obstore's.

    An object appears whole or not at all; what two workers write at once opens to the same page.
    """

    address: str
    store: Any
    advice = "see that the bucket is there and that these credentials may write to it"

    @property
    def place(self) -> str:
        """The bucket and prefix."""
        return self.address

    def _there(self, name: str) -> bool:
        import obstore  # noqa: PLC0415 - an extra: most installations keep their pages in a folder

        try:
            with _as_os_error():
                obstore.head(self.store, name)
        except FileNotFoundError:
            return False
        return True

    def _get(self, name: str) -> bytes:
        import obstore  # noqa: PLC0415 - same

        with _as_os_error():
            return bytes(obstore.get(self.store, name).bytes())

    def _put(self, name: str, content: bytes) -> None:
        import obstore  # noqa: PLC0415 - same

        with _as_os_error():
            obstore.put(self.store, name, content)

    def _drop(self, names: Iterable[str]) -> None:
        import obstore  # noqa: PLC0415 - same

        with _as_os_error():
            obstore.delete(self.store, list(names))  # one request; to S3 what is missing is no error here


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


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Let refusals be what a file system's are: an OSError of one line; what is missing is one anyway."""
    import obstore  # noqa: PLC0415 - same

    try:
        yield
    except obstore.exceptions.BaseError as error:
        raise OSError((str(error).strip().splitlines() or ["no reason given"])[0]) from error

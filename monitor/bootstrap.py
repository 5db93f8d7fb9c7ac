"""Builds everything from the configuration: the one place that knows concrete classes. Decides and reads nothing."""

from __future__ import annotations

import logging
import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from monitor.channels.interface import Channel
from monitor.domain.document import Document
from monitor.domain.errors import ConfigurationError, Mistake, SourceError, StorageError, UsageError
from monitor.domain.participant import Names
from monitor.fetching.interface import Fetcher, NotModified, Request
from monitor.pipeline import desk as pipeline
from monitor.pipeline.discover import Discovered, discover
from monitor.settings import Settings, load_seeds
from monitor.sources.interface import Reader
from monitor.sources.registry import READER_VERSION, collections
from monitor.sources.registry import readers as all_readers
from monitor.storage.archive import DOCUMENTS, FileArchive
from monitor.storage.interface import Archive
from monitor.storage.sql import DATABASE, SqlStorage, open_storage

if TYPE_CHECKING:
    from monitor.storage.moving import Moved

logger = logging.getLogger(__name__)

Step = Callable[[str], None]
Ping = Callable[[], Awaitable[None]]


def readers(names: Names) -> dict[str, Reader]:
    """Return every reader by its key, for commands that read saved pages and need nothing else."""
    return all_readers(names)


async def discovered(settings: Settings, source: str, index: str | None) -> Discovered:
    """Return what a source's collection lists, from its own contents or the address given.

    Raises UsageError for a source without contents, SourceError where these cannot be read.
    """
    known = collections()
    if source not in known:
        raise UsageError(f'the source "{source}" has no contents to list; there is: {", ".join(known)}')
    async with _fetcher(settings, patient=True) as fetcher:
        return await discover(fetcher, known[source], index)


@asynccontextmanager
async def build(
    settings: Settings, *, patient: bool, stream: TextIO | None = None, step: Step = pipeline.no_step
) -> AsyncIterator[pipeline.Desk]:
    """Yield the whole desk, and close what it opened afterwards.

    `patient` is for the daemon; without it the fetcher serves one round for somebody who waits. `stream` is the
    console channel's (stdout without it), `step` is called at each named step. Raises ConfigurationError (also for a
    secret that is not there) and StorageError.
    """
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(_fetcher(settings, patient=patient))
        storage = stack.enter_context(_storage(settings))
        channels = _channels(settings, stream or sys.stdout, _leave(settings, storage))
        yield _desk(settings, storage, fetcher, channels, step, _ping(settings))


@contextmanager
def record(settings: Settings) -> Iterator[pipeline.Desk]:
    """Yield a desk that answers from the record alone: it asks no source and has no channel, so it needs no secret."""
    new = settings.database is None and not (settings.state_dir / DATABASE).exists()
    with _storage(settings) as storage:
        if new:  # a slip in --state would look like silence
            logger.warning("%s: there was no record here yet; an empty one has been made", settings.state_dir)
        yield _desk(settings, storage, _NoFetcher(), {}, pipeline.no_step)


@contextmanager
def rehearsal(settings: Settings) -> Iterator[pipeline.Desk]:
    """Yield a desk like that of `record`, whose channels say what they carry and send nothing."""
    from monitor.channels.registry import stand_ins  # noqa: PLC0415 - commands that only read need no channels

    with _storage(settings) as storage:
        yield _desk(settings, storage, _NoFetcher(), stand_ins(settings.channels), pipeline.no_step)


def distributed(settings: Settings) -> bool:
    """Whether several processes may work on the record: a queue in its database then shares the work out."""
    return (settings.database_url or "").startswith("postgres")


def make_state(state_dir: Path) -> None:
    """Make the record in a state folder where there is none yet. Raises StorageError."""
    open_storage(state_dir).close()


def archive_of(settings: Settings) -> Path:
    """Return the folder of the kept pages. Raises StorageError where they are in object storage."""
    if settings.documents and _in_a_bucket(settings.documents):
        raise StorageError(
            f"{settings.documents}: object storage has a backup of its own; copy or replicate the bucket"
        )
    return Path(settings.documents) if settings.documents else settings.state_dir / DOCUMENTS


def _archive(settings: Settings) -> Archive:
    if settings.documents and _in_a_bucket(settings.documents):
        from monitor.storage.objects import bucket_archive  # noqa: PLC0415 - an extra that few need

        return bucket_archive(settings.documents)
    return FileArchive(archive_of(settings))


def _in_a_bucket(documents: str) -> bool:
    return documents.startswith("s3://")


def backup(settings: Settings, target: Path) -> None:
    """Write a consistent copy of the record, also while a daemon runs. Raises StorageError."""
    from monitor.storage.backup import backup as write  # noqa: PLC0415 - only this command packs files

    with _storage(settings) as storage:
        write(storage, archive_of(settings), target)


def restore(source: Path, state_dir: Path, settings: Settings | None, *, replace: bool) -> None:
    """Bring a copy back into a state folder, and its pages to where the configuration, if there is one, keeps them.

    Raises UsageError (a record is there already) and StorageError.
    """
    from monitor.storage.backup import restore as bring_back  # noqa: PLC0415 - only this command unpacks files

    elsewhere = settings and settings.documents and not _in_a_bucket(settings.documents)
    bring_back(source, state_dir, archive_of(settings) if settings and elsewhere else None, replace=replace)


def migrate_state(state_dir: Path, address: str) -> tuple[Moved, ...]:
    """Move the SQLite record of a state folder into the PostgreSQL database at this address. Raises StorageError."""
    from monitor.storage.moving import move  # noqa: PLC0415 - only this command moves a record

    storage = open_storage(state_dir, create=False)
    try:
        return move(storage, address)
    finally:
        storage.close()


@contextmanager
def _storage(settings: Settings) -> Iterator[SqlStorage]:
    storage = open_storage(settings.database_url or settings.state_dir)
    try:
        yield storage
    finally:
        storage.close()


def _desk(
    settings: Settings,
    storage: SqlStorage,
    fetcher: Fetcher,
    channels: dict[str, Channel],
    step: Step,
    ping: Ping | None = None,
) -> pipeline.Desk:
    limits, operator = settings.plausibility, settings.operator
    return pipeline.Desk(
        treaties=settings.treaties,
        subscriptions=settings.subscriptions,
        channels=channels,
        readers=all_readers(settings.names),
        reader_version=READER_VERSION,
        fetcher=fetcher,
        storage=storage,
        archive=_archive(settings),
        chance=random.SystemRandom().random,
        names=settings.names,
        seeds=load_seeds(settings.state_dir),
        operator=pipeline.Operator(operator.channels, operator.recipients, operator.coverage),
        limits=limits.limits,
        patience=pipeline.Patience(
            confirm_after=timedelta(seconds=limits.confirm_after), stale_after=timedelta(seconds=limits.stale_after)
        ),
        retention=pipeline.Retention(_span(settings.retention.pages), _span(settings.retention.messages)),
        step=step,
        zone=settings.timezone,
        ping=ping,
    )


def _span(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _leave(settings: Settings, storage: SqlStorage) -> Callable[[str, str], str] | None:
    """Return what gives a recipient the link by which to leave, where the web face has a public address."""
    public = settings.web.public
    if public is None:
        return None
    from monitor.pipeline.leaving import Words, link  # noqa: PLC0415 - most installations sign no links

    words = Words(storage)
    return lambda subscription, recipient: link(public, words.word(subscription, recipient))


def _channels(settings: Settings, stream: TextIO, leave: Callable[[str, str], str] | None = None) -> dict[str, Channel]:
    from monitor.channels.registry import build_channels  # noqa: PLC0415 - commands that only read send nothing
    from monitor.fetching.guard import guarded_transport, objection  # noqa: PLC0415 - same

    allow = settings.network.allow
    return build_channels(
        settings.channels,
        lambda: guarded_transport(allow),
        stream,
        lambda address: objection(ip_address(address), allow),
        leave,
    )


def check_channels(settings: Settings) -> tuple[Mistake, ...]:
    """Return what is wrong with the channels once they are built, secrets included. Nothing is opened or sent."""
    made = settings.state_dir.is_dir()  # the first start makes it
    fit = [c for c in settings.channels if made or Path(str(c.options.get("path"))).parent != settings.state_dir]
    try:
        _channels(replace(settings, channels=tuple(fit)), sys.stdout)
    except ConfigurationError as error:
        return error.mistakes
    return ()


def _ping(settings: Settings) -> Ping | None:
    from monitor.channels.ping import pinger  # noqa: PLC0415 - commands that only read send nothing
    from monitor.fetching.guard import guarded_transport  # noqa: PLC0415 - same

    url = settings.operator.ping_url
    return pinger(url, lambda: guarded_transport(settings.network.allow)) if url else None


@asynccontextmanager
async def _fetcher(settings: Settings, *, patient: bool) -> AsyncIterator[Fetcher]:
    from monitor.fetching.http import HttpFetcher  # noqa: PLC0415 - commands that only read ask nobody

    network = settings.network
    async with HttpFetcher(
        now=lambda: datetime.now(UTC),
        contact=settings.contact,
        version=version("treaty-monitor"),
        allow=network.allow,
        pause=network.pause,
        timeout=network.timeout,
        max_bytes=network.max_bytes,
        retries=network.retries,
        patient=patient,
    ) as fetcher:
        yield fetcher


class _NoFetcher:
    """Stands where a command asks no source."""

    async def fetch(self, request: Request) -> Document | NotModified:
        raise SourceError(f"this command does not ask {request.url}", temporary=False)

    def rest(self, url: str) -> float:  # noqa: ARG002 - signature of the door
        return 0.0

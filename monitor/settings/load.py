"""Reads the whole configuration in the order in which its files lean on one another, and says every mistake at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.domain.errors import ConfigurationError, Mistake
from monitor.domain.names import NameTable
from monitor.domain.plausibility import Limits
from monitor.settings.files import Files
from monitor.settings.model import FILES, MonitorFile
from monitor.settings.naming import read_groups, read_names
from monitor.settings.objects import Network, Operator, Plausibility, Retention, Settings, Web
from monitor.settings.people import maybe_secret, read_channels, read_subscriptions
from monitor.settings.secret import Secret
from monitor.settings.treaties import read_treaties
from monitor.settings.vocabulary import Vocabulary
from monitor.sources.registry import readers

_DAY = 86400
UTC = ZoneInfo("UTC")
_NAMES = tuple(name for name in FILES if "/" not in name)


def load_settings(config_dir: Path, state_dir: Path) -> Settings:
    """Return the configuration of a folder; nothing in the state folder is read.

    Raises ConfigurationError with every mistake of every file. Secrets are not looked for here (`check_secrets`).
    """
    if not config_dir.is_dir():
        allowed = 'a folder with a configuration; "treaty-monitor init" writes one to begin with'
        raise ConfigurationError((Mistake(str(config_dir), "the folder", "no such folder", allowed),))
    files = Files(config_dir)
    if not files.listed():
        files.settle()
    files.expect_only(_NAMES)
    names = read_names(files)
    known = _vocabulary(files, names)
    channels, types = read_channels(files, state_dir)
    known = replace(known, channels=types)
    table = files.parse(MonitorFile, "monitor.toml", files.toml("monitor.toml"), known)
    subscriptions = read_subscriptions(files, known, table.timezone if table else UTC)
    if table is None or files.mistakes:
        raise ConfigurationError(tuple(files.mistakes))
    return Settings(
        config_dir=config_dir,
        state_dir=state_dir,
        timezone=table.timezone,
        contact=table.contact or "",
        database=maybe_secret(table.database, "monitor.toml", "database", config_dir) if table.database else None,
        documents=table.documents,
        web=_web(config_dir, table),
        network=_network(table),
        operator=_operator(table, config_dir),
        plausibility=_plausibility(table),
        retention=Retention(table.retention.pages, table.retention.messages),
        treaties=known.treaties,
        channels=channels,
        subscriptions=subscriptions,
        names=names,
        groups=known.groups,
        files=tuple(files.read),
    )


def _vocabulary(files: Files, names: NameTable) -> Vocabulary:
    """Return what the other files may name: groups, sources, and the treaties that are watched."""
    known_readers = readers(names)
    known = Vocabulary(names, read_groups(files, names), sources=frozenset(known_readers))
    before = len(files.mistakes)
    treaties = read_treaties(files, known, known_readers)
    return replace(known, treaties=treaties, all_treaties=len(files.mistakes) == before)


def check_secrets(settings: Settings) -> tuple[Mistake, ...]:
    """Return a mistake for every secret of the configuration that cannot be read now. Shows none of them."""
    found: list[Mistake] = []
    reveals: list[Callable[[], str | None]] = [
        *(one.reveal for one in _secrets(settings)),
        lambda: settings.database_url,
        lambda: settings.operator.ping_url,
        lambda: settings.web.demanded,
    ]
    for reveal in reveals:
        try:
            reveal()
        except ConfigurationError as error:
            found += error.mistakes
    return tuple(found)


def _secrets(settings: Settings) -> Iterator[Secret]:
    """Yield those of the channels; what monitor.toml names is judged where it is read."""
    for option in (option for channel in settings.channels for option in channel.options.values()):
        for value in option if isinstance(option, tuple) else (option,):
            if isinstance(value, Secret):
                yield value


def _web(config_dir: Path, table: MonitorFile) -> Web:
    given = table.web.token_hash
    token_hash = maybe_secret(given, "monitor.toml", "web.token_hash", config_dir) if given else None
    return Web(*table.web.listen, token_hash, table.web.public)


def _network(table: MonitorFile) -> Network:
    given = table.network
    return Network(tuple(given.allow), given.pause, given.timeout, given.max_bytes, given.retries)


def _operator(table: MonitorFile, folder: Path) -> Operator:
    given = table.operator
    ping = maybe_secret(given.ping, "monitor.toml", "operator.ping", folder) if given.ping else None
    return Operator(given.channels, given.recipients, given.coverage == "monthly", ping)


def _plausibility(table: MonitorFile) -> Plausibility:
    given = table.plausibility
    limits = Limits(given.unexplained_departures, given.corrections, int(given.old_after // _DAY))
    return Plausibility(limits, given.confirm_after, given.stale_after)

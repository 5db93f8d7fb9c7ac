"""Knows every type of channel, those of this package and those of other packages, and builds what is configured."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from importlib.metadata import entry_points
from typing import TextIO

import httpx

from monitor.channels import configured
from monitor.channels.apprise import AppriseChannel
from monitor.channels.atom import AtomChannel
from monitor.channels.catalogue import GROUP, channel_types
from monitor.channels.console import ConsoleChannel
from monitor.channels.email import EmailChannel
from monitor.channels.fake import RecordingChannel
from monitor.channels.file import FileChannel
from monitor.channels.interface import Channel
from monitor.channels.options import ChannelSettings, Objection, OptionError, Surroundings
from monitor.channels.webhook import WebhookChannel
from monitor.domain.errors import ConfigurationError, Mistake

Factory = Callable[[ChannelSettings, Surroundings], Channel]

FACTORIES: dict[str, Factory] = {
    "apprise": configured.apprise,
    "atom": configured.atom,
    "console": configured.console,
    "email": configured.email,
    "file": configured.file,
    "webhook": configured.webhook,
}
KINDS: dict[str, type] = {
    "apprise": AppriseChannel,
    "atom": AtomChannel,
    "console": ConsoleChannel,
    "email": EmailChannel,
    "file": FileChannel,
    "webhook": WebhookChannel,
}
"""What each factory makes. Another package's factory is asked itself: a class that says nothing has one receiver."""
FILE = "channels.toml"


def build_channels(
    settings: Iterable[ChannelSettings],
    transport_factory: Callable[[], httpx.AsyncBaseTransport | None],
    stream: TextIO,
    objection: Objection,
) -> dict[str, Channel]:
    """Return the channels by name; "console" is always there.

    `transport_factory` gives each webhook its guarded transport, `objection` judges the addresses that other
    libraries connect to. Raises ConfigurationError with every mistake.
    """
    around = Surroundings(transport_factory, stream, objection)
    channels: dict[str, Channel] = {"console": ConsoleChannel(stream)}
    mistakes = []
    for one in settings:
        try:
            channels[one.name] = _factory(one.type)(one, around)
        except OptionError as error:
            nearest = next(iter(get_close_matches(one.type, channel_types(), 1)), None) if error.key == "type" else None
            mistakes.append(Mistake(FILE, f"{one.name}.{error.key}", error.found, error.allowed, nearest))
        except ConfigurationError as error:  # a secret that cannot be revealed
            mistakes += error.mistakes
    if mistakes:
        raise ConfigurationError(tuple(mistakes))
    return channels


def stand_ins(settings: Iterable[ChannelSettings]) -> dict[str, Channel]:
    """Return channels that carry and address as those that are configured, and send nothing; no secret is read."""
    kinds = {"console": ConsoleChannel} | {one.name: _kind(one.type) for one in settings}
    return {
        name: RecordingChannel(
            name, per_change=getattr(kind, "per_change", False), addressed=getattr(kind, "addressed", False)
        )
        for name, kind in kinds.items()
    }


def _kind(kind: str) -> object:
    return KINDS.get(kind) or _factory(kind)


def _factory(kind: str) -> Factory:
    if kind in FACTORIES:
        return FACTORIES[kind]
    for point in entry_points(group=GROUP, name=kind):
        factory: Factory = point.load()
        return factory
    raise OptionError("type", repr(kind), " or ".join(f'"{name}"' for name in channel_types()))

"""Knows every type of channel, those of this package and those of other packages, and builds what is configured."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from importlib.metadata import entry_points
from typing import TextIO

import httpx

from monitor.channels import configured
from monitor.channels.catalogue import GROUP, channel_types
from monitor.channels.console import ConsoleChannel
from monitor.channels.interface import Channel
from monitor.channels.options import ChannelSettings, Objection, OptionError, Surroundings
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


def _factory(kind: str) -> Factory:
    if kind in FACTORIES:
        return FACTORIES[kind]
    for point in entry_points(group=GROUP, name=kind):
        factory: Factory = point.load()
        return factory
    raise OptionError("type", repr(kind), " or ".join(f'"{name}"' for name in channel_types()))
